"""A laptop comes with a code and leaves known; nobody comes in with another's, a spent or an old one."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from app.domain.errors import Refusal
from app.seal.certificates import Trust
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import ENROLMENT, MESSAGE, DeviceKey, OfficerKey, SigningKey, sign
from app.store import place
from app.store.central_tables import device, officer
from app.sync import enrolment, messages
from app.sync.conversation import synchronise
from app.sync.enrolment import CENTRE, Applicant, Application, is_enrolled, read_centre
from app.sync.messages import PROTOCOL
from app.sync.policy import Policy, believed, centre_of, held_policy, keep_policy, read_policy, signed_policy
from tests.central.laptops import House, Laptop, new_keys, refusal

DAY_MS = 24 * 3600 * 1000


def applicant(name: str = "m77") -> Applicant:
    chief = OfficerKey(secrets.token_hex(16), "Hà Văn Quyết", SigningKey.generate())
    return Applicant(DeviceKey(name, SigningKey.generate()), "máy văn phòng", [chief])


def known(found: House) -> tuple[int, int]:
    """How many laptops and officers the centre knows."""
    with found.centre.read() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (device, officer)]
    return counts[0] or 0, counts[1] or 0


def policy_of(laptop: Laptop) -> Policy:
    with laptop.vault.read() as connection:
        held = held_policy(connection)
    assert held is not None
    return held


def test_enrolment_makes_both_known_to_each_other(served: House, tmp_path: Path) -> None:
    laptop = Laptop.new(tmp_path, served.code, served.clock)
    with pytest.raises(Refusal, match=r"sync\.not_enrolled"):
        synchronise(laptop.vault, served, laptop.device, laptop.progress)
    enrolled = served.enrol(laptop)
    assert enrolled.name == "Xã Mường Sen"
    found = policy_of(laptop)
    assert found.devices[laptop.device.id].key == laptop.device.key.public
    certificate = found.officers[laptop.officer.id].certificate
    assert (certificate.name, certificate.commune, certificate.first_number) == (
        laptop.officer.name,
        served.code,
        1,
    )
    with laptop.vault.read() as connection:
        assert is_enrolled(connection)
        assert place.read_text(connection, "address") == enrolled.address
    laptop.vault.lock()


def test_work_saved_before_enrolment_is_taken(trained: House, tmp_path: Path) -> None:
    laptop = Laptop.new(tmp_path, trained.code, trained.clock)
    laptop.new_person()
    trained.enrol(laptop)
    assert laptop.sync(trained).in_step
    laptop.vault.lock()


def test_asking_again_gets_the_same_and_brings_nobody_new(served: House) -> None:
    code, who = served.invite(), applicant()
    carried = enrolment.apply(code, who)
    first, again = (served.post("/v1/enrol", carried) for _ in range(2))
    trust = served.trust(code)
    welcomes = [enrolment.read_welcome(answer, code, trust, who) for answer in (first, again)]
    assert [read_policy(trust, welcome.policy).version for welcome in welcomes] == [2, 2]
    assert known(served) == (1, 1)
    more = replace(who, officers=[*who.officers, *applicant().officers])
    for other in (more, applicant("m78"), replace(who, device=applicant().device)):
        assert refusal(served, "/v1/enrol", enrolment.apply(code, other)) == (400, "central.invitation_used")
    assert known(served) == (1, 1)


def test_a_second_officer_comes_with_a_second_code(trained: House) -> None:
    who = applicant()
    trained.post("/v1/enrol", enrolment.apply(trained.invite(), who))
    more = replace(who, officers=[*who.officers, *applicant().officers])
    trained.post("/v1/enrol", enrolment.apply(trained.invite(), more))
    assert known(trained) == (1, 2)


def test_a_code_brings_one_officer_whom_nobody_knows(trained: House) -> None:
    """Or whoever has it would come as two, and approve what she proposed."""
    code, who = trained.invite(), applicant()
    two = replace(who, officers=[*who.officers, *applicant("m78").officers])
    assert refusal(trained, "/v1/enrol", enrolment.apply(code, two)) == (400, "central.one_officer")
    assert known(trained) == (0, 0)
    trained.post("/v1/enrol", enrolment.apply(code, who))
    assert known(trained) == (1, 1)


def test_codes_run_out(trained: House) -> None:
    code = trained.invite()
    trained.clock.ms += 8 * DAY_MS
    carried = enrolment.apply(code, applicant())
    assert refusal(trained, "/v1/enrol", carried) == (400, "central.invitation_expired")


def test_codes_nobody_gave(trained: House) -> None:
    code = trained.invite()
    trained.open_commune("T0002")
    invented = replace(code, secret=bytes(10))
    assert refusal(trained, "/v1/enrol", enrolment.apply(invented, applicant()))[1] == (
        "central.invitation_unknown"
    )
    for commune, expected in (("T0002", "central.invitation_unknown"), ("03874", "central.unknown_commune")):
        carried = enrolment.apply(replace(code, commune=commune), applicant())
        assert refusal(trained, "/v1/enrol", carried)[1] == expected
    assert known(trained) == (0, 0)


def test_ids_that_belong_to_another_key(trained: House) -> None:
    who = applicant()
    trained.post("/v1/enrol", enrolment.apply(trained.invite(), who))
    cloned = replace(who, device=DeviceKey(who.device.id, SigningKey.generate()))
    assert refusal(trained, "/v1/enrol", enrolment.apply(trained.invite(), cloned))[1] == (
        "central.device_taken"
    )
    [chief] = who.officers
    impostor = replace(applicant("m78"), officers=[replace(chief, key=SigningKey.generate())])
    assert refusal(trained, "/v1/enrol", enrolment.apply(trained.invite(), impostor))[1] == (
        "central.officer_taken"
    )
    assert known(trained) == (1, 1)


@pytest.mark.parametrize(
    ("name", "label", "code"),
    [
        ("", "máy", "enrolment.name"),
        ("An\n", "máy", "enrolment.name"),
        ("Ha\u0300", "máy", "enrolment.name"),
        ("x" * 201, "máy", "enrolment.name"),
        ("An", "", "enrolment.name"),
        ("An", "\x00", "enrolment.name"),
    ],
)
def test_names_out_of_form(trained: House, name: str, label: str, code: str) -> None:
    who = applicant()
    wrong = replace(who, label=label, officers=[replace(who.officers[0], name=name)])
    assert refusal(trained, "/v1/enrol", enrolment.apply(trained.invite(), wrong)) == (400, code)
    assert known(trained) == (0, 0)


@pytest.mark.parametrize("name", ["", "a b", "m/1", "m\x00", "m" * 65])
def test_ids_out_of_form(trained: House, name: str) -> None:
    who = applicant(name)
    assert refusal(trained, "/v1/enrol", enrolment.apply(trained.invite(), who)) == (400, "enrolment.id")


def altered(code: EnrolmentCode, who: Applicant, **fields: object) -> bytes:
    """An application whose laptop signed it with some fields changed after its officers signed theirs."""
    _key, asked = enrolment.read_application(enrolment.apply(code, who))
    changed: Application = msgspec.structs.replace(asked, **fields)
    signer = partial(sign, who.device.key, ENROLMENT)
    return messages.write(changed, who.device.key.public.raw.hex(), signer)


def test_an_officers_proof_is_for_this_laptop_and_this_code(trained: House) -> None:
    who, code, other = applicant(), trained.invite(), trained.invite()
    for fields in ({"device": "m01"}, {"secret": other.secret}):
        assert refusal(trained, "/v1/enrol", altered(code, who, **fields))[1] == "enrolment.proof"
    _key, asked = enrolment.read_application(enrolment.apply(code, who))
    [claim] = asked.officers
    for claimed in (
        msgspec.structs.replace(claim, name="Quàng Văn Thương"),
        msgspec.structs.replace(claim, key=SigningKey.generate().public.raw),
    ):
        assert refusal(trained, "/v1/enrol", altered(code, who, officers=[claimed]))[1] == "enrolment.proof"
    weak = msgspec.structs.replace(claim, key=bytes(32))
    assert refusal(trained, "/v1/enrol", altered(code, who, officers=[weak]))[1] == "key.weak"


def test_an_application_signed_by_another_laptop(trained: House) -> None:
    who = applicant()
    _key, asked = enrolment.read_application(enrolment.apply(trained.invite(), who))
    forged = messages.write(
        asked, who.device.key.public.raw.hex(), partial(sign, SigningKey.generate(), ENROLMENT)
    )
    assert refusal(trained, "/v1/enrol", forged) == (401, "sync.signature")


def test_another_roots_centre_is_not_believed(trained: House, tmp_path: Path) -> None:
    code, stranger = trained.invite(), new_keys(tmp_path / "other")
    with pytest.raises(Refusal, match=r"centre\.another_root"):
        Trust.established(code.root_fingerprint, read_centre(stranger.statement))
    for broken in (b"", b"{}", b"[]", b'{"certificates":"x"}', b'{"certificates":[1]}', b"[" * 100_000):
        with pytest.raises(Refusal, match=r"centre\.statement"):
            read_centre(broken)


def test_a_laptop_that_believes_one_centre_is_not_given_another(trained: House, tmp_path: Path) -> None:
    """Whoever has a centre of her own would have officers of her own with it."""
    laptop = Laptop.new(tmp_path, trained.code, trained.clock)
    enrolled = trained.enrol(laptop)
    for fingerprint, why in ((new_keys(tmp_path / "other").root_fingerprint, "other_centre"), ("", "")):
        again = replace(enrolled, root_fingerprint=fingerprint or enrolled.root_fingerprint)
        with laptop.vault.write() as connection:
            if not why:
                enrolment.keep(connection, again)
                continue
            with pytest.raises(Refusal, match=rf"enrolment\.{why}"):
                enrolment.keep(connection, again)
    laptop.vault.lock()


def test_a_welcome_that_names_somebody_else(trained: House) -> None:
    code, who = trained.invite(), applicant()
    answer = trained.post("/v1/enrol", enrolment.apply(code, who))
    trust = trained.trust(code)
    with pytest.raises(Refusal, match=r"enrolment\.not_named"):
        enrolment.read_welcome(answer, code, trust, applicant())
    with pytest.raises(Refusal, match=r"sync\.other_commune"):
        enrolment.read_welcome(answer, replace(code, commune="T0002"), trust, who)
    _sender, welcome = messages.read(answer, enrolment.Welcome, lambda *_: True)
    forged = messages.write(welcome, CENTRE, partial(sign, SigningKey.generate(), MESSAGE))
    with pytest.raises(Refusal, match=r"sync\.signature"):
        enrolment.read_welcome(forged, code, trust, who)


def test_every_laptop_hears_of_a_new_officer_with_her_first_set(
    served: House, pair: list[Laptop], tmp_path: Path
) -> None:
    a, _ = pair
    a.sync(served)
    before = policy_of(a)
    third = Laptop.new(tmp_path, served.code, served.clock)
    served.enrol(third)
    third.new_person()
    third.sync(served)
    assert third.officer.id not in before.officers
    assert a.sync(served).in_step
    assert policy_of(a).version > before.version
    assert third.officer.id in policy_of(a).officers
    third.vault.lock()


def test_an_older_policy_is_passed_over(trained: House, trained_pair: list[Laptop]) -> None:
    a, b = trained_pair
    b.sync(trained)
    with trained.centre.read() as connection:
        newest = signed_policy(trained.keys.policy, 0, connection, trained.code)
    with a.vault.write() as connection:
        older = place.read(connection, "policy")
        keep_policy(connection, newest)
        assert older is not None
        keep_policy(connection, older)
        assert place.read(connection, "policy") == newest


def test_a_policy_by_another_key_or_of_another_commune(trained: House, trained_pair: list[Laptop]) -> None:
    trained.open_commune("T0002")
    with trained.centre.read() as connection:
        foreign = signed_policy(trained.keys.policy, 0, connection, "T0002")
        forged = signed_policy(trained.keys.register, 0, connection, trained.code)
    with trained_pair[0].vault.write() as connection:
        held = place.read(connection, "policy")
        for signed, code in ((foreign, "policy.other_commune"), (forged, "policy.not_entitled")):
            with pytest.raises(Refusal, match=code.replace(".", r"\.")):
                believed(connection, centre_of(connection)).take_policy(connection, signed)
        assert place.read(connection, "policy") == held


def test_the_protocol_of_an_application_is_looked_at_first(trained: House) -> None:
    who, code = applicant(), trained.invite()
    newer = altered(code, who, protocol=PROTOCOL + 1)
    assert refusal(trained, "/v1/enrol", newer) == (400, "sync.protocol")
