"""Backups of this laptop's registers from the command line.

soansinh backup list [FOLDER]             what is kept, the newest first
soansinh backup make [--onto FOLDER]      one now, beside the register or onto a stick
soansinh backup verify [FOLDER] [--code]  the restore drill: opened, read through, and away again
soansinh backup restore FOLDER [--code]   in the place of what stands here, which is put aside

FOLDER is one backup, a place of several (the newest counts), or a stick. Passwords and codes are asked for.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.telling import TellingProgress, tell_lines
from app.domain.errors import Refusal, Trouble
from app.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap.restoring import Way
    from app.bootstrap.shelves import Shelf
    from app.domain.reference import Reference
    from app.store.backups import Backup


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `backup`."""
    verb = verbs.add_parser("backup", help=_("make, try and restore backups of the register"))
    acts = verb.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    listed = acts.add_parser("list", help=_("the backups that are kept"))
    listed.add_argument("folder", type=Path, nargs="?", metavar=_("FOLDER"))
    listed.set_defaults(run=run_list)
    make = acts.add_parser("make", help=_("make a backup now"))
    make.add_argument("--onto", type=Path, metavar=_("FOLDER"), help=_("a stick or another disk"))
    make.set_defaults(run=run_make)
    tried = acts.add_parser("verify", help=_("try whether a backup can be restored; nothing changes"))
    tried.add_argument("folder", type=Path, nargs="?", metavar=_("FOLDER"))
    tried.set_defaults(run=run_verify)
    restore = acts.add_parser("restore", help=_("put a backup in the place of this laptop's register"))
    restore.add_argument("folder", type=Path, metavar=_("FOLDER"))
    restore.set_defaults(run=run_restore)
    for act in (tried, restore):
        act.add_argument(
            "--code", action="store_true", help=_("open it with the recovery code from the safe")
        )
        act.add_argument("--officer", default="", metavar=_("NAME"), help=_("which officer opens it"))
    for act in (listed, make, tried, restore):
        act.add_argument("--json", action="store_true", help=_("answer in JSON"))


def run_list(args: Namespace) -> int:
    """What is kept; exit code 0 also when there is none."""
    found = _kept(args)
    for each in found:
        _tell(args, each)
    if not found and not args.json:
        print(_("No backup is kept here."))
    return 0


def run_make(args: Namespace) -> int:
    """One now."""
    from app.actions import backups
    from app.cli.unlocking import unlocked

    progress = TellingProgress()
    with unlocked(args) as desk:
        made = backups.carry(progress, desk, args.onto) if args.onto else backups.make(progress, desk)
    progress.clear()
    _tell(args, made)
    return 0


def run_verify(args: Namespace) -> int:
    """The drill."""
    from app.bootstrap import restoring

    reference = _reference()
    backup = _newest(args)
    at = _shelf(args, backup, reference)
    way = _way(args, backup, at)
    progress = TellingProgress()
    tried = restoring.rehearse(progress, at, backup, way)
    progress.clear()
    _tell(args, backup, photos=tried.photos, sets=tried.sound.sets)
    if not args.json:
        print(_("It opens, holds and can be restored. Nothing here was changed."))
    return 0


def run_restore(args: Namespace) -> int:
    """In the place of what stands."""
    from app.bootstrap import restoring

    reference = _reference()
    backup = _newest(args)
    at = _shelf(args, backup, reference)
    way = _way(args, backup, at)
    progress = TellingProgress()
    entered = restoring.restore(progress, at, backup, way, reference)
    device = entered.desk.pen.device
    entered.desk.vault.lock()
    progress.clear()
    _tell(args, backup, device_now=device)
    if not args.json:
        print(_("Restored. What stood here was put aside, not deleted. Sync now: the rest comes back."))
    if entered.recovery_code:
        print(
            _("The new recovery code, for the safe: {code}").format(code=entered.recovery_code),
            file=sys.stderr,
        )
    return 0


def _reference() -> Reference:
    from app.resources import load_reference

    return load_reference()


def _kept(args: Namespace) -> Sequence[Backup]:
    from app.actions import backups
    from app.bootstrap.shelves import laptop, shelves
    from app.store import backups as kept

    if args.folder is not None:
        return backups.found_in(args.folder)
    held = shelves(laptop(args.profile), _reference())
    return [each for at in held for each in kept.listed(at.folder.path / kept.FOLDER)]


def _newest(args: Namespace) -> Backup:
    found = _kept(args)
    if not found:
        raise Trouble("backup.none")
    return found[0]


def _shelf(args: Namespace, backup: Backup, reference: Reference) -> Shelf:
    from app.bootstrap.shelves import laptop, place_of, shelf

    return shelf(laptop(args.profile), place_of(reference, backup.about.commune))


def _way(args: Namespace, backup: Backup, at: Shelf) -> Way:
    from app.bootstrap import restoring

    known = restoring.officers(backup, at)
    chosen = [each for each in known if args.officer in ("", each[1])]
    if not chosen:
        raise Refusal("unlock.unknown_officer")
    officer, name = chosen[0]
    if not args.code:
        asked = _("Password of {name}, {commune}: ").format(name=name, commune=at.place.name)
        return restoring.ByPassword(officer, getpass(asked))
    code = getpass(_("Recovery code from the safe: "))
    password = getpass(_("New password of {name}: ").format(name=name))
    if password != getpass(_("Once more: ")):
        raise Refusal("password.differs")
    return restoring.ByCode(code, officer, password)


def _tell(args: Namespace, backup: Backup, **more: int | str) -> None:
    import msgspec

    about = backup.about
    if args.json:
        said = {**msgspec.to_builtins(about), "path": str(backup.path), **more}
        del said["vouched"]
        tell_lines([said])
        return
    words = _("{moment} · {why} · people: {people} · changes waiting: {waiting} · {path}")
    moment = backup.made.astimezone().strftime("%d/%m/%Y %H:%M")
    facts = {"moment": moment, "why": _(f"backup.why.{about.why}"), "path": backup.path}
    print(words.format(people=about.people, waiting=about.waiting, **facts))
