"""A form filled: an answer beside plain lxml on the same expressions, a form's load, a long list.

500 questions, 300 calculations: an answer moves what depends on it. lxml evaluates the very expressions that
were evaluated, compiled once, on the same document; it does so without relevance, order or types.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from lxml import etree

from app.survey import settling
from app.survey.answers import Answer
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.references import Use
from app.survey.session import Session
from app.survey.xpath.context import VIETNAM

QUESTIONS, CALCULATIONS, ANSWERS, ROUNDS, ROWS = 500, 300, 400, 5, 11_000
Row = tuple[str, float, str]
_HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
    ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>'
)


def measure() -> Iterator[Row]:
    """Answers, loading, a choice filter."""
    content = _form()
    form = FormDefinition.load(content)
    dice = random.Random(9)
    answers = [(f"/data/q{dice.randrange(QUESTIONS)}", str(dice.randrange(10))) for _ in range(ANSWERS)]
    taken = min((_answered(form, answers) for _ in range(ROUNDS)), key=sum)
    p95 = sorted(taken)[len(taken) * 95 // 100] * 1000
    yield f"an answer of {QUESTIONS} questions, {CALCULATIONS} calculations", p95, "ms, 95 of 100; at most 16"
    bare = _by_lxml(form, _evaluated(form, answers))
    yield "  all of them to lxml on the same expressions", sum(taken) / bare, f"× ({bare:.3f} s); at most 1.5"
    best = min(_seconds(lambda: FormDefinition.load(content)) for _ in range(ROUNDS))
    yield (
        f"a form of {QUESTIONS + CALCULATIONS} bindings loaded again",
        best * 1000,
        "ms; at most 600 for 551",
    )
    session = _begun(FormDefinition.load(_list()))
    session.answer("/data/commune", "c7")
    took = [_seconds(lambda: session.choices("/data/hamlet")) for _ in range(20)]
    yield f"a list of {ROWS:,} rows filtered", min(took) * 1000, "ms; at most 5"


def _begun(form: FormDefinition) -> Session:
    return Session.new(form, World(lambda: datetime(2026, 11, 29, 8, tzinfo=VIETNAM)))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _form() -> bytes:
    """Each calculation asks three questions and the calculation before it, in chains of ten."""
    dice = random.Random(5)
    names = [f"q{n}" for n in range(QUESTIONS)]
    binds = [f'<bind nodeset="/data/{name}" type="int"/>' for name in names]
    for n in range(CALCULATIONS):
        one, two, three = (f"/data/{name}" for name in dice.sample(names, 3))
        before = f" + /data/c{n - 1}" if n % 10 else ""
        said = f"if({one} &gt; 5, {two} * 2, coalesce({three}, 1)){before}"
        binds.append(f'<bind nodeset="/data/c{n}" type="int" calculate="{said}"/>')
    nodes = "".join(f"<{name}/>" for name in names) + "".join(f"<c{n}/>" for n in range(CALCULATIONS))
    body = "".join(f'<input ref="/data/{name}"><label>{name}</label></input>' for name in names)
    model = f'<instance><data id="t">{nodes}</data></instance>{"".join(binds)}'
    return f"{_HEAD}{model}</model></h:head><h:body>{body}</h:body></h:html>".encode()


def _answered(form: FormDefinition, answers: list[tuple[str, str]]) -> list[float]:
    """Seconds of each."""
    session = _begun(form)
    return [_seconds(partial(session.answer, ref, text)) for ref, text in answers]


def _evaluated(form: FormDefinition, answers: list[tuple[str, str]]) -> list[str]:
    """The expressions that these answers have evaluated, each as often as it was."""
    session, evaluated = _begun(form), list[str]()
    evaluate = settling.Settling._evaluate

    def noted(self: settling.Settling, use: Use, node: Answer) -> None:
        calculate = form.fields[use.path].bind.calculate
        assert calculate is not None
        evaluated.append(calculate.text)
        evaluate(self, use, node)

    settling.Settling._evaluate = noted  # type: ignore[method-assign]
    try:
        for ref, text in answers:
            session.answer(ref, text)
    finally:
        settling.Settling._evaluate = evaluate  # type: ignore[method-assign]
    return evaluated


def _by_lxml(form: FormDefinition, evaluated: list[str]) -> float:
    """The same expressions; `if` and `coalesce` as Python functions, which lxml calls as it must."""
    functions = etree.FunctionNamespace(None)
    functions["if"] = lambda _c, test, then, other: then if test else other
    functions["coalesce"] = lambda _c, one, other: one if one else other
    document = etree.fromstring(_begun(form).xml()).getroottree()
    compiled = {text: etree.XPath(text) for text in set(evaluated)}

    def all_of_them() -> None:
        for text in evaluated:
            compiled[text](document)

    try:
        return min(_seconds(all_of_them) for _ in range(ROUNDS))
    finally:
        del functions["if"], functions["coalesce"]


def _list() -> bytes:
    items = "".join(
        f"<item><name>h{n}</name><label>Bản {n}</label><commune>c{n % 550}</commune></item>"
        for n in range(ROWS)
    )
    itemset = (
        "<itemset nodeset=\"instance('h')/list/item[commune = /data/commune]\">"
        '<value ref="name"/><label ref="label"/></itemset>'
    )
    return (
        f'{_HEAD}<instance><data id="t"><commune/><hamlet/></data></instance>'
        f'<instance id="h"><list>{items}</list></instance></model></h:head><h:body>'
        f'<input ref="/data/commune"/><select1 ref="/data/hamlet">{itemset}</select1></h:body></h:html>'
    ).encode()
