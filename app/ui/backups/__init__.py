"""Parts of the two rooms of backups: how a backup is written in a list, and how one is opened.

`lines.py` writes a backup in columns and in facts; `opening.py` is the form that asks by what a backup is
opened (a password of that day, or the sheet from the safe), in the drill and before the lock alike.
May not enter: rooms; what makes, tries or restores (`app/actions/backups.py`, `app/bootstrap/restoring.py`).
Begin reading at `lines.py`.
"""
