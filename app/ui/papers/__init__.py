"""What the office prints: slips, lists, a person's sheet, the recovery code. Drawn by QPainter.

A paper is a frozen dataclass of facts and one function that draws it; `page.py` turns it into
a PDF or sends it to a printer, both in millimetres. Papers speak Vietnamese whatever language
the window speaks: they leave the office in the hand of somebody who reads Vietnamese.
Numbers are masked here and not by the caller; illness is never on a list that is posted.
May not enter: the store, the desk. Begin reading at `page.py`, then `slip.py`.
"""
