"""Submissions of a form for whoever tells of many: asked of the register anew each time they are gone over.

answers = read_answers(progress, desk, form_id)
summary(answers.form, answers.taken)
write_workbook(progress, desk, Asked(answers.form, answers.taken), path)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.actions import officers
from app.actions.desk import Desk
from app.actions.surveying.filling import read_definition
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store import attachments, forms, submissions
from app.store.submissions import Submitted
from app.survey.definition import FormDefinition
from app.survey.taken import Taken
from app.sync.forms import read_parcel

_PAGE = 100
_FILE = re.compile(r"\b([0-9a-f]{64})\.[0-9a-z]{2,5}\b")  # as `filling.keep_photo` names it


@dataclass(frozen=True)
class Submissions:
    """Those of `records`, page by page: 20,000 of them never lie in memory, nor hold up the register.

    The same ones at every turn, whatever arrives meanwhile: a submission never changes.
    """

    desk: Desk
    records: Sequence[str]
    officers: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Taken]:
        for start in range(0, len(self.records), _PAGE):
            with self.desk.vault.read() as connection:
                page = submissions.whole(connection, self.records[start : start + _PAGE])
                named = {name for each in page for name in _FILE.findall(each.content)}
                attached = attachments.attached(connection, named)
            yield from (self._taken(each, attached) for each in page)

    def _taken(self, each: Submitted, attached: set[str]) -> Taken:
        about = " · ".join(part for part in (each.name, each.hamlet) if part)
        files = (found[0] for found in _FILE.finditer(each.content) if found[1] in attached)
        who = self.officers.get(each.officer, each.officer)
        said = each.content.encode(), each.instance, each.corrects, who, each.finished, about
        return Taken(*said, tuple(dict.fromkeys(files)))


@dataclass(frozen=True)
class Answers:
    """A form, as its newest version here is, and what was handed in of it and shows to the officer."""

    form: FormDefinition
    taken: Submissions


def read_answers(progress: Progress, desk: Desk, form: str) -> Answers:
    """Of which submissions is settled now. Refusal("survey.no_form") where no version was ever here."""
    with desk.vault.read() as connection:
        found = forms.newest(connection, form)
        records = submissions.answered(connection, form)
    if found is None:
        raise Refusal("survey.no_form")
    definition = read_definition(read_parcel(found.parcel))
    names = {each.id: each.name for each in officers.look_up(progress, desk).officers}
    return Answers(definition, Submissions(desk, records, names))


def fetch_file(desk: Desk, name: str) -> bytes | None:
    """An attached file's bytes, None where they are not on this laptop. Trouble("attachment.damaged")."""
    sha256 = name.partition(".")[0]
    with desk.vault.read() as connection:
        is_here = attachments.is_here(connection, sha256)
    return desk.files.read(sha256) if is_here else None
