"""What is said of a form as a whole: whether it may be published, what it is, its score sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.text import show_amount
from app.survey.findings import ERROR
from app.survey.publish import Checked
from app.ui.theme import Tone
from app.words import counted, ngettext
from app.words import gettext as _

SUFFIX = ".bieumau"
_OF_FILES = re.compile(r"[^\w.-]+")
_ROW = re.compile(r"\d+")


@dataclass(frozen=True)
class Verdict:
    """One sentence, and what to do."""

    happened: str
    todo: str
    tone: Tone


def verdict(found: Checked) -> Verdict:
    """What stands above the table."""
    errors = sum(each.weight == ERROR for each in found.findings)
    if errors:
        happened = counted(
            "The form cannot be published yet: {count} place to be mended.",
            "The form cannot be published yet: {count} places to be mended.",
            errors,
        )
        return Verdict(happened, _("Mend them in Excel, save, then press F5."), "bad")
    if not found.version:
        todo = _("Write it into the column “version” of the sheet “settings”, save, then press F5.")
        return Verdict(_("The form has no version yet."), todo, "bad")
    if found.findings:
        todo = counted(
            "Read {count} piece of advice first: it is easier to heed before people have answered.",
            "Read {count} pieces of advice first: they are easier to heed before people have answered.",
            len(found.findings),
        )
        return Verdict(_("The form may be published."), todo, "warn")
    return Verdict(_("The form may be published."), _("Nothing was found that speaks against it."), "ok")


def lacks(found: Checked | None) -> str:
    """Why it is not to be packed yet; empty where it may be."""
    if found is None:
        return _("Choose a workbook first.")
    if not found.may_be_published:
        return _("Mend what is marked first.")
    return "" if found.version else _("The form has no version yet.")


def facts(found: Checked) -> list[tuple[str, str]]:
    """What the form is; what is not known while it cannot be read is left out."""
    told = {
        "title": found.title,
        "id": found.id,
        "version": found.version,
        "about": _(f"form.about.{found.about or 'nobody'}") if found.xform else "",
        "languages": ", ".join(found.languages) or (_("one language") if found.questions else ""),
        "questions": show_amount(found.questions) if found.questions else "",
        "score": score_words(found),
        "lists": ", ".join(sorted(found.lists)),
    }
    return [(_(f"form.fact.{name}"), value) for name, value in told.items() if value]


def score_words(found: Checked) -> str:
    """How many of its cases came out as they should; empty where it has none."""
    if not found.cases:
        return ""
    rows = {
        _ROW.findall(each.cell)[-1]
        for each in found.findings
        if each.code == "score" and _ROW.search(each.cell)
    }
    words = ngettext("{good} of {count} case is right", "{good} of {count} cases are right", found.cases)
    return words.format(good=show_amount(found.cases - len(rows)), count=show_amount(found.cases))


def suggested(found: Checked) -> str:
    """The name of the packed file."""
    return _OF_FILES.sub("-", f"{found.id}-{found.version}") + SUFFIX
