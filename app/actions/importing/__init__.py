"""A commune's workbook into the register: read, compared, answered, written, taken back.

    facts       what a review is made of: rows, points, answers
    values      what a row says, as the register's fields
    settling    the officer's answers laid over what a row says
    matching    who a row is: nobody yet, somebody of the register, or a question
    points      what the officer should see of a row: to answer, mended, to know
    reviewing   read, compare, answer; every answer keeps itself in a draft
    writing     all that is settled, in one transaction
    keeping     drafts, and what earlier imports wrote
    undoing     an import taken back

May not enter: a guess nobody is told of, a value written over one that stands.
Begin reading at `reviewing.py`.
"""
