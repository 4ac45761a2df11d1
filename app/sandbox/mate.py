"""A mate's side of a crew: one part after another, with nothing imported but what the work is."""

from __future__ import annotations

import gc
import importlib
import marshal
import os
import sys


def mate_main() -> int:
    """What `--mate` does, until its input ends; whatever goes wrong ends it, and its crew sees that."""
    gc.disable()  # what comes and goes makes no circle
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what somebody prints must not look like an answer
    while size := int.from_bytes(requests.read(8), "big"):
        module, name, part = marshal.loads(requests.read(size))
        answer = marshal.dumps(getattr(importlib.import_module(module), name)(*part))
        replies.write(len(answer).to_bytes(8, "big") + answer)
        replies.flush()
    return 0
