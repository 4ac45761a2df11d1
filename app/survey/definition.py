"""A form as it is published, read once and never changed: model, bindings, body, texts, lists.

`FormDefinition.load(content, attachments)` reads an ODK XForm; a filling of it is a `session.Session`.
Whatever is written by path is held by its path without rows: `/data/member/age` is the age of every member.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.domain.errors import Refusal
from app.survey import body, lists, model
from app.survey.body import Control
from app.survey.model import Field, Translation
from app.survey.nodes import Node, read_document
from app.survey.ordering import Key, ordered
from app.survey.references import Use, uses_of

Fetch = Callable[[str], bytes | None]


@dataclass(frozen=True)
class FormDefinition:
    """A form. `sha256`: of its bytes; with id and version, what a submission is of.

    `template`: the element of the answers as the form has it; `fields`: by path, in the form's order;
    `order`: relevance and calculations so that each comes after what it depends on.
    """

    id: str
    version: str
    title: str
    sha256: str
    template: Node
    fields: Mapping[str, Field]
    controls: tuple[Control, ...]
    translations: Mapping[str, Translation]
    default_language: str
    instances: Mapping[str, Node]
    actions: tuple[body.Action, ...]
    uses: tuple[Use, ...] = ()
    order: Mapping[Key, int] = field(default_factory=dict)

    @classmethod
    def load(cls, content: bytes, fetch: Fetch = lambda _name: None) -> FormDefinition:
        """Read a form; `fetch` gives the bytes of a list that belongs to it by its `src`, None for none.

        Refusal("survey.xml"), ("survey.form"), ("survey.syntax"), ("survey.instance"), ("survey.circle").
        """
        document = read_document(content)
        found = model.find(document)
        template = model.answers(found)
        known = model.fields(found, template)
        parsed = body.read(model.body_of(document), known)
        fields = body.with_controls(known, parsed)
        translations, default = model.translations(found)
        listed = {**model.instances(found), **lists.external(found, fetch)}
        for each in listed.values():
            each.fix()
        uses = uses_of(fields, parsed.repeats)
        return cls(
            id=template.attribute("id") or template.name,
            version=template.attribute("version") or "",
            title=model.title_of(document),
            sha256=hashlib.sha256(content).hexdigest(),
            template=template,
            fields=fields,
            controls=parsed.controls,
            translations=translations,
            default_language=default,
            instances=listed,
            actions=parsed.actions + body.model_actions(found, known),
            uses=tuple(uses),
            order=ordered(uses),
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """By the form's names; the default first where it has any."""
        return tuple(sorted(self.translations, key=lambda name: name != self.default_language))

    def field(self, path: str) -> Field:
        """Refusal("survey.form") for a path that the form has not."""
        try:
            return self.fields[path]
        except KeyError:
            raise Refusal("survey.form", what=path) from None
