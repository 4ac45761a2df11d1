"""The training commune: invented people who look like those of a commune in the north-west.

An officer tries everything on them, so they bring what real lists bring: birth years alone,
old numbers, numbers that disagree with the sex, the same person twice, an account shared by
strangers. The same seed and day give the same people; nobody of them lives.
Tables of names and places stand in `resources/training`. Pure: no desk, no vault, no clock.
Begin reading at `people.py` (who they are), then `writing.py` (the edits that write them).
"""
