"""What is true on any machine: records, changes, rules, money, names, dates.

May not enter: any library outside the standard one, files, clocks, the network.
Data that the law or a bank may change lives in `resources/` and is handed in.
Begin reading at `records.py`.
"""
