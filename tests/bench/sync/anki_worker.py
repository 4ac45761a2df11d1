"""Anki beside us: a note of 26 fields and a card a person, its own client against its own server.

Run by the Python of a virtual environment that holds `anki` alone (`make bench-sync` makes it), so it
imports nothing of ours. Told what to do in lines of JSON like `worker.py`; a cell is [line, field].
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from anki.collection import AddNoteRequest, Collection
from anki.decks import DeckId

Said = dict[str, Any]
_WHOLE = ("FULL_SYNC", "FULL_DOWNLOAD", "FULL_UPLOAD")


class Copy:
    """One collection, signed in to the server."""

    def __init__(self, path: str, url: str, people: str) -> None:
        self._people, self._url = people, url
        self._collection = Collection(path)
        self._auth: Any = None
        self._notes: list[Any] = []

    def load(self) -> Said:
        """Every line of the list becomes a note."""
        models, lines = self._collection.models, list(self._lines())
        kind = models.new("Person")
        for field in lines[0]:
            models.add_field(kind, models.new_field(field))
        card = models.new_template("card")
        card["qfmt"], card["afmt"] = "{{id}}", "{{name}}"
        models.add_template(kind, card)
        models.add(kind)
        made = []
        for line in lines:
            note = self._collection.new_note(models.by_name("Person"))
            note.fields = [str(value) for value in line.values()]
            made.append(AddNoteRequest(note=note, deck_id=DeckId(1)))
        self._collection.add_notes(made)
        return {}

    def _lines(self) -> Iterator[dict[str, object]]:
        with open(self._people, encoding="utf-8") as file:
            yield from map(json.loads, file)

    def sync(self) -> Said:
        """Sync; the first time the whole collection goes or comes."""
        if self._auth is None:
            self._auth = self._collection.sync_login("u", "p", self._url)
        done = self._collection.sync_collection(self._auth, False)
        if done.required not in [getattr(done, name) for name in _WHOLE]:
            return {}
        uploads = done.required == done.FULL_UPLOAD
        uploads |= done.required == done.FULL_SYNC and bool(self._collection.note_count())
        self._collection.close_for_full_sync()
        self._collection.full_upload_or_download(auth=self._auth, server_usn=None, upload=uploads)
        self._collection.reopen(after_full_sync=True)
        return {}

    def _note(self, line: int) -> Any:
        if not self._notes:
            order = "select id from notes order by substr(flds, 1, 32)"
            self._notes = self._collection.db.list(order)
        return self._collection.get_note(self._notes[line])

    def edit(self, changes: list[tuple[int, str, str | int]]) -> Said:
        """One field of a note changed, for each."""
        moved = []
        for line, field, value in changes:
            note = self._note(line)
            note[field] = str(value)
            moved.append(note)
        self._collection.update_notes(moved)
        return {}

    def values(self, places: list[tuple[int, str]]) -> Said:
        """What stands in these cells."""
        return {"values": [self._note(line)[field] for line, field in places]}

    def digest(self) -> Said:
        """All notes, to compare two collections."""
        held = self._collection.db.list("select flds from notes order by flds")
        return {"rows": hashlib.sha256("\n".join(held).encode()).hexdigest()}

    def close(self) -> Said:
        """Close the collection."""
        self._collection.close()
        return {}


def main() -> None:
    """Do as told until nothing more is said."""
    copy: Copy | None = None
    for asked_in in sys.stdin:
        asked: Said = json.loads(asked_in)
        verb = asked.pop("verb")
        start, cpu = time.perf_counter(), time.process_time()
        said: Said = {}
        if copy is None:
            copy = Copy(**asked)
        else:
            act: Callable[..., Said] = getattr(copy, verb)
            said = act(**asked)
        took = {"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu}
        print("@@" + json.dumps({**took, **said}), flush=True)


if __name__ == "__main__":
    main()
