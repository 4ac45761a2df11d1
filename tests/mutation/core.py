"""What the security core is, file by file, and which tests answer for it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def _seal(*names: str) -> tuple[str, ...]:
    return tuple(f"app/seal/{name}.py" for name in names)


def _store(*names: str) -> tuple[str, ...]:
    return tuple(f"app/store/{name}.py" for name in names)


def _domain(*names: str) -> tuple[str, ...]:
    return tuple(f"app/domain/{name}.py" for name in names)


# Every branch of these is taken by some test: part → files (`make cover`).
CORE: dict[str, tuple[str, ...]] = {
    "keys": (
        *_seal("keys", "many", "certificates", "wrapping", "codes", "recovery", "enrolment"),
        *_seal("passwords", "tls"),
        *_domain("terms"),
        *_store("keyslots", "slots", "device_secret", "rekeying", "throttle", "passwords", "proofs"),
    ),
    "seal": _seal("statements", "sealing", "bundles", "capsule"),
    "chain": (
        *_domain("changes", "standing", "judge", "walk", "usual", "resting"),
        *_store("audit", "witness"),
    ),
    "approval": (
        *_domain("approval", "proposals", "aliases", "decisions", "in_force"),
        *_store("approvals"),
        "app/actions/approvals.py",
    ),
    # `inside.py` runs in a test's own process: a child that may write no file leaves no measure of itself.
    "guard": (
        "app/sheets/gate.py",
        "app/sheets/reader.py",
        *(f"app/sandbox/{name}.py" for name in ("children", "frames", "inside")),
    ),
}
TAKING = (
    "tests/domain",
    "tests/seal",
    *(
        f"tests/store/test_{name}.py"
        for name in (
            "keyslots",
            "device_secret",
            "rekeying",
            "throttle",
            "passwords",
            "proofs",
            "recovery",
            "audit",
            "witness",
            "leave",
            "capsule",
            "stick",
        )
    ),
    "tests/actions/test_approvals.py",
    "tests/central/test_put_back.py",
    "tests/central/test_renamed.py",
    "tests/sheets/test_gate.py",
    "tests/sheets/test_admitted.py",
    "tests/sheets/test_hostile.py",
    "tests/test_crew.py",
    "tests/test_sandbox.py",
    "tests/test_sandbox_inside.py",
)

# Broken on purpose, one place at a time: part → files (`make mutate`).
BROKEN: dict[str, tuple[str, ...]] = {
    "judge": _domain("judge", "standing", "decisions"),
    "approval": _domain("approval", "proposals", "aliases"),
    "seal": tuple(sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("app/seal/*.py"))),
}
# Every test that holds the rules of what was broken, and no long one that only makes use of them.
_OF_DOMAIN = tuple(
    f"tests/domain/test_{name}.py"
    for name in (
        "agreed",
        "aliases",
        "approval",
        "authority",
        "decisions",
        "in_force",
        "judge",
        "judged_anew",
        "standing",
        "wanted",
    )
)
NOTICING: dict[str, tuple[str, ...]] = {
    "judge": _OF_DOMAIN,
    "approval": _OF_DOMAIN,
    "seal": ("tests/seal",),
}
PART_SCORE_MIN, FILE_SCORE_MIN = 90, 85  # of a hundred breaks
