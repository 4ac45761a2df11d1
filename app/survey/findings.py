"""What is wrong with a form, or could be better: where, and in a code that `resources` has words for."""

from __future__ import annotations

from dataclasses import dataclass, field

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """`weight`: an error forbids publishing, a warning does not. `sheet`, `cell`: empty of the whole form."""

    weight: str
    code: str
    sheet: str = ""
    cell: str = ""
    facts: dict[str, str | int] = field(default_factory=dict)
