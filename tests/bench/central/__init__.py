"""`make bench-central`: the centre under load, real processes on a real PostgreSQL, real signed requests.

`country.py` lays communes into its book; `calls.py` composes and signs what their laptops will say before
anything is measured; `driver.py` says it; `morning.py` is a morning of a whole country; `run.py` prints the
table. Driver, service and database share this machine's cores, so processor time is told beside every rate.
"""
