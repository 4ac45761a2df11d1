"""A filling: begun for somebody, kept after each answer, gone on with, moved to a newer form, dropped.

filling = begin(desk, "poverty_review", about)
filling.session.answer("/data/name", "…")
keep(progress, desk, filling.kept_now())
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from app.actions.desk import Desk, draft_of
from app.actions.surveying.knowing import First, Stands, first_of, stands, told_before, with_lists
from app.domain import attachments as attaching
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.save_to import SaveMap
from app.store import drafts, fillings, forms, submissions
from app.store.fillings import About, Kept, Seen
from app.store.forms import Form
from app.store.opened import Opened
from app.survey.carrying import carried
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.session import Session
from app.survey.submission import correct as corrected
from app.survey.submission import entities
from app.sync.forms import Parcel, read_parcel

_ENDINGS = {"jpeg": "jpg"}


@dataclass
class Filling:
    """What lives while a form is filled. `kept`: as it was when it was begun or taken up again."""

    kept: Kept
    session: Session
    files: set[str] = field(default_factory=set)
    lost: Sequence[str] = ()

    def stands(self, save_map: SaveMap) -> Stands:
        """What its questions have to do with the register."""
        return stands(self.session, [each.opened for each in self.kept.seen], save_map)

    def kept_now(
        self, page: str = "", answered: int = 0, asked: int = 0, content: bytes | None = None
    ) -> Kept:
        """As it is to be kept now: where she is, how much is done. `content`: the answers, if at hand."""
        return msgspec.structs.replace(
            self.kept,
            content=self.session.draft() if content is None else content,
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
    definition = with_lists(read_definition(parcel), seen, desk.reference.save_map)
    first = first_of(definition, seen, desk.reference.save_map)
    session = Session.new(definition, world_of(desk), prefill={**first.ids, **first.values}, rows=first.rows)
    return _begun(desk, found, session, about, seen, told=_told(session, first))


def draft_for(desk: Desk, form: str, about: About) -> str:
    """Her draft of this form for whom it is about, if she has one; the newest."""
    with desk.vault.read() as connection:
        found = fillings.every(connection)
    same = (each.id for each in found if (each.form, each.about.record) == (form, about.record))
    return next(same, "") if about.record else ""


def correction_of(desk: Desk, submission: str) -> str:
    """Her draft that is to take its place, if she has begun one."""
    with desk.vault.read() as connection:
        found = fillings.every(connection)
    return next((each.id for each in found if each.corrects == submission), "")


def take_up(desk: Desk, draft: str) -> Filling:
    """A draft gone on with, on its own version of the form.

    Refusal("survey.no_draft") where it was handed in or dropped, ("survey.no_definition") where that version
    was never here.
    """
    kept, parcel = _draft(desk, draft)
    definition = with_lists(read_definition(parcel), _opened(kept), desk.reference.save_map)
    session = Session.resume(definition, world_of(desk), kept.content, kept.language)
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
    definition = with_lists(read_definition(parcel), _opened(old.kept), desk.reference.save_map)
    session, lost = carried(old.session, definition, world_of(desk))
    kept = msgspec.structs.replace(
        old.kept,
        definition=found.sha256,
        version=found.version,
        title=found.title,
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
    definition = with_lists(read_definition(parcel), seen, desk.reference.save_map)
    session = corrected(definition, world_of(desk), found.content.encode())
    told = told_before(entities(session), proposed, desk.reference.save_map)
    return _begun(desk, form, session, about, seen, told=told, corrects=submission)


def keep(_progress: Progress, desk: Desk, kept: Kept) -> None:
    """Keep it as it is now; what was kept before is gone only when this is on the disk."""
    _keep(desk, kept)


def drop(_progress: Progress, desk: Desk, draft: str) -> Kept | None:
    """Give a draft up; what it was, so that it can be put back."""
    with desk.vault.write() as connection:
        kept = fillings.read(connection, subject_of(desk, draft))
        drafts.drop(connection, subject_of(desk, draft))
    return kept


def keep_photo(desk: Desk, filling: Filling, content: bytes) -> str:
    """Seal a photo or paper for this filling; its name as an answer. The refusals of `domain.attachments`."""
    media = attaching.check(content)
    sha256 = desk.files.keep(content)
    filling.files.add(sha256)
    return f"{sha256}.{_ENDINGS.get(media, media)}"


def photo(desk: Desk, name: str) -> bytes:
    """The bytes behind an answer. Trouble("attachment.damaged")."""
    return desk.files.read(name.partition(".")[0])


def subject_of(desk: Desk, draft: str) -> str:
    """Under which her draft is kept."""
    return draft_of(desk, fillings.subject_of(draft))


def _keep(desk: Desk, kept: Kept) -> None:
    with desk.vault.write() as connection:
        fillings.keep(connection, subject_of(desk, kept.id), kept)


def _begun(  # noqa: PLR0913 - a draft is all of these
    desk: Desk,
    form: Form,
    session: Session,
    about: About,
    seen: Sequence[Opened],
    *,
    told: dict[str, str],
    corrects: str = "",
) -> Filling:
    """A new draft, on the disk before anybody types."""
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
        told,
        sorted(_files_named(session)),
        corrects,
        session.language,
    )
    _keep(desk, kept)
    return Filling(kept, session, set(kept.files))


def _told(session: Session, first: First) -> dict[str, str]:
    """As it stands in the filling; a form that counts its rows may have taken some away."""
    values = {node.ref: node.value for node in session.nodes()}
    return {key: values[ref] for key, ref in first.places.items() if ref in values}


def _files_named(session: Session) -> set[str]:
    return {node.value.partition(".")[0] for node in session.nodes() if node.type == "binary" and node.value}


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


def world_of(desk: Desk) -> World:
    """What a filling at this desk may ask beyond its form."""
    return World(desk.clock.now, officer=desk.officer.id, device=desk.pen.device)


@lru_cache(maxsize=4)
def _loaded(xform: str, lists: tuple[tuple[str, str], ...]) -> FormDefinition:
    """Read once: a form of 800 questions takes a sixth of a second."""
    by_name = dict(lists)

    def fetch(src: str) -> bytes | None:
        found = by_name.get(src.rpartition("/")[2])
        return None if found is None else found.encode()

    return FormDefinition.load(xform.encode(), fetch)


def read_definition(parcel: Parcel) -> FormDefinition:
    """A form with the lists that lie beside it. What `FormDefinition.load` refuses."""
    return _loaded(parcel.xform, tuple(sorted(parcel.lists.items())))
