"""Annexes, attachments note, annotation and copies, measured on the finished file in millimetres."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from documents.rendering.layout import Annex, Column, NoticePage, to_html
from documents.rendering.pdf import render
from tests.documents.reading import Word, words_of

CHARACTER = 15.75 * 25.4 / 72
LINE = 28.99 * 25.4 / 72
A4 = (210, 297)
TABLE = Annex(
    title="奖励性补助资金分配表",
    unit="单位：元",
    columns=(Column("序号", "center", 8), Column("企业名称", "left", 60), Column("金额", "right", 20)),
    rows=tuple((str(n), f"百色演示第{n}科技有限公司", "80000.00") for n in range(1, 41)),
    total=("", "合计", "3200000.00"),
)
PAGE = NoticePage(
    organ_name="演示市科学技术局",
    mark_name="演示市科学技术局",
    number="演科字〔2019〕8号",
    title=("关于下达奖励性补助资金的通知",),
    recipient="演示市财政局",
    body=("现将奖励性补助资金下达给你们。", "特此通知。"),
    annexes=(TABLE,),
    annotation="此件公开发布",
    copies="演示市财政局，各县（市、区）科技主管部门",
    issued_on=dt.date(2019, 6, 30),
    is_demo=False,
    is_preview=False,
    short_hash="0123456789ab",
    check_url="",
    keyword="MIAOPU:x:0123456789ab",
)


def words(page: NoticePage, tmp_path: Path) -> list[Word]:
    return words_of(render(to_html(page), identifier="a" * 32).pdf, tmp_path)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Word]:
    return words(PAGE, tmp_path_factory.mktemp("annex"))


def on(drawn: list[Word], page: int, text: str) -> Word:
    return next(word for word in drawn if word.page == page and text in word.text)


def the(drawn: list[Word], text: str) -> Word:
    return next(word for word in drawn if text in word.text)


def test_the_header_of_the_table_is_repeated_on_every_page_of_it(drawn: list[Word]) -> None:
    pages = {word.page for word in drawn if "百色演示第" in word.text}
    assert pages == {3, 4, 5}
    assert {word.page for word in drawn if word.text == "企业名称"} == pages
    assert len([word for word in drawn if word.text == "80000.00"]) == 40
    assert on(drawn, 5, "合计").top > on(drawn, 5, "百色演示第40").top


def test_the_first_annex_page_carries_mark_and_title_in_their_lines(drawn: list[Word]) -> None:
    mark, title = on(drawn, 3, "附件"), on(drawn, 3, "分配表")
    # The sheet is turned: its left margin lies above, its foot at the left.
    assert mark.left == pytest.approx(35, abs=0.5)
    assert mark.top == pytest.approx(28 + (LINE - CHARACTER) / 2, abs=1.5)
    assert (title.left + title.right) / 2 == pytest.approx(35 + 225 / 2, abs=1)
    assert title.top == pytest.approx(28 + 2 * LINE + 1.5, abs=2.5)


def test_the_table_stays_inside_the_turned_text_area(drawn: list[Word]) -> None:
    for word in drawn:
        if word.page in (3, 4, 5) and word.left > 35:
            assert word.right <= 35 + 225 + 0.5, word
            assert 28 - 0.5 <= word.top <= word.bottom <= 28 + 156 + 0.5, word


@pytest.mark.parametrize(("sheet", "is_odd"), [(3, True), (4, False), (5, True)])
def test_the_page_number_stands_where_it_stands_on_every_other_sheet(
    drawn: list[Word], sheet: int, is_odd: bool
) -> None:
    number = _left_of_the_table(drawn, sheet)
    assert (number.left + number.right) / 2 == pytest.approx(35 - 7, abs=1)
    # Outer side of the sheet: below where the sheet is turned back, one character in.
    if is_odd:
        assert number.bottom == pytest.approx(28 + 156 - 14 * 25.4 / 72, abs=1)
    else:
        assert number.top == pytest.approx(28 + 14 * 25.4 / 72, abs=1)


def _left_of_the_table(drawn: list[Word], page: int) -> Word:
    """The dashes and the figure of the turned number as one box."""
    parts = [word for word in drawn if word.page == page and word.right < 34]
    assert str(page) in "".join(part.text for part in parts)
    return Word(
        page,
        "",
        min(part.left for part in parts),
        min(part.top for part in parts),
        max(part.right for part in parts),
        max(part.bottom for part in parts),
    )


def test_the_attachments_note_names_one_annex_and_numbers_several(drawn: list[Word], tmp_path: Path) -> None:
    note = the(drawn, "附件：奖励性补助资金分配表")
    assert note.left == pytest.approx(28 + 2 * CHARACTER, abs=1)
    closing = the(drawn, "特此通知")
    assert note.top - closing.top == pytest.approx(2 * LINE, abs=0.5)
    second = dataclasses.replace(TABLE, title="绩效目标表", rows=TABLE.rows[:3], total=())
    several = words(dataclasses.replace(PAGE, annexes=(TABLE, second)), tmp_path)
    first_line = next(word for word in several if word.text.startswith("附件："))
    assert "附件：1." in first_line.text
    numbered = next(word for word in several if word.page == 2 and word.text == "2.")
    assert numbered.left == pytest.approx(28 + 5 * CHARACTER, abs=1)
    assert any(word.text == "附件2" for word in several)


def test_the_annotation_stands_two_characters_in_below_the_date(drawn: list[Word]) -> None:
    annotation, date = the(drawn, "（此件公开发布）"), the(drawn, "2019年6月30日")
    assert annotation.left == pytest.approx(28 + 2 * CHARACTER, abs=1.5)
    assert annotation.top - date.top == pytest.approx(LINE, abs=0.5)


def test_the_imprint_with_the_copies_ends_the_last_page_behind_the_annexes(drawn: list[Word]) -> None:
    last = max(word.page for word in drawn)
    assert last == 6
    copies, printed = on(drawn, 6, "抄送：演示市财政局"), on(drawn, 6, "2019年6月30日印发")
    assert copies.bottom < printed.top + 1
    assert printed.bottom == pytest.approx(37 + 225 - 2.5, abs=2.5)
    assert not [word for word in drawn if word.page < 6 and "印发" in word.text]


def test_every_word_of_an_annex_is_checked_for_its_glyphs() -> None:
    odd = dataclasses.replace(TABLE, rows=(("1", "百色演示😀公司", "1.00"),))
    assert "😀" in dataclasses.replace(PAGE, annexes=(odd,)).words
    for field in ("annotation", "copies", "recipient"):
        assert "😀" in dataclasses.replace(PAGE, **{field: "😀"}).words
