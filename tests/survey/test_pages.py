"""Pages of a filling: what stands on which, what is wrong where, and when one may go on."""

from __future__ import annotations

import pytest

from app.domain.errors import Refusal
from app.survey.definition import FormDefinition
from app.survey.layout import LOOSE_MAX, plans
from app.survey.pages import REVIEW, Pages
from app.survey.session import Session
from tests.survey.test_session import HEAD
from tests.survey.walks import FORMS, WORLD, load

VISIT = f"""{HEAD}<itext><translation lang="vi" default="true()"><text id="h"><value>Thông tin hộ</value>
</text></translation><translation lang="en"><text id="h"><value>Household</value></text></translation></itext>
<instance><data id="visit"><when/><place/><house><head/><phone/><deep><well/></deep></house>
<member jr:template=""><who/><age/><job jr:template=""><what/></job></member>
<plot><land/><note/></plot><end/><total/></data></instance>
<bind nodeset="/data/when" type="date"/>
<bind nodeset="/data/house/head" required="true()" jr:requiredMsg="Phải có chủ hộ"/>
<bind nodeset="/data/house/phone" constraint="string-length(.) = 10" jr:constraintMsg="Mười chữ số"/>
<bind nodeset="/data/member" relevant="/data/house/phone != ''"/>
<bind nodeset="/data/member/who" required="true()"/><bind nodeset="/data/member/age" type="int"/>
<bind nodeset="/data/plot" relevant="/data/place = 'làng'"/>
<bind nodeset="/data/plot/note" readonly="true()"/>
<bind nodeset="/data/total" calculate="count(/data/member)"/></model></h:head><h:body>
<input ref="/data/when"><label>Ngày</label></input><input ref="/data/place"><label>Nơi</label></input>
<group ref="/data/house"><label ref="jr:itext('h')"/>
<input ref="/data/house/head"><label>Chủ hộ</label></input>
<input ref="/data/house/phone"><label>Điện thoại</label></input><group ref="/data/house/deep">
<label>Nước</label><input ref="/data/house/deep/well"><label>Giếng</label></input></group></group>
<group ref="/data/member"><label>Người trong <output value="/data/house/head"/></label>
<repeat nodeset="/data/member"><input ref="/data/member/who"><label>Tên</label></input>
<input ref="/data/member/age"/><group ref="/data/member/job"><label>Việc</label>
<repeat nodeset="/data/member/job"><input ref="/data/member/job/what"/></repeat></group></repeat></group>
<group ref="/data/plot"><label>Ruộng</label><input ref="/data/plot/land"/>
<input ref="/data/plot/note"/></group>
<input ref="/data/end"><label>Kết thúc</label></input></h:body></h:html>"""
START, HOUSE, MEMBER, PLOT, END = "/data/when", "/data/house", "/data/member", "/data/plot", "/data/end"


@pytest.fixture
def session() -> Session:
    return Session.new(FormDefinition.load(VISIT.encode()), WORLD)


@pytest.fixture
def pages(session: Session) -> Pages:
    return Pages(session)


def keys(pages: Pages) -> list[str]:
    return [page.key for page in pages.pages()]


def states(pages: Pages) -> dict[str, str]:
    return {page.key: page.state for page in pages.pages()}


def test_a_group_is_a_page_and_loose_questions_gather(session: Session, pages: Pages) -> None:
    session.answer("/data/house/phone", "0912345678")
    session.answer("/data/place", "làng")
    found = pages.pages()
    assert [page.key for page in found] == [START, HOUSE, MEMBER, PLOT, END]
    assert [page.number for page in found] == [1, 2, 3, 4, 5]
    assert found[0].refs == ("/data/when", "/data/place")
    assert found[1].refs == (
        "/data/house/head",
        "/data/house/phone",
        "/data/house/deep",
        "/data/house/deep/well",
    )
    assert found[2].refs == ("/data/member",)
    assert [page.title for page in found] == ["", "Thông tin hộ", "Người trong", "Ruộng", "Kết thúc"]


def test_titles_quote_answers_and_change_their_language(session: Session, pages: Pages) -> None:
    session.answer("/data/house/phone", "0912345678")
    session.answer("/data/house/head", "Pánh")
    session.set_language("en")
    assert [page.title for page in pages.pages()][1:3] == ["Household", "Người trong Pánh"]


def test_a_page_that_holds_nothing_relevant_is_passed_over(session: Session, pages: Pages) -> None:
    assert keys(pages) == [START, HOUSE, END]
    session.answer("/data/place", "làng")
    assert keys(pages) == [START, HOUSE, PLOT, END]
    session.answer("/data/house/head", "Pánh")
    pages.next()
    pages.next()
    assert pages.current == PLOT
    pages.previous()
    session.answer("/data/place", "phố")
    pages.next()
    assert pages.current == END


def test_a_repeat_without_rows_is_a_page_only_where_one_would_be_asked(
    session: Session, pages: Pages
) -> None:
    assert not session.rows("/data/member").is_relevant
    assert MEMBER not in keys(pages)
    session.answer("/data/house/phone", "0912345678")
    assert session.rows("/data/member").is_relevant
    assert MEMBER in keys(pages)


def test_what_nobody_touched_is_not_wrong_yet(session: Session, pages: Pages) -> None:
    assert states(pages)[HOUSE] == "new"
    assert [each.is_shown for each in pages.problems(HOUSE)] == [False]
    assert pages.problem("/data/house/head") is None
    pages.touch("/data/house/head")
    problem = pages.problem("/data/house/head")
    assert problem is not None
    assert (problem.fault, problem.message, problem.page) == ("required", "Phải có chủ hộ", HOUSE)
    assert states(pages)[HOUSE] == "errors"


def test_leaving_forward_is_refused_while_something_is_wrong(session: Session, pages: Pages) -> None:
    assert pages.next()
    assert pages.current == HOUSE
    assert not pages.next()
    assert pages.current == HOUSE
    assert pages.problem("/data/house/head") is not None
    assert pages.previous()  # going back is always free
    assert pages.current == START
    assert not pages.previous()
    assert not pages.go(END)  # forward only as far as all is well
    assert pages.current == HOUSE
    session.answer("/data/house/head", "Pánh")
    assert pages.go(END)
    assert states(pages) == {START: "done", HOUSE: "done", END: "new"}


def test_rows_are_judged_with_their_page(session: Session, pages: Pages) -> None:
    session.answer("/data/house/head", "Pánh")
    session.answer("/data/house/phone", "0912345678")
    assert pages.go(MEMBER)
    session.add_repeat("/data/member")
    session.add_repeat("/data/member")
    session.answer("/data/member[1]/who", "Thử")
    assert (pages.row("/data/member[1]").missing, pages.row("/data/member[2]").missing) == (0, 1)
    assert not pages.next()
    problem = pages.problems(MEMBER)[0]
    assert (problem.ref, problem.is_shown) == ("/data/member[2]/who", True)
    session.add_repeat("/data/member")
    assert pages.problem("/data/member[3]/who") is None  # it was not there when she tried to leave
    session.remove_repeat("/data/member[1]")
    assert pages.problem("/data/member[1]/who") is not None  # the same one, a row further up
    assert pages.row("/data/member[1]").errors == 1


def test_what_was_typed_and_is_no_answer_holds_the_page(pages: Pages) -> None:
    pages.refuse("/data/when", "Tháng 2 chỉ có 28 ngày")
    assert not pages.next()
    problem = pages.problem("/data/when")
    assert problem is not None
    assert (problem.fault, problem.message) == ("refused", "Tháng 2 chỉ có 28 ngày")
    pages.touch("/data/when")
    assert pages.next()
    pages.refuse("/data/house/phone", "Không phải số")
    assert pages.previous()
    assert pages.problem("/data/house/phone") is None  # it was never kept


def test_progress_counts_what_is_asked_now(session: Session, pages: Pages) -> None:
    assert (pages.progress().answered, pages.progress().asked) == (0, 6)
    session.answer("/data/place", "làng")  # brings the farm's land; its note is only read
    session.answer("/data/house/head", "Pánh")
    assert (pages.progress().answered, pages.progress().asked) == (2, 7)
    house = pages.pages()[1]
    assert (house.answered, house.asked, house.state) == (1, 3, "begun")
    session.answer("/data/house/phone", "0912345678")
    session.answer("/data/house/deep/well", "có")
    assert states(pages)[HOUSE] == "done"  # all of it is answered, whether she passed it or not


def test_the_review_is_last_and_lists_what_is_missing(session: Session, pages: Pages) -> None:
    assert pages.go(REVIEW)  # to see what is missing is always free
    assert [(each.page, each.ref, each.is_shown) for each in pages.problems()] == [
        (HOUSE, "/data/house/head", True)
    ]
    assert pages.go(HOUSE)
    assert not pages.go("/data/nothing")
    session.answer("/data/house/head", "Pánh")
    assert pages.next()
    assert pages.next()
    assert pages.current == REVIEW
    assert pages.problems() == ()
    assert pages.next()
    assert pages.current == REVIEW


def test_the_page_one_is_on_stays_a_place_to_go_on_from(session: Session, pages: Pages) -> None:
    session.answer("/data/place", "làng")
    session.answer("/data/house/head", "Pánh")
    assert pages.go(PLOT)
    session.answer("/data/place", "phố")
    assert pages.next()
    assert pages.current == END


def test_a_draft_goes_on_at_its_page(session: Session) -> None:
    session.answer("/data/house/head", "Pánh")
    again = Session.resume(session.form, WORLD, session.draft())
    pages = Pages(again, HOUSE)
    assert (pages.current, states(pages)[START]) == (HOUSE, "done")
    assert Pages(again, "/data/gone").current == START
    assert states(Pages(again, REVIEW)) == {START: "done", HOUSE: "done", END: "done"}


def test_a_change_is_taken_back_whole(session: Session) -> None:
    session.answer("/data/house/phone", "0912345678")
    for name in ("An", "Em"):
        session.add_repeat("/data/member")
        session.answer(f"/data/member[{session.rows('/data/member').count}]/who", name)
    before, seen = session.draft(), list(session.nodes())
    session.remove_repeat("/data/member[1]")
    assert session.node("/data/total").value == "1"
    session.take_back()
    assert session.draft() == before
    assert list(session.nodes()) == seen
    session.take_back()  # nothing is left to take back
    assert session.draft() == before


def test_a_filling_that_has_just_begun_has_nothing_to_take_back(session: Session) -> None:
    before = session.draft()
    session.take_back()
    assert session.draft() == before


def test_a_group_around_the_whole_form_is_no_page(session: Session) -> None:
    around = VISIT.replace("<h:body>", "<h:body><group><label>Phiếu</label>").replace(
        "</h:body>", "</group></h:body>"
    )
    assert keys(Pages(Session.new(FormDefinition.load(around.encode()), WORLD))) == [START, HOUSE, END]
    together = around.replace("<h:body><group>", '<h:body><group appearance="field-list">')
    assert len(plans(FormDefinition.load(together.encode()))) == 1


def test_a_form_without_groups_is_cut_into_pages() -> None:
    names = [f"q{number}" for number in range(2 * LOOSE_MAX + 1)]
    model, body = (
        "".join(f"<{name}/>" for name in names),
        "".join(f'<input ref="/data/{name}"/>' for name in names),
    )
    form = f"""{HEAD}<instance><data id="long">{model}</data></instance></model></h:head>
<h:body>{body}</h:body></h:html>"""
    pages = Pages(Session.new(FormDefinition.load(form.encode()), WORLD))
    assert [len(page.refs) for page in pages.pages()] == [LOOSE_MAX, LOOSE_MAX, 1]


def test_no_page_is_no_page(pages: Pages) -> None:
    with pytest.raises(Refusal):
        pages.plan("/data/nothing")


@pytest.mark.parametrize("name", FORMS)
def test_every_question_of_every_form_stands_on_a_page(name: str) -> None:
    session = Session.new(load(name), WORLD)
    pages = Pages(session)
    for rows in session.repeats():
        assert rows == session.rows(rows.ref)
    there = {ref for page in pages.pages() for ref in page.refs}
    asked = [node for node in session.nodes() if node.control and node.is_relevant and "[" not in node.ref]
    assert {node.ref for node in asked if node.kind not in ("group", "repeat")} <= there
    assert pages.progress().asked == sum(page.asked for page in pages.pages())
