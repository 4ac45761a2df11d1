"""What is true on any machine: records, changes, rules, money, names, dates.

May not enter: any library outside the standard one, files, clocks, the network.
Data that the law or a bank may change lives in `resources/` and is handed in.
Beyond design/security.md: a name is a plain edit, and whoever is paid is held back from the list where hers
was written anew since two officers approved and is not the account holder's any more (`in_force.py`).
Begin reading at `records.py`.
"""
