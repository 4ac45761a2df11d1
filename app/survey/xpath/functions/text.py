"""Functions of text, and of the answers of questions with several choices: words between blanks."""

from __future__ import annotations

import base64
import hashlib
import math
import uuid as uuids
from collections.abc import Sequence
from itertools import chain

import regex

from app.domain.errors import Refusal
from app.survey.xpath.context import Context, Evaluate
from app.survey.xpath.functions.declaring import (
    Functions,
    as_it_is,
    as_number,
    as_text,
)
from app.survey.xpath.functions.numbers import half_away
from app.survey.xpath.values import Value, text_of

FUNCTIONS = Functions()
_PATTERN_S = 0.2  # longer than any pattern of a form takes; a catastrophic one takes years


@FUNCTIONS.lazy("string", 0, 1)
def string(context: Context, given: Evaluate | None = None) -> Value:
    """As text."""
    return context.node.text if given is None else text_of(given(context))


@FUNCTIONS.add("concat", more=as_it_is)
def concat(*given: Value) -> Value:
    """One after the other; of nodes every one."""
    return "".join(_texts(given))


@FUNCTIONS.add("join", as_text, more=as_it_is)
def join(between: str, *given: Value) -> Value:
    """The same with something between."""
    return between.join(_texts(given))


def _texts(given: Sequence[Value]) -> list[str]:
    """Every node's text, not the first one's alone."""
    lists = ([node.text for node in one] if isinstance(one, list) else [text_of(one)] for one in given)
    return list(chain.from_iterable(lists))


@FUNCTIONS.add("starts-with", as_text, as_text)
def starts_with(said: str, part: str) -> Value:
    """XPath 1.0, 4.2."""
    return said.startswith(part)


@FUNCTIONS.add("ends-with", as_text, as_text)
def ends_with(said: str, part: str) -> Value:
    """ODK XForms."""
    return said.endswith(part)


@FUNCTIONS.add("contains", as_text, as_text)
def contains(said: str, part: str) -> Value:
    """XPath 1.0, 4.2."""
    return part in said


@FUNCTIONS.add("substring-before", as_text, as_text)
def substring_before(said: str, part: str) -> Value:
    """XPath 1.0, 4.2."""
    return said.partition(part)[0] if part and part in said else ""


@FUNCTIONS.add("substring-after", as_text, as_text)
def substring_after(said: str, part: str) -> Value:
    """XPath 1.0, 4.2."""
    return said.partition(part)[2] if part else said


@FUNCTIONS.add("substring", as_text, as_number, as_number, least=2)
def substring(said: str, start: float, length: float = math.inf) -> Value:
    """XPath 1.0, 4.2: places count from one, and are rounded."""
    first = half_away(start, up=True)
    end = first + half_away(length, up=True)
    return "".join(letter for place, letter in enumerate(said, 1) if first <= place < end)


@FUNCTIONS.add("substr", as_text, as_number, as_number, least=2)
def substr(said: str, start: float, end: float = math.inf) -> Value:
    """From one place up to another, counted from zero; a negative one from the end."""
    return said[_place(start) : None if math.isinf(end) else _place(end)]


def _place(said: float) -> int:
    return 0 if math.isnan(said) else int(said)


@FUNCTIONS.lazy("string-length", 0, 1)
def string_length(context: Context, given: Evaluate | None = None) -> Value:
    """In characters."""
    return float(len(context.node.text if given is None else text_of(given(context))))


@FUNCTIONS.lazy("normalize-space", 0, 1)
def normalize_space(context: Context, given: Evaluate | None = None) -> Value:
    """XPath 1.0, 4.2."""
    said = context.node.text if given is None else text_of(given(context))
    return regex.sub(r"[ \t\r\n]+", " ", said).strip(" ")


@FUNCTIONS.add("translate", as_text, as_text, as_text)
def translate(said: str, old: str, new: str) -> Value:
    """Letter by letter; those without a counterpart go."""
    turned = {letter: (new[at] if at < len(new) else "") for at, letter in reversed(list(enumerate(old)))}
    return "".join(turned.get(letter, letter) for letter in said)


@FUNCTIONS.add("regex", as_text, as_text)
def matches(said: str, pattern: str) -> Value:
    """Whether the pattern is found in it. Refusal("survey.pattern") for none, or one that takes too long."""
    try:
        return regex.search(pattern, said, timeout=_PATTERN_S) is not None
    except (regex.error, TimeoutError) as error:
        raise Refusal("survey.pattern") from error


@FUNCTIONS.add("selected", as_text, as_text)
def selected(said: str, choice: str) -> Value:
    """Whether a choice is among those chosen."""
    return choice.strip() in said.split() or (not choice.strip() and not said.strip())


@FUNCTIONS.add("selected-at", as_text, as_number)
def selected_at(said: str, place: float) -> Value:
    """The choice at a place, counted from zero; empty beyond."""
    chosen = said.split()
    return chosen[int(place)] if not math.isnan(place) and 0 <= place < len(chosen) else ""


@FUNCTIONS.add("count-selected", as_text)
def count_selected(said: str) -> Value:
    """How many were chosen."""
    return float(len(said.split()))


@FUNCTIONS.add("digest", as_text, as_text, as_text, least=2)
def digest(said: str, kind: str, written: str = "base64") -> Value:
    """Refusal("survey.digest") for a kind that ODK does not name."""
    made = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
    if kind.upper() not in made or written.lower() not in ("hex", "base64"):
        raise Refusal("survey.digest", name=kind)
    found = hashlib.new(made[kind.upper()], said.encode(), usedforsecurity=False)
    return found.hexdigest() if written.lower() == "hex" else base64.b64encode(found.digest()).decode()


@FUNCTIONS.add("base64-decode", as_text)
def base64_decode(said: str) -> Value:
    """Empty for what is none."""
    try:
        return base64.b64decode(said, validate=True).decode()
    except ValueError:
        return ""


@FUNCTIONS.add("uuid", as_number, least=0)
def uuid(length: float = math.nan) -> Value:
    """Random, version 4; with a length, so many letters."""
    if math.isnan(length):
        return str(uuids.uuid4())
    return "".join(uuids.uuid4().hex for _ in range(int(length) // 32 + 1))[: int(length)]
