"""What the conflict screen is put together from; the room around it is `rooms/conflicts.py`.

    found      everything shown, read in one view of the register
    wording    values, sources and people in an officer's words
    sides      both sides of one conflict, line by line, and what stands in the rest of the record
    deciding   choice, reason, what will follow
    pages      one conflict with its decision, or what was decided
    pane       the queue of them

May not enter: who may decide and whose word counts (`app.actions.conflicts`). Begin at `pane.py`.
"""
