"""Commune → commune: who moves, and what a commune that was merged still handed in; both by the centre.

The set that closes her file there is the transfer: it names the commune and the month, and its id names
the move in the set that opens her file here. The centre, which holds the journal, says what stood in
her file, and hands it on only once the commune that she leaves pays no longer: so exactly one pays. It
travels in the centre's answers, by whichever carrier, and in a parcel of its own. Values and dates, not
sets: one set of an import speaks of two hundred neighbours. What an officer does with it:
`actions.moving`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from app.domain.changes import ChangeSet, SignedSet
from app.domain.errors import Refusal
from app.domain.hybrid_clock import milliseconds
from app.domain.records import Value
from app.domain.standing import Cells, RecordKey
from app.seal.keys import TRANSFER as PURPOSE
from app.seal.keys import PublicKey, SigningKey
from app.seal.statements import read_statement, state, utc
from app.store import place
from app.store.moves import Departure
from app.store.roster import Officer

CONTENT_BYTES_MAX = 8 << 20  # a set that came late may be as long as a set can be
_KEPT, _ARRIVED = "arrival/", "arrived"
_PAYING = ("active", "suspended")


class Moved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of her records as it stood before her file was closed, and when the newest of it was written."""

    kind: str
    record: str
    values: dict[str, Value]
    as_of: str


class Transfer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="person"):
    """Who comes from where, and the first month that this commune pays for; `id` is the set that closed."""

    id: str
    commune: str
    to: str
    person: str
    month: str
    records: list[Moved]

    @property
    def name(self) -> str:
        """What she is called."""
        return next((str(one.values.get("name") or "") for one in self.of("person")), "")

    def of(self, kind: str) -> list[Moved]:
        """Her records of one kind."""
        return [one for one in self.records if one.kind == kind]


class Late(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="late"):
    """A set of a commune that was merged, which came after that: kept there, open to adoption here."""

    id: str
    commune: str
    to: str
    officer: str
    body: str
    signature: str

    @property
    def signed(self) -> SignedSet:
        """As its author signed it."""
        return SignedSet(self.body.encode(), bytes.fromhex(self.signature))


Came = Transfer | Late


class Moves(msgspec.Struct, array_like=True, frozen=True):
    """The sets by which people moved, whose parcels a laptop asks for: the first time, or once more."""

    protocol: int
    commune: str
    sets: list[str]


def compose(
    code: str, gone: Departure, stood: Mapping[RecordKey, Cells], closing: ChangeSet | None
) -> Transfer:
    """What the other commune is told: what stood before `closing`, and of her rights those that it ended.

    Of a commune that is merged nobody closed a file: `closing` is None, and all that pays goes.
    """
    before = {edit.cell: edit.old for edit in closing.edits()} if closing else {}
    account = stood.get(("person", gone.person), {}).get("receiving_account")
    records = []
    for (kind, record), cells in sorted(stood.items()):
        values = {name: before.get((kind, record, name), cell.value) for name, cell in cells.items()}
        if _goes(kind, record, values, str(account.value if account else "")):
            filled: dict[str, Value] = {n: value for n, value in sorted(values.items()) if value is not None}
            newest = max(cell.clock for cell in cells.values())
            records.append(Moved(kind, record, filled, utc(milliseconds(newest))))
    return Transfer(gone.id, code, gone.peer, gone.person, gone.month, records)


def late(code: str, gone: Departure, signed: SignedSet, known: Mapping[str, Officer]) -> Late:
    """A set that came after its commune was merged, and what its author is called."""
    author = signed.set.author
    name = known[author].name if author in known else author
    return Late(gone.id, code, gone.peer, name, signed.body.decode(), signed.signature.hex())


def _goes(kind: str, record: str, values: Mapping[str, Value], account: str) -> bool:
    match kind:
        case "entitlement":
            return values.get("state") in _PAYING
        case "account":
            return record == account
        case "attachment":
            return values.get("state") == "active"
        case "consent":
            return values.get("withdrawn") is None
        case _:
            return True


def still_paid(stood: Mapping[RecordKey, Cells], gone: Departure) -> bool:
    """Whether the commune that she leaves would pay her in the first month of the other, or after."""
    if _value(stood, ("person", gone.person), "state") != "moved":
        return True
    rights = [key for key in stood if key[0] == "entitlement"]
    untils = [
        str(_value(stood, key, "until") or "") for key in rights if _value(stood, key, "state") == "ended"
    ]
    is_open = any(_value(stood, key, "state") in _PAYING for key in rights)
    return is_open or any(until[:7] >= gone.month for until in untils)


def _value(stood: Mapping[RecordKey, Cells], key: RecordKey, name: str) -> Value:
    cell = stood.get(key, {}).get(name)
    return cell.value if cell else None


def written(key: SigningKey, said: Came) -> bytes:
    """As it travels."""
    return state(key, PURPOSE, msgspec.to_builtins(said))


def read(content: bytes, register: PublicKey) -> Came:
    """What the centre says. Refusal("bundle.form"), or ("bundle.signature") for what it did not sign."""
    try:
        found = read_statement(PURPOSE, content, bytes_max=CONTENT_BYTES_MAX)
        said: Came = msgspec.convert(dict(found.said), Transfer | Late)
    except msgspec.ValidationError as error:
        raise Refusal("bundle.form") from error
    except Refusal as error:
        raise Refusal("bundle.form" if error.code == "statement.form" else "bundle.signature") from error
    if found.by != register:
        raise Refusal("bundle.signature")
    return said


def keep(connection: Connection, content: bytes, register: PublicKey) -> Came:
    """Keep one until an officer opens it. Refusal("bundle.addressee") for another commune's."""
    said = read(content, register)
    if said.to != place.here(connection).commune:
        raise Refusal("bundle.addressee", to=said.to)
    about = said.person if isinstance(said, Transfer) else ""
    place.write(connection, f"{_KEPT}{said.id}/{about}", content)
    return said


def note_arrived(connection: Connection, no: int) -> None:
    """How far the centre has told what came."""
    if no > arrived(connection):
        place.write(connection, _ARRIVED, str(no).encode())


def arrived(connection: Connection) -> int:
    """The last that this laptop was told of."""
    return int(place.read_text(connection, _ARRIVED) or 0)


def all_kept(connection: Connection, register: PublicKey) -> Sequence[Came]:
    """All that came and was kept, opened or not, as the centre signed it."""
    return [read(content, register) for content in place.read_below(connection, _KEPT).values()]
