"""The only starter of child processes.

Files that strangers wrote are read in a limited child: 1 GiB, 30 s, no core dump
(security.md, Files in). A 1.4 kB workbook can abort a reader beyond any `except`;
then the child dies and the officer gets a sentence. Plain data goes in and comes back
as MessagePack over pipes, numbers of progress on the way, Cancel kills.

The same program starts again under a hidden verb, from source and when frozen:
`--child` for calls one after another (`inside.py`), `--mate` for a share of our own work on another core
(`crew.py`), `--service …` for a companion that ends with us (`companions.py`). What systems do differently
is in `system.py`.
May not enter: what a file means. Begin reading at `children.py`.
"""
