"""The search box against a slow and simple reading of what it promises."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from app.domain.text import canonical, fold, initials, sort_key
from app.store import rows
from app.store.listing import Listing
from app.store.search import Found, search
from app.store.tables import name_order, records
from tests.invented import Invented, cells, people
from tests.registers import make_register
from tests.store.oracle import Oracle


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_register(tmp_path_factory.mktemp("search") / "register")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def commune(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_register(tmp_path_factory.mktemp("commune") / "register", people(1200))
    yield engine
    engine.dispose()


@pytest.fixture
def connection(empty: Engine) -> Iterator[Connection]:
    with empty.connect() as connection:
        yield connection
        connection.rollback()


def write(connection: Connection, everybody: Sequence[Invented]) -> None:
    written = {("person", who.id): cells(who.values()) for who in everybody}
    written |= {("entitlement", f"e{who.id[1:]}"): cells(who.entitlement()) for who in everybody if who.group}
    rows.store(connection, written)


def person(number: int, name: str, **known: str) -> Invented:
    blank = {"sex": "female", "birth": None, "personal_id": None, "old_id": None, "phone": None}
    more = {"ethnicity": "Kinh", "hamlet": "", "state": "active", "wish": None, "group": None}
    values = {**blank, **more, "coefficient": "", "amount": 0, **known}
    return Invented(id=f"{number:032x}", name=name, **values)  # type: ignore[arg-type]


def ids_of(connection: Connection, found: Sequence[int]) -> list[str]:
    table = records["person"]
    known = {row.no: row.id for row in connection.execute(select(table.c.no, table.c.id))}
    return [known[no] for no in found]


NAMES = st.builds(
    " ".join,
    st.tuples(
        st.sampled_from(["Nguyễn", "Ngô", "Lò", "Bàn", "Ntê"]),
        st.sampled_from(["Thị", "Văn", "Thị Thu", "A", ""]),
        st.sampled_from(["Lan", "Lán", "Lân", "Anh", "H'Mông", "An", "Xuân", "Ban"]),
    ),
)
PEOPLE = st.lists(
    st.builds(
        lambda name, birth, hamlet, personal_id, phone: (name, birth, hamlet, personal_id, phone),
        NAMES,
        st.sampled_from([None, "1954", "1954-03-02", "1919", "2019-01", "2005"]),
        st.sampled_from(["", "Bản Nà Lán", "Thôn 19", "Tổ dân phố số 1", "Xóm An Xuân"]),
        st.sampled_from([None, "014154148032", "014119001954"]),
        st.sampled_from([None, "0388004032"]),
    ),
    min_size=1,
    max_size=12,
)
LETTERS = "n ng nguyen lan lán Lân la thi th van ntl nl ntt al ban ban thon to na h hm hmong mong xuan an so"
DIGITS = "1 19 195 1954 54 5 05 2 20 3 8032 4032 014154148032"
TYPED = st.builds(
    lambda typed, end: " ".join(typed) + end,
    st.lists(st.sampled_from(f"{LETTERS} {DIGITS}".split(" ")), min_size=1, max_size=4),
    st.sampled_from(["", "", " "]),
)


@given(drawn=PEOPLE, typed=TYPED)
def test_finds_whom_a_slow_reading_finds(empty: Engine, drawn: list[tuple[str, ...]], typed: str) -> None:
    everybody = [
        person(n, " ".join(name.split()), birth=birth, hamlet=hamlet, personal_id=number, phone=phone)
        for n, (name, birth, hamlet, number, phone) in enumerate(drawn)
    ]
    with empty.connect() as connection:
        write(connection, everybody)
        found = ids_of(connection, search(connection, typed).nos)
        connection.rollback()
    expected = Oracle(everybody).search(typed)
    if typed.isascii():
        assert found == expected
    else:
        assert set(found) == set(expected)


def test_people_of_a_commune_are_found_as_a_slow_reading_finds_them(commune: Engine) -> None:
    everybody = list(people(1200))
    oracle = Oracle(everybody)
    chance = random.Random(4)
    with commune.connect() as connection:
        for who in chance.sample(everybody, 8):
            words = fold(who.name).split()
            chance.shuffle(words)
            year = (who.birth or "54")[:4]
            for typed in (
                " ".join(words),
                f"{words[0][:2]} {year[-2:]}",
                f"{initials(who.name)} {year}",
                f"{fold(who.hamlet)} {words[-1]}",
                (who.personal_id or who.old_id or "0000")[-5:],
            ):
                assert ids_of(connection, search(connection, typed, limit=None).nos) == oracle.search(typed)


def test_a_limit_cuts_the_end_of_the_list(commune: Engine) -> None:
    with commune.connect() as connection:
        everybody = search(connection, "thi", limit=None).nos
        assert len(everybody) > 200
        assert search(connection, "thi").nos == everybody[:200]
        assert search(connection, "thi", limit=3).nos == everybody[:3]


def test_typed_accents_bring_their_bearers_first(connection: Connection) -> None:
    names = ["Lò Thị Lan", "Lò Thị Lán", "Lò Văn Lân", "Lò Thị Lành", "Lán Văn An", "Hoà Thị Lan"]
    write(connection, [person(n, name) for n, name in enumerate(names)])
    table = records["person"]
    by_no = {row.no: row.name for row in connection.execute(select(table.c.no, table.c.name))}

    def found(typed: str) -> list[str]:
        return [by_no[no] for no in search(connection, typed).nos]

    assert found("Lán") == [
        "Lán Văn An",
        "Lò Thị Lán",
        "Hoà Thị Lan",
        "Lò Thị Lan",
        "Lò Thị Lành",
        "Lò Văn Lân",
    ]
    assert found("lò lán")[0] == "Lò Thị Lán"
    assert found("hòa") == found("HOÀ") == ["Hoà Thị Lan"]


@pytest.mark.parametrize(
    "typed",
    [
        "nguyne thi lan",  # two letters swapped
        "nguyn thi lan",  # one left out
        "nguyeen thi lan",  # one too many
        "nguyen thj lan",  # one beside it on the keyboard
        "lan nguuen thi",
    ],
)
def test_one_slip_is_forgiven_at_the_end_of_the_list(connection: Connection, typed: str) -> None:
    write(connection, [person(1, "Nguyễn Thị Lan"), person(2, "Trần Văn Ước"), person(3, "Nguyễn Thị Hoa")])
    found = search(connection, typed)
    assert (found.nos, ids_of(connection, found.approximate)) == ([], [f"{1:032x}"])


def test_a_slip_adds_to_what_matches_and_repeats_nobody(connection: Connection) -> None:
    write(connection, [person(1, "Lò Thị Hương"), person(2, "Lò Thị Hường"), person(3, "Lò Thị Lương")])
    found = search(connection, "huong")
    assert ids_of(connection, found.nos) == [f"{1:032x}", f"{2:032x}"]
    assert ids_of(connection, found.approximate) == [f"{3:032x}"]


def test_short_words_are_forgiven_only_when_nobody_answers(connection: Connection) -> None:
    write(connection, [person(1, "Lò Thị Lan"), person(2, "Lò Thị Lam")])
    assert search(connection, "lan").approximate == []
    assert ids_of(connection, search(connection, "lax").approximate) == [f"{2:032x}", f"{1:032x}"]


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("ng thi lan 54", True),
        ("2/3/1954", True),
        ("02.03.54", True),
        ("03/1954", True),
        ("lan 3/3/1954", False),
        ("014 154 148 032", True),
        ("014.154.148.032", True),
        ("0388 004 032", True),
        ("+84 388004032", True),
        ("+84388.004.032", True),
        ("032", False),
        ("148033", False),
        ("to dan pho so 5", True),
        ("lan to 5", True),
        ("LAN (54)", True),
    ],
)
def test_what_officers_type(connection: Connection, typed: str, finds: bool) -> None:
    numbers = {"personal_id": "014154148032", "phone": "0388004032", "birth": "1954-03-02"}
    write(connection, [person(1, "Nguyễn Thị Lan", hamlet="Tổ dân phố số 5", **numbers)])
    assert bool(search(connection, typed).nos) is finds


NAUGHTY = [
    *(
        '" OR *',
        "lan'); DROP TABLE person; --",
        "a AND",
        "NOT lan",
        "NEAR(lan thi)",
        "lan*",
        "^lan",
        "tokens:lan",
    ),
    *(
        "%",
        "_",
        "'",
        '"',
        "\\",
        "(",
        ")",
        "{}",
        "-lan",
        "+",
        "§s616374697665",
        "\x00lan",
        "lan\ud800",
        "ı",
        "ß",
    ),
    *(
        "9" * 500,
        "lan " * 500,
        "x" * 5000,
        "李小龍",
        "👵🏽",
        "\u0301",
        "Ð",
        "\xad",
        "٣٤",
        "²",
        "1/2/3",
        "99/99/9999",
    ),
]


@pytest.mark.parametrize("typed", NAUGHTY)
def test_whatever_is_typed_is_only_looked_for(commune: Engine, typed: str) -> None:
    with commune.connect() as connection:
        assert isinstance(search(connection, typed), Found)
        assert isinstance(search(connection, f"lan {typed}"), Found)


@given(typed=st.text(max_size=40))
def test_no_text_is_an_error(commune: Engine, typed: str) -> None:
    with commune.connect() as connection:
        assert isinstance(search(connection, typed), Found)


@given(typed=st.text(alphabet="\"*()^:{}-+ANDORTlaán§ '", max_size=24))
def test_no_operator_is_an_error(commune: Engine, typed: str) -> None:
    with commune.connect() as connection:
        assert isinstance(search(connection, typed), Found)


def check_order(connection: Connection) -> None:
    table = records["person"]
    by_label = (
        select(table.c.no).join(name_order, name_order.c.person == table.c.no).order_by(name_order.c.label)
    )
    by_name = select(table.c.no).order_by(table.c.name_key, table.c.no)
    assert list(connection.scalars(by_label)) == list(connection.scalars(by_name))
    indexed = connection.exec_driver_sql("SELECT rowid FROM finding ORDER BY 1").scalars()
    assert list(indexed) == list(connection.scalars(select(name_order.c.label).order_by(name_order.c.label)))


STEPS = st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), NAMES)), min_size=1, max_size=6)


@given(rounds=st.lists(STEPS, min_size=1, max_size=6))
def test_the_index_follows_every_change(empty: Engine, rounds: list[list[tuple[int, str | None]]]) -> None:
    standing: dict[int, Invented] = {}
    with empty.connect() as connection:
        for steps in rounds:
            moved = {
                number: person(number, " ".join(name.split())) if name else None for number, name in steps
            }
            rows.store(
                connection,
                {("person", f"{n:032x}"): cells(who.values()) if who else {} for n, who in moved.items()},
            )
            standing = {n: who for n, who in {**standing, **moved}.items() if who}
            check_order(connection)
            for typed in ("n", "lan", "thi", "ntl", "h'mong"):
                found = set(ids_of(connection, search(connection, typed).nos))
                assert found == set(Oracle(list(standing.values())).search(typed))
        connection.rollback()


@pytest.mark.parametrize(
    "names", [["Lò Thị Lan"], ["Lò Thị Lan", "Lò Thị Lán"], ["Trần An", "Lò An", "Bế An"]]
)
def test_a_crowd_at_one_spot_makes_its_neighbours_move(connection: Connection, names: list[str]) -> None:
    for number in range(0, 240, 3):
        write(connection, [person(number + n, names[(number + n) % len(names)]) for n in range(3)])
    check_order(connection)
    assert len(search(connection, "an").nos) + len(search(connection, "lan").nos) >= 200


def test_a_newcomer_beside_somebody_who_is_joined_stands_between_her_neighbours(
    connection: Connection,
) -> None:
    """Whoever is shown as somebody else has no place among the names, so nobody stands behind her."""
    first, joined, last = (
        person(n, name) for n, name in enumerate(("Lò Thị An", "Lò Thị Bé", "Lò Thị Xuân"))
    )
    write(connection, [first, joined, last])
    rows.store(connection, {("alias", joined.id): cells({"survivor": first.id})})
    newcomers = [person(7, "Lò Thị Bính"), person(8, "Lò Thị Cúc")]
    write(connection, newcomers)
    standing = select(name_order.c.person).order_by(name_order.c.label)
    found = ids_of(connection, list(connection.scalars(standing)))
    assert found == [who.id for who in (first, *newcomers, last)]


def test_filters_of_a_list_narrow_a_search(commune: Engine) -> None:
    listing = Listing(
        hamlets=("Bản Nà Lụa", "Thôn 3"), groups=("HTXH", ""), accounts=("none",), states=("active",)
    )
    expected = [
        who.id
        for who in sorted(people(1200), key=lambda who: sort_key(who.name))
        if who.hamlet in listing.hamlets
        and (who.group or "") in listing.groups
        and who.wish != "cash"
        and who.state == "active"
        and any(word.startswith("th") for word in Oracle.named(who))
    ]
    with commune.connect() as connection:
        assert ids_of(connection, search(connection, "th", within=listing).nos) == expected
    assert expected


def test_records_entered_by_mistake_are_found_only_when_asked_for(connection: Connection) -> None:
    write(connection, [person(1, "Lò Thị Lan"), person(2, "Lò Thị Lan", state="entered_by_mistake")])
    assert ids_of(connection, search(connection, "lan").nos) == [f"{1:032x}"]
    mistaken = Listing(states=("entered_by_mistake",))
    assert ids_of(connection, search(connection, "lan", within=mistaken).nos) == [f"{2:032x}"]


def test_marks_are_compared_as_written_by_either_hand(connection: Connection) -> None:
    write(connection, [person(1, "Nguyễn Thị Thuý"), person(2, "Nguyễn Thị Thủy")])
    assert canonical("Thuý") == canonical("Thúy")
    assert ids_of(connection, search(connection, "thúy").nos)[0] == f"{1:032x}"


def leaves(connection: Connection) -> dict[int, int]:
    """How large each segment of the index is."""
    connection.commit()
    counted = connection.exec_driver_sql("SELECT segid, count(*) AS many FROM finding_idx GROUP BY segid")
    return {row.segid: row.many for row in counted}


def test_many_at_once_gather_the_index_and_one_save_never_does(tmp_path: Path) -> None:
    """Gathering takes seconds at a million people: an import may take them, a Save may not."""
    everybody = list(people(700))
    engine = make_register(tmp_path / "register")
    with engine.connect() as connection:
        for start in (0, 200, 400):
            write(connection, everybody[start : start + 200])
        write(connection, everybody[400:600])
        filled = leaves(connection)
        largest = max(filled, key=lambda segment: filled[segment])
        assert filled[largest] >= 7 / 8 * sum(filled.values())
        for who in everybody[600:]:
            write(connection, [who])
            assert largest in leaves(connection)
        assert len(leaves(connection)) > 1
        write(connection, everybody[:200])
        assert len(leaves(connection)) == 1
    engine.dispose()
