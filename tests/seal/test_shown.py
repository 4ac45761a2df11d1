"""No key, password or code stands where something is shown: in what `repr` says, and so in any log of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parent.parent.parent / "app"
SECRET = {"database_key", "secret", "seed", "password", "recovery_code", "identity", "half", "stretched"}
_KINDS = ("dataclass", "Struct", "NamedTuple")
# By another name elsewhere: the code on the sheet, what a key is wrapped in.
ALSO = {("RecoverySheet", "code"), ("Held", "receives")}
# No secret of these names: whose it is, or that there is one.
NOT_SECRET = {("Slot", "receives")}


def fields() -> Iterator[tuple[str, str, str, bool]]:
    """Module, class, field and whether `repr` leaves it out, of every class that is made of its fields."""
    for file in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            kinds = " ".join(map(ast.unparse, [*node.decorator_list, *node.bases]))
            if not any(kind in kinds for kind in _KINDS):
                continue
            own = [ast.unparse(each) for each in node.body if getattr(each, "name", "") == "__repr__"]
            for each in node.body:
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                    name, said = each.target.id, ast.unparse(each.value) if each.value is not None else ""
                    is_left_out = f"self.{name}" not in own[0] if own else "repr=False" in said
                    yield file.stem, node.name, name, is_left_out


def is_secret(of: str, name: str) -> bool:
    return ((name in SECRET) or (of, name) in ALSO) and (of, name) not in NOT_SECRET


def test_no_secret_is_shown() -> None:
    found = {(of, name): is_left_out for _file, of, name, is_left_out in fields() if is_secret(of, name)}
    assert [of for of, is_left_out in found.items() if not is_left_out] == []
    assert found.keys() >= {
        ("Unlocked", "database_key"),
        ("SigningKey", "seed"),
        ("DeviceSecret", "secret"),
        ("Identity", "secret"),
        ("Entered", "recovery_code"),
        ("RecoverySheet", "code"),
        ("Application", "secret"),
    }
