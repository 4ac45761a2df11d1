"""Filling a survey: one group a page, large controls, errors at the field, a draft after every answer.

asking     what a control may ask of the filling it stands in, and of the window
controls/  a control for each kind of question

What a form says and what follows from an answer is `app.survey`'s; what is kept is the actions'. A control
shows one node and says what was answered, and knows neither its neighbours nor the register.
May not enter: rules of a form, SQL, files written to the disk in the clear.
"""
