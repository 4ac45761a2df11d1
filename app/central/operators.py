"""Operators of the centre: who may sign in to its page, for how long, and how wrong passwords slow down.

A session is a small statement signed by the centre, so that any process can read it; it says
who, until when, and which of her sessions: signing out moves that number on and ends them all.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache

from app.central.deeds import Operating
from app.central.office import named
from app.domain.errors import Refusal
from app.seal.keys import SESSION
from app.seal.passwords import hash_password, is_password
from app.seal.statements import Json, read_statement, state
from app.store import operators
from app.store.operators import Operator
from app.store.passwords import check_password
from app.store.roster import ACTIVE

SESSION_MS = 8 * 3600 * 1000
FREE_TRIES = 5
_FIRST_WAIT_MS, _LONGEST_WAIT_MS = 30_000, 15 * 60_000
_SIGN_IN_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


@dataclass(frozen=True)
class Session:
    """Somebody signed in. `token` goes into her cookie, `form` into each form that does something."""

    operator: str
    name: str
    token: str
    form: str


def add_operator(at: Operating, operator: str, name: str, password: str) -> None:
    """Let somebody sign in.

    Refusal("central.operator_name"), ("central.operator_known"), or what `check_password` refuses.
    """
    if not _SIGN_IN_NAME.fullmatch(operator):
        raise Refusal("central.operator_name")
    check_password(password, (operator, name))
    kept = Operator(operator, named(name), hash_password(password))
    with at.centre.write() as connection:
        operators.add_operator(connection, kept)
        operators.note(connection, at.deed("operator_added", "", operator))


def dismiss_operator(at: Operating, operator: str) -> None:
    """Let somebody sign in no more, and sign her out."""
    with at.centre.write() as connection:
        operators.dismiss(connection, operator)
        operators.note(connection, at.deed("operator_dismissed", "", operator))


def sign_in(at: Operating, password: str) -> Session:
    """A session for `at.by`. Refusal("central.sign_in") whatever was wrong, ("central.wait", seconds=…).

    A try counts as wrong before the password is looked at: a crowd at once gains no free one.
    """
    with at.centre.write() as connection:
        held = operators.find_operator(connection, at.by, lock=True)
        if held is not None:
            if held.wait_until > at.now_ms:
                raise Refusal("central.wait", seconds=-(-(held.wait_until - at.now_ms) // 1000))
            wrong = held.wrong + 1
            operators.count_try(connection, held.operator, wrong, at.now_ms + _wait_ms(wrong))
    right = is_password(held.password if held else _nobodys(), password)
    if held is None or not right or held.standing != ACTIVE:
        if held is not None:
            with at.centre.write() as connection:
                operators.note(connection, at.deed("sign_in_refused", ""))
        raise Refusal("central.sign_in")
    with at.centre.write() as connection:
        operators.count_try(connection, held.operator, 0, 0)
        operators.note(connection, at.deed("signed_in", ""))
    return _session(at, held)


def sign_out(at: Operating) -> None:
    """End every session of `at.by`."""
    with at.centre.write() as connection:
        operators.end_sessions(connection, at.by)
        operators.note(connection, at.deed("signed_out", ""))


def read_session(at: Operating, token: str) -> Session | None:
    """Whose session a cookie carries; None for nobody's, an old one, or one that was ended."""
    try:
        statement = read_statement(SESSION, bytes.fromhex(token))
        said = statement.said
        who, until, number = str(said["operator"]), said["until"], said["session"]
    except (Refusal, ValueError, KeyError):
        return None
    if statement.by != at.keys.register.public or not isinstance(until, int) or until < at.now_ms:
        return None
    with at.centre.read() as connection:
        held = operators.find_operator(connection, who)
    if held is None or held.standing != ACTIVE or held.session != number:
        return None
    return Session(held.operator, held.name, token, _form_word(token))


def _session(at: Operating, held: Operator) -> Session:
    said: dict[str, Json] = {
        "operator": held.operator,
        "until": at.now_ms + SESSION_MS,
        "session": held.session,
    }
    token = state(at.keys.register, SESSION, said).hex()
    return Session(held.operator, held.name, token, _form_word(token))


def _form_word(token: str) -> str:
    """What a form of this session brings back: no other site's page can know it."""
    return hashlib.sha256(b"form " + token.encode()).hexdigest()[:32]


def _wait_ms(wrong: int) -> int:
    if wrong < FREE_TRIES:
        return 0
    return min(_FIRST_WAIT_MS << min(wrong - FREE_TRIES, 10), _LONGEST_WAIT_MS)


@cache
def _nobodys() -> str:
    """What an unknown name's password is compared with, so that it takes as long as a known one's."""
    return hash_password("nobody's")
