"""What an officer does: one function = one Save (design/architecture.md).

Each takes the desk and facts, checks the rules, and makes one change set in one
transaction, or raises Refusal and changes nothing. Reads belong to `store.queries`.
Before each approval, look at what is masked and way out of the register stands her password, typed lately
(`desk.py`); what is sealed for the centre, the slip just made and a minute that names nobody go without.
May not enter: Qt, SQL text, sentences (errors carry codes).
Begin reading at `desk.py`, then `people.py`.
"""
