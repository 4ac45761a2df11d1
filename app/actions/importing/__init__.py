"""A commune's workbook into the register: read, compared, answered, written, taken back.

    facts       what a review is made of: rows, points, answers
    values      what a row says, as the register's fields
    settling    the officer's answers laid over what a row says
    matching    who a row is: nobody yet, somebody of the register, or a question
    comparing   a row beside the person it is
    points      what the officer should see of a row: to answer, mended, to know
    reviewing   read, compare, answer; every answer keeps itself in a draft
    composing   what is settled, as change sets; `writing` writes them, `undoing` takes them back
    around      drafts and earlier imports

May not enter: a guess nobody is told of, a value written over one that stands.
Begin reading at `reviewing.py`.
"""
