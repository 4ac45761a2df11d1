"""Forms of surveys: what an author's workbook says, looked over before anybody fills it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from app.actions.desk import Desk
from app.actions.surveying.knowing import with_lists
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.resources import load_money_words
from app.sandbox.children import Limits, call
from app.sheets.gate import Format, admit
from app.store.disk import write_whole
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.publish import Checked, check
from app.survey.session import Session
from app.sync.forms import Parcel

_LISTS = (".csv", ".xml", ".geojson")
_LISTS_BYTES_MAX = 20 << 20
_SECONDS = 60.0  # a form of the largest size is tried three times


def check_form(path: Path, progress: Progress) -> Checked:
    """Look an XLSForm over, with the lists that lie beside it; parsed in the sandbox's child alone.

    Refusal("survey.not_xlsx"), ("survey.lists"), the refusals of `admit`, of the child and of `check`;
    Trouble("file.unreadable").
    """
    if admit(path) is not Format.XLSX:
        raise Refusal("survey.not_xlsx")
    try:
        content, beside = path.read_bytes(), _beside(path)
    except OSError as error:
        raise Trouble("file.unreadable", reason=error.strerror or "") from error
    given = (content, beside, list(load_money_words()))
    return call(check, *given, progress=progress, returns=Checked, limits=Limits(seconds=_SECONDS))


def pack_form(checked: Checked) -> Parcel:
    """What a centre publishes of a form that was looked over, its lists in it.

    Refusal("survey.unpublishable") while something forbids it, ("survey.list") for a list that is no text,
    ("form.id") for an id that names no file.
    """
    if not checked.may_be_published or not checked.version:
        raise Refusal("survey.unpublishable")
    lists = dict[str, str]()
    for name, content in checked.lists.items():
        try:
            lists[name] = unicodedata.normalize("NFC", content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise Refusal("survey.list", name=name) from error
    parcel = Parcel(checked.id, checked.version, checked.title, checked.xform.decode(), checked.about, lists)
    parcel.file  # noqa: B018 - refuses an id that names no file
    return parcel


def write_packed(progress: Progress, checked: Checked, file: Path) -> Parcel:
    """The packed form, written where its author said: it holds the questions, and nobody's answers.

    The refusals of `pack_form`; the troubles of `write_whole`.
    """
    parcel = pack_form(checked)
    progress.step(0, 1, "Packing the form")
    write_whole(file, parcel.text.encode())
    return parcel


def begin_trial(desk: Desk, checked: Checked) -> Session:
    """A filling of a form that was looked over, of nobody, kept nowhere. The refusals of the form."""
    form = FormDefinition.load(checked.xform, lambda src: checked.lists.get(src.rpartition("/")[2]))
    whole = with_lists(form, [], desk.reference.save_map)
    return Session.new(whole, World(desk.clock.now, officer=desk.officer.id, device=desk.pen.device))


def _beside(path: Path) -> dict[str, bytes]:
    files = [
        each for each in sorted(path.parent.iterdir()) if each.suffix.lower() in _LISTS and each.is_file()
    ]
    if sum(each.stat().st_size for each in files) > _LISTS_BYTES_MAX:
        raise Refusal("survey.lists", most=_LISTS_BYTES_MAX >> 20)
    return {each.name: each.read_bytes() for each in files}
