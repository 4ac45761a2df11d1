"""The operator's page: server-rendered, signed in, without a script; no beneficiary's data on any of it.

    GET  /                            how the communes stand: the one silent longest first
    GET  /sign-in, POST /sign-in      name and password; POST /sign-out
    POST /communes/{code}/invite      an enrolment code for one laptop, as QR
    POST /communes/{code}/revoke      a laptop's leave is taken: reason, its number typed again
    POST /communes/{code}/roles       roles that a commune asks for: given as asked, or left as they are
    POST /communes/{code}/until       an officer's certificate that ends: another last day
    GET  /communes/{code}/parcels     what came and went on sticks; /{id} the minute of one, to be printed
    GET  /forms                       forms of surveys that may be filled; POST: one more, as it was packed
    POST /forms/withdraw              one of them is begun by nobody any more
    GET  /deeds                       what operators did

Each form carries its session's own word, and the cookie goes to this site's own pages alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import segno
from fastapi import Body, FastAPI, Request, Response
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse

from app.central import operators as signing
from app.central.appointing import asked, give, leave_as_is
from app.central.deeds import REASONS, Operating, extend_officer, invite_laptop, revoke_laptop
from app.central.filled import Form, read_fields, read_parts
from app.central.listing import Wanted, shown
from app.central.logbook import turned_away
from app.central.office import INVITATION_DAYS
from app.central.operators import Session
from app.central.paper import render
from app.central.publishing import publish_form, standing_forms, withdraw_form
from app.central.service import Service
from app.domain.errors import Coded, Refusal, Trouble
from app.domain.terms import read_last_day
from app.resources import resource
from app.store import operators, overview, parcels, roster
from app.sync.enrolment import CENTRE
from app.sync.minutes import minute_of
from app.words import explain

COOKIE = "__Host-session"
_FORM: dict[str, Any] = {"include_in_schema": False, "response_class": Response}
_FILES = {
    "style.css": "central/style.css",
    "regular.ttf": "fonts/Inter-Regular.ttf",
    "semibold.ttf": "fonts/Inter-SemiBold.ttf",
}
_GUARDS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
Filled = Annotated[bytes, Body(media_type="application/x-www-form-urlencoded")]
Sent = Annotated[bytes, Body(media_type="multipart/form-data")]
_ALL = Wanted()
Signed = Callable[[Operating, Session], Response]


class Pages:
    """The pages of one centre."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def communes(self, request: Request) -> Response:
        """How every commune stands."""
        return self._signed_in(
            request, lambda at, who: self._communes(at, who, Wanted.read(request.query_params))
        )

    def deeds(self, request: Request) -> Response:
        """What operators did, newest first."""

        def shown_deeds(at: Operating, who: Session) -> Response:
            with at.centre.read() as connection:
                return page("deeds.html", who, deeds=operators.deeds(connection))

        return self._signed_in(request, shown_deeds)

    def parcels(self, code: str, request: Request) -> Response:
        """What came from a commune on sticks, and what was answered."""

        def listed(at: Operating, who: Session) -> Response:
            with at.centre.read() as connection:
                found, told = roster.find_commune(connection, code), parcels.recent(connection, 200, code)
            if found is None:
                raise Refusal("central.no_such_page")
            return page("parcels.html", who, commune=found, parcels=told)

        return self._signed_in(request, listed)

    def minute(self, code: str, parcel: str, request: Request) -> Response:
        """The handover minute of one parcel: what the laptop prints of it too."""

        def written(at: Operating, who: Session) -> Response:
            with at.centre.read() as connection:
                found, told = roster.find_commune(connection, code), parcels.find(connection, parcel, code)
            if found is None or told is None:
                raise Refusal("central.no_such_page")
            return page("minute.html", who, commune=found, minute=minute_of(told, CENTRE))

        return self._signed_in(request, written)

    def ask_to_sign_in(self) -> Response:
        """The door."""
        return page("sign_in.html", None)

    def sign_in(self, request: Request, filled: Filled) -> Response:
        """Through the door, or not."""
        form = read_fields(request, filled)
        try:
            session = signing.sign_in(self._operating(form.get("operator", "")), form.get("password", ""))
        except Coded as error:
            turned_away("sign_in", error.code)
            return page("sign_in.html", None, error=explain(error), status=_status(error))
        answer = RedirectResponse("/", 303, _GUARDS)
        answer.set_cookie(COOKIE, session.token, secure=True, httponly=True, samesite="strict", path="/")
        return answer

    def sign_out(self, request: Request, filled: Filled) -> Response:
        """Out, wherever she is signed in."""

        def out(at: Operating, _who: Session) -> Response:
            signing.sign_out(at)
            answer = RedirectResponse("/sign-in", 303, _GUARDS)
            answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict", path="/")
            return answer

        return self._done(request, filled, lambda at, who, _form: out(at, who))

    def invite(self, code: str, request: Request, filled: Filled) -> Response:
        """A code for one laptop, shown once."""

        def invited(at: Operating, who: Session, _form: Form) -> Response:
            issued = invite_laptop(at, code).text()
            with at.centre.read() as connection:
                found = roster.require_commune(connection, code)
            picture = segno.make(issued, error="m").svg_data_uri(scale=5, border=4)
            return page("invited.html", who, commune=found, code=issued, qr=picture, days=INVITATION_DAYS)

        return self._done(request, filled, invited)

    def revoke(self, code: str, request: Request, filled: Filled) -> Response:
        """A laptop's leave taken, when its number was typed again."""

        def revoked(at: Operating, who: Session, form: Form) -> Response:
            device = form.get("device", "")
            if form.get("again", "").strip() != device:
                raise Refusal("central.number_differs")
            revoke_laptop(at, code, device, form.get("reason", ""))
            return RedirectResponse(f"/?open={code}", 303, _GUARDS)

        return self._done(request, filled, revoked, Wanted(open=code))

    def roles(self, code: str, request: Request, filled: Filled) -> Response:
        """A commune's request answered."""

        def answered(at: Operating, _who: Session, form: Form) -> Response:
            answer = give if form.get("answer") == "give" else leave_as_is
            answer(at, code, form.get("wish", ""))
            return RedirectResponse(f"/?open={code}", 303, _GUARDS)

        return self._done(request, filled, answered, Wanted(open=code))

    def until(self, code: str, request: Request, filled: Filled) -> Response:
        """A certificate that ends made anew, up to the day typed."""

        def extended(at: Operating, _who: Session, form: Form) -> Response:
            last = read_last_day(form.get("until", ""))
            if last is None:
                raise Refusal("officer.until")
            extend_officer(at, code, form.get("officer", ""), last)
            return RedirectResponse(f"/?open={code}", 303, _GUARDS)

        return self._done(request, filled, extended, Wanted(open=code))

    def file(self, name: str) -> Response:
        """The style and its letters."""
        if name not in _FILES:
            raise Refusal("central.no_such_page")
        return FileResponse(resource(_FILES[name]), headers={"Cache-Control": "max-age=3600"})

    def _operating(self, by: str) -> Operating:
        return Operating(self._service.centre, self._service.keys, by, self._service.now_ms())

    def _signed_in(self, request: Request, answer: Signed) -> Response:
        who = signing.read_session(self._operating(""), request.cookies.get(COOKIE, ""))
        if who is None:
            turned_away("page", "central.not_signed_in")
            return RedirectResponse("/sign-in", 303, _GUARDS)
        return answer(self._operating(who.operator), who)

    def _done(
        self,
        request: Request,
        filled: Filled,
        act: Callable[[Operating, Session, Form], Response],
        wanted: Wanted = _ALL,
    ) -> Response:
        """Do what a form of this session asks; a refusal is said on the list of communes."""

        def done(at: Operating, who: Session) -> Response:
            try:
                form = read_fields(request, filled)
                _require(who, form.get("form", ""))
                return act(at, who, form)
            except Coded as error:
                turned_away("form", error.code)
                return self._communes(at, who, wanted, error)

        return self._signed_in(request, done)

    def forms(self, request: Request) -> Response:
        """The forms of surveys that may be filled."""
        return self._signed_in(request, self._forms)

    def publish(self, request: Request, sent: Sent) -> Response:
        """One as a laptop packed it, in the place of its version before."""

        def published(at: Operating, who: Session) -> Response:
            parts = read_parts(request, sent)
            _require(who, parts.get("form", b"").decode("ascii", "replace"))
            publish_form(at, parts.get("file", b""))
            return RedirectResponse("/forms", 303, _GUARDS)

        return self._signed_in(request, lambda at, who: self._or_forms(at, who, published))

    def withdraw(self, request: Request, filled: Filled) -> Response:
        """One that nobody shall begin any more."""

        def withdrawn(at: Operating, who: Session) -> Response:
            said = read_fields(request, filled)
            _require(who, said.get("form", ""))
            withdraw_form(at, said.get("id", ""))
            return RedirectResponse("/forms", 303, _GUARDS)

        return self._signed_in(request, lambda at, who: self._or_forms(at, who, withdrawn))

    def _or_forms(self, at: Operating, who: Session, act: Signed) -> Response:
        """What was asked for; a refusal is said on the list of forms."""
        try:
            return act(at, who)
        except Coded as error:
            turned_away("form", error.code)
            return self._forms(at, who, error)

    def _forms(self, at: Operating, who: Session, error: Coded | None = None) -> Response:
        told = explain(error) if error else None
        return page("forms.html", who, forms=standing_forms(at), error=told, status=_status(error))

    def _communes(self, at: Operating, who: Session, wanted: Wanted, error: Coded | None = None) -> Response:
        with at.centre.read() as connection:
            listed = shown(overview.overview(connection), wanted, at.now_ms)
            is_known = any(line.code == wanted.open for line in listed.lines)
            laptops = overview.laptops(connection, wanted.open) if is_known else []
            lent = overview.ending(connection, wanted.open, at.now_ms) if is_known else []
        wishes = asked(at, wanted.open) if is_known else []
        return page(
            "communes.html",
            who,
            listed=listed,
            laptops=laptops,
            wishes=wishes,
            lent=lent,
            wanted=wanted,
            reasons=REASONS,
            now=at.now_ms,
            error=explain(error) if error else None,
            status=_status(error),
        )


def page(name: str, who: Session | None, *, status: int = 200, **facts: object) -> Response:
    """A page as it is sent."""
    return HTMLResponse(render(name, who=who, **{"error": None, **facts}), status, _GUARDS)


def _require(who: Session, word: str) -> None:
    """The word that only this session's forms carry."""
    if word != who.form:
        raise Refusal("central.form")


def _status(error: Coded | None) -> int:
    if error is None:
        return 200
    if isinstance(error, Trouble):
        return 503
    return {"central.sign_in": 401, "central.wait": 429, "central.form": 403}.get(error.code, 400)


def add_pages(app: FastAPI, service: Service) -> None:
    """Put the pages beside the service's own face; they stand in no published form."""
    pages, form = Pages(service), _FORM
    app.get("/", **form)(pages.communes)
    app.get("/deeds", **form)(pages.deeds)
    app.get("/forms", **form)(pages.forms)
    app.post("/forms", **form)(pages.publish)
    app.post("/forms/withdraw", **form)(pages.withdraw)
    app.get("/communes/{code}/parcels", **form)(pages.parcels)
    app.get("/communes/{code}/parcels/{parcel}", **form)(pages.minute)
    app.get("/sign-in", **form)(pages.ask_to_sign_in)
    app.get("/page/{name}", **form)(pages.file)
    app.post("/sign-in", **form)(pages.sign_in)
    app.post("/sign-out", **form)(pages.sign_out)
    app.post("/communes/{code}/invite", **form)(pages.invite)
    app.post("/communes/{code}/revoke", **form)(pages.revoke)
    app.post("/communes/{code}/roles", **form)(pages.roles)
    app.post("/communes/{code}/until", **form)(pages.until)
