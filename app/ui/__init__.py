"""The window: the only home of Qt and of threads. PySide6-Essentials; of the Addons, Multimedia for
the drive's camera alone, loaded when somebody asks for it.

Begin with `application` (the app and its look), `window` (rail, top bar, rooms, scanner) and
`room` (what a room is). A room is put together from `parts/`, `forms/`, `tables/`, `charts`,
says errors through `notices`, and leaves the GUI thread only through `jobs`.
Colours, sizes and fonts come from `theme`, pictures from `icons`; nobody else writes a colour.
Rooms lie in `rooms/`, one module each, and do not know each other: they say `self.shell.go(name)`.

May not enter: SQL, HTTP, child processes, and anything that takes 50 ms on the GUI thread.
"""
