"""Every record kind and field, declared once.

Tables, editors, columns, merge, digest, history and export derive from this module.
Adding a field touches this file, a migration and the words in `resources/`.
The label of a field is the dotted key `field.<kind>.<name>`, of a choice
`choice.<kind>.<name>.<value>`, of a kind `kind.<kind>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

Value = str | int | bool | None


class Type(StrEnum):
    """What a field holds, and how its value is written in a change set."""

    TEXT = "text"  # str, NFC
    DIGITS = "digits"  # str of a number whose zeros count: identity, phone, account
    CHOICE = "choice"  # str, one of `choices`
    CODE = "code"  # str out of dated data: a group, a provider, an ethnicity
    DATE = "date"  # str, ISO, as precise as known: 1950, 1950-03, 1950-03-02
    MONEY = "money"  # int, đồng
    WHOLE = "whole"  # int
    FLAG = "flag"  # bool
    REF = "ref"  # str, the id of a record of kind `refers`
    MEMBERS = "members"  # a set; each member is a cell `field/member`, True or None
    SEALED = "sealed"  # str, canonical JSON written once by a proposal
    DOCUMENT = "document"  # str, XML as it was handed in
    DIGEST = "digest"  # str, a SHA-256: 64 hexadecimal digits


class Merge(StrEnum):
    """What happens when two laptops change one field apart (sync.md, Judging)."""

    ORDINARY = "ordinary"  # the later effective clock stands, the other is listed
    GUARDED = "guarded"  # what stands stays, a conflict opens, people decide
    ONCE = "once"  # written by the set that makes the record, never again
    APPROVED = "approved"  # guarded, and only an approving set of a second officer writes it


@dataclass(frozen=True)
class Field:
    """One field of one record kind."""

    name: str
    type: Type
    merge: Merge = Merge.ORDINARY
    masked: bool = False
    choices: tuple[str, ...] = ()
    refers: str | None = None


@dataclass(frozen=True)
class Kind:
    """One record kind: a table, an editor, a slice of the digest."""

    name: str
    fields: tuple[Field, ...]

    def field(self, cell: str) -> Field | None:
        """The field behind a cell name: `phone`, or `needs/home_payment` for a member."""
        name, _, member = cell.partition("/")
        field = _FIELDS.get((self.name, name))
        if field is None or (field.type is Type.MEMBERS) != bool(member):
            return None
        return field if not member or member in field.choices else None


T, D, N, O = Type.TEXT, Type.DATE, Type.DIGITS, Merge.ONCE  # noqa: E741 - a table reads better
G, A = Merge.GUARDED, Merge.APPROVED


def _choice(name: str, *choices: str, merge: Merge = Merge.ORDINARY) -> Field:
    return Field(name, Type.CHOICE, merge, choices=choices)


def _ref(name: str, kind: str, merge: Merge = Merge.ORDINARY) -> Field:
    return Field(name, Type.REF, merge, refers=kind)


PERSON = Kind(
    "person",
    (
        Field("name", T, G),
        Field("name_typed", T),
        _choice("sex", "male", "female", merge=G),
        Field("birth", D, G),
        Field("personal_id", N, G, masked=True),
        Field("old_id", N, G, masked=True),
        Field("id_issued", D),
        Field("id_issuer", T),
        Field("ethnicity", T),
        Field("phone", N, masked=True),
        Field("phone_owner", T),
        Field("hamlet", T),
        Field("address", T),
        Field("current_address", T),
        _choice("residence", "permanent", "temporary", "absent"),
        _ref("household", "household", G),
        Field("relation", T),
        Field("guardian", T),
        Field("disability", Type.CODE, G, masked=True),
        Field("vneid_level", Type.WHOLE),
        Field("smartphone", Type.FLAG),
        _choice("wish", "account", "cash"),
        Field("wish_reason", T),
        Field("needs", Type.MEMBERS, choices=("home_payment", "interpreter", "bedridden", "visit")),
        Field("note", T),
        _choice("state", "active", "died", "moved", "ended", "entered_by_mistake", merge=G),
        Field("state_since", D, G),
        _ref("receiving_account", "account", A),
    ),
)

HOUSEHOLD = Kind(
    "household",
    (
        Field("code", T, G),
        _ref("head", "person", G),
        Field("head_name", T),
        Field("hamlet", T),
        Field("address", T),
        _choice("poverty", "poor", "near_poor", "none", merge=G),
        Field("poverty_year", Type.WHOLE, G),
        Field("b1_score", Type.WHOLE, G),  # sheets B1 (income) and B2 (deprivation) of Circular 07/2021
        Field("b2_score", Type.WHOLE, G),
        Field("note", T),
        _choice("state", "active", "ended", "entered_by_mistake", merge=G),
    ),
)

ENTITLEMENT = Kind(
    "entitlement",
    (
        _ref("person", "person", O),
        Field("group", Type.CODE, G),
        Field("coefficient", T, G),
        Field("amount", Type.MONEY, G),
        Field("since", D, G),
        Field("until", D, G),
        Field("decision", T, G),
        Field("decided", D, G),
        _choice("state", "active", "suspended", "ended", "entered_by_mistake", merge=G),
        Field("note", T),
    ),
)

ACCOUNT = Kind(
    "account",
    (
        _ref("person", "person", O),
        _choice("kind", "bank", "e_wallet", "mobile_money", merge=O),
        Field("provider", Type.CODE, O),
        Field("number", N, O, masked=True),
        Field("holder", T, O),
        _choice("payee", "self", "guardian", "authorised", "household_head", merge=O),
        Field("payee_name", T, O),
        Field("payee_id", N, O, masked=True),
        Field("payee_phone", N, O, masked=True),
        Field("payee_relation", T, O),
        Field("payee_paper", T, O),
        Field("payee_paper_date", D, O),
        Field("payee_until", D, O),
        Field("mismatch_reason", T, O),
        Field("shared_reason", T, O),
        _choice("evidence", "vietqr", "typed", "picture", "workbook", merge=O),
    ),
)

CONSENT = Kind(
    "consent",
    (
        _ref("person", "person", O),
        _choice("purpose", "account_payment", "vneid_link", merge=O),
        Field("wording", T, O),
        _choice("given_by", "self", "guardian", "authorised", "household_head", merge=O),
        _choice("sign", "signature", "fingerprint", merge=O),
        Field("given", D, O),
        Field("withdrawn", D),
    ),
)

PROPOSAL = Kind(
    "proposal",
    (
        _ref("person", "person", O),
        _choice("subject", "account", "decision", "merge", "unmerge", "restore", "survey", merge=O),
        Field("wants", Type.SEALED, O),
        Field("evidence", Type.SEALED, O),
        Field("proposer", T, O),
        _choice("state", "open", "accepted", "refused", "withdrawn", merge=G),
        Field("answer", T),
        Field("agreed", Type.DIGEST, O),  # what a second officer was shown and agrees to (`approval.py`)
    ),
)

ATTACHMENT = Kind(
    "attachment",
    (
        _ref("person", "person", O),
        Field("about", Type.REF, O),  # the record of hers that it bears out: a consent, an account
        _choice("purpose", "id_front", "id_back", "consent", "account_paper", "house", "other", merge=O),
        Field("sha256", Type.DIGEST, O),  # the bytes travel apart, after the sets (`sync/attachments.py`)
        Field("size", Type.WHOLE, O),
        _choice("media", "jpeg", "png", "pdf", merge=O),
        Field("taken", D, O),
        Field("note", T),
        _choice("state", "active", "ended", "entered_by_mistake", merge=G),
    ),
)

CONFLICT = Kind(
    "conflict",
    (
        Field("subject", T, O),
        Field("seq", Type.WHOLE, O),
        Field("atom", Type.WHOLE, O),
        _choice("state", "open", "decided", merge=G),
    ),
)

# What an officer has seen of that which came back to her, so that no laptop tells her twice.
SEEN = Kind("seen", (Field("officer", T, O), Field("seq", Type.WHOLE, O), Field("cell", T, O)))

# Bears the id of the person who is no longer shown by herself, so whoever joins her apart meets here;
# she is joined while it names a survivor (`aliases.py`).
ALIAS = Kind("alias", (_ref("survivor", "person", A), Field("why", T, G)))

# Two who look alike, as somebody judged them; its id is derived from both.
PAIR = Kind(
    "pair",
    (
        _ref("person", "person", O),
        _ref("other", "person", O),
        _choice("verdict", "two_people", "unsure", merge=G),
        Field("why", T),
    ),
)

# Which roles an officer is to have, asked of the centre (`appointments.py`).
APPOINTMENT = Kind(
    "appointment",
    (
        Field("officer", T, O),
        Field("wants", Type.SEALED, O),
        Field("why", T, O),
        Field("asker", T, O),
    ),
)

# Who is to go where with which form: to a whole hamlet, to a household or to one person.
ASSIGNMENT = Kind(
    "assignment",
    (
        Field("form", T, O),
        _ref("household", "household", O),
        _ref("person", "person", O),
        Field("hamlet", T, O),
        Field("officer", T),
        Field("due", D),
        Field("note", T),
        _choice("state", "open", "ended", "entered_by_mistake", merge=G),
    ),
)

# Somebody came and nobody could be asked; whoever was asked has a submission.
VISIT = Kind(
    "visit",
    (
        Field("form", T, O),
        _ref("household", "household", O),
        _ref("person", "person", O),
        Field("hamlet", T, O),
        Field("officer", T, O),
        _choice("outcome", "absent", "refused", "moved", "other", merge=O),
        Field("day", D, O),
        Field("again", D, O),
        Field("note", T, O),
    ),
)

# A form filled and handed in: never edited, only corrected by another that names it (OpenRosa, deprecatedID).
# `definition`: the SHA-256 of the form that was filled; `instance`: the filling's own id.
SUBMISSION = Kind(
    "submission",
    (
        Field("form", T, O),
        Field("version", T, O),
        Field("definition", Type.DIGEST, O),
        Field("instance", T, O),
        Field("corrects", T, O),
        _ref("household", "household", O),
        _ref("person", "person", O),
        Field("hamlet", T, O),
        Field("officer", T, O),
        Field("finished", T, O),
        Field("content", Type.DOCUMENT, O),
        Field("sha256", Type.DIGEST, O),
        _choice("state", "active", "entered_by_mistake", merge=G),
    ),
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        PERSON,
        HOUSEHOLD,
        ENTITLEMENT,
        ACCOUNT,
        CONSENT,
        PROPOSAL,
        ATTACHMENT,
        CONFLICT,
        ALIAS,
        PAIR,
        SEEN,
        APPOINTMENT,
        ASSIGNMENT,
        VISIT,
        SUBMISSION,
    )
}
_FIELDS = {(kind.name, field.name): field for kind in KINDS.values() for field in kind.fields}


@lru_cache(maxsize=4096)
def field_of(kind: str, cell: str) -> Field | None:
    """The declared field behind `cell` of `kind`, or None for a stranger."""
    declared = KINDS.get(kind)
    return declared.field(cell) if declared else None
