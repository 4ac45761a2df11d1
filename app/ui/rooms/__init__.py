"""The rooms of design/ui.md, one module each; a room that outgrows 400 lines becomes a folder.

A room subclasses `app.ui.room.Room`, receives the desk and the window, asks actions to change
and queries to read, and never imports another room: `self.shell.go("person", person_id=…)`.
"""
