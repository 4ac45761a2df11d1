"""The tree of what can be refused and what can go wrong.

    Exception
    ├── Refusal      a rule says no; the officer can act on it; nothing was changed
    │   └── Denied   her role, or her own part in it, says no: noted in the log
    ├── Trouble      the world says no: disk, network, stick, lock; try again or call someone
    └── Cancelled    the officer said stop; the work was rolled back

Anything else that is raised is a bug. Errors carry a code and facts, never a
sentence: `app.words.explain` finds the sentences (what happened, what was kept,
what to do) in `resources/translations/*/errors.po`, and a test fails if a code
raised anywhere has none. Facts hold counts, file kinds, field names, positions;
never a person's name or number, for they may reach a log.
"""

from __future__ import annotations

Fact = str | int


class Coded(Exception):
    """Shared shape: `code` is dotted, lower case; `facts` fill the sentence."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{name}={value}" for name, value in self.facts.items())])


class Refusal(Coded):
    """A rule says no. `field` names the field at fault, where there is one."""

    def __init__(self, code: str, *, field: str | None = None, **facts: Fact) -> None:
        super().__init__(code, **facts)
        self.field = field


class Denied(Refusal):
    """Her role forbids it, or her own part in it. The log of the vault keeps who tried what, once a try.

    `officer` tried to do `deed` (a verb, or a verb and a field) to a record of this `kind`, if any.
    """

    def __init__(self, code: str, officer: str, deed: str, *, kind: str = "", **facts: Fact) -> None:
        super().__init__(code, field=None, **facts)
        self.officer, self.deed, self.kind = officer, deed, kind
        self.is_noted = False


class Trouble(Coded):
    """The world says no: full disk, lost link, locked file, pulled stick."""


class Cancelled(Exception):
    """The officer pressed Cancel; whoever catches this has rolled back."""
