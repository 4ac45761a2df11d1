"""The rooms of design/ui.md, one module each; a room that outgrows 400 lines becomes a folder.

A room subclasses `app.ui.room.Room`, receives the desk and the window, asks actions to change
and queries to read, and never imports another room: `self.shell.go("person", person_id=…)`.
What two rooms share is a part (`app/ui/parts`); what takes 50 ms is a job (`self.shell.jobs`).
May not enter: rules, SQL, colours, pixels that do not go through `look().px`.
"""
