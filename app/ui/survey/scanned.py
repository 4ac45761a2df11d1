"""What an identity card says, for the questions beside the one it was read in.

A form does not say which question asks for what; the names that survey teams give them do, and the
property of the register that a question is saved to.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.identity import CardQr
from app.domain.text import fold
from app.survey.answers import Answer
from app.survey.choices import control_of
from app.survey.session import Session

_ASKED = {
    "name": "name full_name ho_ten hoten ten ho_va_ten who",
    "birth": "birth birth_date dob born ngay_sinh ngaysinh",
    "sex": "sex gender gioi gioi_tinh gioitinh",
    "personal_id": "personal_id cccd so_cccd id_number so_dinh_danh dinh_danh",
    "address": "address residence dia_chi diachi noi_o thuong_tru",
}
_FACT_OF = {word: fact for fact, words in _ASKED.items() for word in words.split()}
_SEX_WORDS = {"male": ("male", "nam", "m"), "female": ("female", "nu", "f")}


def filled(session: Session, ref: str, card: CardQr) -> Iterator[tuple[str, str]]:
    """References and values of the empty questions in the same row or group that the card can answer."""
    asked = session.at(ref)
    around = asked.parent
    said = _facts(card)
    for node in around.elements() if around else ():
        if not isinstance(node, Answer) or node is asked or node.is_blank or node.is_readonly or node.held:
            continue
        if control_of(node) is None:
            continue
        fact = _FACT_OF.get(node.field.bind.save_to) or _FACT_OF.get(node.name.lower())
        text = said.get(fact or "", "")
        if text:
            found = session.ref_of(node)
            value = _chosen(session, found, text) if fact == "sex" else text
            if value:
                yield found, value


def _facts(card: CardQr) -> dict[str, str]:
    is_whole = card.birth.month is not None and card.birth.day is not None
    return {
        "name": "" if "letters_lost" in card.mended else card.name,
        "birth": card.birth.iso() if is_whole else "",
        "sex": card.sex,
        "personal_id": card.personal_id,
        "address": "" if "letters_lost" in card.mended else card.address,
    }


def _chosen(session: Session, ref: str, sex: str) -> str:
    """The choice that means it, by its value or its label."""
    words = _SEX_WORDS.get(sex, ())
    offered = session.choices(ref)
    return next(
        (each.value for each in offered if each.value.lower() in words or fold(each.label) in words), ""
    )
