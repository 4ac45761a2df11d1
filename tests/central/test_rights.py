"""Rights at the centre's door: what a certificate does not allow is refused with its reason, and kept."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from app.central.deeds import Operating, certify_officer
from app.central.keys import Keys
from app.central.office import admit_commune
from app.cli import frame
from app.domain.changes import Atom, ChangeSet, Edit, Verdict, unpack_verdicts
from app.domain.errors import Refusal
from app.seal.certificates import Certificate, Trust, certify
from app.seal.keys import CHANGE_SET, MESSAGE, SigningKey, sign
from app.store import journal, roster
from app.store.centre import Centre
from app.sync import messages
from app.sync.messages import PROTOCOL, SyncRequest
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, house


def operating(found: House) -> Operating:
    return Operating(found.centre, found.keys, "huy", found.clock())


def newest(found: House, code: str = "") -> tuple[Verdict, ...]:
    with found.centre.read() as connection:
        return unpack_verdicts(journal.lines(connection, code or found.code, 0, 1 << 24)[-1].verdicts)


def refused(found: House, code: str = "") -> list[str]:
    """Why each atom of the newest set was refused; empty for one that stands."""
    return [verdict.why for verdict in newest(found, code)]


def test_who_looks_on_writes_nothing(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    record = a.new_person(hamlet="Bản Nà Lụa")
    a.sync(served)
    certify_officer(operating(served), served.code, a.officer.id, ["auditor"])
    a.change(record, note="sửa hộ")
    assert a.sync(served).refused == 1
    assert refused(served) == ["role"]
    b.sync(served)
    assert b.person(record).get("note") is None
    assert b.sync(served).in_step


def test_a_surveyor_writes_in_her_hamlets_alone(trained: House, trained_pair: list[Laptop]) -> None:
    a, b = trained_pair
    hers, others = b.new_person(hamlet="Bản Nà Lụa"), b.new_person(hamlet="Bản Co Mạ")
    b.sync(trained)
    a.sync(trained)
    at = operating(trained)
    with pytest.raises(Refusal, match=r"central\.hamlets"):
        certify_officer(at, trained.code, a.officer.id, ["surveyor"])
    certify_officer(at, trained.code, a.officer.id, ["surveyor"], ["Bản Nà Lụa"])
    for record, name, value, why in (
        (hers, "phone", "0388123417", ""),
        (hers, "birth", "1949", "role"),
        (others, "phone", "0388123417", "place"),
    ):
        a.change(record, **{name: value})
        a.sync(trained)
        assert refused(trained) == [why]
    consent = a.ids.new()
    a.save(Edit("consent", consent, "person", others))
    a.sync(trained)
    assert refused(trained) == ["place"]  # whom it is about follows from the set
    assert b.sync(trained).in_step


def test_a_service_proposes_and_no_more(
    tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    """Certified at the command line; its sets are believed by laptops, and judged like anybody's."""
    database, seed = f"sqlite:///{tmp_path / 'centre.db'}", tmp_path / "verification.key"
    place = ("--database", database, "--keys", str(keys.folder), "--json")
    centre = Centre.open(database)
    with centre.write() as connection:
        roster.add_commune(connection, admit_commune(TRAINING, "Xã Mường Sen", training=True))
    centre.close()
    said = ("central", "service", "certify", TRAINING, "verification", "--key", str(seed))
    assert frame.run([*said, "--kind", "ghost", *place]) == 2
    capsys.readouterr()
    assert frame.run([*said, "--kind", "proposal", *place]) == 0
    assert json.loads(capsys.readouterr().out)["kinds"] == "proposal"
    key = SigningKey(bytes.fromhex(seed.read_text()))
    with house(tmp_path / "centre.db", keys, "T0002") as found:
        laptop = Laptop.new(tmp_path, TRAINING, found.clock)
        found.enrol(laptop)
        her = laptop.new_person()
        laptop.sync(found)
        previous, whys = "", list[list[str]]()
        proposal = ("proposal", laptop.ids.new())
        opened = Atom((Edit(*proposal, "person", her), Edit(*proposal, "state", "open")))
        for number, atom in enumerate([opened, Atom((Edit("person", her, "birth", "1950"),))], start=1):
            made = ChangeSet(
                TRAINING,
                "verification",
                "verification",
                number,
                previous,
                found.clock() << 16,
                "test",
                (atom,),
            )
            sets = [(made.body, sign(key, CHANGE_SET, made.body))]
            asked = SyncRequest(PROTOCOL, TRAINING, "verification", number, 0, bytes(32), 0, sets)
            found.exchange(messages.write(asked, f"{TRAINING}/verification", partial(sign, key, MESSAGE)))
            whys.append(refused(found, TRAINING))
            previous = made.id
        assert whys == [[""], ["service"]]
        assert laptop.sync(found).in_step
        assert laptop.cells()[proposal]["state"] == "open"
        assert laptop.person(her)["birth"] == "1948"
        laptop.vault.lock()


def test_certificates_without_a_scope_are_as_they_were(keys: Keys) -> None:
    """Those given before there was one are read for ever, byte for byte."""
    key = SigningKey.generate()
    plain = Certificate("officer", "an", key.public.raw.hex(), "2026-11-23T08:00:00Z", "03160", "An")
    written = certify(keys.policy, plain)
    assert b"scope" not in written
    trust = Trust.established(keys.root_fingerprint, keys.certificates)
    assert trust.read(written, at="") == plain
    bounded = Certificate(**{**plain.__dict__, "scope": ("Bản Nà Lụa",)})
    assert trust.read(certify(keys.policy, bounded), at="") == bounded
