"""One conversation of two messages, `SyncRequest` and `SyncResponse`, and what carries it.

The engine takes no transport: `replica.compose()`, `register.exchange(request)`,
`replica.absorb(response)`; a carrier loops around them. A centre MUST take a commune's sets
in one gapless order, judge each atom once, answer a replay with the verdict it gave, and
sign the head it serves; a replica MUST apply entries beneath its waiting edits in one
transaction with its cursor, and MUST NOT drop a set before the cursor passes its seq.
Carriers: `https.py`, `stick.py`. May not enter: Qt, SQL, FastAPI; `requests` but in `https.py`.
Apart from design/sync.md: digests and `on` name an accepted set by its seq, not its hash (the signed head
binds one to the other); own entries go by number under one hash, receipts name only what was not taken; a
clone renewed is `<id>~<mark>` with its key, so that it goes on without a link; evidence after a fill is
believed by its author's signature and what stands, until the chain of heads passes over it; a message is
signed over its length and hash, announced first; a transfer carries values and ids of sets, not an import's
sets; a list needs a whole journal, and tells an approver's role by her newest certificate (`verifying.py`).
Begin reading at `messages.py`.
"""
