"""An author's form looked over: how the room of `app/ui/rooms/form_check.py` words what was found.

`findings.py` is the table of what is wrong with it, `verdict.py` what is said of the whole, `trying.py` the
form filled in and kept nowhere.
What may not enter: rules. What may be published is said by `app/survey/publish.py`, what is packed by
`app/actions/surveys.py`; neither touches the register, so nothing here asks for a password.
Begin reading at the room.
"""
