"""`soansinh central officer …`: who may do what in a commune, and what communes ask.

soansinh central officer list|asked 03874
soansinh central officer certify 03874 OFFICER --role approver [--until 2026-12-31]
soansinh central officer extend 03874 OFFICER --until 2027-03-31
soansinh central officer answer 03874 REQUEST [--leave-as-is]
soansinh central officer renew 03874 OFFICER
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from app.cli.operating import Verbs, add_act, group, moment, opened, operating, tell, tell_rows
from app.domain.terms import last_day, read_last_day
from app.words import gettext as _

if TYPE_CHECKING:
    from app.central.appointing import Asked
    from app.store.roster import Officer


def add_to(below: Verbs) -> None:
    """Declare the verbs."""
    acts = group(below, "officer", _("the officers of a commune"))
    add_act(acts, "list", _("list the officers"), run_officer_list, commune=True)
    about = _("give an officer other roles, or none")
    certify = add_act(acts, "certify", about, run_officer_certify, commune=True)
    certify.add_argument("officer", metavar=_("OFFICER"), help=_("her number, as list shows it"))
    roles = "officer, approver, surveyor, auditor, administrator"
    certify.add_argument("--role", action="append", default=[], metavar=_("ROLE"), help=roles)
    certify.add_argument(
        "--hamlet", action="append", default=[], metavar=_("HAMLET"), help=_("where a surveyor may write")
    )
    last = _("the last day on which it counts, 2026-12-31; without it, no end")
    certify.add_argument("--until", default="", metavar=_("DAY"), help=last)
    about = _("let an officer's roles count up to another last day")
    extend = add_act(acts, "extend", about, run_officer_extend, commune=True)
    extend.add_argument("officer", metavar=_("OFFICER"), help=_("her number, as list shows it"))
    extend.add_argument("--until", default="", metavar=_("DAY"), help=last)
    add_act(acts, "asked", _("list which roles the commune asks for"), run_officer_asked, commune=True)
    about = _("answer such a request: as asked, or leave the roles as they are")
    answer = add_act(acts, "answer", about, run_officer_answer, commune=True)
    answer.add_argument("request", metavar=_("REQUEST"), help=_("its number, as asked shows it"))
    answer.add_argument("--leave-as-is", action="store_true", help=_("certify the present roles anew"))
    about = _("make a code for the new key of an officer whose password is lost")
    renew = add_act(acts, "renew", about, run_officer_renew, commune=True)
    renew.add_argument("officer", metavar=_("OFFICER"), help=_("her number, as list shows it"))


def run_officer_list(args: Namespace) -> int:
    """Every officer of a commune, also those who left."""
    from app.store import roster

    with opened(args) as (centre, _keys), centre.read() as connection:
        roster.require_commune(connection, args.code)
        found = roster.officers(connection, args.code)
    return tell_rows(args, [_officer_row(one) for one in found.values()])


def run_officer_certify(args: Namespace) -> int:
    """Certify an officer's roles anew."""
    from app.central.deeds import certify_officer

    until = read_last_day(args.until)
    with operating(args) as at:
        found = certify_officer(at, args.code, args.officer, args.role, args.hamlet, until)
    return tell(args, _officer_row(found), _said(found))


def run_officer_extend(args: Namespace) -> int:
    """Certify an officer anew, up to another last day."""
    from app.central.deeds import extend_officer

    until = read_last_day(args.until)
    with operating(args) as at:
        found = extend_officer(at, args.code, args.officer, until)
    return tell(args, _officer_row(found), _said(found))


def run_officer_asked(args: Namespace) -> int:
    """What waits for an answer."""
    from app.central.appointing import asked

    with operating(args) as at:
        found = asked(at, args.code)
    return tell_rows(args, [_wish_row(each) for each in found])


def run_officer_answer(args: Namespace) -> int:
    """Certify as asked, or as it was."""
    from app.central.appointing import give, leave_as_is

    with operating(args) as at:
        found = (leave_as_is if args.leave_as_is else give)(at, args.code, args.request)
    return tell(args, _officer_row(found), _said(found))


def run_officer_renew(args: Namespace) -> int:
    """Make a one-time code for an officer's new key."""
    from app.central.deeds import renew_officer
    from app.central.office import INVITATION_DAYS

    with operating(args) as at:
        issued = renew_officer(at, args.code, args.officer)
    until = _("For her new key, within {days} days. Make sure first that it is she who asks.")
    said = {"code": issued.text(), "commune": args.code, "officer": args.officer}
    return tell(args, said, f"{issued.text()}\n{until.format(days=INVITATION_DAYS)}")


def _said(found: Officer) -> str:
    if found.standing != "active":
        return _("{name}: {roles}").format(name=found.name, roles=_("no role any more"))
    known = {"name": found.name, "roles": ", ".join(found.roles), "day": _until(found)}
    return (_("{name}: {roles}, until {day}") if found.expires else _("{name}: {roles}")).format(**known)


def _until(found: Officer) -> str:
    return last_day(found.expires).isoformat() if found.expires else ""


def _officer_row(found: Officer) -> dict[str, object]:
    return {
        "officer": found.officer,
        "name": found.name,
        "standing": found.standing,
        "roles": " ".join(found.roles),
        "scope": "; ".join(found.scope),
        "until": _until(found),
    }


def _wish_row(found: Asked) -> dict[str, object]:
    return {
        "request": found.wish.record,
        "officer": found.officer.officer,
        "name": found.officer.name,
        "roles": " ".join(found.officer.roles),
        "wanted": " ".join(found.wish.roles) or "-",
        "hamlets": "; ".join(found.wish.hamlets),
        "until": found.wish.until,
        "why": found.wish.why,
        "by": found.by,
        "at": moment(found.wish.asked),
    }
