"""The only home of cryptography: sign, check, seal, open, wrap keys, codes that people type.

Formats are made here, ciphers never: Ed25519 and XChaCha20-Poly1305 by libsodium (PyNaCl),
Argon2id by argon2-cffi, HKDF and X.509 by cryptography, sealed files by age (pyrage).
Apart from design/security.md: a laptop opens sticks with its Ed25519 device key, converted to X25519.
May not enter: SQL, Qt, the network, files. The centre imports this without any of them.
Begin reading at `keys.py` (who signs), then `certificates.py` (who is believed),
`wrapping.py` (what a password opens), `sealing.py` (what only its addressee opens), `bundles.py`
(what a stick carries) and `capsule.py` (what a laptop that cannot get in gives away).
"""
