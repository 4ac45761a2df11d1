"""Measurements, never part of the suite: `make bench`, or `make bench ARGS="search start"`.

Each module here has `measure()`, which returns rows of (name, figure, what): the figure is a ratio
to something measured in the same run wherever one exists, for absolute times do not travel between
machines; `what` says to what it compares, the unit, and the limit agreed for it.
"""
