"""What an officer does: one function = one Save (design/architecture.md).

Each takes the desk and facts, checks the rules, and makes one change set in one
transaction, or raises Refusal and changes nothing. Reads belong to `store.queries`.
May not enter: Qt, SQL text, sentences (errors carry codes).
Begin reading at `desk.py`, then `people.py`.
"""
