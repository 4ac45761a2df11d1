"""What a browser sends of a form of the operator's pages: short fields, or a file beside them.

Another site's is refused by the browser's own word for it, whatever it holds; so is one that is too long.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.errors import MessageError
from email.parser import BytesParser
from urllib.parse import parse_qs

from starlette.requests import Request

from app.domain.errors import Refusal

FIELDS_BYTES_MAX = 4_096
FILE_BYTES_MAX = 2 << 20  # a form of a survey with its lists; all that are published have four megabytes
UPLOAD_BYTES_MAX = 2 * FILE_BYTES_MAX  # what is read of it, so that a page can say that it was too large
UPLOADS = frozenset({"/forms"})  # where a file is awaited
_FIELDS_MAX = 8
_BETWEEN_BYTES_MAX = 4_096  # what stands around a file and the fields beside it

Form = Mapping[str, str]


def read_fields(request: Request, filled: bytes) -> Form:
    """A form's fields; Refusal("central.form") for one that another site sent, or that is none."""
    if _is_anothers(request) or len(filled) > FIELDS_BYTES_MAX:
        raise Refusal("central.form")
    try:
        fields = parse_qs(filled.decode("ascii"), max_num_fields=_FIELDS_MAX, keep_blank_values=True)
    except ValueError as error:
        raise Refusal("central.form") from error
    return {name: values[-1] for name, values in fields.items()}


def read_parts(request: Request, filled: bytes) -> dict[str, bytes]:
    """A form's parts, a file among them (multipart/form-data).

    Refusal("central.form") as above, ("central.file_too_large").
    """
    kind = request.headers.get("content-type", "")
    if _is_anothers(request) or not kind.startswith("multipart/form-data"):
        raise Refusal("central.form")
    if len(filled) > FILE_BYTES_MAX + _BETWEEN_BYTES_MAX:
        raise Refusal("central.file_too_large", most=FILE_BYTES_MAX >> 20)
    try:
        said = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode("latin-1") + filled)
        parts = said.get_payload() if said.is_multipart() else []
        found = {}
        for part in parts[:_FIELDS_MAX] if isinstance(parts, list) else []:
            content = part.get_payload(decode=True)  # type: ignore[union-attr]
            if isinstance(content, bytes):
                found[str(part.get_param("name", "", "content-disposition"))] = content  # type: ignore[union-attr]
    except (MessageError, ValueError, LookupError) as error:
        raise Refusal("central.form") from error
    return found


def _is_anothers(request: Request) -> bool:
    return request.headers.get("sec-fetch-site", "same-origin") != "same-origin"
