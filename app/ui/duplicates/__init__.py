"""What the page of duplicate persons is put together from; the room around it is `rooms/duplicates.py`.

    found      everything shown, read in one view of the register, away from the window
    wording    likeness, reasons and records in an officer's words
    sides      two records line by line, for who proposes and who approves
    pair       two people side by side: who stays, what is taken over, or that they are two
    batch      pairs that two imports of one workbook made, on one list with ticks
    waiting    what waits for a second officer; who was said to be two
    pane       the queue of all these

May not enter: who could be one person (`app.store.likeness`), what a merge is (`app.domain.aliases`).
Begin at `pane.py`.
"""
