"""What the enrolment drive is put together from: its frame, its four steps, its side panel, its slips.

Each step fills itself from `actions.drive.Entered`, gives back what was entered, and says what
is wrong; the room (`ui/rooms/drive.py`) decides which step is shown, saves, and takes scans.
Sizes are those of look.md for the drive: large type, targets of 48 px and more.
May not enter: the store, saving, the choice of the next step. Begin reading at `step.py`.
"""
