"""Filling a survey: one group a page, large controls, errors at the field, a draft after every answer.

runner    the whole of it: steps, page, footer, keys; begin reading there
live      the filling that every part asks and answers, and what it tells them
laid      what all parts of a page share; board, question, rows: pages, questions, repeats; grid: columns
sheet     the page in the middle; review, the last of them; side and steps, footing: what is around it
asking    what a control may ask of the filling it stands in; controls/ one for each kind of question
summary   what the answers to each question come to; answers_view: one submission, read

What a form says and what follows from an answer is `app.survey`'s; what is kept is the actions'.
May not enter: rules of a form, SQL, files written to the disk in the clear.
"""
