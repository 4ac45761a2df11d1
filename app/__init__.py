"""Sổ An Sinh: an officer's action is a function that makes one change set;
the store writes it in one transaction; sync carries it; the screen shows it.

Arrows point down only:
    __main__ → cli → ui | central → bootstrap → actions → sync | sheets | survey
             → store → seal | sandbox | words → domain
Begin reading at `domain/records.py` (what a record is), then `domain/changes.py`
(what one press of Save is), then `store/unit.py` (how it reaches the disk).
"""
