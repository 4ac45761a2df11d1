"""What a province's IT does to a running centre: laptops and operators.

Its communes are in `communes.py`, their officers in `officers.py`.

soansinh central device enrol|list|revoke 03874 …
soansinh central operator add huy --name "Đinh Quang Huy"
"""

from __future__ import annotations

import getpass
import json
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.domain.errors import Refusal
from app.words import gettext as _

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from app.central.deeds import Operating
    from app.central.keys import Keys
    from app.central.rescue import Reading
    from app.store.centre import Centre
    from app.store.roster import Device
    from app.sync.programme import Programme

Verbs: TypeAlias = "_SubParsersAction[ArgumentParser]"
Run: TypeAlias = Callable[[Namespace], int]

KEYS = "central-keys"


def add_to(below: Verbs) -> None:
    """Declare the verbs."""
    acts = group(below, "device", _("the laptops of a commune"))
    enrol = add_act(acts, "enrol", _("make an enrolment code for one laptop"), run_device_enrol, commune=True)
    enrol.add_argument("--address", default="", help=_("another address than the one given to init"))
    enrol.add_argument(
        "--statement",
        type=Path,
        metavar=_("FILE"),
        help=_("write who this centre is into a file, for a laptop without a link"),
    )
    add_act(acts, "list", _("list the laptops"), run_device_list, commune=True)
    revoke = add_act(acts, "revoke", _("take a laptop's leave for good"), run_device_revoke, commune=True)
    revoke.add_argument("device", metavar=_("LAPTOP"), help=_("its number, as list shows it"))
    reasons = "lost, stolen, replaced, officer_left, other"
    revoke.add_argument("--reason", required=True, metavar=_("REASON"), help=reasons)
    acts = group(below, "service", _("what the centre itself may propose"))
    about = _("let a service propose records of some kinds")
    service = add_act(acts, "certify", about, run_service_certify, commune=True)
    service.add_argument("service", metavar=_("NAME"), help=_("the name that it signs under"))
    service.add_argument("--kind", action="append", default=[], metavar=_("KIND"), help="proposal, account")
    service.add_argument("--key", type=Path, required=True, help=_("its key's file, made when missing"))
    acts = group(below, "policy", _("programme data that laptops are given"))
    about = _("publish files in the place of those that ship with the program")
    publish = add_act(acts, "publish", about, run_policy_publish)
    publish.add_argument("folder", type=Path, metavar=_("FOLDER"), help=_("policy/…, banks/… below it"))
    add_act(acts, "list", _("list what was published"), run_policy_list)
    backup = add_act(below, "backup", _("write the whole database into a sealed file"), run_backup)
    backup.add_argument("folder", type=Path, metavar=_("FOLDER"))
    acts = group(below, "operator", _("who may sign in to the centre's page"))
    add = add_act(acts, "add", _("let somebody sign in; the password is asked for"), run_operator_add)
    add.add_argument("operator", metavar=_("NAME"), help=_("the name to sign in with"))
    add.add_argument("--name", required=True, metavar=_("NAME"), help=_("the name to show"))
    dismiss = add_act(acts, "dismiss", _("let somebody sign in no more"), run_operator_dismiss)
    dismiss.add_argument("operator", metavar=_("NAME"))
    add_act(acts, "list", _("list the operators"), run_operator_list)


def group(below: Verbs, name: str, about: str) -> Verbs:
    """Verbs that belong together."""
    parser = below.add_parser(name, help=about)
    return parser.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)


def add_act(acts: Verbs, name: str, about: str, run: Run, *, commune: bool = False) -> ArgumentParser:
    """A verb at a centre: which one, of which commune, and `--json`."""
    parser = acts.add_parser(name, help=about)
    add_place(parser)
    if commune:
        parser.add_argument("code", metavar=_("CODE"), help=_("the commune's code, five digits"))
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))
    parser.set_defaults(run=run)
    return parser


def add_place(parser: ArgumentParser) -> None:
    """Which centre is meant."""
    # Given before or after the verb alike: a default here would wipe out what came before it.
    parser.add_argument("--database", default=SUPPRESS, metavar=_("URL"), help=_("postgresql://…"))
    parser.add_argument(
        "--keys", type=Path, default=SUPPRESS, metavar=_("FOLDER"), help=_("the centre's keys")
    )


def add_sealing(parser: ArgumentParser) -> None:
    """Where the key lies that opens what was sealed to the centre."""
    parser.add_argument("--sealing", type=Path, help=_("the sealing key, from its custodians"))


def add_custody(parser: ArgumentParser) -> None:
    """Where the two halves lie that open a laptop's register."""
    half = _("a custodian's half of the recovery key; given twice")
    parser.add_argument("--half", type=Path, action="append", default=[], metavar=_("FILE"), help=half)
    parser.add_argument(
        "--sealing", type=Path, help=_("the sealing key instead, for laptops sealed before there were halves")
    )


def custody_words() -> str:
    """What to do with the halves."""
    return _(
        "Give recovery-1.half and recovery-2.half to two custodians, each on a medium of her own, and remove "
        "them here: one alone opens nothing, both together open a laptop that nobody can open any more."
    )


def place_of(environment: Mapping[str, str]) -> dict[str, object]:
    """Which centre is meant when nothing is typed."""
    return {
        "database": environment.get("SOANSINH_DATABASE", ""),
        "keys": Path(environment.get("SOANSINH_KEYS", KEYS)),
    }


def run_device_enrol(args: Namespace) -> int:
    """Make a one-time code and show it."""
    from app.central.deeds import invite_laptop
    from app.central.office import INVITATION_DAYS
    from app.store.disk import write_whole

    with operating(args) as at:
        issued = invite_laptop(at, args.code, args.address)
        if args.statement:
            write_whole(args.statement, at.keys.statement)
    said = {"code": issued.text(), "commune": args.code, "address": issued.address}
    until = _("For one laptop, within {days} days.").format(days=INVITATION_DAYS)
    return tell(args, said, f"{issued.text()}\n{until}")


def run_device_list(args: Namespace) -> int:
    """Every laptop of a commune, revoked ones too."""
    from app.store import overview, roster

    with opened(args) as (centre, _keys), centre.read() as connection:
        roster.require_commune(connection, args.code)
        found = overview.laptops(connection, args.code)
    return tell_rows(args, [_device_row(one) for one in found])


def run_device_revoke(args: Namespace) -> int:
    """Take a laptop's leave."""
    from app.central.deeds import revoke_laptop

    with operating(args) as at:
        revoke_laptop(at, args.code, args.device, args.reason)
    said = _("Laptop {device} is revoked. What it still hands in is refused and kept.")
    row = {"device": args.device, "commune": args.code, "reason": args.reason}
    return tell(args, row, said.format(device=args.device))


def run_service_certify(args: Namespace) -> int:
    """Certify what signs in the centre's own name."""
    from app.central.deeds import certify_service
    from app.central.keys import own_key

    key = own_key(args.key)
    with operating(args) as at:
        found = certify_service(at, args.code, args.service, key.public, args.kind)
    said = _("{name} may propose: {kinds}").format(name=found.name, kinds=", ".join(found.scope))
    row = {"service": found.officer, "kinds": " ".join(found.scope), "fingerprint": key.public.fingerprint}
    return tell(args, row, said)


def run_policy_publish(args: Namespace) -> int:
    """Publish programme data."""
    from app.central.publishing import publish

    with operating(args) as at:
        found = publish(at, args.folder)
    said = _("Version {version} is published; laptops work by it from their next unlock on.")
    return tell(args, _programme_row(found), said.format(version=found.version))


def run_policy_list(args: Namespace) -> int:
    """Every version."""
    from app.central.publishing import published

    with operating(args) as at:
        found = published(at)
    return tell_rows(args, [_programme_row(one) for one in found])


def run_backup(args: Namespace) -> int:
    """Back up, and say what was written."""
    from app.central.backup import back_up

    with operating(args) as at:
        found = back_up(at, args.folder)
    row = {"file": str(found.file), "bytes": found.size, "sha256": found.sha256}
    said = _("{file}: {count} bytes, sealed to the centre's sealing key.")
    return tell(args, row, said.format(file=found.file, count=found.size))


def run_operator_add(args: Namespace) -> int:
    """Let somebody sign in to the page."""
    from app.central.operators import add_operator

    with operating(args) as at:
        add_operator(at, args.operator, args.name, _asked_password())
    said = _("{name} may sign in as {operator}.").format(name=args.name, operator=args.operator)
    return tell(args, {"operator": args.operator, "name": args.name}, said)


def run_operator_dismiss(args: Namespace) -> int:
    """Let somebody sign in no more."""
    from app.central.operators import dismiss_operator

    with operating(args) as at:
        dismiss_operator(at, args.operator)
    said = _("{operator} may sign in no more.").format(operator=args.operator)
    return tell(args, {"operator": args.operator}, said)


def run_operator_list(args: Namespace) -> int:
    """Every operator."""
    from app.store import operators

    with opened(args) as (centre, _keys), centre.read() as connection:
        found = operators.operators(connection)
    rows = [{"operator": one.operator, "name": one.name, "standing": one.standing} for one in found]
    return tell_rows(args, rows)


def _asked_password() -> str:
    """Typed twice unseen at a terminal; one line where there is none."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first, again = getpass.getpass(_("Password: ")), getpass.getpass(_("Once more: "))
    if first != again:
        raise Refusal("central.password_differs")
    return first


def _device_row(found: Device) -> dict[str, object]:
    return {
        "device": found.device,
        "label": found.label,
        "standing": found.standing,
        "last_contact": moment(found.last_contact),
        "cursor": found.cursor,
        "reason": found.reason,
    }


def _programme_row(found: Programme) -> dict[str, object]:
    return {"version": found.version, "issued": found.issued, "files": " ".join(sorted(found.files))}


def moment(ms: int) -> str:
    """A moment as rows say it; empty for never."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if ms else ""


def tell(args: Namespace, row: Mapping[str, object], said: str) -> int:
    """One answer, in words or in JSON."""
    print(json.dumps(row, ensure_ascii=False) if args.json else said)
    return 0


def tell_judged(found: Reading) -> None:
    """How many sets became what."""
    for outcome, count in sorted(found.judged.items()):
        print(f"{count:>7}  {_('outcome.' + outcome)}")
    for why, count in sorted(found.not_taken.items()):
        print(f"{count:>7}  {_('not_taken.' + why)}")


def tell_rows(args: Namespace, rows: Sequence[Mapping[str, object]]) -> int:
    """A line each, or JSON."""
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        print("\t".join(str(value) for value in row.values()))
    return 0


@contextmanager
def opened(args: Namespace) -> Iterator[tuple[Centre, Keys]]:
    """The centre that was meant, and its keys."""
    from app.central.keys import load_keys
    from app.store.centre import Centre

    if not args.database:
        raise Refusal("central.no_database")
    keys = load_keys(args.keys)
    centre = Centre.open(args.database)
    try:
        yield centre, keys
    finally:
        centre.close()


@contextmanager
def operating(args: Namespace) -> Iterator[Operating]:
    """Whoever types, at work on that centre: what is done stands in the record of deeds."""
    from app.central.deeds import Operating
    from app.central.server import now_ms
    from app.store.operators import COMMAND_LINE

    with opened(args) as (centre, keys):
        yield Operating(centre, keys, COMMAND_LINE, now_ms())
