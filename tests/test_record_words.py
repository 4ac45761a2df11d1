"""Every kind, field, choice and reason that the register declares is named in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.changes import Outcome
from app.domain.records import KINDS, Type
from app.resources import load_reference
from app.store.tables import records
from tests.catalogues import LANGUAGES, said

ACTIONS = Path(__file__).resolve().parent.parent / "app" / "actions"
FAULTS = {"unknown_field", "cell_twice", *(f"not_{type_}" for type_ in Type)}
NOT_SHOWN = {"no", "id", "behind", "name_folded", "name_key", "birth_year"}


def declared() -> Iterator[str]:
    for kind in KINDS.values():
        yield f"kind.{kind.name}"
        for field in kind.fields:
            yield f"field.{kind.name}.{field.name}"
            yield from (f"choice.{kind.name}.{field.name}.{value}" for value in field.choices)
    yield from (f"verdict.{outcome}" for outcome in Outcome)
    yield from (f"verdict.why.{fault}" for fault in FAULTS)
    yield from (f"fault.{fault}" for fault in FAULTS)


def listed() -> Iterator[str]:
    """What a list of people or households can have as a column."""
    for kind in ("person", "household"):
        shown = {column.name for column in records[kind].columns} - NOT_SHOWN
        yield from (f"column.{kind}.{name}" for name in sorted(shown))


def reasons() -> Iterator[str]:
    """The reasons that actions write by themselves; others are an officer's own words."""
    for file in sorted(ACTIONS.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "save":
                reason = node.args[1]
                if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
                    yield f"reason.{reason.value}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_declared_is_named(language: str) -> None:
    words = said(language)
    assert [key for key in (*declared(), *listed(), *reasons()) if not words.get(key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_has_a_short_name(language: str) -> None:
    words = said(language)
    groups = load_reference().groups.all
    assert [group.code for group in groups if not words.get(f"group.{group.code.lower()}")] == []


def test_illness_stands_in_no_short_name() -> None:
    """Short names are printed on lists; HIV is hidden on all of them (Decree 20/2021, Art. 8)."""
    for language in LANGUAGES:
        assert not [key for key, text in said(language).items() if key.startswith("group.") and "HIV" in text]


@pytest.mark.parametrize("prefix", ["kind", "field", "choice"])
def test_no_name_is_left_over(prefix: str) -> None:
    derived = {
        f"choice.person.account_state.{state}"
        for state in ("in_force", "approved", "proposed", "cash", "none")
    }
    named = {key for key in said("vi") if key.startswith(prefix + ".") and key.split(".")[1] in KINDS}
    assert sorted(named - set(declared()) - derived) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_short(language: str) -> None:
    """A heading stands over a column some ten letters wide."""
    assert [
        text for key, text in said(language).items() if key.startswith("column.") and len(text) > 14
    ] == []
