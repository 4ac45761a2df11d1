"""What a survey found of one person or household, beside what stands in the register now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.actions import people
from app.actions.desk import Desk
from app.actions.surveying.reading import reveal_heard
from app.domain.dates import show
from app.domain.records import Value
from app.store.queries import PersonRow
from app.ui.approvals import heard, wording
from app.ui.approvals.found import SurveyCase
from app.ui.approvals.page import ApprovalPage, Looked
from app.ui.forms.masked import MaskedValue
from app.ui.jobs import Jobs
from app.ui.moments import show_written
from app.ui.notices import Notice
from app.ui.parts.boxes import STRETCH, card, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip, Mark
from app.ui.parts.comparison import Compared, Comparison
from app.ui.survey.answers_view import AnswersView
from app.words import counted
from app.words import gettext as _

_TWINS_MOST = 3


class SurveyPage(ApprovalPage):
    """Comparison, the filling it came from, whom somebody new could be, cautions, her own word."""

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        case: SurveyCase,
        looked_at: Looked,
        open_file: Callable[[], object],
        *,
        open_person: Callable[[str], object],
    ) -> None:
        self._survey, self._open_person = case, open_person
        super().__init__(desk, jobs, case, looked_at, open_file)
        self.answers = AnswersView(jobs, desk)
        self.answers.hide()
        self.read_button = Button(_("Read the filling"), icon="clipboard", on=self._read)
        cautions = [wording.caution_notice(each) for each in case.asked.cautions]
        twins = [self._twins()] if case.heard.twins else []
        self.lay_out(*cautions, self._comparison(), *twins, self._filling(), self.answers)

    def about(self) -> Sequence[str]:
        """Who handed it in and when; a proposal's set is the filling's own."""
        found, names = self._survey.submission, self.case.names
        if found is None:
            return super().about()
        by = names.officer(found.officer)
        return (_("Handed in by {officer} · {when}").format(officer=by, when=show_written(found.finished)),)

    def own_words(self) -> str:
        count = len(self.case.asked.cautions)
        if count:
            return counted(
                "I have looked at both sides and {count} caution.",
                "I have looked at both sides and {count} cautions.",
                count,
            )
        return super().own_words()

    def phrases(self) -> list[str]:
        known = [_("She is in the register already")] if self._survey.heard.is_new else []
        return [*known, _("Ask her again"), _("The papers say otherwise")]

    def _comparison(self) -> Comparison:
        said = self._survey.heard
        left = Chip(_("Not in the register yet"), "dash", "neutral")
        if not said.is_new:
            left = Chip(_("Now"), "tick", "ok")
        right = Chip(_("Waits for approval"), "clock", "warn")
        lines = [self._line(name) for name in said.fields]
        return Comparison((_("In the register"), left), (_("The survey found"), right), lines)

    def _line(self, name: str) -> Compared:
        said, reference = self._survey.heard, self.desk.reference
        stands, found = (heard.words(said, name, side, reference) for side in (said.stands, said.wants))
        differs = not said.is_new and not heard.is_number(said.kind, name)
        left: str | QWidget = self._number(name, said.stands, stands) or stands
        if name in said.moved:
            mark = Mark(heard.seen_words(said, name, reference), "clock", "warn")
            left = column(left if isinstance(left, QWidget) else label(left, wrap=True), row(mark, STRETCH))
        right: str | QWidget = self._number(name, said.wants, found) or found
        if isinstance(right, QWidget) and said.stands.get(name) is not None:
            right = row(right, Chip(_("differs"), "triangle", "warn"))  # two masks may look the same
        return Compared(_(f"field.{said.kind}.{name}"), left, right, differs=differs)

    def _number(self, name: str, values: Mapping[str, Value], words: str) -> MaskedValue | None:
        """A masked number, which whoever signs for it may read whole; that she did is noted."""
        said = self._survey.heard
        if not heard.is_number(said.kind, name) or values.get(name) is None:
            return None
        if values is said.wants:
            return MaskedValue(words, partial(reveal_heard, self.desk, self.case.asked.record, name))
        return MaskedValue(words, partial(people.reveal, self.desk, said.kind, said.record, name))

    def _twins(self) -> QWidget:
        twins = self._survey.heard.twins[:_TWINS_MOST]
        return card(label(_("Could be somebody of the register"), "card"), *map(self._twin, twins), gap=6)

    def _twin(self, twin: PersonRow) -> QWidget:
        born = show(twin.birth) if twin.birth else ""
        told = " · ".join(each for each in (born, twin.hamlet) if each)
        open_ = Button(twin.name, "link", icon="person", on=partial(self._open_person, twin.id))
        return row(open_, label(told, "second"), STRETCH, gap=8)

    def _filling(self) -> QWidget:
        if self._survey.submission is None:
            return Notice(_("The filling itself is not on this laptop."), tone="neutral", icon="info")
        return row(self.read_button, STRETCH)

    def _read(self) -> None:
        self.read_button.hide()
        self.answers.show_submission(self._survey.heard.submission)
        self.answers.show()
