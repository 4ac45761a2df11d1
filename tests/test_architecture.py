"""The house rules that a machine can hold: layers, sizes, door plates, error codes, no machine's secrets."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.catalogues import LANGUAGES, said

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES_MAX, FUNCTION_LINES_MAX = 400, 50
PLATE_LINES = range(5, 16)

# Written in pieces so that this file does not contain what it forbids.
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "deb." + "debian.org",
    "crates" + ".io",
)
INDEX_OPTIONS = ("--index-" + "url", "--extra-index-" + "url", "--find-" + "links", "file:" + "///")
MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:work|root|opt/(?:wheels|py" + r"pi))(?:/|\b)")


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def python_files(*folders: str) -> list[Path]:
    return [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]


def house() -> list[Path]:
    """All code but migrations, which are frozen text."""
    return python_files("app", "packaging", "tests")


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_imports_point_down() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout[-4000:] + told.stderr


def test_files_stay_short() -> None:
    lengths = {name(file): len(file.read_text("utf-8").splitlines()) for file in house()}
    assert {file: lines for file, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_functions_stay_short() -> None:
    long = {}
    for file in house():
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    long[f"{name(file)}:{node.lineno} {node.name}"] = lines
    assert long == {}


def test_nothing_is_async_but_the_gate_and_the_lines_that_laptops_listen_on() -> None:
    """A thread for each laptop that hears nothing all day, or each stranger, would be all there are."""
    found = [name(file) for file in python_files("app") if _has(file, ast.AsyncFunctionDef, ast.Await)]
    assert found == ["app/central/events.py", "app/central/gate.py", "app/store/bell.py"]


def _has(file: Path, *kinds: type[ast.AST]) -> bool:
    return any(isinstance(node, kinds) for node in ast.walk(parsed(file)))


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{name(file)}:{node.lineno}"
        for file in python_files("app")
        if not file.is_relative_to(ROOT / "app" / "cli")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_every_package_has_its_door_plate() -> None:
    faults = []
    for folder in sorted({file.parent for file in python_files("app")}):
        plate = folder / "__init__.py"
        if not plate.exists():
            faults.append(f"{name(folder)} has no __init__.py")
            continue
        body = parsed(plate).body
        lines = len((ast.get_docstring(parsed(plate)) or "").splitlines())
        if lines not in PLATE_LINES or len(body) != 1:
            faults.append(f"{name(plate)}: {lines} lines of plate, {len(body) - 1} statements of code")
    assert faults == []


def test_every_module_says_why_it_exists() -> None:
    silent = [name(file) for file in python_files("app") if not ast.get_docstring(parsed(file))]
    assert silent == []


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / path for path in listed.split("\0") if path and (ROOT / path).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    for file in tracked():
        try:
            yield name(file), file.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_no_machine_shows_through() -> None:
    faults = []
    for file, text in texts():
        faults += [f"{file} names {word}" for word in (*HOSTS, *INDEX_OPTIONS) if word in text]
        faults += [f"{file} holds the path {found.group()}" for found in MACHINE_PATH.finditer(text)]
    assert faults == []


@dataclass(frozen=True)
class Raised:
    """One place that raises: its code, or None where the code is not written there."""

    place: str
    code: str | None
    facts: frozenset[str]
    are_all_facts_known: bool


def _codes(node: ast.expr) -> list[str | None]:
    if isinstance(node, ast.IfExp):
        return _codes(node.body) + _codes(node.orelse)
    if isinstance(node, ast.Attribute) and node.attr == "code":
        return []  # an error raised again, with the code it was first raised with
    return [node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None]


def raised() -> list[Raised]:
    found = []
    for file in python_files("app"):
        for node in ast.walk(parsed(file)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called not in ("Refusal", "Denied", "Trouble") or not node.args:
                continue
            facts = frozenset(word.arg for word in node.keywords if word.arg and word.arg != "field")
            is_known = all(word.arg for word in node.keywords)
            place = f"{name(file)}:{node.lineno}"
            found += [Raised(place, code, facts, is_known) for code in _codes(node.args[0])]
    return found


def test_codes_are_written_where_they_are_raised() -> None:
    # A child's error, and the centre's, is raised again with the code it was first raised with.
    again = ("app/sandbox.py", "app/sync/https.py")
    spoken = [one.place for one in raised() if one.code is None and not one.place.startswith(again)]
    assert spoken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_its_sentence(language: str) -> None:
    words = said(language)
    codes = {one.code for one in raised() if one.code}
    assert sorted(code for code in codes if not words.get(f"error.{code}.happened")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_brings_the_facts_its_sentences_need(language: str) -> None:
    words = said(language)
    lacking = []
    for one in raised():
        for part in ("happened", "kept", "todo") if one.are_all_facts_known else ():
            sentence = words.get(f"error.{one.code}.{part}", "")
            needed = {field for _text, field, _spec, _as in string.Formatter().parse(sentence) if field}
            lacking += [f"{one.place} {one.code}.{part}: {field}" for field in sorted(needed - one.facts)]
    assert lacking == []
