"""A commune without a link for a year: its work, policy, programme data and laptops, all by stick."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.central.deeds import Operating, certify_officer, revoke_laptop
from app.central.keys import Keys
from app.central.publishing import publish
from app.domain.changes import unpack_verdicts
from app.domain.errors import Refusal
from app.resources import resource
from app.store import attachments, deposits, outbox, place, roster, unit
from app.store.central_tables import journal
from app.sync import outgoing, policy, stick
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, all_agree, house
from tests.central.sticks import Stick, waiting


def operating(served: House) -> Operating:
    return Operating(served.centre, served.keys, "huy", served.clock())


def joined_by_stick(served: House, carried: Stick, folder: Path) -> Laptop:
    """A new laptop, with nothing but its code and the centre's file."""
    laptop = Laptop.new(folder, served.code, served.clock)
    with laptop.vault.write() as connection:
        outgoing.begin_enrolment(connection, served.invite(), served.keys.statement)
    assert carried.round(served, laptop).enrolled
    return laptop


def verdicts(served: House, laptop: Laptop) -> list[set[str]]:
    """What the book says of each of a laptop's sets."""
    query = select(journal.c.verdicts).where(journal.c.device == laptop.device.id).order_by(journal.c.number)
    with served.centre.read() as connection:
        return [{v.outcome for v in unpack_verdicts(row)} for row in connection.scalars(query)]


def levels_published(served: House, folder: Path) -> None:
    """The law raised the standard."""
    file = folder / "publish" / "policy" / "levels.csv"
    file.parent.mkdir(parents=True)
    shipped = resource("policy/levels.csv").read_text("utf-8")
    file.write_text(shipped + "assistance,2027-01,600000,,Nghị định,V\n", "utf-8")
    publish(operating(served), folder / "publish")


def works(laptop: Laptop, shared: str, month: int) -> None:
    """What an office saves in a month: somebody new, and a note in a file that both laptops write in."""
    laptop.new_person(name="Lò Thị Pánh", hamlet=f"Bản {month}")
    if ("person", shared) in laptop.cells():
        laptop.change(shared, note=f"tháng {month}, {laptop.device.id}")


def happens(served: House, month: int, folder: Path, first: Laptop, second: Laptop) -> None:
    """What the province does in a year."""
    match month:
        case 3:
            certify_officer(operating(served), served.code, first.officer.id, ["officer", "approver"])
        case 5:
            levels_published(served, folder)
        case 7:
            revoke_laptop(operating(served), served.code, second.device.id, "lost")


def test_a_commune_lives_on_sticks_alone_for_a_year(trained: House, tmp_path: Path, carried: Stick) -> None:
    served = trained
    first, second = (joined_by_stick(served, carried, tmp_path) for _ in range(2))
    laptops, shared = [first, second], first.new_person()
    late: list[tuple[Laptop, Path]] = []
    for month in range(1, 13):
        happens(served, month, tmp_path, first, second)
        if month == 9:
            laptops.append(joined_by_stick(served, carried, tmp_path))
        for laptop in laptops:
            works(laptop, shared, month)
            answer = carried.handle(served, carried.make(laptop, served.clock())).file
            if month % 4 == 2:
                late.append((laptop, answer))  # the rider comes a month late, after the next one
                continue
            carried.take(laptop, answer)
            for _owner, older in [one for one in late if one[0] is laptop]:
                carried.take(laptop, older)
    standing = [first, laptops[2]]
    for laptop in (*standing, *standing):
        assert carried.round(served, laptop).in_step
    all_agree(standing)
    for laptop in standing:
        with laptop.vault.read() as connection:
            held, here = policy.held_policy(connection), place.here(connection)
        assert held is not None
        assert (here.programme, waiting(laptop)) == (1, 0)
        assert held.officers[first.officer.id].certificate.roles == ("officer", "approver")
        assert not held.devices[second.device.id].is_active
    assert_kept(served, second)
    for laptop in laptops:
        laptop.vault.lock()


def assert_kept(served: House, revoked: Laptop) -> None:
    """Whatever it saved is in the book, what it saved too late refused; and it knows that it must leave."""
    said = verdicts(served, revoked)
    with revoked.vault.read() as connection:
        number, _ = unit.last_of_device(connection, revoked.device.id)
        assert place.read(connection, place.REVOKED)
        assert outbox.is_handed_over(connection)
    assert len(said) == number
    is_refused = ["refused" in one for one in said]
    assert is_refused == sorted(is_refused)
    assert is_refused.count(True) >= 6


def test_a_photo_goes_with_the_stick_or_later(trained: House, tmp_path: Path, carried: Stick) -> None:
    laptop = joined_by_stick(trained, carried, tmp_path)
    content = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 3_000
    cited = laptop.attach(content, laptop.new_person())
    answer = carried.handle(trained, carried.make(laptop, trained.clock(), with_photos=False)).file
    assert carried.take(laptop, answer).photos == 0
    assert photos_waiting(laptop) == 1
    request = carried.make(laptop, trained.clock())
    for _ in range(2):  # a stick that was copied
        answer = carried.handle(trained, request).file
    assert carried.take(laptop, answer).photos == 1
    assert photos_waiting(laptop) == 0
    with trained.centre.read() as connection:
        assert deposits.held(connection, TRAINING, cited.sha256).whole
    laptop.vault.lock()


def photos_waiting(laptop: Laptop) -> int:
    with laptop.vault.read() as connection:
        return attachments.load(connection).count


Step = tuple[str, int, int]
_steps = st.lists(
    st.tuples(st.sampled_from(["save", "make", "hand in", "plug in"]), st.integers(0, 1), st.integers(0, 99)),
    min_size=8,
    max_size=26,
)


@dataclass
class Schedule:
    """Two laptops and the sticks between them and the centre, none of which ever ceases to exist."""

    served: House
    stick: Stick
    laptops: list[Laptop]
    requests: list[Path] = field(default_factory=list)
    answers: list[Path] = field(default_factory=list)

    def step(self, does: str, who: int, which: int) -> None:
        """One thing happens; a stick that comes late, twice or to the wrong laptop is taken or refused."""
        laptop = self.laptops[who]
        match does:
            case "save":
                laptop.new_person(note=f"{which}")
            case "make":
                self.requests.append(self.stick.make(laptop, self.served.clock()))
            case "hand in" if self.requests:
                request = self.requests[which % len(self.requests)]
                self.answers.append(self.stick.handle(self.served, request).file)
            case "plug in" if self.answers:
                answer = self.answers[which % len(self.answers)]
                is_theirs = laptop.device.id in answer.name
                with nullcontext() if is_theirs else pytest.raises(Refusal, match="not_for_us"):
                    self.stick.take(laptop, answer)

    def finish(self) -> None:
        """Everybody's sticks arrive in the end."""
        for laptop in (*self.laptops, *self.laptops):
            done = self.stick.round(self.served, laptop)
            assert waiting(laptop) == 0
        assert done.in_step
        all_agree(self.laptops)


@settings(
    max_examples=400 if os.environ.get("SOAK") else 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=_steps)
def test_sticks_copied_lost_swapped_and_late_do_no_harm(
    keys: Keys, tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    folder = tmp_path_factory.mktemp("schedule")
    with house(folder / "centre.db", keys, TRAINING) as served, stick.child() as child:
        laptops = [Laptop.new(folder, TRAINING, served.clock) for _ in range(2)]
        for laptop in laptops:
            served.enrol(laptop)
        schedule = Schedule(served, Stick(folder / "stick", child), laptops)
        for does, who, which in steps:
            schedule.step(does, who, which)
        schedule.finish()
        saved = sum(does == "save" for does, _, _ in steps)
        with served.centre.read() as connection:
            assert roster.communes(connection)[0].seq == saved
        for laptop in laptops:
            laptop.vault.lock()
