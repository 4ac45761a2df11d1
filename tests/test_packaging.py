"""What is shipped: locks that fit the project, and a frozen program that starts (`make package`).

Freezing takes minutes, so the tests of what was built run in `make package`, not in the suite.
Child processes, shipped files and imports by name are what breaks in a frozen program.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import time
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FROZEN = ROOT / "dist" / "soansinh" / ("soansinh.exe" if os.name == "nt" else "soansinh")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = {
    "requirements.lock": ("desk", "central", "build"),
    "requirements-central.lock": ("central",),
    "requirements-dev.lock": ("desk", "central", "build", "dev"),
}


def pins(lock: str) -> dict[str, str]:
    """name → version; every one of them must carry hashes."""
    text = (ROOT / "packaging" / lock).read_text("utf-8").replace("\\\n", " ")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            assert "--hash=sha256:" in line, line[:60]
            requirement = Requirement(line.split(" --hash")[0].strip())
            found[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_answers_what_the_project_asks(lock: str) -> None:
    asked = [*PROJECT["dependencies"]]
    for extra in LOCKS[lock]:
        asked += PROJECT["optional-dependencies"][extra]
    locked = pins(lock)
    unmet = [
        wish for wish in map(Requirement, asked)
        if not wish.specifier.contains(locked.get(canonicalize_name(wish.name), "0"))
    ]  # fmt: skip
    assert unmet == []


def test_every_library_asked_for_is_used() -> None:
    """`psycopg` alone is imported by its name in an address."""
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "app").rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", source, re.M)) | {"psycopg"}
    known = packages_distributions()  # reads what is installed, each time it is asked
    used = {name for module in imported for name in known.get(module, ())}
    extras = PROJECT["optional-dependencies"]
    asked = map(Requirement, [*PROJECT["dependencies"], *extras["desk"], *extras["central"]])
    unused = {canonicalize_name(wish.name) for wish in asked} - {canonicalize_name(name) for name in used}
    assert unused == set()


def test_the_locks_agree() -> None:
    everything = pins("requirements-dev.lock")
    for lock in LOCKS:
        assert {name: pin for name, pin in pins(lock).items() if everything.get(name) != pin} == {}


def test_the_centre_installs_without_the_desk() -> None:
    desk = {"pyside6-essentials", "pyside6-addons", "openpyxl", "sqlcipher3", "keyring", "zxing-cpp"}
    assert desk & set(pins("requirements-central.lock")) == set()


def test_the_debian_package_asks_for_what_make_run_installs() -> None:
    build = runpy.run_path(str(ROOT / "packaging" / "build.py"))
    listed = re.findall(r"^window: (.+)$", (ROOT / "packaging" / "debian-packages.txt").read_text(), re.M)
    assert build["needed"]()[1:] == " ".join(listed).split()
    assert "libegl1" in build["needed"]()


def start(*words: str, home: Path) -> subprocess.Popen[str]:
    """The frozen program on an empty laptop without Python, a screen, or our source."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "XDG_", "VIRTUAL"))
    }
    return subprocess.Popen(
        [FROZEN, *words],
        cwd=home,
        env={**kept, "PATH": "/usr/bin:/bin", "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.package
def test_the_frozen_program_names_its_version(tmp_path: Path) -> None:
    said, complaints = start("--version", home=tmp_path).communicate(timeout=60)
    assert (said.strip(), complaints) == (f"Sổ An Sinh {PROJECT['version']}", "")


@pytest.mark.package
def test_the_frozen_program_reads_a_workbook_in_a_child(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "list.xlsx"))
    sheet = book.add_worksheet()
    for number, row in enumerate(
        [
            ("STT", "Họ và tên", "Năm sinh", "Giới tính", "Số CCCD", "Thôn"),
            (1, "Lò Thị Pánh", "02/03/1950", "Nữ", "014150032213", "Bản Nà Lụa"),
            (2, "Quàng Văn Inh", "1947", "Nam", "014047001234", "Bản Nà Lụa"),
        ]
    ):
        sheet.write_row(number, 0, row)
    book.close()
    frozen = start("import", "list.xlsx", "--dry-run", "--json", home=tmp_path)
    said, complaints = frozen.communicate(timeout=120)
    assert frozen.returncode == 0, complaints
    names = [json.loads(line).get("name") for line in said.splitlines()]
    assert {"Lò Thị Pánh", "Quàng Văn Inh"} <= set(names)


@pytest.mark.package
def test_the_frozen_program_looks_a_form_over_in_a_child(tmp_path: Path) -> None:
    from tests.survey.sheets import xlsform

    (tmp_path / "form.xlsx").write_bytes(xlsform([("text", "ten", "Họ tên"), ("integer", "tuoi", "Tuổi")]))
    frozen = start("form", "check", "form.xlsx", "--json", home=tmp_path)
    said, complaints = frozen.communicate(timeout=120)
    assert frozen.returncode == 0, complaints
    assert json.loads(said.splitlines()[-1])["summary"]["questions"] == 2


@pytest.mark.package
def test_the_frozen_program_does_its_main_job_with_a_centre_of_its_own(tmp_path: Path) -> None:
    trained = start("training", home=tmp_path)
    said, complaints = trained.communicate(timeout=300)
    assert trained.returncode == 0, complaints
    assert "Nguyễn Thị Lan: Chờ duyệt" in said


@pytest.mark.package
def test_the_frozen_window_is_used_by_keyboard(tmp_path: Path) -> None:
    """First start, into training, and the centre that the window starts; in a network of its own."""
    if not shutil.which("unshare"):
        pytest.skip("needs Linux")
    walk = f'ip link set lo up && exec "{sys.executable}" -m tests.frozen_window "{tmp_path}" "{FROZEN}"'
    walked = subprocess.run(
        ["unshare", "--net", "--map-root-user", "sh", "-c", walk],
        cwd=ROOT, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert (walked.returncode, walked.stderr) == (0, "QVncServer created on port 5999\n")


@pytest.mark.package
def test_the_frozen_program_carries_no_more_than_it_uses() -> None:
    """Of PySide6-Addons the camera alone; 260 MB when this was written."""
    files = [file for file in FROZEN.parent.rglob("*") if file.is_file() and not file.is_symlink()]
    unused = {"WebEngine", "Qt63D", "Charts", "VirtualKeyboard", "Pdf", "MultimediaWidgets"}
    assert [file.name for file in files for word in unused if word in file.name] == []
    assert sum(file.stat().st_size for file in files) < 400e6


@pytest.mark.package
def test_the_frozen_window_opens_and_stays(tmp_path: Path) -> None:
    window = start(home=tmp_path)
    try:
        time.sleep(8)
        assert window.poll() is None, window.communicate()[1]
    finally:
        window.terminate()
    assert window.communicate(timeout=30)[1] == ""
