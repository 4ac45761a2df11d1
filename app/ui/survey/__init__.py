"""Surveys in the window.

summary   what the answers to each question come to, as bars

What a form says and what follows from an answer is `app.survey`'s; what is kept is the actions'.
May not enter: rules of a form, SQL, files written to the disk in the clear.
"""
