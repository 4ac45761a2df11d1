"""Every word shown has its Vietnamese, every dotted key its English too, and all of them fit their places."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from app.actions.invented.officers import SEATS
from tests.catalogues import FOLDER, LANGUAGES, forms, key, messages, said

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "counted": (1, 2),
}
STEP = "step"  # of `Progress`: its third argument is said when its job is shown
# Rooms whose every shown word is a translation; elsewhere Vietnamese in code is data about Vietnamese.
SPEAKING = ("ui", "cli", "central", "actions", "sync")
# Vietnamese addresses an officer by her pronoun, where English says "you".
ADDRESS = {"pronoun"}
NAME_OF_THE_PROGRAM = "Sổ An Sinh"
# A language by its own name; the officers of the training commune.
PROPER_NAMES = {"Tiếng Việt", *(name for each in SEATS for name in (each.officer, each.approver))}


@cache
def shown() -> dict[str, tuple[str, str]]:
    """msgid (singular) → its plural or the same, and where it is written."""
    pages = extract_from_dir(
        ROOT / "resources" / "central", method_map=[("**.html", "jinja2")], keywords=KEYWORDS
    )
    found = {}
    for file, line, message, _comments, _context in pages:
        one, many = (message[0], message[1]) if isinstance(message, tuple) else (message, message)
        found[one] = (many, f"{file}:{line}")
    for path in sorted((ROOT / "app").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        told = ((node, [words]) for node, words in _steps_in(tree) if words is not None)
        for node, words in (*_said_in(tree), *told):
            found[words[0]] = (words[-1], f"{path.relative_to(ROOT / 'app')}:{node.lineno}")
    return found


def _said_in(tree: ast.Module) -> Iterator[tuple[ast.Call, list[str]]]:
    """By the tree, not by Babel's reader of tokens: that one does not look into f-strings."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in KEYWORDS:
            continue
        given = [node.args[place - 1] for place in KEYWORDS[name] or (1,) if place <= len(node.args)]
        words = [each.value for each in given if isinstance(each, ast.Constant)]
        if words and all(isinstance(each, str) for each in words):
            yield node, [str(each) for each in words]


def _steps_in(tree: ast.Module) -> Iterator[tuple[ast.Call, str | None]]:
    """The words that work says of itself; None where they cannot be seen from here.

    A function of the module that hands its own parameter on to `step` is a step too, at each of its calls.
    """
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    places, handing_on = {STEP: (2, "what")}, set()
    for function in functions:
        names = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
        for call in _calls(function, STEP):
            given = _argument(call, *places[STEP])
            if isinstance(given, ast.Name) and given.id in names:
                handing_on.add(id(call))
                if function.name != STEP:
                    places[function.name] = (names.index(given.id), given.id)
    for name, (place, keyword) in places.items():
        for call in _calls(tree, name):
            given = _argument(call, place, keyword)
            if given is not None and id(call) not in handing_on:
                ways = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
                for way in ways:
                    said = way.value if isinstance(way, ast.Constant) else None
                    yield call, said if isinstance(said, str) else None


def _calls(within: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(within):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
            yield node


def _argument(call: ast.Call, place: int, keyword: str) -> ast.expr | None:
    named = [each.value for each in call.keywords if each.arg == keyword]
    return named[0] if named else call.args[place] if place < len(call.args) else None


# What a child process says of itself was a literal there.
RELAYED = {"sandbox/children.py"}


def test_the_words_of_work_can_be_seen() -> None:
    unseen = {
        str(path.relative_to(ROOT / "app"))
        for path in (ROOT / "app").rglob("*.py")
        for _call, words in _steps_in(ast.parse(path.read_text("utf-8")))
        if words is None
    }
    assert unseen == RELAYED


def test_a_bar_is_given_words_not_a_name_in_the_code() -> None:
    """A job's title tells it from others in its lane; beside a bar it is also read."""
    named = [
        f"{path.relative_to(ROOT / 'app')}:{call.lineno}"
        for path in (ROOT / "app" / "ui").rglob("*.py")
        for call in _calls(ast.parse(path.read_text("utf-8")), "run")
        if any(each.arg == "bar" for each in call.keywords)
        if any(each.arg == "title" and isinstance(each.value, ast.Constant) for each in call.keywords)
    ]
    assert named == []
    queues = [
        f"{path.relative_to(ROOT / 'app')}:{call.lineno}"
        for path in (ROOT / "app" / "ui").rglob("*.py")
        for made in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(made, ast.ClassDef) and any("QueuePane" in ast.unparse(base) for base in made.bases)
        for call in _calls(made, "__init__")
        if any(isinstance(given, ast.Constant) for given in call.args)
    ]
    assert queues == []


def test_words_handed_on_to_a_step_are_seen() -> None:
    code = """
def told(progress, what):
    progress.step(1, 2, what)
def work(progress, late):
    told(progress, "Weighing")
    told(progress, what="Sorting")
    progress.step(1, 2)
    progress.step(1, 2, what="Drying" if late else "Picking")
    progress.step(1, 2, WORDS)
"""
    seen = [words for _call, words in _steps_in(ast.parse(code))]
    assert sorted(filter(None, seen)) == ["Drying", "Picking", "Sorting", "Weighing"]
    assert None in seen


def test_words_inside_an_f_string_are_seen() -> None:
    seen = [
        words for _call, words in _said_in(ast.parse("""f"{_('breach')}-{ngettext('one', 'many', 2)}" """))
    ]
    assert sorted(seen) == [["breach"], ["one", "many"]]


def is_dotted(msgid: str) -> bool:
    """A key named by data (`field.person.name`), not a sentence."""
    return "." in msgid.strip(".") and " " not in msgid and msgid == msgid.lower()


def places(text: str) -> set[str]:
    """The names in braces that `str.format` will fill."""
    return {field for _text, field, _spec, _as in string.Formatter().parse(text) if field is not None}


def test_every_word_shown_has_its_vietnamese() -> None:
    words = said("vi")
    assert {msgid: where for msgid, (_many, where) in shown().items() if not words.get(msgid)} == {}


def test_every_dotted_key_shown_has_its_english() -> None:
    words = said("en")
    lacking = [msgid for msgid in shown() if is_dotted(msgid) and not words.get(msgid)]
    assert lacking == []


def test_both_languages_have_the_same_dotted_keys() -> None:
    vietnamese, english = ({msgid for msgid in said(language) if is_dotted(msgid)} for language in LANGUAGES)
    assert (sorted(vietnamese - english), sorted(english - vietnamese)) == ([], [])


def test_translations_keep_the_places_to_be_filled() -> None:
    english = said("en")
    faults = []
    for file, message in messages("vi"):
        source = english.get(key(message), key(message))
        wanted = places(source) | (places(message.id[1]) if isinstance(message.id, tuple) else set())
        faults += [f"{file}: {form}" for form in forms(message) if places(form) - ADDRESS != wanted - ADDRESS]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_finished(language: str) -> None:
    unfinished = [
        f"{file}: {key(message)}"
        for file, message in messages(language)
        if message.fuzzy or not all(forms(message))
    ]
    assert unfinished == []


def test_letters_are_composed() -> None:
    decomposed = [
        file.name
        for file in sorted(FOLDER.rglob("*.po"))
        if not unicodedata.is_normalized("NFC", file.read_text("utf-8"))
    ]
    assert decomposed == []


_NUMBER = r"\{(?:age|count|days|hours|left|machines|minutes|officers|people|photos|records|sets|waiting)\}"
_COUNT = re.compile(_NUMBER + r" (?:more |other )?(?:people|\w+s)\b")
# Numbers that are never one: constants of the program, and days after a month.
_MANY = {
    "within {days} days",
    "after {minutes} minutes without a key",
    "{count} in {days} days",
    "Silent over {days} days",
    "{days} days without the centre",
    "Not synced for {days} days",
    "is {days} days old",
    "off this laptop for {days} days",
    "{count} provinces and cities",
    "{people} invented people",
    "{people} people, central register",
    "{count} bytes",
}


def _is_one_of_many(words: str) -> bool:
    return bool(_COUNT.search(words)) and not any(known in words for known in _MANY)


def test_a_count_is_said_by_its_number() -> None:
    """“1 people” is what a sentence says whose number nobody handed to the plural."""
    said_flat = sorted(one for one, (many, _where) in shown().items() if one == many and _is_one_of_many(one))
    flat = [message for _file, message in messages("en") if isinstance(message.id, str)]
    assert said_flat == []
    assert sorted(key(message) for message in flat if _is_one_of_many(str(message.string))) == []
    assert _is_one_of_many("{count} people saved")
    assert not _is_one_of_many("{count} person saved")


def test_each_msgid_lives_in_one_file() -> None:
    homes: dict[str, set[str]] = {}
    for file, message in messages("vi"):
        homes.setdefault(key(message), set()).add(file)
    assert {msgid: sorted(files) for msgid, files in homes.items() if len(files) > 1} == {}


def _is_vietnamese(text: str) -> bool:
    """Whether a word of it has Vietnamese letters; đ alone is the sign of the currency."""
    words = re.findall(r"\w{2,}", text.replace(NAME_OF_THE_PROGRAM, ""))
    return any(letter in "đĐ" or "WITH" in unicodedata.name(letter, "") for word in words for letter in word)


def _vietnamese_literals(tree: ast.Module) -> Iterator[ast.Constant]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in docstrings:
            continue
        if node.value not in PROPER_NAMES and _is_vietnamese(node.value):
            yield node


def test_vietnamese_is_written_by_translators_not_in_code() -> None:
    written = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.value!r}"
        for room in SPEAKING
        for file in sorted((ROOT / "app" / room).rglob("*.py"))
        for node in _vietnamese_literals(ast.parse(file.read_text("utf-8")))
    ]
    assert written == []
