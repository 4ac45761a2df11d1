"""`make bench-sync`: what it costs to keep two laptops alike, beside Anki on the same invented people.

`run.py` prints the table; `workload.py` is what both sides do; `sides.py` starts servers, lines and laptops,
each in a process of its own; `proxy.py` counts bytes and plays 2G; `worker.py` is one of our laptops,
`anki_worker.py` one of theirs. Nothing of it is in the suite but a run with sixty people.
"""
