"""The only home of SQL: encrypted rows, journal, audit, search; and the centre's tables.

May not enter: Qt, the network, cryptography beyond opening the vault.
A record row shows the officer's own edits at once; `accepted` holds what lies beneath
while they wait (design/sync.md, Pending edits). The outbox is a condition,
`changes.seq IS NULL`. Set ids, signatures and heads are bytes here, hexadecimal above.
Apart from design/security.md: a backup is a folder (register, key file, photos, what vouches for them); an
append to the rescue capsule is not flushed, for its tail is refilled at the next start; what a laptop
remembers of its vault follows at once whatever the log tells besides saves, and saves within a second; a
stick's file is compared before it has its name with what the system holds of it, and after that with the
device.
Begin reading at `tables.py`, then `unit.py` (one press of Save, one page absorbed) on the
laptop and `journal.py` on the centre; both move cells through `domain/standing.py`.
"""
