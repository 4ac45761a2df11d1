"""One form filled for a household or a person, kept after every answer, handed in at the end."""

from __future__ import annotations

from functools import partial

from app.actions.desk import Desk, may_write
from app.actions.surveying.filling import Filling, begin, correct, correction_of, draft_for, newer, take_up
from app.actions.surveying.handing_in import Handed, hand_in
from app.domain.progress import Progress
from app.store.fillings import About
from app.ui.jobs import Job
from app.ui.link import Link
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import column, column_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, scroll
from app.ui.room import Room
from app.ui.survey.answers_view import AnswersView
from app.ui.survey.handed import HandedIn
from app.ui.survey.keeper import Keeper
from app.ui.survey.runner import Runner
from app.ui.values import show_value
from app.ui.window import Window
from app.words import explain
from app.words import gettext as _


class SurveyRoom(Room):
    """`draft` goes on with one; `form` and `about` begin one; `correct` takes a submission's place; `read`
    shows one.
    """

    section = "surveys"
    help_page = "khao-sat"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._filling: Filling | None = None
        self._coming: Job | None = None
        self.runner: Runner | None = None
        self.notice, self.holder = NoticeSlot(), Holder()
        self.setLayout(column_layout(self.notice, self.holder, grows=1))

    def enter(self, **arguments: object) -> None:
        self.notice.clear()
        draft, form, submission = (str(arguments.get(name) or "") for name in ("draft", "form", "correct"))
        about = arguments.get("about")
        if self._filling is not None and self._filling.kept.id == draft and self.runner is not None:
            return
        self._put_away()
        self.set_head(_("Survey"), back="surveys")
        if arguments.get("read"):
            self._read(str(arguments["read"]))
            return
        work = (
            (_corrected, self._desk, submission)
            if submission
            else (take_up_newest, self._desk, draft)
            if draft
            else (_begun, self._desk, form, about if isinstance(about, About) else About())
        )
        self._coming = self.shell.jobs.run(
            self, *work, lane="write", title="filling", done=self._begin, failed=self._not_begun
        )

    def _read(self, submission: str) -> None:
        self.set_head(_("What was handed in"), back="surveys")
        view = AnswersView(
            self.shell.jobs, self._desk, may_correct=may_write(self._desk, "submission", "content")
        )
        view.correct_wanted.connect(lambda record: self.shell.go("survey", correct=record))
        self.holder.put(scroll(column(view, margins=(20, 16))))
        view.show_submission(submission)

    def leave(self) -> None:
        if self.runner is not None:
            self.runner.commit()

    def take_scan(self, text: str) -> bool:
        return self.runner is not None and self.runner.take_scan(text)

    def _put_away(self) -> None:
        """What is shown, and what was asked for and has not come."""
        if self._coming is not None:
            self._coming.drop()
        self._filling, self.runner = None, None
        self.holder.put(None)

    def _begin(self, found: tuple[Filling, str]) -> None:
        filling, version = found
        self._filling, kept = filling, filling.kept
        about = " · ".join(part for part in (kept.about.name, kept.about.hamlet) if part)
        self.set_head(kept.title, about, back="surveys")
        stands = filling.stands(self._desk.reference.save_map)
        keeper = Keeper(self._desk, self.shell.jobs, filling)
        self.runner = runner = Runner(
            filling.session,
            keeper,
            jobs=self.shell.jobs,
            title=kept.title,
            about=about,
            prefilled=stands.known,
            masked={ref: show_value(*held) for ref, held in stands.withheld.items()},
            page=kept.page,
            clock=self._desk.clock.today,
        )
        keeper.setParent(runner)
        keeper.progress = runner.pages.progress
        keeper.kept.connect(runner.kept)
        keeper.failed.connect(runner.not_kept)
        runner.handed_in.connect(self._hand_in)
        runner.left.connect(lambda: self.shell.go("surveys"))
        self.holder.put(runner)
        # A change of text size builds the room anew: it goes on with this draft, and begins none.
        self.shell.remember(self, draft=kept.id)
        if version:
            self.notice.say(
                _("The province has published version {version} of this form.").format(version=version),
                _("This draft finishes on its own version; the list of drafts can move it."),
                tone="info",
            )

    def _not_begun(self, error: Exception) -> None:
        told = explain(error)
        way = Button(_("To the surveys"), "primary", on=partial(self.shell.go, "surveys"))
        self.holder.put(Empty(told.happened, way, icon="info", more=told.rest))

    def _hand_in(self) -> None:
        filling, runner = self._filling, self.runner
        if filling is None or runner is None or not runner.isEnabled():
            return
        runner.setEnabled(False)
        self.shell.jobs.run(
            self,
            _handed_in,
            self._desk,
            filling,
            lane="write",
            title="hand in",
            done=partial(self._handed, filling),
            failed=partial(self._not_handed, filling),
        )

    def _handed(self, filling: Filling, handed: Handed) -> None:
        """Told in its place, unless she has gone on with another one meanwhile."""
        kept = filling.kept
        self._link.saved()
        if self.shell.room is not self or filling is not self._filling:
            self.shell.toast.say(_("Handed in: {title}").format(title=kept.title))
        if filling is not self._filling:
            return
        self._put_away()
        self.shell.remember(self, read=handed.record)
        page = HandedIn(handed, kept.title, " · ".join(filter(None, (kept.about.name, kept.about.hamlet))))
        page.going_on.connect(lambda: self.shell.go("surveys", form=kept.form))
        self.holder.put(page)
        page.forth.setFocus()

    def _not_handed(self, filling: Filling, error: Exception) -> None:
        """The draft is what it was."""
        if filling is not self._filling or self.runner is None:
            self.shell.notice.show_error(error)
            return
        self.runner.setEnabled(True)
        self.notice.show_error(error)


def take_up_newest(_progress: Progress, desk: Desk, draft: str) -> tuple[Filling, str]:
    """A draft gone on with, and the version that is published in the place of its own, if any."""
    filling = take_up(desk, draft)
    return filling, newer(desk, filling.kept)


def _begun(progress: Progress, desk: Desk, form: str, about: About) -> tuple[Filling, str]:
    """A filling of this form for them: the draft that there is, else a new one."""
    draft = draft_for(desk, form, about)
    return take_up_newest(progress, desk, draft) if draft else (begin(desk, form, about), "")


def _corrected(progress: Progress, desk: Desk, submission: str) -> tuple[Filling, str]:
    draft = correction_of(desk, submission)
    return take_up_newest(progress, desk, draft) if draft else (correct(desk, submission), "")


def _handed_in(_progress: Progress, desk: Desk, filling: Filling) -> Handed:
    return hand_in(desk, filling)
