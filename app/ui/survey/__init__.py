"""Surveys in the window.

answers_view  a submission as it was handed in, question by question
answer_words  an answer as people read it

What a form says and what follows from an answer is `app.survey`'s; what is kept is the actions'.
May not enter: rules of a form, SQL, files written to the disk in the clear.
"""
