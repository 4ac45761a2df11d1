"""What a centre does with forms of surveys that a laptop looked over and packed.

soansinh central form publish phieu.bieumau
soansinh central form withdraw poverty_review
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.operating import Verbs, add_act, group, operating, tell, tell_rows
from app.domain.errors import Trouble
from app.words import gettext as _

if TYPE_CHECKING:
    from app.sync.forms import Parcel


def add_to(below: Verbs) -> None:
    """Declare the verbs."""
    acts = group(below, "form", _("forms of surveys that laptops are given"))
    publish = add_act(acts, "publish", _("publish a form, in the place of its version before"), run_publish)
    publish.add_argument("file", type=Path, metavar=_("FILE"), help=_("as form check --pack wrote it"))
    withdraw = add_act(acts, "withdraw", _("let no filling of a form be begun any more"), run_withdraw)
    withdraw.add_argument("form", metavar=_("FORM"), help=_("its id, as list shows it"))
    add_act(acts, "list", _("list the forms that may be filled"), run_list)


def run_publish(args: Namespace) -> int:
    """Publish one."""
    from app.central.publishing import publish_form
    from app.sync.forms import read_parcel

    try:
        packed = args.file.read_bytes()
    except OSError as error:
        raise Trouble("file.unreadable", reason=error.strerror or "") from error
    with operating(args) as at:
        publish_form(at, packed)
    found = read_parcel(packed)
    said = _("{title}, version {version}, is published; laptops have it from their next exchange on.")
    return tell(args, _row(found), said.format(title=found.title, version=found.version))


def run_withdraw(args: Namespace) -> int:
    """Withdraw one."""
    from app.central.publishing import withdraw_form

    with operating(args) as at:
        withdraw_form(at, args.form)
    said = _("{form} is withdrawn; what was begun is finished.").format(form=args.form)
    return tell(args, {"form": args.form}, said)


def run_list(args: Namespace) -> int:
    """Every one."""
    from app.central.publishing import standing_forms
    from app.seal.statements import utc

    with operating(args) as at:
        found = standing_forms(at)
    return tell_rows(args, [{**_row(one.parcel), "since": utc(one.since)} for one in found])


def _row(found: Parcel) -> dict[str, object]:
    return {"form": found.id, "version": found.version, "title": found.title, "sha256": found.sha256}
