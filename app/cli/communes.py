"""The communes of a centre: opened, listed, and one merged into another.

soansinh central commune add|list 03874
soansinh central commune merge OLD NEW --month 2026-12
"""

from __future__ import annotations

from argparse import Namespace

from app.cli.operating import Verbs, add_act, group, opened, operating, tell, tell_rows
from app.domain.text import show_amount
from app.words import gettext as _
from app.words import ngettext


def add_to(below: Verbs) -> None:
    """Declare the verbs."""
    acts = group(below, "commune", _("the communes of this centre"))
    add_act(acts, "add", _("open the register of a commune"), run_add, commune=True)
    add_act(acts, "list", _("list the communes"), run_list)
    about = _("let a commune go on with the people of another")
    merge = add_act(acts, "merge", about, run_merge, commune=True)
    merge.add_argument("into", metavar=_("NEW"), help=_("the commune that goes on, five digits"))
    first = _("the first month that it pays for, as 2026-12")
    merge.add_argument("--month", required=True, metavar=_("MONTH"), help=first)


def run_add(args: Namespace) -> int:
    """Open a commune's register under its name in Decision 19/2025/QĐ-TTg."""
    from app.central.deeds import open_commune

    with operating(args) as at:
        found = open_commune(at, args.code)
    said = _("The register of {name} ({code}) is open.").format(name=found.name, code=found.code)
    return tell(args, {"code": found.code, "name": found.name}, said)


def run_list(args: Namespace) -> int:
    """Code, name and the length of the journal of every commune."""
    from app.store import roster

    with opened(args) as (centre, _keys), centre.read() as connection:
        found = roster.communes(connection)
    rows = [{"code": one.code, "name": one.name, "entries": one.seq} for one in found]
    return tell_rows(args, rows)


def run_merge(args: Namespace) -> int:
    """Hand a commune's people on to the one that goes on with them; again for what was not."""
    from app.central.deeds import merge_communes
    from app.store import moves

    with operating(args) as at:
        done = merge_communes(at, args.code, args.into, args.month)
        with at.centre.read() as connection:
            left = len(moves.departures(connection, args.code, unfinished=True))
    said = ngettext(
        "{people} person of {old} goes on in {new}, paid there from {month}; {wait} still to be handed on.",
        "{people} people of {old} go on in {new}, paid there from {month}; {wait} still to be handed on.",
        len(done),
    )
    told = {"old": args.code, "new": args.into, "month": args.month}
    shown = said.format(people=show_amount(len(done)), wait=show_amount(left), **told)
    return tell(args, {**told, "people": len(done), "wait": left}, shown)
