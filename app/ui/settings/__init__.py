"""The pages of Settings: officers and laptops, roles, and the recovery code.

Each shows what an action read, asks her password again (`app/ui/proving.py`) and calls an action.
What may not enter: rules, SQL; who may do what is said by the actions, and said again by the centre.
`officers.py` is the page, `columns.py` what its two lists show, `appointing.py` an officer's roles to be
changed; `roles.py` what each role may; `recovery.py` the sheet in the safe; `forms.py` the forms of surveys.
Begin reading at `app/ui/rooms/settings.py`, which opens them.
"""
