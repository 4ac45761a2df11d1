"""Work that is begun before anybody waits for it: one commune after another, in a thread of its own.

Whoever waits may stop waiting; the work goes on. The thread ends with its work, and with the process.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock, Thread


@dataclass(frozen=True)
class _Begun:
    """One piece of work; `after`: the seq that it was asked for."""

    after: int
    done: Future[bytes] = field(default_factory=Future)


class Preparing:
    """What is being made of communes, and what is to be made next: `make` of a commune, not before a seq."""

    def __init__(self, make: Callable[[str, int], bytes]) -> None:
        self._make = make
        self._changing = Lock()
        self._begun: dict[str, _Begun] = {}  # by commune, in the order in which they were asked for
        self._has_thread = False

    def begin(self, code: str, after: int) -> _Begun:
        """Have it made, unless something is being made of this commune already."""
        with self._changing:
            found = self._begun.setdefault(code, _Begun(after))
            if not self._has_thread:
                self._has_thread = True
                Thread(target=self._work, name="preparing", daemon=True).start()
            return found

    def wait(self, code: str, after: int, seconds: float) -> bytes | None:
        """What is made; None when that takes longer, or was begun for somebody who asked for less."""
        begun = self.begin(code, after)
        try:
            made = begun.done.result(seconds)
        except TimeoutError:
            return None
        return made if begun.after >= after else None

    def _work(self) -> None:
        while True:
            with self._changing:
                code = next(iter(self._begun), "")
                if not code:
                    self._has_thread = False
                    return
                begun = self._begun[code]
            failed, made = None, b""
            try:
                made = self._make(code, begun.after)
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                failed = error
            with self._changing:
                del self._begun[code]
            if failed is None:
                begun.done.set_result(made)
            else:
                begun.done.set_exception(failed)
