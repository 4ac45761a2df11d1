"""Hands over: a child to the sandbox, everything else to the command line."""

from __future__ import annotations

import gc
import io
import sys

_OBJECTS = 50_000


def collect_seldom() -> None:
    """Look for circles of garbage seldom: who reads thousands of records keeps them, and each look walks all.

    Half the time of a child that read a stick, a quarter of a laptop's that took it in.
    """
    gc.set_threshold(_OBJECTS)


def main() -> int:
    """Run what the command line asks; a child's work begins before anything heavy is imported."""
    collect_seldom()
    kind, rest = "".join(sys.argv[1:2]), sys.argv[2:]
    if kind == "--child":
        from app.sandbox.inside import child_main

        return child_main()
    if kind == "--mate":
        from app.sandbox.mate import mate_main

        return mate_main()
    for stream in (sys.stdout, sys.stderr):
        # Windows writes a pipe in the machine's old code page, and has no streams in a window. A line
        # stands before the progress that follows it on the other stream.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", line_buffering=True)
    from app.cli.frame import run

    if kind == "--service":
        from app.sandbox.companions import service_main

        return service_main(rest, run)
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
