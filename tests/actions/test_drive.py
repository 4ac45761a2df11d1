"""The drive without a window: whose card it is, the table as a fact, what is counted, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.actions import accounts, cards, drive
from app.actions.accounts import Enrolment, Payee
from app.actions.desk import Desk
from app.actions.drive import Drive, Entered, Said
from app.actions.people import add_person
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import dossier, drafts

CARD = "014148032213|145123456|Lò Thị Pánh|12031948|Nữ|Bản Nà Lụa, Mộc Sơn, Sơn La|01012022"
PROGRESS = Progress()
A, B = "a" * 32, "b" * 32


def add(desk: Desk, **values: Value) -> str:
    return add_person(desk, {"name": "Lò Thị Pánh", "birth": "1948", **values}, "add")


def enrolment(person: str, **changes: object) -> Enrolment:
    made = Enrolment(
        person=person,
        kind="bank",
        provider="AGRIBANK",
        number="3906205121845",
        holder="LO THI PANH",
        evidence="typed",
        wording="Đồng ý",
        sign="fingerprint",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_whose_card_it_is(desk: Desk) -> None:
    assert cards.meet(PROGRESS, desk, CARD).by == "nobody"
    alike = add(desk)
    met = cards.meet(PROGRESS, desk, CARD)
    assert (met.by, [row.id for row in met.people], met.is_certain) == ("name", [alike], False)
    add(desk, personal_id="014148999999")  # another twelve digits: somebody else, however alike
    assert len(cards.meet(PROGRESS, desk, CARD).people) == 1
    older = add(desk, name="Lò Thị Pánh Lớn", old_id="145123456", personal_id="014148000007")
    met = cards.meet(PROGRESS, desk, CARD)
    assert (met.by, [row.id for row in met.people]) == ("old_number", [older])  # another new number: asked
    assert met.is_certain is False
    older = add(desk, name="Lò Thị Pánh Bé", old_id="145123457")
    met = cards.meet(PROGRESS, desk, CARD.replace("145123456", "145123457"))
    assert (met.by, [row.id for row in met.people], met.is_certain) == ("number", [older], True)
    first = add(desk, personal_id="014148032213")
    met = cards.meet(PROGRESS, desk, CARD)
    assert ([row.id for row in met.people], met.is_certain) == ([first], True)
    add(desk, personal_id="014148032213")
    assert cards.meet(PROGRESS, desk, CARD).is_certain is False  # twice in the register: which one?
    assert cards.meet(PROGRESS, desk, "145123456").by == "number"


def test_a_second_welcome_finds_the_first(desk: Desk) -> None:
    met = cards.meet(PROGRESS, desk, CARD)
    assert met.card is not None
    first = cards.welcome(PROGRESS, desk, met.card, {})
    assert cards.welcome(PROGRESS, desk, met.card, {}).row.id == first.row.id


def test_a_card_takes_nothing_finer_away(desk: Desk) -> None:
    person = add(desk, birth="1948-03-12", personal_id="014148032213", sex="female", old_id="145123456")
    card = cards.meet(PROGRESS, desk, CARD.replace("12031948", "1948")).card
    assert card is not None
    seated = cards.seat(PROGRESS, desk, person)
    assert cards.differences(card, seated.values) == ()
    assert {each.field for each in cards.lacking(card, seated.values)} == {"address", "id_issued"}


def test_who_leaves_unfinished_comes_back_and_who_is_done_does_not() -> None:
    begun, other = Entered(A, "A", number="1"), Entered(B, "B")
    table = Drive("2026-11-28T00:00:00+07:00").seat(begun)
    assert table.seat(begun.moved(number="2")).absent == ()
    assert [each.entered.person for each in table.seat(other).absent] == [A]
    assert table.seat(other).seat(None).absent == table.seat(other).absent  # B entered nothing
    assert table.seat(None).kept_of(A) == begun
    again = table.seat(None).seat(begun)
    assert again.strike(A) == Drive(table.began)
    put_off = again.put_off(begun, "mismatch")
    assert [(each.entered, each.why) for each in put_off.absent] == [(begun, "mismatch")]


def test_a_new_day_keeps_who_must_come_back(desk: Desk) -> None:
    left = Drive(
        "2026-01-01T00:00:00+07:00", "Nhà văn hoá", ("Bản Co Mạ",), Entered(A, "A", number="1"), (), "/slips"
    )
    drive.keep(PROGRESS, desk, left.put_off(Entered(B, "B"), "later"))
    found = drive.resume(PROGRESS, desk)
    assert datetime.fromisoformat(found.began).date() == desk.clock.today()
    assert (found.place, found.hamlets, found.slips) == ("", (), "/slips")
    assert [each.entered.person for each in found.absent] == [B]
    with desk.vault.write() as connection:
        drafts.keep(connection, drive.DRAFT, b"of another version")
    assert drive.resume(PROGRESS, desk).absent == ()


def test_a_locked_vault_takes_no_draft_and_says_nothing(desk: Desk) -> None:
    desk.vault.lock()
    drive.keep(PROGRESS, desk, Drive("2026-11-28T00:00:00+07:00"))


def test_counted_without_lunch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [
        datetime(2026, 11, 28, 9, tzinfo=UTC) + timedelta(seconds=at) for at in (0, 18, 40, 4000, 4020)
    ]
    assert drive._pace(moments) == 20
    assert drive._pace(moments[:1]) is None
    tally = drive.Tally((), 10, 20, (), ())
    assert tally.per_hour == 180


NOT_WHOLE: tuple[tuple[dict[str, object], str], ...] = (
    ({"provider": "NOBODY"}, "account.provider"),
    ({"kind": "e_wallet"}, "account.provider"),
    ({"number": ""}, "account.number"),
    ({"holder": " "}, "account.holder"),
    ({"wording": ""}, "account.no_consent"),
    ({"holder": "QUANG VAN SON"}, "account.mismatch"),
    ({"payee": Payee("guardian", "Lò Thị Dung")}, "account.payee"),
    ({"payee": Payee("guardian", "Lò Thị Dung", relation="con")}, "account.payee_paper"),
    (
        {"payee": Payee("guardian", "Lò Thị Pánh", relation="con", paper="1", until="2020")},
        "account.payee_expired",
    ),
)


def test_what_is_not_whole_is_refused_and_changes_nothing(desk: Desk) -> None:
    person = add(desk)
    for changes, code in NOT_WHOLE:
        with pytest.raises(Refusal) as refused:
            accounts.enrol(desk, enrolment(person, **changes))
        assert refused.value.code == code
    with desk.vault.read() as connection:
        found = dossier.person(connection, person)
    assert found is not None
    assert (found.accounts, found.consents, found.row.account) == ((), (), "none")


def test_strangers_want_a_reason_and_nothing_is_in_force(desk: Desk) -> None:
    first, second = add(desk), add(desk, name="Vì Văn Khụt")
    accounts.enrol(desk, enrolment(first))
    with pytest.raises(Refusal, match=r"account\.already_proposed"):
        accounts.enrol(desk, enrolment(first))
    hers = enrolment(second, holder="VI VAN KHUT")
    with pytest.raises(Refusal, match=r"account\.shared"):
        accounts.enrol(desk, hers)
    accounts.enrol(desk, replace(hers, shared_reason="hàng xóm"))
    with desk.vault.read() as connection:
        people = [dossier.person(connection, each) for each in (first, second)]
    for found in people:
        assert found is not None
        assert found.row.account == "proposed"
        assert found.opened.values.get("receiving_account") is None


def test_the_holder_is_kept_as_banks_write_names(desk: Desk) -> None:
    entered = Entered(A, "H'Hen Niê", way="bank", provider="LPB", number="1", holder="H'Hen  Niê")
    made = drive.enrolment_of(entered, Said("Đồng ý", "signature"))
    assert (made.holder, made.payee.kind) == ("HHEN NIE", "self")


def test_a_child_is_asked_for(desk: Desk) -> None:
    from app.domain.dates import PartialDate

    day = date(2026, 11, 28)
    assert drive.is_grown(None, day)
    assert drive.is_grown(PartialDate(2010, 11, 28), day)
    assert not drive.is_grown(PartialDate(2010, 11, 29), day)
