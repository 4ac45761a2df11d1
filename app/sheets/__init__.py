"""Workbooks in and out: what communes keep in Excel, read as located facts; lists written back.

    gate      what a file must be before anything parses it
    reader    one file → Book: rows of located cells (xlsx, xls, ods, separated text)
    reading   Book → Reading: tables found, columns named, people proposed, every row accounted for
    writer    lists out; separate: the same as separated text

May not enter: Qt, the register's rows, guesses nobody is told of. Strangers' files are parsed
in the sandbox's child only; what an office means by its words is data in resources/sheets.
Begin reading at `reading.py`.
"""
