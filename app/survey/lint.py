"""A form read with its author's eyes: what cannot run is an error, what will be regretted a warning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.errors import Refusal
from app.survey.body import Control, Itemset
from app.survey.definition import FormDefinition
from app.survey.findings import ERROR, WARNING, Finding
from app.survey.model import Expression, Field
from app.survey.references import CALCULATE, CHOICES, COUNT, RELEVANT, Use
from app.survey.workbook import Row, Workbook
from app.survey.xpath.functions.known import FUNCTIONS
from app.survey.xpath.parser import parse
from app.survey.xpath.syntax import Call, Chain, Text, inside

# What an author's column is called for each property of a binding.
_HEADINGS = {
    RELEVANT: ("relevant",),
    CALCULATE: ("calculation", "calculate"),
    "constraint": ("constraint",),
    "required": ("required",),
    "readonly": ("readonly", "read_only"),
    "name": ("name",),
    COUNT: ("repeat_count",),
    CHOICES: ("choice_filter", "type"),
}
_HIDDEN = frozenset(
    "calculate hidden start end today deviceid username begin audit uid phonenumber email simserial"
    " csv-external xml-external".split()
)
_VIETNAMESE = ("vi", "tiếng việt", "vietnamese")


@dataclass(frozen=True)
class Lint:
    """One form and its workbook. `money`: parts of names and labels that speak of money."""

    form: FormDefinition
    workbook: Workbook
    money: Sequence[str]

    def findings(self) -> list[Finding]:
        """Errors first, each by its place in the form."""
        found = [
            *self._expressions(),
            *self._labels(),
            *self._constraints(),
            *self._amounts(),
            *self._differing(),
        ]
        return sorted(found, key=lambda each: each.weight != ERROR)

    def _at(self, weight: str, code: str, path: str, what: str, **facts: str | int) -> Finding:
        return finding_at(self.workbook, Finding(weight, code, facts=facts), path, what)

    def _expressions(self) -> Iterator[Finding]:
        """Functions that nobody knows, with what they are given; paths and lists that are not there."""
        for use in self.form.uses:
            for expression in _of(self.form.fields[use.path], use.what):
                yield from self._calls(use, expression)
            for asked in use.asks:
                if asked.path not in self.form.fields and not asked.is_deep:
                    yield self._at(ERROR, "no_path", use.path, use.what, asked=asked.path)

    def _calls(self, use: Use, expression: Expression) -> Iterator[Finding]:
        for call in (each for each in inside(parse(expression.text)) if isinstance(each, Call)):
            known = FUNCTIONS.get(call.name)
            if known is None:
                yield self._at(ERROR, "no_function", use.path, use.what, function=call.name)
            elif not known.least <= len(call.arguments) <= known.most:
                yield self._at(ERROR, "arguments", use.path, use.what, function=call.name)
            elif call.name in ("instance", "pulldata") and isinstance(call.arguments[0], Text):
                wanted = call.arguments[0].value
                if wanted not in self.form.instances and wanted != self.form.id:
                    yield self._at(ERROR, "no_list", use.path, use.what, list=wanted)

    def _labels(self) -> Iterator[Finding]:
        """What an officer would read in a tongue that is not hers, or not at all."""
        headings = [name for row in self.workbook.sheet("survey")[:1] for name in row.columns]
        labels = [name for name in headings if name.split("::")[0].strip() == "label"]
        vietnamese = [name for name in labels if _is_vietnamese(name)]
        if len(labels) > 1 and not vietnamese:
            yield Finding(WARNING, "no_vietnamese", "survey")
        shown = vietnamese or labels
        for sheet in ("survey", "choices"):
            for row in self.workbook.sheet(sheet):
                if _is_shown(row) and not any(row.said(name) for name in shown):
                    yield Finding(
                        WARNING, "no_label", sheet, row.cell(shown[0] if shown else ""), _named(row)
                    )

    def _constraints(self) -> Iterator[Finding]:
        for path, field in self.form.fields.items():
            if field.bind.constraint is not None and not field.bind.constraint_message:
                yield self._at(WARNING, "no_message", path, "constraint")

    def _amounts(self) -> Iterator[Finding]:
        """ODK's whole numbers end at 2,147,483,647: money in đồng does not."""
        for path, field in self.form.fields.items():
            row = self.workbook.row(path)
            said = " ".join([path.rpartition("/")[2], *(row.values.values() if row else ())]).lower()
            if field.bind.type == "int" and any(word in said for word in self.money):
                yield self._at(WARNING, "money_as_int", path, "type")

    def _differing(self) -> Iterator[Finding]:
        """What ODK's own engines do not do alike."""
        for use in self.form.uses:
            if use.what == CALCULATE and any(asked.path == use.path for asked in use.asks):
                yield self._at(WARNING, "asks_itself", use.path, use.what)
            for expression in _of(self.form.fields[use.path], use.what):
                for each in inside(parse(expression.text)):
                    if isinstance(each, Call) and each.name == "randomize" and len(each.arguments) == 1:
                        yield self._at(WARNING, "no_seed", use.path, use.what)
                    if (
                        isinstance(each, Chain)
                        and len(each.rest) > 1
                        and each.rest[0][0] in "< <= > >= = !=".split()
                    ):
                        yield self._at(WARNING, "chained", use.path, use.what)


def finding_at(workbook: Workbook, found: Finding, path: str, what: str = "name") -> Finding:
    """With the cell in which the author wrote that property of a path, and the question's name."""
    row = workbook.row(path)
    headings = _HEADINGS.get(what, (what,))
    heading = next((each for each in headings if row and each in row.values), headings[0])
    facts = {**found.facts, "name": path.rpartition("/")[2]}
    place = (row.sheet, row.cell(heading)) if row else (found.sheet, found.cell)
    return Finding(found.weight, found.code, *place, facts)


def _of(field: Field, what: str) -> list[Expression]:
    """The expressions of a property."""
    control = field.control if isinstance(field.control, Control) else None
    found: list[Expression | None]
    if what == COUNT:
        found = [control.count if control else None]
    elif what == CHOICES:
        choices = control.choices if control else None
        found = [choices.nodes, choices.label] if isinstance(choices, Itemset) else []
    else:
        found = [getattr(field.bind, what)]
    return [each for each in found if each is not None]


def _is_vietnamese(heading: str) -> bool:
    language = heading.partition("::")[2].strip().lower()
    name, _, code = language.partition("(")
    return name.strip() in _VIETNAMESE or code.rstrip(") ") == "vi"


def _is_shown(row: Row) -> bool:
    """Whether an officer reads it."""
    if row.sheet == "choices":
        return bool(row.said("name"))
    kind = row.said("type").replace("_", " ").split()
    return bool(row.said("name")) and not set(kind[:1]) & _HIDDEN


def _named(row: Row) -> dict[str, str | int]:
    return {"name": row.said("name")}


def of_refusal(refused: Refusal, workbook: Workbook) -> Finding:
    """What the engine says of a form that it does not take."""
    found = Finding(ERROR, refused.code.rpartition(".")[2], facts=dict(refused.facts))
    path = refused.field or str(refused.facts.get("what", ""))
    return (
        finding_at(workbook, found, path, str(refused.facts.get("property", "calculate"))) if path else found
    )
