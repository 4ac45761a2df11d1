"""sync.md's rules held against random schedules of the real engine: any seed replays exactly.

`disks.py` databases that copy in a moment · `straight.py` how the stores speak to them ·
`remembered.py` what is reckoned once · `world.py` laptops, a centre, sticks · `officers.py` what
people do · `schedule.py` seed → what happens · `truth.py` what must hold at the end · `planted.py`
bugs that must be found.
"""
