"""Forms of surveys from a centre to its laptops: published, replaced, withdrawn; by line and by stick."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from starlette.testclient import TestClient

from app import words
from app.central import gate, training
from app.central.deeds import Operating
from app.central.filled import FILE_BYTES_MAX, UPLOAD_BYTES_MAX
from app.central.keys import Keys
from app.central.publishing import publish_form, published_forms, standing_forms, withdraw_form
from app.cli import frame
from app.domain.errors import Refusal
from app.resources import load_shipped_forms
from app.store import forms, operators, place, programmes
from app.store.centre import Centre
from app.store.forms import Form
from app.sync.forms import Parcel, read_parcel
from app.sync.programme import PROGRAMME_BYTES_MAX, keep_programme, signed_programme
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop
from tests.central.sticks import Stick
from tests.central.test_pages import NAME, PASSWORD, TYPED, browser, chromium, serving, signed_in  # noqa: F401
from tests.central.test_programme import held, operating
from tests.central.test_year_on_sticks import joined_by_stick

FIRST = Parcel("ra_soat", "1", "Rà soát hộ", "<h:html/>", "household", {"ban.csv": "name,label\nb1,Nà Lụa\n"})
SECOND = replace(FIRST, version="2", xform="<h:html><h:body/></h:html>")
OTHER = Parcel("nguyen_vong", "7", "Nguyện vọng", "<h:html><h:head/></h:html>", "person")


def publish(served: House, *parcels: Parcel) -> None:
    for each in parcels:
        publish_form(operating(served), each.text.encode())


def standing(laptop: Laptop) -> list[tuple[str, str, bool]]:
    """Every version it knows: id, version, whether one may be begun."""
    with laptop.vault.read() as connection:
        return [(each.id, each.version, each.is_open) for each in forms.known(connection)]


def whole(laptop: Laptop, sha256: str) -> Form:
    with laptop.vault.read() as connection:
        found = forms.one(connection, sha256)
    assert found
    return found


def versions(centre: Centre) -> int:
    with centre.read() as connection:
        return programmes.version(connection)


def test_a_form_is_there_with_the_next_sync_and_a_newer_one_takes_its_place(
    served: House, pair: list[Laptop]
) -> None:
    a, b = pair
    publish(served, FIRST, OTHER)
    a.sync(served)
    assert standing(a) == [("nguyen_vong", "7", True), ("ra_soat", "1", True)]
    assert read_parcel(whole(a, FIRST.sha256).parcel) == FIRST  # its lists with it, to the letter
    publish(served, SECOND)
    for laptop in pair:
        laptop.sync(served)
    assert standing(a) == [("nguyen_vong", "7", True), ("ra_soat", "1", False), ("ra_soat", "2", True)]
    assert standing(b) == [("nguyen_vong", "7", True), ("ra_soat", "2", True)]
    assert read_parcel(whole(a, FIRST.sha256).parcel) == FIRST  # a draft is finished on it
    withdraw_form(operating(served), "ra_soat")
    for laptop in pair:
        laptop.sync(served)
    assert [each for each in standing(a) if each[2]] == [("nguyen_vong", "7", True)]
    assert [each for each in standing(b) if each[2]] == [("nguyen_vong", "7", True)]
    publish(served, FIRST)  # taken back to what was before
    a.sync(served)
    assert standing(a)[1:] == [("ra_soat", "1", True), ("ra_soat", "2", False)]


def test_what_an_answer_says_it_is_of_stays_what_it_was(trained: House) -> None:
    publish(trained, FIRST)
    for words_changed in (replace(FIRST, xform="<h:html> </h:html>"), replace(FIRST, lists={})):
        with pytest.raises(Refusal, match=r"form\.version"):
            publish(trained, words_changed)
    before = versions(trained.centre)
    with pytest.raises(Refusal, match=r"form\.not_published"):
        withdraw_form(operating(trained), "never")
    assert published_forms(operating(trained)) == [FIRST]
    assert versions(trained.centre) == before


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b"PK\x03\x04 a workbook",
        b'{"id": "a"}',
        b'{"id": "a", "version": "", "title": "", "xform": "x"}',
        b'{"id": "a", "version": "1", "title": "", "xform": ["x"]}',
        b'{"id": "a", "version": "1", "title": "", "xform": "x", "about": "village"}',
        b'{"id": "../policy/levels", "version": "1", "title": "", "xform": "x"}',
        b'{"id": "a/b", "version": "1", "title": "", "xform": "x"}',
        b'{"id": "' + b"a" * 65 + b'", "version": "1", "title": "", "xform": "x"}',
        b"[" * 100_000,
        json.dumps({"id": "a", "version": "1", "title": "", "xform": "x" * PROGRAMME_BYTES_MAX}).encode(),
    ],
    ids=lambda packed: packed[:40].decode("latin-1"),
)
def test_what_is_no_packed_form_is_not_published(trained: House, packed: bytes) -> None:
    with pytest.raises(Refusal, match=r"form\.(parcel|id)|programme\.too_large"):
        publish_form(operating(trained), packed)
    assert versions(trained.centre) == 0


def test_what_this_program_cannot_read_is_passed_over(trained: House, trained_pair: list[Laptop]) -> None:
    """A newer centre's: the forms beside it are there, and what was known stays known."""
    laptop = trained_pair[0]
    publish(trained, FIRST)
    laptop.sync(trained)
    files = {
        "surveys/newer.json": '{"id": "newer", "pages": [1]}',
        "surveys/torn.json": '{"id": "torn", "version": "1", "ti',
        "surveys/deep/er.json": OTHER.text,
        "pictures/house.svg": "<svg/>",
        OTHER.file: OTHER.text,
    }
    signed = signed_programme(trained.keys.policy, 9, 9, files)
    with laptop.vault.write() as connection:
        keep_programme(connection, trained.trust(trained.invite()), signed)
    assert standing(laptop) == [("nguyen_vong", "7", True), ("ra_soat", "1", False)]
    assert held(laptop) == 9
    laptop.new_person()
    assert laptop.sync(trained).refused == 0


def test_by_stick_too(trained: House, tmp_path: Path, carried: Stick) -> None:
    publish(trained, FIRST)
    laptop = joined_by_stick(trained, carried, tmp_path)
    carried.round(trained, laptop)
    assert standing(laptop) == [("ra_soat", "1", True)]
    publish(trained, SECOND)
    answer = carried.handle(trained, carried.make(laptop, trained.clock())).file
    withdraw_form(operating(trained), "ra_soat")
    carried.round(trained, laptop)
    assert standing(laptop) == [("ra_soat", "1", False)]
    carried.take(laptop, answer)  # the older answer comes late, and opens nothing again
    assert [each for each in standing(laptop) if each[2]] == []
    with laptop.vault.read() as connection:
        assert place.here(connection).programme == 3
    laptop.vault.lock()


def test_since_when_each_is_as_it_is(trained: House) -> None:
    at = operating(trained)
    for ms, parcel in ((1_000, FIRST), (2_000, OTHER), (3_000, SECOND)):
        publish_form(replace(at, now_ms=ms), parcel.text.encode())
    withdraw_form(replace(at, now_ms=4_000), OTHER.id)
    publish_form(replace(at, now_ms=5_000), OTHER.text.encode())
    assert [(each.parcel, each.since) for each in standing_forms(at)] == [(OTHER, 5_000), (SECOND, 3_000)]


def test_the_training_centre_publishes_what_ships_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is withdrawn there, or published anew, is as somebody left it; a newer one that ships comes."""
    shipped = [read_parcel(each) for each in load_shipped_forms()]
    withdrawn, edited, *_others = shipped
    own = replace(edited, version=f"{edited.version}.1")
    started: list[tuple[int, set[tuple[str, str]]]] = []

    def serve(centre: Centre, keys: Keys, *_rest: object) -> None:
        at = Operating(centre, keys, "training", 1)
        started.append((versions(centre), {(each.id, each.version) for each in published_forms(at)}))
        if len(started) == 2:
            withdraw_form(at, withdrawn.id)
            publish_form(at, own.text.encode())

    def start() -> None:
        training.run_training(tmp_path, TRAINING, "Mường Sen", lambda _ready: None)

    monkeypatch.setattr(training, "serve", serve)
    for _start in range(3):
        start()
    newer = replace(withdrawn, version=f"{withdrawn.version}.2")
    monkeypatch.setattr(training, "load_shipped_forms", lambda: [newer.text.encode()])
    start()
    every = {(each.id, each.version) for each in shipped}
    left = every - {(withdrawn.id, withdrawn.version), (edited.id, edited.version)}
    left.add((own.id, own.version))
    assert len(shipped) == 4
    assert started == [(4, every), (4, every), (6, left), (7, left | {(newer.id, newer.version)})]


def test_at_the_command_line(trained: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def central(*said: str, code: int = 0) -> Any:
        place_of = ("--database", f"sqlite:///{tmp_path / 'centre.db'}", "--keys", str(trained.keys.folder))
        assert frame.run(["central", "form", *said, *place_of, "--json"]) == code
        out = capsys.readouterr()
        return json.loads(out.out) if not code else out.err

    packed = tmp_path / "ra_soat-1.bieumau"
    packed.write_text(FIRST.text, "utf-8")
    about = {"form": "ra_soat", "version": "1", "title": "Rà soát hộ", "sha256": FIRST.sha256}
    assert central("list") == []
    assert central("publish", str(packed)) == about
    [row] = central("list")
    since = row.pop("since")
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", since)
    assert row == about
    packed.write_text(replace(FIRST, xform="<other/>").text, "utf-8")
    assert "Tăng số version" in central("publish", str(packed), code=2)
    packed.write_bytes(b"PK\x03\x04")
    assert "form check --pack" in central("publish", str(packed), code=2)
    assert central("publish", str(tmp_path / "nothing"), code=3)
    assert central("withdraw", "ra_soat") == {"form": "ra_soat"}
    assert central("list") == []
    assert "ra_soat" in central("withdraw", "ra_soat", code=2)


class Operator:
    """Signed in at the page of forms."""

    def __init__(self, client: TestClient, form: str) -> None:
        self.client, self.form = client, form

    def send(self, packed: bytes, form: str = "", **heads: str) -> tuple[int, str]:
        """A file chosen and sent."""
        answer = self.client.post(
            "/forms",
            data={"form": form or self.form},
            files={"file": ("x.bieumau", packed, "application/octet-stream")},
            headers={**TYPED, **heads},
        )
        return answer.status_code, unescape(answer.text)

    def withdraw(self, name: str, form: str = "") -> tuple[int, str]:
        """Its button pressed."""
        said = {"form": form or self.form, "id": name}
        answer = self.client.post("/forms/withdraw", data=said, headers=TYPED)
        return answer.status_code, unescape(answer.text)


@pytest.fixture
def operator(browser: TestClient) -> Operator:  # noqa: F811
    words.speak("vi")
    return Operator(browser, signed_in(browser))


def test_an_operator_publishes_and_withdraws(operator: Operator, trained: House) -> None:
    assert "Chưa ban hành biểu mẫu nào." in operator.client.get("/forms").text
    status, page = operator.send(FIRST.text.encode())
    assert status == 200
    assert all(f">{said}<" in page for said in ("Rà soát hộ", "ra_soat", "1", "từng hộ"))
    assert published_forms(operating(trained)) == [FIRST]
    strange = replace(OTHER, title="<b>Nguyện\r\nvọng</b> --x", xform="<h:html>\r\n\n--\r\n</h:html>\n")
    status, page = operator.send(strange.text.encode())
    assert published_forms(operating(trained))[0] == strange  # byte for byte, through a form of parts
    assert "<b>Nguyện" not in operator.client.get("/forms").text
    status, page = operator.withdraw("ra_soat")
    assert (status, "ra_soat" in page) == (200, False)
    with trained.centre.read() as connection:
        deeds = [(each.operator, each.act, each.detail) for each in operators.deeds(connection)][:3]
    assert deeds[0] == ("huy", "programme_published", "surveys/ra_soat.json -")
    assert deeds[2] == ("huy", "programme_published", "surveys/ra_soat.json 1")


def test_a_refusal_is_said_on_the_page_of_forms(operator: Operator, trained: House) -> None:
    operator.send(FIRST.text.encode())
    for (status, page), said in (
        (operator.send(b"PK\x03\x04"), "không phải là biểu mẫu đã đóng gói"),
        (operator.send(replace(FIRST, lists={}).text.encode()), "đã ban hành với nội dung khác"),
        (operator.send(b"x" * (FILE_BYTES_MAX + 5_000)), "lớn quá 2 MB"),
        (operator.withdraw("never"), "Không có biểu mẫu never"),
    ):
        assert status == 400
        assert 'role="alert"' in page
        assert said in page
        assert ">ra_soat<" in page
    assert published_forms(operating(trained)) == [FIRST]


def test_nobody_elses_page_publishes(operator: Operator, trained: House) -> None:
    packed = FIRST.text.encode()
    assert operator.send(packed, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert operator.send(packed, form="0" * 32)[0] == 403
    assert operator.withdraw("ra_soat", form="0" * 32)[0] == 403
    for kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=é",
    ):
        heads = [(b"sec-fetch-site", b"same-origin"), (b"content-type", kind.encode("latin-1"))]
        answer = operator.client.post("/forms", content=packed, headers=heads)
        assert answer.status_code == 403, kind
    operator.client.cookies.clear()
    for path in ("/forms", "/forms/withdraw"):
        answer = operator.client.post(path, data={"form": operator.form}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert operator.client.get("/forms", follow_redirects=False).status_code == 303
    assert versions(trained.centre) == 0


def test_a_browser_sends_a_file_as_it_is(
    serving: str,  # noqa: F811
    chromium: webdriver.Chrome,  # noqa: F811
    tmp_path: Path,
    keys: Keys,
) -> None:
    packed = tmp_path / "nguyện vọng-7.bieumau"
    packed.write_text(OTHER.text, "utf-8")

    def press(text: str) -> None:
        chromium.find_element(By.XPATH, f"//*[self::a or self::button][normalize-space()='{text}']").click()

    chromium.get(serving)
    chromium.find_element(By.NAME, "operator").send_keys(NAME)
    chromium.find_element(By.NAME, "password").send_keys(PASSWORD)
    press("Đăng nhập")
    press("Biểu mẫu")
    chromium.find_element(By.NAME, "file").send_keys(str(packed))
    press("Ban hành")
    assert "nguyen_vong" in chromium.find_element(By.TAG_NAME, "table").text
    chromium.save_screenshot(Path(os.environ.get("PICTURES", tmp_path)) / "central-forms.png")
    centre = Centre.open(f"sqlite:///{tmp_path / 'centre.db'}")
    assert published_forms(Operating(centre, keys, "", 1)) == [OTHER]
    centre.close()
    press("Thôi ban hành")
    assert "Chưa ban hành biểu mẫu nào." in chromium.find_element(By.CSS_SELECTOR, "main .empty").text


def test_what_is_posted_at_the_pages_is_bounded_before_it_is_read(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def post(path: str, length: int) -> tuple[int, str]:
        answer = operator.client.post(path, content=bytes(length), headers=TYPED)
        kind = answer.headers["content-type"]
        return answer.status_code, answer.json()["code"] if "json" in kind else ""

    assert post("/forms", UPLOAD_BYTES_MAX + 1)[1] == "sync.too_large"
    assert post("/sign-in", (64 << 10) + 1)[1] == "sync.too_large"
    chunks = operator.client.post("/forms", content=iter([b"x"]), headers=TYPED)
    assert chunks.json()["code"] == "sync.length_required"
    monkeypatch.setattr(gate, "UPLOADS_AT_ONCE", 0)
    assert post("/forms", 10)[1] == "central.busy"
