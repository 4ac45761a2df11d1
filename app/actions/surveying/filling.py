"""A filling: begun for somebody, kept after each answer, gone on with, moved to a newer form, dropped.

filling = begin(desk, form.sha256, about)
filling.session.answer("/data/name", "…")
keep(progress, desk, filling.kept_now())
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from app.actions.desk import Desk, draft_of
from app.actions.surveying.knowing import First, first_of, told_before, with_lists
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store import drafts, fillings, forms, submissions
from app.store.fillings import About, Kept, Seen
from app.store.opened import Opened
from app.survey.carrying import carried
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.session import Session
from app.survey.submission import correct as corrected
from app.survey.submission import entities
from app.sync.forms import Parcel, read_parcel


@dataclass
class Filling:
    """What lives while a form is filled. `kept`: as it was when it was begun or taken up again.

    `known`: what stands in a question because the register says so, by reference.
    """

    kept: Kept
    session: Session
    files: set[str] = field(default_factory=set)
    lost: Sequence[str] = ()

    @property
    def known(self) -> Mapping[str, str]:
        """By reference of a question."""
        return self.kept.known

    def kept_now(self, page: str = "", answered: int = 0, asked: int = 0) -> Kept:
        """As it is to be kept now: where she is, how much is done."""
        return msgspec.structs.replace(
            self.kept,
            content=self.session.draft(),
            language=self.session.language,
            page=page or self.kept.page,
            files=sorted(self.files),
            answered=answered or self.kept.answered,
            asked=asked or self.kept.asked,
        )


def begin(desk: Desk, form: str, about: About) -> Filling:
    """A filling of the version of a form that is published now, kept at once.

    Refusal("survey.no_form") for one that is published no more, and what `FormDefinition.load` refuses.
    """
    with desk.vault.read() as connection:
        found = forms.open_one(connection, form)
        seen = fillings.seen_of(connection, about)
    if found is None:
        raise Refusal("survey.no_form")
    parcel = read_parcel(found.parcel)
    definition = with_lists(definition_of(parcel), seen, desk.reference.save_map)
    first = first_of(definition, seen, desk.reference.save_map)
    session = Session.new(definition, _world(desk), prefill={**first.ids, **first.values}, rows=first.rows)
    known = {ref: value for ref in first.values if (value := session.node(ref).value)}
    kept = Kept(
        fillings.new_id(),
        found.sha256,
        found.id,
        found.version,
        found.title,
        about,
        desk.clock.now().isoformat(timespec="seconds"),
        session.draft(),
        [Seen.of(each) for each in seen],
        known,
        _told(session, first),
        language=session.language,
    )
    filling = Filling(kept, session)
    _keep(desk, filling.kept_now())
    return filling


def take_up(desk: Desk, draft: str) -> Filling:
    """A draft gone on with, on its own version of the form.

    Refusal("survey.no_draft") where it was handed in or dropped, ("survey.no_definition") where that version
    was never here.
    """
    kept, parcel = _draft(desk, draft)
    definition = with_lists(definition_of(parcel), _opened(kept), desk.reference.save_map)
    session = Session.resume(definition, _world(desk), kept.content, kept.language)
    return Filling(kept, session, set(kept.files))


def newer(desk: Desk, kept: Kept) -> str:
    """The version that is published in the place of a draft's own; empty where none is."""
    with desk.vault.read() as connection:
        found = forms.open_one(connection, kept.form)
    return found.version if found is not None and found.sha256 != kept.definition else ""


def move(desk: Desk, draft: str) -> Filling:
    """A draft with its answers on the version that is published now, kept so; `lost`: questions without a
    place there. The refusals of `take_up`; Refusal("survey.no_form").
    """
    old = take_up(desk, draft)
    with desk.vault.read() as connection:
        found = forms.open_one(connection, old.kept.form)
    if found is None:
        raise Refusal("survey.no_form")
    parcel = read_parcel(found.parcel)
    definition = with_lists(definition_of(parcel), _opened(old.kept), desk.reference.save_map)
    session, lost = carried(old.session, definition, _world(desk))
    standing = {node.ref for node in session.nodes()}
    kept = msgspec.structs.replace(
        old.kept,
        definition=found.sha256,
        version=found.version,
        title=found.title,
        known={ref: said for ref, said in old.kept.known.items() if ref in standing},
        page="",
    )
    filling = Filling(kept, session, old.files, lost)
    _keep(desk, filling.kept_now())
    return filling


def correct(desk: Desk, submission: str) -> Filling:
    """A filling that begins with what was handed in and will take its place.

    Refusal("survey.no_submission"), ("survey.no_definition"), ("survey.replaced") for one that another has
    taken the place of already.
    """
    with desk.vault.read() as connection:
        found = submissions.one(connection, submission)
        if found is None or not found.content:
            raise Refusal("survey.no_submission")
        if submissions.is_replaced(connection, found.instance):
            raise Refusal("survey.replaced")
        form = forms.one(connection, found.definition)
        about = About(found.household, found.person, found.hamlet, found.name)
        seen = fillings.seen_of(connection, about)
        proposed = submissions.cells_proposed(connection, found.record)
    if form is None:
        raise Refusal("survey.no_definition", version=found.version)
    parcel = read_parcel(form.parcel)
    definition = with_lists(definition_of(parcel), seen, desk.reference.save_map)
    session = corrected(definition, _world(desk), found.content.encode())
    kept = Kept(
        fillings.new_id(),
        form.sha256,
        form.id,
        form.version,
        form.title,
        about,
        desk.clock.now().isoformat(timespec="seconds"),
        session.draft(),
        [Seen.of(each) for each in seen],
        told=told_before(entities(session), proposed, desk.reference.save_map),
        corrects=submission,
    )
    filling = Filling(kept, session, set(_files_named(session)))
    _keep(desk, filling.kept_now())
    return filling


def keep(_progress: Progress, desk: Desk, kept: Kept) -> None:
    """Keep it as it is now; what was kept before is gone only when this is on the disk."""
    _keep(desk, kept)


def drop(_progress: Progress, desk: Desk, draft: str) -> Kept | None:
    """Give a draft up; what it was, so that it can be put back."""
    with desk.vault.write() as connection:
        kept = fillings.read(connection, subject_of(desk, draft))
        drafts.drop(connection, subject_of(desk, draft))
    return kept


def keep_photo(desk: Desk, filling: Filling, content: bytes, ending: str) -> str:
    """Seal a photo or paper for this filling; its name as an answer. The refusals of `domain.attachments`."""
    sha256 = desk.files.keep(content)
    filling.files.add(sha256)
    return f"{sha256}.{ending}"


def photo(desk: Desk, name: str) -> bytes:
    """The bytes behind an answer. Trouble("attachment.damaged")."""
    return desk.files.read(name.partition(".")[0])


def subject_of(desk: Desk, draft: str) -> str:
    """Under which her draft is kept."""
    return draft_of(desk, fillings.subject_of(draft))


def definition_of(parcel: Parcel) -> FormDefinition:
    """A form as it was published, its own lists with it. What `FormDefinition.load` refuses."""
    return _loaded(parcel.xform, tuple(sorted(parcel.lists.items())))


def _keep(desk: Desk, kept: Kept) -> None:
    with desk.vault.write() as connection:
        fillings.keep(connection, subject_of(desk, kept.id), kept)


def _told(session: Session, first: First) -> dict[str, str]:
    return {key: session.node(ref).value for key, ref in first.places.items()}


def _files_named(session: Session) -> Iterable[str]:
    return (node.value.partition(".")[0] for node in session.nodes() if node.type == "binary" and node.value)


def _draft(desk: Desk, draft: str) -> tuple[Kept, Parcel]:
    with desk.vault.read() as connection:
        kept = fillings.read(connection, subject_of(desk, draft))
        if kept is None:
            raise Refusal("survey.no_draft")
        found = forms.one(connection, kept.definition)
    if found is None:
        raise Refusal("survey.no_definition", version=kept.version)
    return kept, read_parcel(found.parcel)


def _opened(kept: Kept) -> list[Opened]:
    return [each.opened for each in kept.seen]


def _world(desk: Desk) -> World:
    return World(desk.clock.now, officer=desk.officer.id, device=desk.pen.device)


@lru_cache(maxsize=4)
def _loaded(xform: str, lists: tuple[tuple[str, str], ...]) -> FormDefinition:
    """Read once: a form of 800 questions takes a sixth of a second."""
    by_name = dict(lists)

    def fetch(src: str) -> bytes | None:
        found = by_name.get(src.rpartition("/")[2])
        return None if found is None else found.encode()

    return FormDefinition.load(xform.encode(), fetch)
