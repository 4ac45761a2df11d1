"""A laptop's way in when passwords and the sheet in the safe are lost: by the centre's custodians, offline.

The office sends the key file of its laptop, which holds the database key sealed to the centre's recovery
identity. Two custodians keep half of that each; both together open it and read the code out to an officer
whom they know.
"""

from __future__ import annotations

from app.seal.recovery import spelled_key
from app.seal.sealing import Identity
from app.store.slots import read_kept


def code_for(keyfile: bytes, custody: Identity) -> str:
    """The code that opens the register of this `keys.json`, or of the `recovery.json` of a revoked laptop.

    Refusal("recovery.another_code") when it was never sealed to this centre; Trouble("keyfile.damaged").
    """
    return spelled_key(read_kept(keyfile).open(custody))
