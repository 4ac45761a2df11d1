"""Roles asked by a commune and given by the centre: by sync, and what counts from when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.central.appointing import asked, give, leave_as_is
from app.central.deeds import Operating
from app.cli import frame
from app.domain.appointments import APPOINTMENT, wanted
from app.domain.changes import Edit
from app.domain.errors import Refusal
from app.store import appointments
from app.sync.policy import held_policy
from tests.central.laptops import House, Laptop
from tests.central.test_pages import TYPED, browsing, signed_in
from tests.central.test_standing import operating


@pytest.fixture(autouse=True)
def later(request: pytest.FixtureRequest) -> None:
    """A certificate says its second: nobody asks in the very one in which she was enrolled."""
    known = {"served": "pair", "trained": "trained_pair"}
    for name in known.keys() & set(request.fixturenames):
        request.getfixturevalue(known[name])
        request.getfixturevalue(name).clock.ms += 5_000


def ask(laptop: Laptop, officer: str, roles: list[str], hamlets: list[str], why: str = "việc mới") -> None:
    """As `actions.officers.appoint` writes it."""
    values = {"officer": officer, "wants": wanted(roles, hamlets), "why": why, "asker": laptop.officer.id}
    write(laptop, values)


def write(laptop: Laptop, values: dict[str, str]) -> None:
    record = laptop.ids.new()
    laptop.save(*[Edit(APPOINTMENT, record, name, value) for name, value in values.items()])


def held(laptop: Laptop, officer: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    with laptop.vault.read() as connection:
        policy = held_policy(connection)
    assert policy is not None
    member = policy.officers[officer]
    return member.certificate.roles, member.certificate.scope, member.is_active


def test_what_is_asked_is_given_and_counts_on_every_laptop(served: House, pair: list[Laptop]) -> None:
    first, second = pair
    hers = second.officer.id
    before = held(second, hers)
    ask(first, hers, ["surveyor"], ["Bản Nà Lụa"])
    assert asked(operating(served), served.code) == []
    first.sync(served)
    second.sync(served)
    (found,) = asked(operating(served), served.code)
    assert (found.officer.officer, found.wish.roles, found.by) == (hers, ("surveyor",), first.officer.name)
    assert held(second, hers) == before  # until it is answered nothing moves
    give(operating(served), served.code, found.wish.record)
    assert asked(operating(served), served.code) == []
    for laptop in pair:
        laptop.sync(served)
        assert held(laptop, hers) == (("surveyor",), ("Bản Nà Lụa",), True)
    with pytest.raises(Refusal, match=r"central\.no_such_wish"):
        give(operating(served), served.code, found.wish.record)


def test_left_as_it_is_it_waits_no_more(served: House, pair: list[Laptop]) -> None:
    first, second = pair
    hers = second.officer.id
    before = held(second, hers)
    ask(first, hers, ["auditor"], [])
    first.sync(served)
    (found,) = asked(operating(served), served.code)
    served.clock.ms += 5_000
    leave_as_is(operating(served), served.code, found.wish.record)
    assert asked(operating(served), served.code) == []
    second.sync(served)
    assert held(second, hers) == before
    with second.vault.read() as connection:
        assert len(appointments.kept(connection)) == 1  # what was asked stays in the journal


def test_a_leave_is_asked_for_and_taken(served: House, pair: list[Laptop]) -> None:
    first, second = pair
    ask(first, second.officer.id, [], [], "nghỉ hưu")
    first.sync(served)
    (found,) = asked(operating(served), served.code)
    give(operating(served), served.code, found.wish.record)
    first.sync(served)
    assert not held(first, second.officer.id)[2]


def test_the_newest_asking_counts_and_nonsense_asks_nothing(
    trained: House, trained_pair: list[Laptop]
) -> None:
    first, second = trained_pair
    hers = second.officer.id
    ask(first, hers, ["auditor"], [])
    ask(first, hers, ["administrator"], [])
    for odd in ("[]", '{"roles": ["king"], "hamlets": []}', "{"):
        values = {"officer": hers, "wants": odd, "why": "x", "asker": first.officer.id}
        write(first, values)
    first.sync(trained)
    (found,) = asked(operating(trained), trained.code)
    assert found.wish.roles == ("administrator",)


def test_the_command_line_lists_and_answers(
    trained: House,
    trained_pair: list[Laptop],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = trained_pair
    ask(first, second.officer.id, ["approver"], [])
    first.sync(trained)

    @contextmanager
    def here(_args: object) -> Iterator[Operating]:
        yield operating(trained)

    monkeypatch.setattr("app.cli.officers.operating", here)

    def said(*words: str) -> Any:
        assert frame.run(["--language", "en", "central", "officer", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    (row,) = said("asked", trained.code)
    assert (row["officer"], row["wanted"], row["why"]) == (second.officer.id, "approver", "việc mới")
    assert said("answer", trained.code, row["request"])["roles"] == "approver"
    assert said("asked", trained.code) == []


def test_the_operators_page_shows_and_answers(trained: House, trained_pair: list[Laptop]) -> None:
    first, second = trained_pair
    ask(first, second.officer.id, ["approver"], [], "làm thay <đồng nghiệp>")
    first.sync(trained)
    (found,) = asked(operating(trained), trained.code)
    with browsing(trained) as client:
        word = signed_in(client)
        shown = client.get(f"/?open={trained.code}").text
        assert second.officer.name in shown
        assert "làm thay &lt;đồng nghiệp&gt;" in shown
        path, filled = f"/communes/{trained.code}/roles", {"wish": found.wish.record, "answer": "give"}
        assert client.post(path, data={**filled, "form": "0" * 32}, headers=TYPED).status_code == 403
        assert asked(operating(trained), trained.code)
        assert client.post(path, data={**filled, "form": word}, headers=TYPED).status_code == 200
    assert asked(operating(trained), trained.code) == []
    first.sync(trained)
    assert held(first, second.officer.id)[0] == ("approver",)
