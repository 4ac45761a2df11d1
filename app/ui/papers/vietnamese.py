"""The words of papers: the Vietnamese catalogue, whatever language the window speaks."""

from __future__ import annotations

import gettext as catalogues
from functools import cache

from app.resources import resource


@cache
def _catalogue() -> catalogues.GNUTranslations:
    with resource("translations/vi/soansinh.mo").open("rb") as file:
        return catalogues.GNUTranslations(file)


def gettext(msgid: str) -> str:
    """The Vietnamese for a msgid. Imported as `_`."""
    return _catalogue().gettext(msgid)
