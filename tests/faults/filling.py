"""The victim: an officer who fills forms, and says each answer aloud once it was kept.

Run as `python -m tests.faults.filling`; each line of `HOME SEED FORM HOUSEHOLD` makes a victim, killed by
`test_killed_fillings.py`. It goes on with the draft that an earlier death left.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
from pathlib import Path

from app.actions.desk import Desk
from app.actions.surveying.filling import Filling, begin, keep, keep_photo, take_up
from app.actions.surveying.handing_in import hand_in
from app.domain.progress import Progress
from app.store import fillings
from app.store.fillings import About
from app.survey.views import NodeView
from tests.faults.working import open_desk, say

_PLENTY = 12  # answers, then it is handed in
_TEXTS = ("0912000111", "1950", "nhà dột", "3", "Cà Thị Hà Vy")


def fill(desk: Desk, filling: Filling, chance: random.Random) -> None:
    """Answer after answer, each said when it is on the disk; handed in at the end."""
    session = filling.session
    for _ in range(_PLENTY):
        node = chance.choice([node for node in session.nodes() if _is_asked(node)])
        text = chance.choice(_TEXTS)
        if node.kind == "upload":
            text = keep_photo(desk, filling, b"\xff\xd8\xff" + chance.randbytes(40_000))
        say("answering", filling.kept.id)
        session.answer(node.ref, text)
        kept = filling.kept_now()
        keep(Progress(), desk, kept)
        say("kept", filling.kept.id, hashlib.sha256(kept.content).hexdigest())
    say("handing", filling.kept.id)
    say("handed", filling.kept.id, hand_in(desk, filling).record)


def _is_asked(node: NodeView) -> bool:
    is_question = node.control is not None and node.kind not in ("group", "repeat")
    return is_question and node.is_relevant and not node.is_readonly


def work(home: Path, seed: int, form: str, household: str) -> None:
    """Work until killed."""
    desk, chance = open_desk(home), random.Random(seed)
    with desk.vault.read() as connection:
        left = [each.id for each in fillings.every(connection)]
        about = fillings.about_household(connection, household) or About()
    say("ready")
    for draft in left[:1]:
        fill(desk, take_up(desk, draft), chance)
    while True:
        fill(desk, begin(desk, form, about), chance)


def main() -> None:
    """A victim a line: what is imported is imported once, and each is a process of its own."""
    for line in sys.stdin:
        home, seed, form, household = line.split()
        victim = os.fork()
        if not victim:
            say("pid", str(os.getpid()))
            work(Path(home), int(seed), form, household)
        os.waitpid(victim, 0)
        say("ended")


if __name__ == "__main__":
    main()
