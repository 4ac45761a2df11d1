"""Every table. Both ends share nothing but `domain`.

recorded   the records, generated from `domain.records`: a laptop's copy
laptop     what a laptop keeps beside them: change sets, what is local alone
centre     what the centre keeps
May not enter: statements; who reads and writes a table is a module of `app.store`.
Begin reading at `recorded.py`.
"""

from app.store.tables.centre import (
    aside,
    central,
    commune,
    deed,
    deposit,
    deposit_piece,
    device,
    invitation,
    journal,
    officer,
    operator,
    programme,
    snapshot,
    snapshot_block,
    standing,
)
from app.store.tables.laptop import (
    accepted,
    alike,
    audit,
    awaited,
    changes,
    digest,
    diverged,
    drafts,
    exchanges,
    files,
    filling,
    layouts,
    name_order,
    overwritten,
    place,
    refused,
    replaced,
    spelling,
    touched,
    uncompared,
)
from app.store.tables.recorded import (
    COUNTED,
    records,
    replica,
)

__all__ = [
    "COUNTED",
    "accepted",
    "alike",
    "aside",
    "audit",
    "awaited",
    "central",
    "changes",
    "commune",
    "deed",
    "deposit",
    "deposit_piece",
    "device",
    "digest",
    "diverged",
    "drafts",
    "exchanges",
    "files",
    "filling",
    "invitation",
    "journal",
    "layouts",
    "name_order",
    "officer",
    "operator",
    "overwritten",
    "place",
    "programme",
    "records",
    "refused",
    "replaced",
    "replica",
    "snapshot",
    "snapshot_block",
    "spelling",
    "standing",
    "touched",
    "uncompared",
]
