"""The operator's page: who gets in, what it shows, what it does; and once through a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from starlette.testclient import TestClient

from app import words
from app.central import operators as signing
from app.central.deeds import Operating
from app.central.keys import Keys
from app.central.operators import SESSION_MS, add_operator
from app.central.pages import COOKIE, add_pages
from app.central.service import Service, application
from app.domain.errors import Refusal
from app.seal.enrolment import EnrolmentCode
from app.store import operators, parcels, roster
from app.store.centre import Centre
from app.store.parcels import Parcel
from tests.central.laptops import House, Laptop

NAME, PASSWORD = "huy", "con trâu đi trước"
TYPED = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    words.speak("vi")


@contextmanager
def browsing(found: House) -> Iterator[TestClient]:
    """A browser of sorts at the pages of a house, where one operator may sign in."""
    add_operator(Operating(found.centre, found.keys, "root", found.clock()), NAME, "Đinh Quang Huy", PASSWORD)
    service = Service(found.centre, found.keys, found.clock)
    app = application(service)
    add_pages(app, service)
    with TestClient(app, base_url="https://testserver", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def browser(trained: House) -> Iterator[TestClient]:
    with browsing(trained) as client:
        yield client


def signed_in(client: TestClient) -> str:
    """Sign in; the word that forms of this session carry."""
    answer = client.post("/sign-in", data={"operator": NAME, "password": PASSWORD}, headers=TYPED)
    assert answer.status_code == 200
    found = re.search(r'name="form" value="([0-9a-f]{32})"', answer.text)
    assert found, answer.text
    return found[1]


def test_nobody_sees_a_page_without_signing_in(browser: TestClient, trained: House) -> None:
    for path in ("/", "/deeds", "/?open=T0001"):
        answer = browser.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    for path in ("/communes/T0001/invite", "/communes/T0001/revoke", "/sign-out"):
        answer = browser.post(path, data={"form": "x"}, headers=TYPED, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    browser.cookies.set(COOKIE, "00" * 200)
    assert browser.get("/", follow_redirects=False).status_code == 303
    with trained.centre.read() as connection:
        assert [deed.act for deed in operators.deeds(connection)] == ["operator_added"]


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: TestClient) -> None:
    answer = browser.post("/sign-in", data={"operator": NAME, "password": PASSWORD}, follow_redirects=False)
    said = answer.headers["set-cookie"].lower()
    assert all(word in said for word in ("__host-", "secure", "httponly", "samesite=strict", "path=/"))
    for page in (answer, browser.get("/")):
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"


def test_wrong_passwords_slow_down_and_say_nothing_of_the_name(browser: TestClient, trained: House) -> None:
    def wrong(name: str) -> tuple[int, str]:
        answer = browser.post("/sign-in", data={"operator": name, "password": "sai mật khẩu"}, headers=TYPED)
        return answer.status_code, re.sub(r"\s+", " ", answer.text)

    assert wrong("nobody") == wrong(NAME)
    assert [wrong(NAME)[0] for _ in range(5)] == [401, 401, 401, 401, 429]
    right = browser.post("/sign-in", data={"operator": NAME, "password": PASSWORD}, headers=TYPED)
    assert right.status_code == 429
    trained.clock.ms += 31_000
    signed_in(browser)
    with trained.centre.read() as connection:
        acts = [deed.act for deed in operators.deeds(connection)]
    assert acts == ["signed_in", *["sign_in_refused"] * 5, "operator_added"]


def test_a_session_ends(browser: TestClient, trained: House) -> None:
    form = signed_in(browser)
    token = browser.cookies[COOKIE]
    at = Operating(trained.centre, trained.keys, "", trained.clock())
    assert signing.read_session(at, token) is not None
    late = Operating(trained.centre, trained.keys, "", at.now_ms + SESSION_MS)
    assert signing.read_session(late, token) is None
    browser.post("/sign-out", data={"form": form}, headers=TYPED)
    assert signing.read_session(at, token) is None
    signed_in(browser)
    assert signing.read_session(at, browser.cookies[COOKIE]) is not None
    signing.dismiss_operator(at, NAME)
    assert browser.get("/", follow_redirects=False).status_code == 303
    with pytest.raises(Refusal, match=r"central\.sign_in"):
        signing.sign_in(Operating(trained.centre, trained.keys, NAME, at.now_ms), PASSWORD)


def test_communes_as_they_stand(browser: TestClient, trained: House, trained_pair: list[Laptop]) -> None:
    a, b = trained_pair
    record = a.new_person(birth="1948")
    a.sync(trained)
    b.sync(trained)
    a.change(record, birth="1949")
    b.change(record, birth="1950")
    for laptop in (a, b):
        laptop.sync(trained)
    trained.open_commune("T0002")
    signed_in(browser)
    page = unescape(browser.get("/?open=T0001").text)
    assert re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).count("1 mở") == 1
    assert a.device.id in page
    assert "Lò Thị Pánh" not in page
    assert a.officer.name not in page
    codes = re.findall(r"<td>(T\d{4})</td>", page)
    assert codes == ["T0002", "T0001"]  # who never called stands first
    for query, expected in {
        "sought=T0002": ["T0002"],
        "sought=MUONG+SEN": ["T0002", "T0001"],
        "contact=never": ["T0002"],
        "contact=late": [],
        "conflicts=open": ["T0001"],
        "page=99": ["T0002", "T0001"],
        "page=x&contact=zz&open=%00": ["T0002", "T0001"],
    }.items():
        assert re.findall(r"<td>(T\d{4})</td>", browser.get(f"/?{query}").text) == expected, query


def test_revoking_wants_a_reason_the_number_again_and_this_session(
    browser: TestClient, trained: House, trained_pair: list[Laptop]
) -> None:
    device = trained_pair[0].device.id
    form = signed_in(browser)
    assert f"/communes/{trained.code}/revoke" in browser.get(f"/?open=T0001&device={device}").text
    right = {"form": form, "device": device, "again": device, "reason": "lost"}
    path = f"/communes/{trained.code}/revoke"
    for wrong, status in (
        ({**right, "again": "mnobody"}, 400),
        ({**right, "reason": ""}, 400),
        ({**right, "form": "0" * 32}, 403),
        ({**right, "device": "mnobody", "again": "mnobody"}, 400),
    ):
        answer = browser.post(path, data=wrong, headers=TYPED)
        assert answer.status_code == status
        assert 'role="alert"' in answer.text
    assert browser.post(path, data=right, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    with trained.centre.read() as connection:
        held = roster.find_device(connection, trained.code, device)
        assert held is not None
        assert held.standing == "active"
    assert "Đã thu hồi" in browser.post(path, data=right, headers=TYPED).text
    with trained.centre.read() as connection:
        held = roster.find_device(connection, trained.code, device)
        newest = operators.deeds(connection)[0]
    assert held is not None
    assert held.standing == "revoked"
    assert (newest.operator, newest.act, newest.subject, newest.detail) == (
        NAME,
        "laptop_revoked",
        device,
        "lost",
    )
    assert "Mất máy" in browser.get("/deeds").text


@pytest.fixture
def serving(keys: Keys, tmp_path: Path) -> Iterator[str]:
    """The service in a process of its own, with two communes and an operator."""
    database = f"sqlite:///{tmp_path / 'centre.db'}"
    centre = Centre.open(database)
    at = Operating(centre, keys, "root", 1_790_000_000_000)
    add_operator(at, NAME, "Đinh Quang Huy", PASSWORD)
    with centre.write() as connection:
        for code, name in (("T0001", "Mường Sen"), ("T0002", "Pá Hốc")):
            roster.add_commune(connection, roster.Commune(code, name, True, 0))
        for number in ("m01", "m02"):
            found = roster.Device(number, bytes(32), f"Cầm Thị Mai · {number}", "active")
            roster.add_device(connection, "T0001", found, 1)
            roster.note_contact(connection, "T0001", number, 1, 1_780_000_000_000, cursor=0)
    centre.close()
    command = [sys.executable, "-m", "app", "--language", "vi", "central", "--database", database]
    command += ["--keys", str(keys.folder), "--listen", "127.0.0.1:0"]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        try:
            assert process.stdout is not None
            yield process.stdout.readline().decode().split()[-1]
        finally:
            process.terminate()


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """Debian's Chromium without a screen, and without scripts: the page needs none."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in ("--headless=new", "--no-sandbox", "--ignore-certificate-errors", "--window-size=1366,900",
                 f"--user-data-dir={tmp_path / 'chromium'}", "--disable-dev-shm-usage"):  # fmt: skip
        options.add_argument(word)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    driver.implicitly_wait(20)  # a busy machine takes its time between two pages
    yield driver
    driver.quit()


def test_an_operator_signs_in_and_revokes_in_a_browser(
    serving: str, chromium: webdriver.Chrome, tmp_path: Path
) -> None:
    pictures = Path(os.environ.get("PICTURES", tmp_path))

    def press(text: str) -> None:
        chromium.find_element(By.XPATH, f"//*[self::a or self::button][normalize-space()='{text}']").click()

    def fill(name: str, text: str) -> None:
        chromium.find_element(By.NAME, name).send_keys(text)

    chromium.get(serving)
    fill("operator", NAME)
    fill("password", PASSWORD)
    chromium.save_screenshot(pictures / "central-door.png")
    press("Đăng nhập")
    assert "Pá Hốc" in chromium.find_element(By.TAG_NAME, "table").text
    chromium.get(f"{serving}/?open=T0001")
    press("Thu hồi")
    Select(chromium.find_element(By.NAME, "reason")).select_by_visible_text("Mất máy")
    fill("again", "m01")
    chromium.save_screenshot(pictures / "central.png")
    press("Thu hồi máy m01")
    chromium.find_element(By.CSS_SELECTOR, ".mark .cross")
    assert "Đã thu hồi" in chromium.find_element(By.TAG_NAME, "main").text
    press("Cấp mã ghi danh")
    code = EnrolmentCode.read(chromium.find_element(By.CLASS_NAME, "code").text)
    chromium.save_screenshot(pictures / "central-code.png")
    assert code.commune == "T0001"
    assert int(chromium.find_element(By.TAG_NAME, "img").get_attribute("naturalWidth") or 0) > 100
    press("Nhật ký")
    assert "Thu hồi máy" in chromium.find_element(By.XPATH, "//tr[td='m01']").text
    chromium.save_screenshot(pictures / "central-deeds.png")
    press("Đăng xuất")
    chromium.find_element(By.NAME, "password")
    assert chromium.current_url.endswith("/sign-in")


def test_parcels_and_their_minutes(browser: TestClient, trained: House) -> None:
    """The minute as the laptop prints it; nothing of another commune's, nothing without signing in."""
    said = ("ab" * 16, "in", "request", f"{trained.code}/m01", 7, "2026-11-23T01:30:00Z", "cd" * 32, 61_400)
    came = Parcel(*said, {"sets": 39, "request": 1, "piece": 12})
    with trained.centre.write() as connection:
        parcels.note(connection, came, trained.code)
    path = f"/communes/{trained.code}/parcels"
    assert browser.get(path, follow_redirects=False).status_code == 303
    signed_in(browser)
    listed = unescape(browser.get(path).text)
    assert "0007" in listed
    written = unescape(browser.get(f"{path}/{came.id}").text)
    for value in (
        "BIÊN BẢN BÀN GIAO",
        "23/11/2026 08:30:00",
        "39",
        "61.400",
        came.id,
        "cdcdcdcd",
        "BÊN NHẬN",
    ):
        assert value in written
    assert browser.get(f"{path}/{'0' * 32}").status_code == 404
    assert browser.get(f"/communes/T9999/parcels/{came.id}").status_code == 404
