"""Each table's rule by itself: of rows of hers and of others, a surveyor's view shows what is hers."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, select, text
from sqlalchemy.exc import OperationalError

from app.domain.sight import WHOLE, Sight
from app.store import sight
from app.store.tables import records, replica

HERS, NOT_HERS, ME, HER = "Bản Nà Lụa", "Bản Co Mạ", "hanh", "quyet"
# By what a row belongs to: hers ("h") and another's ("o"), two people each.
PEOPLE = {"h1": HERS, "h2": HERS, "o1": NOT_HERS, "o2": NOT_HERS, "n": None}
PAIRS = tuple(product(("h1", "o1"), ("h2", "o2")))
HIDING = Sight(hamlets=(HERS,), hidden=("person.disability", "entitlement.group", "entitlement.amount"))
NOBODY = Sight()
# Not about people: numbers, keys, words without their people, and what is read through what is bounded.
OF_NOBODY = {"place", "digest", "audit", "spelling", "layouts", "filling", "files", "awaited"}
OF_NOBODY |= {"exchanges", "parcels", "forms"}


def fill(connection: Connection) -> None:
    """Every table that is bounded, with rows of hers and of others."""

    def add(table: str, **values: object) -> None:
        behind = {"behind": b""} if table in records else {}
        connection.execute(insert(replica.tables[table]).values(**values, **behind))

    for at, (who, hamlet) in enumerate(PEOPLE.items(), 1):
        add("person", no=at, id=who, name=who, hamlet=hamlet, household=f"of-{who}", disability="heavy")
        for kind in ("entitlement", "account", "consent", "proposal", "attachment"):
            add(kind, id=f"{kind}-{who}", person=who)
        add("name_order", label=at, person=at)
        add("uncompared", ticket=at, person=at)
        for table in ("touched", "accepted", "diverged"):
            more: dict[str, object] = {"change": at} if table == "touched" else {"kind": "person"}
            more |= {"no": at, "at": "", "field": ""} if table == "diverged" else {}
            add(table, record=who, **more)
        add("household", id=f"of-{who}")  # no hamlet of its own: where its members live
    add("household", id="here", hamlet=HERS)
    add("household", id="there", hamlet=NOT_HERS)
    numbers = {who: at for at, who in enumerate(PEOPLE, 1)}
    for one, other in PAIRS:
        add("pair", id=f"{one}-{other}", person=one, other=other)
        add("alike", first=numbers[one], second=numbers[other], pair="", score=1, reasons="")
    for one, other in (("h1", "h2"), ("h2", "o2"), ("o1", "h1"), ("o2", "o1")):
        add("alias", id=one, survivor=other)
    add("conflict", id="c")
    for officer in (ME, HER):
        add("seen", id=f"seen-{officer}", officer=officer)
        add("appointment", id=f"asked-{officer}", officer=officer)
        add("drafts", subject=f"drive@{officer}", body=b"", at="")
    add("drafts", subject="drive", body=b"", at="")
    add("drafts", subject="import:1", body=b"", at="")
    add("replaced", id=b"r", why="", body=b"", signature=b"")
    sets = [(ME, 1, None), (HER, 2, None), (ME, None, None), (HER, None, None), (HER, 3, "x"), (ME, 4, "x")]
    for at, (author, seq, why) in enumerate(sets, 1):
        blank = {"device": "", "number": at, "clock": 0, "reason": "", "body": b"", "signature": b""}
        add("changes", no=at, id=bytes([at]), seq=seq, author=author, why=why, **blank)
    for seq in (1, 2):
        add("overwritten", lost=seq, kind="person", record="h1", field="note", by=9)
        add("refused", seq=seq)


def fill_surveys(connection: Connection) -> None:
    """Who goes where, and what was handed in, of her hamlet and of another."""
    for hamlet in (HERS, NOT_HERS):
        for kind in ("assignment", "visit"):
            row = {"id": f"{kind}-{hamlet}", "hamlet": hamlet, "behind": b""}
            connection.execute(insert(records[kind]).values(**row))
        for officer in (ME, HER):
            row = {"id": f"{hamlet}-{officer}", "hamlet": hamlet, "officer": officer, "behind": b""}
            connection.execute(insert(records["submission"]).values(content=officer, **row))


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A file with all of it."""
    path = tmp_path / "register.db"
    engine = create_engine(f"sqlite:///{path}")
    replica.create_all(engine)
    with engine.begin() as connection:
        fill(connection)
        fill_surveys(connection)
    engine.dispose()
    return path


def bounded(path: Path, seen: Sight) -> Engine:
    """What an officer reads it by."""
    engine = create_engine(f"sqlite:///{path}")
    sight.bound(engine, seen, ME)
    return engine


def shown(path: Path, seen: Sight) -> dict[str, set[object]]:
    """Of every bounded table what identifies a row that is shown."""
    keys = {"alias": ("id",), "changes": ("no",), "alike": ("first", "second"), "name_order": ("person",)}
    keys |= {"uncompared": ("person",), "overwritten": ("lost",), "refused": ("seq",), "drafts": ("subject",)}
    keys |= dict.fromkeys(("touched", "accepted", "diverged"), ("record",))
    found = {}
    engine = bounded(path, seen)
    with engine.connect() as connection:
        for name, table in replica.tables.items():
            if name not in OF_NOBODY:
                asked = select(*(table.c[column] for column in keys.get(name, ("id",))))
                rows = connection.execute(asked).all()
                found[name] = {row[0] if len(row) == 1 else tuple(row) for row in rows}
    engine.dispose()
    return found


def test_a_surveyor_sees_of_each_table_what_is_hers(register: Path) -> None:
    of_hers = {"h1", "h2"}
    expected: dict[str, set[object]] = {
        "person": {*of_hers},
        "household": {"of-h1", "of-h2", "here"},
        **{
            kind: {f"{kind}-{who}" for who in of_hers}
            for kind in ("entitlement", "account", "consent", "proposal", "attachment")
        },
        "assignment": {f"assignment-{HERS}"},
        "visit": {f"visit-{HERS}"},
        "submission": {f"{HERS}-{ME}", f"{HERS}-{HER}"},
        "conflict": set(),
        "alias": {"h1"},
        "pair": {"h1-h2"},
        "seen": {f"seen-{ME}"},
        "appointment": {f"asked-{ME}", f"asked-{HER}"},
        **{name: {*of_hers} for name in ("touched", "accepted", "diverged")},
        "name_order": {1, 2},
        "alike": {(1, 2)},
        "uncompared": {1, 2},
        "overwritten": {1},
        "refused": {1},
        "replaced": set(),
        "changes": {1, 2, 3, 6},  # hers, and of others what stands: neither what waits nor what was not taken
        "drafts": {f"drive@{ME}"},
    }
    assert shown(register, HIDING) == expected


def test_who_sees_nobody_sees_of_each_table_nothing_of_anybody(register: Path) -> None:
    found = shown(register, NOBODY)
    own: dict[str, set[object]] = {"seen": {f"seen-{ME}"}, "appointment": {f"asked-{ME}", f"asked-{HER}"}}
    own |= {"overwritten": {1}, "refused": {1}, "changes": {1, 3, 6}}
    assert found == {name: own.get(name, set()) for name in found}


def test_who_sees_everybody_sees_all_of_it_but_what_is_hidden(register: Path) -> None:
    whole = shown(register, WHOLE)
    assert whole["person"] == set(PEOPLE)
    veiled = shown(register, Sight(everybody=True, hidden=("person.disability",)))
    assert veiled == {**whole, "conflict": set()}  # two whole sides would tell it
    assert whole["conflict"] == {"c"}


def test_what_is_hidden_is_empty_and_so_is_what_is_reckoned_from_it(register: Path) -> None:
    writing = create_engine(f"sqlite:///{register}")
    with writing.begin() as connection:
        said = {"group_codes": ",NKT,", "monthly_amount": 5, "account_state": "in_force"}
        connection.execute(records["person"].update().values(**said))
        connection.execute(records["person"].update().where(text("id = 'h2'")).values(account_state="joined"))
        connection.execute(records["entitlement"].update().values(group="NKT", amount=5, since="2025-01"))
    writing.dispose()
    hiding = Sight(hamlets=(HERS,), hidden=(*HIDING.hidden, "person.receiving_account"))
    engine = bounded(register, hiding)
    person, entitlement = records["person"].c, records["entitlement"].c
    with engine.connect() as connection:
        asked = select(person.name, person.disability, person.group_codes, person.monthly_amount)
        assert set(connection.execute(asked)) == {("h1", None, None, None), ("h2", None, None, None)}
        states = connection.execute(select(person.id, person.account_state))
        assert set(states) == {("h1", None), ("h2", "joined")}  # who is shown as somebody else is not two
        rights = connection.execute(select(entitlement.group, entitlement.amount, entitlement.since))
        assert set(rights) == {(None, None, "2025-01")}
        assert not sight.shows(connection, "person", "disability")
        assert not sight.shows(connection, "entitlement", "amount/1")
        assert sight.shows(connection, "person", "name")
    engine.dispose()
    with create_engine(f"sqlite:///{register}").connect() as connection:
        assert sight.shows(connection, "person", "disability")
        connection.engine.dispose()


def test_of_what_was_answered_her_own_shows(register: Path) -> None:
    engine = bounded(register, Sight(hamlets=(HERS,), hidden=("submission.content",)))
    table = records["submission"].c
    with engine.connect() as connection:
        found = connection.execute(select(table.officer, table.content))
        assert set(found) == {(ME, ME), (HER, None)}
    engine.dispose()


def test_a_hint_of_an_index_does_not_stop_a_view(register: Path) -> None:
    engine = bounded(register, HIDING)
    with engine.connect() as connection:
        asked = text("SELECT count(*) FROM person INDEXED BY person_counted WHERE state IS NULL")
        assert connection.scalar(asked) == 2
        with pytest.raises(OperationalError, match="readonly"):
            connection.execute(text("DELETE FROM main.person"))
    engine.dispose()


def test_every_table_is_bounded_or_said_to_be_of_nobody() -> None:
    """A table that comes later is asked about here before it shows anything to a surveyor."""
    assert set(replica.tables) - OF_NOBODY - set(records) == set(sight._seen_rest(HIDING))
    assert all(column not in replica.tables[name].c for name in OF_NOBODY for column in ("person", "hamlet"))
