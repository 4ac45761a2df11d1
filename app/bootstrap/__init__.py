"""The one place where parts are joined: laptop, key file, vault, clock → Desk.

What stands before the lock (which communes this laptop holds, their covers and key files) is in
`shelves.py` and imports no database: an unlock screen is drawn from it alone. What opens the lock is
in `entering.py`; the training day, which also starts its own centre, in `training.py`.
May not enter: Qt, SQL; what an officer does once she sits at the desk (`actions`).
The cover of a commune is looked up from its code, so nothing is read from a vault before it is open.
Whoever approves for two communes holds a vault of each, with a slot, a key and a certificate of its own.
Begin reading at `shelves.py`.
"""
