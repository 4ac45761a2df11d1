"""Several officers at one laptop: each with her own key, none for another; who comes, who leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.actions import officers, people
from app.actions.desk import Desk
from app.actions.officers import Wish
from app.bootstrap import entering, shelves
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.seal.keys import CHANGE_SET, verify
from app.store import audit, outbox
from app.store.keyslots import FILE
from app.store.laptop import Laptop
from app.store.proofs import Proof
from app.store.throttle import Moment
from tests.desks import COMMUNE, PASSWORD, place

SUA, SUAS = "Vàng Thị Sua", "suối trong bản xa"


def add(desk: Desk, name: str = SUA, role: str = "approver", password: str = SUAS) -> str:
    return officers.add(Progress(), desk, desk.prove(PASSWORD), name, role, password)


def come_in(desk: Desk, officer: str, password: str) -> Desk:
    """Her desk; the other is locked first, for a register is open once."""
    desk.vault.lock()
    at = shelves.shelf(Laptop(desk.folder.parents[1]), place())
    assert at.folder.path == desk.folder
    return entering.unlock(at, officer, password, desk.reference).desk


def as_role(desk: Desk, role: str) -> Desk:
    return replace(desk, officer=replace(desk.officer, roles=(role,)))


def test_a_colleague_signs_with_a_key_of_her_own(desk: Desk) -> None:
    sua = add(desk)
    hers = come_in(desk, sua, SUAS)
    assert hers.officer.roles == ("approver",)
    assert hers.officer_key.key != desk.officer_key.key
    people.add_person(hers, {"name": "Lò Thị Pánh"}, "add")
    with hers.vault.read() as connection:
        (signed,) = outbox.outbox(connection, 1 << 20)
    assert signed.set.author == sua
    assert verify(hers.officer_key.key.public, CHANGE_SET, signed.body, signed.signature)
    assert not verify(desk.officer_key.key.public, CHANGE_SET, signed.body, signed.signature)
    hers.vault.lock()


def test_the_page_says_who_is_here_and_since_when(desk: Desk) -> None:
    sua = add(desk)
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        desk.prove.keyfile.unlock(sua, "không phải", Moment.now())
    office = officers.look_up(Progress(), desk)
    own, other = office.officers
    assert (own.name, own.is_here, bool(own.last_here)) == (desk.officer.name, True, True)
    assert (other.name, other.roles, other.key, other.last_here, other.wrong) == (
        SUA,
        ("approver",),
        officers.ALONE,
        "",
        1,
    )
    (machine,) = office.machines
    assert machine.is_this
    assert machine.is_weak
    officers.forgive(Progress(), desk, desk.prove(PASSWORD), sua)
    assert officers.look_up(Progress(), desk).officers[1].wrong == 0


def test_who_leaves_comes_in_no_more_and_what_she_saved_stays(desk: Desk, tmp_path: Path) -> None:
    sua = add(desk)
    older = (desk.folder / FILE).read_bytes()
    officers.dismiss(Progress(), desk, desk.prove(PASSWORD), sua)
    desk.prove(PASSWORD)  # the desk goes on under the new key
    people.add_person(desk, {"name": "Lò Thị Pánh"}, "add")
    with pytest.raises(Refusal, match=r"unlock\.unknown_officer"):
        come_in(desk, sua, SUAS)
    (desk.folder / FILE).write_bytes(older)
    with pytest.raises(Refusal, match=r"keyfile\.put_back"):
        come_in(desk, sua, SUAS)


@pytest.mark.parametrize("role", ["surveyor", "auditor"])
def test_who_keeps_no_officers_changes_none(desk: Desk, role: str) -> None:
    sua, proof = add(desk), desk.prove(PASSWORD)
    before = (desk.folder / FILE).read_bytes()
    at = as_role(desk, role)
    for work in (
        lambda: officers.add(Progress(), at, proof, "Hà Văn Quyết", "officer", "một mật khẩu khác"),
        lambda: officers.dismiss(Progress(), at, proof, sua),
        lambda: officers.forgive(Progress(), at, proof, sua),
        lambda: officers.renew_recovery(Progress(), at, proof),
    ):
        with pytest.raises(Refusal, match=r"right\.role"):
            work()
    assert (desk.folder / FILE).read_bytes() == before


def test_each_asks_for_her_password_first(desk: Desk) -> None:
    sua, at = add(desk), desk.prove.latest.at
    old = Proof(desk.officer.id, Moment(at.wall, at.up - 500, at.boot))
    for proof in (old, Proof(sua, at)):
        with pytest.raises(Refusal, match=r"proof\.wanted"):
            officers.dismiss(Progress(), desk, proof, sua)
    with desk.vault.read() as connection:
        assert audit.last_time(connection, desk.officer.id, "officer_added")
        assert not audit.last_time(connection, desk.officer.id, "officer_left")


@pytest.mark.parametrize(
    ("name", "role", "password", "code"),
    [
        (" ", "officer", SUAS, "officer.name"),
        (SUA, "king", SUAS, "officer.role"),
        (SUA, "officer", "ngắn", "password.too_short"),
        ("Lò Thị Hạnh", "officer", SUAS, "keyfile.officer_known"),
    ],
)
def test_who_cannot_be_added_is_said(desk: Desk, name: str, role: str, password: str, code: str) -> None:
    before = (desk.folder / FILE).read_bytes()
    with pytest.raises(Refusal) as refused:
        add(desk, name, role, password)
    assert refused.value.code == code
    assert (desk.folder / FILE).read_bytes() == before


def test_a_register_put_beside_an_older_key_file_says_so(desk: Desk) -> None:
    older = (desk.folder / FILE).read_bytes()
    officers.change_password(Progress(), desk, PASSWORD, "nương ngô mùa hạ")
    desk.vault.lock()
    newer = (desk.folder / FILE).read_bytes()
    (desk.folder / FILE).write_bytes(older)
    with pytest.raises(Refusal, match=r"keyfile\.put_back"):
        come_in(desk, desk.officer.id, PASSWORD)
    (desk.folder / FILE).write_bytes(newer)
    again = come_in(desk, desk.officer.id, "nương ngô mùa hạ")
    assert again.commune.code == COMMUNE
    again.vault.lock()
    with pytest.raises(Trouble, match=r"vault\.locked"), again.vault.read():
        pass


def test_before_the_centre_knows_her_the_laptop_says_her_roles(desk: Desk) -> None:
    sua, proof = add(desk, role="officer"), desk.prove(PASSWORD)
    counts = officers.appoint(Progress(), desk, proof, sua, Wish(["surveyor", "auditor"], ["Bản Nà Lụa"]))
    assert counts
    other = officers.look_up(Progress(), desk).officers[1]
    assert (other.roles, other.hamlets, other.asked) == (("surveyor", "auditor"), ("Bản Nà Lụa",), None)
    hers = come_in(desk, sua, SUAS)
    assert (hers.officer.roles, hers.officer.scope) == (("surveyor", "auditor"), ("Bản Nà Lụa",))
    hers.vault.lock()


@pytest.mark.parametrize(
    ("roles", "hamlets", "code"),
    [
        (["king"], [], "officer.role"),
        (["surveyor"], [], "officer.hamlets"),
        ([], [], "officer.roles"),
    ],
)
def test_roles_that_nobody_can_be_given(desk: Desk, roles: list[str], hamlets: list[str], code: str) -> None:
    sua, proof = add(desk), desk.prove(PASSWORD)
    with pytest.raises(Refusal) as refused:
        officers.appoint(Progress(), desk, proof, sua, Wish(roles, hamlets, "việc mới"))
    assert refused.value.code == code
    assert officers.look_up(Progress(), desk).officers[1].roles == ("approver",)
    with pytest.raises(Refusal, match=r"officer\.nobody"):
        officers.appoint(Progress(), desk, proof, "ai", Wish(["officer"], [], "việc mới"))


def test_roles_are_changed_by_who_keeps_the_officers(desk: Desk) -> None:
    sua, proof = add(desk), desk.prove(PASSWORD)
    for role in ("surveyor", "auditor"):
        with pytest.raises(Refusal, match=r"right\.role"):
            officers.appoint(Progress(), as_role(desk, role), proof, sua, Wish(["officer"], [], "việc mới"))
    old = Proof(desk.officer.id, Moment(proof.at.wall, proof.at.up - 500, proof.at.boot))
    with pytest.raises(Refusal, match=r"proof\.wanted"):
        officers.appoint(Progress(), desk, old, sua, Wish(["officer"], [], "việc mới"))
