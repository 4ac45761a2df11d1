"""The parts of the import room, which itself is `rooms/importing.py`.

    words      kinds, answers and explanations as an officer reads them; masks and marked letters
    choosing   the first step: a file, a draft, an earlier import
    columns    the second step: what each column means
    kinds      the list at the left: answer, mended, to know
    lines      the table of cells, grouped by kind, with accept, edit and undo in each row
    answering  the question of the current row and its answers; the line to type another value
    strip      the row as it stands in the workbook
    page       the third step: all of these around the sum that adds up

May not enter: rules. What may be answered is said by `app.actions.importing`.
"""
