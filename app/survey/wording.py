"""What a form says: labels, hints, messages, in the language that is shown, with what its expressions say."""

from __future__ import annotations

import re
from functools import cached_property

from app.survey.answers import Answer
from app.survey.body import Words, words_inside
from app.survey.definition import FormDefinition
from app.survey.model import Expression
from app.survey.nodes import Node
from app.survey.xpath.context import Context, Scope
from app.survey.xpath.values import text_of

_BY_ID = re.compile(r"\s*jr:itext\(\s*'[^']*'\s*\)\s*")
_SHOWN = ("", "long", "short", "guidance")  # the first of these that a text has


class Wording:
    """The texts of a form in one language."""

    def __init__(self, form: FormDefinition, language: str) -> None:
        self._form, self.language = form, language

    def itext(self, name: str, node: Node, scope: Scope) -> str | None:
        """A text by its id; None where the form has none."""
        held = self._form.translations
        found = held.get(self.language) or held.get(self._form.default_language)
        values = found.texts.get(name) if found else None
        if values is None:
            return None
        value = next((values[form] for form in _SHOWN if form in values), None)
        return self.said(words_inside(value), node, scope) if value is not None else ""

    def said(self, words: Words | None, node: Node, scope: Scope) -> str:
        """As it is shown at a node."""
        pieces = words.pieces if words else ()
        context = Context(node, scope)
        return "".join(
            piece if isinstance(piece, str) else text_of(piece.evaluate(context)) for piece in pieces
        )

    @cached_property
    def _texts_quote(self) -> bool:
        values = (
            value
            for held in self._form.translations.values()
            for text in held.texts.values()
            for value in text.values()
        )
        return any(each.name == "output" for value in values for each in value.walk())

    def quotes(self, *said: Words | None) -> bool:
        """Whether any of these words may say what was answered."""
        pieces = (piece for words in said if words for piece in words.pieces)
        return any(
            isinstance(piece, Expression) and (self._texts_quote or not _BY_ID.fullmatch(piece.text))
            for piece in pieces
        )

    def message(self, node: Answer, scope: Scope) -> str:
        """Why an answer is not accepted, in the form's words; empty where it has none."""
        bind = node.field.bind
        said = {"required": bind.required_message, "constraint": bind.constraint_message}.get(
            node.violation, ""
        )
        if said.lstrip().startswith("jr:itext("):
            expression = Expression.of(said)
            assert expression is not None
            return text_of(expression.evaluate(Context(node, scope)))
        return said
