"""`soansinh central`: a centre set up from nothing, as its administrator does it."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from app.central.enrolling import invite
from app.central.keys import Keys, load_keys
from app.central.server import Listen, now_ms, opened_at, serve
from app.cli import frame
from app.domain.errors import Refusal
from app.seal.enrolment import EnrolmentCode
from app.store import roster
from app.store.centre import Centre
from app.sync import enrolment, https
from app.sync.https import HttpsCarrier
from app.sync.policy import centre_of
from tests.central.conftest import REAL
from tests.central.laptops import ADDRESS, Clock, Laptop, new_keys

Central = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def central(*words: object) -> int:
    return frame.run(["--language", "en", "central", *map(str, words)])


def test_a_centre_from_nothing_to_an_enrolled_laptop(
    postgres_url: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--database", postgres_url, "--keys", folder)
    assert central("init", "--keys", folder, "--address", ADDRESS) == 0
    fingerprint = load_keys(folder).root_fingerprint
    assert fingerprint in capsys.readouterr().out
    (folder / "root.key").unlink()
    assert central("commune", "add", REAL, *place) == 0
    assert central("commune", "list", *place) == 0
    assert capsys.readouterr().out.splitlines()[-1].split("\t")[::2] == [REAL, "0"]

    serving = [sys.executable, "-m", "app", "--language", "en", "central", *map(str, place)]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            [*serving, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        assert process.stdout is not None
        address = process.stdout.readline().decode().split()[-1]
        assert central("device", "enrol", REAL, *place, "--address", address, "--json") == 0
        code = EnrolmentCode.read(json.loads(capsys.readouterr().out)["code"])
        assert (code.commune, code.address, code.root_fingerprint) == (REAL, address, fingerprint)
        laptop = Laptop.new(tmp_path, REAL, Clock())
        with laptop.vault.write() as connection:
            enrolment.keep(connection, https.enrol(code, laptop.applicant))
            pins = centre_of(connection).tls
        laptop.new_person()
        with HttpsCarrier(address, pins) as carrier:
            assert laptop.sync(carrier).in_step
        laptop.vault.lock()
        process.terminate()
        assert process.wait(20) == 0
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["outcome"] for line in lines if line["what"] == "sync"] == ["done"]


def test_keys_are_their_owners_alone(folder: Path) -> None:
    new_keys(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_keys_are_never_replaced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = new_keys(folder)
    assert central("init", "--keys", folder, "--address", ADDRESS) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert load_keys(folder) == keys


def test_a_cut_off_setup_can_be_begun_again(folder: Path, tmp_path: Path) -> None:
    draft = folder.with_name("keys.part")
    draft.mkdir()
    (draft / "root.key").write_text("half")
    folder.mkdir()
    keys = new_keys(folder)
    assert load_keys(folder) == keys
    assert not draft.exists()


@pytest.mark.parametrize("file", ["register.key", "policy.key", "tls.pem", "centre.json"])
def test_keys_that_do_not_fit_are_not_served(folder: Path, tmp_path: Path, file: str) -> None:
    new_keys(folder)
    new_keys(tmp_path / "other")
    (folder / file).write_bytes((tmp_path / "other" / file).read_bytes())
    with pytest.raises(Refusal, match=r"central\.keys_broken"):
        load_keys(folder)
    (folder / file).write_bytes(b"spoilt")
    with pytest.raises(Refusal, match=r"central\.keys_broken|centre\.statement"):
        load_keys(folder)
    (folder / file).unlink()
    with pytest.raises(Refusal, match=r"central\.no_keys"):
        load_keys(folder)


def test_real_and_training_communes_do_not_mix(
    postgres_url: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_keys(folder)
    file = f"sqlite:///{tmp_path / 'centre.db'}"
    assert central("commune", "add", "T0001", "--keys", folder, "--database", file) == 0
    for url, code, expected in (
        (file, REAL, "do not share"),
        (postgres_url, "T0001", "do not share"),
        (postgres_url, "00000", "No commune"),
        (file, "T0001", "already has"),
    ):
        capsys.readouterr()
        assert central("commune", "add", code, "--keys", folder, "--database", url) == 2
        assert expected in capsys.readouterr().err


def test_what_is_missing_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert central("--keys", folder) == 2
    assert "--database" in capsys.readouterr().err
    assert central("--keys", folder, "--database", "sqlite:///x.db") == 2
    assert "central init" in capsys.readouterr().err
    assert central("--listen", "somewhere") == 2
    assert "0.0.0.0:8443" in capsys.readouterr().err


@pytest.mark.parametrize(
    "address", ["an-sinh.example.vn", "http://an-sinh.example.vn", "https://", "https://a/b"]
)
def test_an_address_that_no_code_could_carry(folder: Path, address: str) -> None:
    assert central("init", "--keys", folder, "--address", address) == 2
    assert not folder.exists()


@pytest.mark.parametrize(
    ("text", "listen"),
    [("0.0.0.0:8443", Listen("0.0.0.0", 8443)), ("[::1]:0", Listen("::1", 0))],
)
def test_places_to_listen(text: str, listen: Listen) -> None:
    assert Listen.read(text) == listen


def test_an_answers_body_does_not_wait_for_its_head_to_be_acknowledged() -> None:
    with opened_at(Listen("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()):
        line, _ = door.accept()
        with line:
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("text", ["", "8443", ":8443", "host:", "host:x", "host:70000"])
def test_no_places_to_listen(text: str) -> None:
    with pytest.raises(Refusal, match=r"central\.listen"):
        Listen.read(text)


def test_the_service_carries_no_desktop() -> None:
    """A province's server has neither Qt nor SQLCipher; imports are looked at in a process of their own."""
    heavy = ["PySide6", "openpyxl", "sqlcipher3", "requests", "keyring"]
    program = (
        "import sys, app.cli.central, app.central.server, app.central.training\n"
        f"sys.exit(','.join(name for name in {heavy} if name in sys.modules) or None)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.mark.filterwarnings("ignore:Unverified HTTPS")
def test_two_services_share_a_port_and_one_may_stop(
    postgres_url: str, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    address = f"https://127.0.0.1:{port}"
    for name, value in {
        "SOANSINH_DATABASE": postgres_url,
        "SOANSINH_KEYS": str(keys.folder),
        "SOANSINH_LISTEN": f"127.0.0.1:{port}",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "counted"),
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "counted").mkdir()
    assert central("commune", "add", REAL) == 0
    command = [sys.executable, "-m", "app", "central", "--share-port"]
    with ExitStack() as stack:
        log = stack.enter_context((tmp_path / "log").open("wb"))
        services = []
        for _ in range(2):
            process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log))
            stack.callback(process.kill)
            assert process.stdout is not None
            assert address in process.stdout.readline().decode()
            services.append(process)
        laptop = Laptop.new(tmp_path, REAL, Clock())
        centre = Centre.open(postgres_url)
        code = invite(centre, keys, REAL, address, now_ms())
        centre.close()
        with laptop.vault.write() as connection:
            enrolment.keep(connection, https.enrol(code, laptop.applicant))
            pins = centre_of(connection).tls
        for at in range(12):
            laptop.new_person()
            with HttpsCarrier(address, pins) as carrier:
                assert laptop.sync(carrier).in_step
            if at == 6:
                services[0].terminate()
                assert services[0].wait(20) == 0
        told = requests.get(f"{address}/v1/metrics", verify=False, timeout=10).text
        laptop.vault.lock()
    [visits] = [
        line.split()[-1]
        for line in told.splitlines()
        if line.startswith("soansinh_visits_total{") and 'what="sync"' in line and 'outcome="done"' in line
    ]
    assert float(visits) >= 12  # of both, the one that has stopped too


def test_a_book_of_the_other_kind_is_not_served(keys: Keys, tmp_path: Path) -> None:
    centre = Centre.open(tmp_path / "centre.db")
    with centre.write() as connection:
        roster.add_commune(connection, roster.Commune(REAL, "Xã Mường Nhé", False, 0))
    with pytest.raises(Refusal, match=r"central\.other_kind"):
        serve(centre, keys, Listen("127.0.0.1", 0), lambda _port: pytest.fail("served"))
    centre.close()
