"""Which door stands open: first start, unlock, recovery, or the register itself.

Lives as long as the window. Everything that belongs to one unlocked desk (rooms, link,
counts) is made on opening and let go on locking.
"""

from __future__ import annotations

import time
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.bootstrap.shelves import Shelf, left_shelves, put_aside, shelf, shelves, training_shelf
from app.domain.progress import Progress
from app.resources import load_reference
from app.store.laptop import Laptop
from app.store.leaving import destroy, left
from app.ui.application import Wardrobe, Wishes
from app.ui.window import Window
from app.words import gettext as _

if TYPE_CHECKING:
    from app.actions.training import TrainingCentre
    from app.bootstrap.entering import Entered
    from app.bootstrap.training import TrainingDay
    from app.ui.session import Session

_SETTLED_MS = 300


def _import_database(_progress: Progress) -> None:
    """What unlocking needs, imported while the officer types her password."""
    for needed in ("argon2.low_level", "app.bootstrap.entering", "app.actions.exchange"):
        import_module(needed)


class Doors(QObject):
    """Opens and locks."""

    def __init__(self, window: Window, wardrobe: Wardrobe, laptop: Laptop) -> None:
        super().__init__(window)
        self._window, self._wardrobe, self._laptop = window, wardrobe, laptop
        self._reference = load_reference()
        self._session: Session | None = None
        self._centre: TrainingCentre | None = None
        self._shelf: Shelf | None = None
        self._warming = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._warming.timeout.connect(self._warm_up)
        window.lock_wanted.connect(lambda: self.lock(_("Locked. Drafts are kept.")))
        window.restore_wanted.connect(self._restore)
        window.closing.connect(self._close)
        window.wishes_changed.connect(wardrobe.wear)
        window.help_wanted.connect(self._help)

    @property
    def session(self) -> Session | None:
        """The unlocked desk and what hangs on it; None while locked."""
        return self._session

    def knock(self) -> None:
        """Unlock when this laptop holds a commune, else first start."""
        gone = left_shelves(self._laptop, self._reference)
        if shelves(self._laptop, self._reference):
            self.show_unlock()
        elif gone:
            self.show_revoked(gone[0])
        else:
            self.show_first_start()
        self._warming.start()

    def _warm_up(self) -> None:
        """Behind the standing screen, in the lane where unlocking waits its turn."""
        self._window.jobs.run(self, _import_database, lane="write")

    def show_unlock(self, chosen: Shelf | None = None, why: str = "") -> None:
        """The unlock screen of a commune; the first on this laptop unless named."""
        from app.ui.rooms.unlock import Unlock, Ways

        held = shelves(self._laptop, self._reference)
        self._shelf = chosen or held[0]
        self._dress(self._shelf)
        ways = Ways(
            opened=self.open,
            train=self.train,
            found=self.show_first_start,
            recover=self.show_recovery,
            rescue=self.show_rescue,
            choose=self.show_unlock,
            restore=self.show_restore,
        )
        self._window.furnish({"unlock": lambda window: Unlock(window, held, self._reference, ways)})
        self._window.go("unlock", shelf=self._shelf, why=why)

    def show_first_start(self) -> None:
        """The two doors and the three minutes behind them."""
        from app.ui.rooms.first_start import FirstStart, Ways

        back = self.show_unlock if shelves(self._laptop, self._reference) else None
        ways = Ways(train=self.train, opened=self.open, restore=self.show_restore, back=back)
        self._dress(None)
        self._window.furnish(
            {"first_start": lambda window: FirstStart(window, self._laptop, self._reference, ways)}
        )
        self._window.go("first_start")

    def show_restore(self, at: Shelf | None = None, backup: object = None) -> None:
        """A backup in the place of what stands here."""
        from app.ui.rooms.restore import Restore, Ways

        ways = Ways(opened=self.open, back=self.knock)
        self._dress(at)
        laptop, reference = self._laptop, self._reference
        self._window.furnish({"restore": lambda window: Restore(window, laptop, reference, ways)})
        self._window.go("restore", shelf=at, backup=backup)

    def _restore(self, backup: object) -> None:
        """From an open register: its key is let go first."""
        at = self._shelf
        self._end_session()
        self._end_centre()
        self.show_restore(at, backup)

    def show_revoked(self, at: Shelf) -> None:
        """The last screen of a commune whose centre revoked this laptop."""
        from app.ui.rooms.revoked import Revoked, Ways

        said = left(at.folder.path)
        assert said is not None
        self._dress(at)
        ways = Ways(begin_anew=self._begin_anew, train=self.train)
        self._window.furnish({"revoked": lambda window: Revoked(window, at, said, ways)})
        self._window.go("revoked")

    def _begin_anew(self, at: Shelf) -> None:
        put_aside(at, time.time_ns() // 1_000_000)
        self.knock()

    def _leave(self) -> None:
        """The centre revoked this laptop and has all that waited: let go of the key, and of what opens it."""
        at = self._shelf
        self._end_session()
        if at is not None:
            destroy(at.folder.path)
            self.show_revoked(at)

    def show_recovery(self, shelf: Shelf) -> None:
        """A forgotten password: the sheet from the safe, and a new password."""
        from app.ui.rooms.forgotten import Forgotten, Ways

        back, rescue = (lambda: self.show_unlock(shelf)), (lambda: self.show_rescue(shelf))
        ways = Ways(opened=self.open, back=back, rescue=rescue)
        self._window.furnish({"forgotten": lambda window: Forgotten(window, shelf, self._reference, ways)})
        self._window.go("forgotten")

    def show_rescue(self, shelf: Shelf) -> None:
        """Nobody gets in: what waits for the centre is given away, sealed as it is."""
        from app.ui.rooms.rescue import Rescue

        self._window.furnish(
            {"rescue": lambda window: Rescue(window, shelf, lambda: self.show_unlock(shelf))}
        )
        self._window.go("rescue")

    def train(self, why: str = "") -> None:
        """The training commune: made on its first day, opened with the password that is shown.

        `why`: what put the officer out to this door.
        """
        from app.ui.rooms.training import TrainingDoor, Ways

        self._dress(training_shelf(self._laptop, self._reference))
        ways = Ways(opened=self._training_opened, back=self.knock)
        self._window.furnish(
            {"training": lambda window: TrainingDoor(window, self._laptop, self._reference, ways)}
        )
        self._window.go("training", why=why)

    def _training_opened(self, day: TrainingDay) -> None:
        self._end_centre()
        self._centre = day.centre
        self.open(day.entered)
        if day.trouble is not None:
            self._window.notice.show_error(day.trouble)

    def open(self, entered: Entered) -> None:
        """The register, as this officer may see it."""
        from app.ui.session import Session

        desk = entered.desk
        self._shelf = shelf(self._laptop, desk.commune)
        self._dress(self._shelf)
        self._session = Session(self._window, desk)
        self._session.link.revoked.connect(self._leave)
        said = _("The centre changed what you may do. Come in once more. Drafts are kept.")
        self._session.role_changed.connect(lambda: self.lock(said))
        self._session.begin(entered)

    def lock(self, why: str) -> None:
        """Forget the key and show the unlock screen; what was being typed is in its draft."""
        if self._session is None or self._shelf is None:
            return
        self._end_session()
        if self._shelf.is_training:
            self._end_centre()
            self.train(why)
            return
        self.show_unlock(self._shelf, why)

    def _help(self, page: str) -> None:
        """Before a register is open the guide lies over the screen; what was typed there stays."""
        from app.ui.guide import GuideSheet

        if self._session is not None:
            self._window.go("guidance", page=page)
        else:
            self._window.cover(GuideSheet(page, close=self._window.uncover))

    def _close(self) -> None:
        self._warming.stop()  # the lanes end with the window: nothing may begin one anew
        self._end_session()
        self._end_centre()

    def _end_centre(self) -> None:
        """The training centre lives as long as the window at most."""
        centre, self._centre = self._centre, None
        if centre is not None:
            centre.service.stop()

    def _end_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.end()

    def _dress(self, shelf: Shelf | None) -> None:
        wishes = self._wardrobe.wishes
        self._wardrobe.wear(Wishes(wishes.theme, wishes.factor, shelf is not None and shelf.is_training))
        self._window.set_place(shelf.place.name if shelf else "")
