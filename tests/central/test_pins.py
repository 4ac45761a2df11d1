"""The centre's certificate changes to the spare, by the root's word, told by signed policy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.central.keys import (
    ROOT_KEY,
    SPARE_CERTIFICATE,
    TLS_CERTIFICATE,
    Keys,
    load_keys,
    make_keys,
    renew_tls,
)
from app.cli import frame
from app.domain.errors import Refusal
from app.seal.keys import SigningKey
from app.seal.tls import certificate_sha256
from app.sync.policy import Centre, centre_of, keep_policy, signed_policy
from tests.central.conftest import TRAINING
from tests.central.laptops import ADDRESS, Laptop, house, new_keys


@pytest.fixture
def own(tmp_path: Path) -> Keys:
    return new_keys(tmp_path / "keys")


def pin(keys: Keys, file: str) -> str:
    return certificate_sha256((keys.folder / file).read_bytes())


def test_a_laptop_knows_the_spare_before_it_serves_and_hears_of_the_next(own: Keys, tmp_path: Path) -> None:
    spare, root = pin(own, SPARE_CERTIFICATE), tmp_path / "safe"
    with house(tmp_path / "centre.db", own, TRAINING) as found:
        laptop = Laptop.new(tmp_path, TRAINING, found.clock)
        found.enrol(laptop)
        assert pins(laptop) == [pin(own, TLS_CERTIFICATE), spare]
    (own.folder / ROOT_KEY).rename(root)
    assert frame.run(["central", "renew", "--keys", str(own.folder), "--root", str(root)]) == 0
    renewed = load_keys(own.folder)
    assert pin(renewed, TLS_CERTIFICATE) == spare
    assert (renewed.policy, renewed.register) == (own.policy, own.register)
    # The restarted process tells of the new spare; one that is still the old takes nothing back.
    for keys, code in ((renewed, "T0002"), (own, "T0003"), (renewed, "T0004")):
        with house(tmp_path / "centre.db", keys, code) as found:
            laptop.new_person()
            assert laptop.sync(found).in_step
        assert pins(laptop) == [spare, pin(renewed, SPARE_CERTIFICATE)]
    laptop.vault.lock()


def pins(laptop: Laptop) -> list[str]:
    with laptop.vault.read() as connection:
        return list(centre_of(connection).tls)


def test_another_roots_certificates_are_not_taken_from_a_policy(own: Keys, tmp_path: Path) -> None:
    foreign = make_keys(tmp_path / "foreign", ADDRESS, datetime.now(UTC))
    with house(tmp_path / "centre.db", own, TRAINING) as found:
        laptop = Laptop.new(tmp_path, TRAINING, found.clock)
        found.enrol(laptop)
        with found.centre.write() as connection:
            signed = signed_policy(own.policy, 0, connection, TRAINING, Centre(foreign.certificates, 9))
    with laptop.vault.write() as connection:
        with pytest.raises(Refusal, match=r"centre\.another_root"):
            keep_policy(connection, signed)
        assert list(centre_of(connection).tls) == [pin(own, TLS_CERTIFICATE), pin(own, SPARE_CERTIFICATE)]
    laptop.vault.lock()


def test_only_the_root_renews(own: Keys, tmp_path: Path) -> None:
    (tmp_path / "no.key").write_text(SigningKey.generate().seed.hex())
    before = {file.name: file.read_bytes() for file in own.folder.iterdir()}
    for wrong in ("no.key", "missing.key"):
        with pytest.raises(Refusal, match=r"central\.no_root_key"):
            renew_tls(own.folder, tmp_path / wrong, datetime.now(UTC))
    assert {file.name: file.read_bytes() for file in own.folder.iterdir()} == before
