"""Surveys in the field: a form filled for a household or a person, handed in, corrected; who goes where.

    knowing     what the register knows of whom it is about: lists, ids, first values
    filling     begin, keep, resume, move to a newer form, drop
    handing_in  one change set: the submission, what it writes, what it proposes, its photos
    reading     what was handed in, in words; taken: many, for a summary or a list that leaves
    assigning   to whom a hamlet, household or person is given; visits where nobody could be asked
    tallying    how much of each form was filled here

An unfinished filling lies in `store/fillings.py`. May not enter: how a form runs (`app.survey`), how a set is
judged, Qt. Begin reading at `filling.py`.
"""
