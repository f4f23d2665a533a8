"""The form of GB/T 9704-2012, measured on the finished file in millimetres."""

from pathlib import Path
from typing import Any

import pytest

from documents.api import issue_notice, read_notice
from tests.documents.reading import Word, ink, words_of

TEXT_TOP, TEXT_BOTTOM, TEXT_LEFT, TEXT_RIGHT = 37, 37 + 225, 28, 28 + 156
LINE = 28.99 * 25.4 / 72


@pytest.fixture
def pdf(grant: dict[str, Any]) -> bytes:
    return read_notice(issue_notice(**grant))


@pytest.fixture
def words(pdf: bytes, tmp_path: Path) -> list[Word]:
    return words_of(pdf, tmp_path)


def the_word(words: list[Word], text: str, page: int) -> Word:
    return next(word for word in words if word.page == page and text in word.text)


def test_the_notice_fills_two_pages_and_the_first_carries_body_text(words: list[Word]) -> None:
    assert {word.page for word in words} == {1, 2}
    assert the_word(words, "根据《", page=1)


def test_text_stays_inside_the_text_area(words: list[Word]) -> None:
    for word in words:
        assert word.left >= TEXT_LEFT - 0.5, word
        assert word.right <= TEXT_RIGHT + 0.5, word


def test_the_red_mark_begins_35_mm_below_the_text_area_and_the_red_line_stands_4_mm_below_the_number(
    pdf: bytes, tmp_path: Path
) -> None:
    picture = ink(pdf, 1, tmp_path)
    mark, line = picture.red_bands()
    assert mark[0] == pytest.approx(TEXT_TOP + 35, abs=1)
    number = max(band for band in picture.dark_bands() if band[1] < line[0])
    assert line[0] - number[1] == pytest.approx(4, abs=0.5)
    # Two lines between the mark and the number.
    assert number[0] - mark[1] == pytest.approx(2 * LINE + (LINE - 5.3) / 2, abs=2.5)


def test_body_lines_follow_each_other_at_28_99_points(pdf: bytes, tmp_path: Path) -> None:
    bands = ink(pdf, 2, tmp_path).dark_bands()
    tops = [band[0] for band in bands[:12]]
    pitch = (tops[11] - tops[0]) / 11
    assert pitch == pytest.approx(LINE, abs=0.05)
    assert tops[0] == pytest.approx(TEXT_TOP + (LINE - 5.5) / 2, abs=1)


def test_a_full_line_holds_28_characters(grant: dict[str, Any], tmp_path: Path) -> None:
    grant["context"]["fund_name"] = "甲乙丙丁戊己庚辛壬癸" * 9
    words = words_of(read_notice(issue_notice(**grant)), tmp_path)
    chinese = [word for word in words if set(word.text) <= set("甲乙丙丁戊己庚辛壬癸")]
    assert max(len(word.text) for word in chinese) == 28
    full = next(word for word in chinese if len(word.text) == 28)
    assert full.right - full.left == pytest.approx(28 * 15.75 * 25.4 / 72, abs=0.5)


def test_a_full_page_holds_22_lines_of_28_characters(grant: dict[str, Any], tmp_path: Path) -> None:
    grant["context"]["fund_name"] = "甲乙丙丁戊己庚辛壬癸" * 200
    data = read_notice(issue_notice(**grant))
    words = [word for word in words_of(data, tmp_path) if word.page == 3 and word.top < TEXT_BOTTOM]
    lines = {round(word.top, 1) for word in words}
    assert len(lines) == 22
    assert [len(word.text) for word in words] == [28] * 22
    assert min(lines) == pytest.approx(TEXT_TOP + (LINE - 5.5) / 2, abs=1)
    assert max(word.bottom for word in words) <= TEXT_BOTTOM


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages_7_mm_below(
    words: list[Word], pdf: bytes, tmp_path: Path
) -> None:
    for page in (1, 2):
        below = [
            word
            for word in words
            if word.page == page and word.top > TEXT_BOTTOM and word.text in ("—", str(page))
        ]
        assert len(below) == 3
        if page == 1:
            assert max(word.right for word in below) == pytest.approx(TEXT_RIGHT - 14 * 25.4 / 72, abs=1)
        else:
            assert min(word.left for word in below) == pytest.approx(TEXT_LEFT + 14 * 25.4 / 72, abs=1)
    digit = next(band for band in ink(pdf, 1, tmp_path).dark_bands() if band[0] > TEXT_BOTTOM)
    # The dash has no height of its own to speak of: it stands in the middle of the figure.
    assert (digit[0] + digit[1]) / 2 == pytest.approx(TEXT_BOTTOM + 7, abs=1)


def test_the_date_ends_four_characters_from_the_right_under_the_centred_name(words: list[Word]) -> None:
    character = 15.75 * 25.4 / 72
    signed = the_word(words, "演示市科学技术局", page=2)
    date = the_word(words, "2019年6月30日", page=2)
    assert date.right == pytest.approx(TEXT_LEFT + 441 * 25.4 / 72 - 4 * character, abs=1)
    assert (signed.left + signed.right) / 2 == pytest.approx((date.left + date.right) / 2, abs=1.5)


def test_the_seal_has_room_of_two_lines_above_the_name(pdf: bytes, tmp_path: Path, words: list[Word]) -> None:
    name = next(word for word in words if word.page == 2 and word.text == "演示市科学技术局")
    above = max(word.bottom for word in words if word.page == 2 and word.bottom < name.top + 1)
    assert name.top - above > 1.5 * LINE


def test_the_imprint_ends_at_the_foot_of_the_last_page(pdf: bytes, tmp_path: Path, words: list[Word]) -> None:
    lines = [band for band in ink(pdf, 2, tmp_path).dark_bands() if band[1] - band[0] < 1]
    assert lines[-1][1] == pytest.approx(TEXT_BOTTOM, abs=0.5)
    assert the_word(words, "2019年6月30日印发", page=2).bottom < TEXT_BOTTOM


@pytest.mark.parametrize("lines", range(1, 12))
def test_signature_and_imprint_never_stand_alone_on_a_page(
    grant: dict[str, Any], tmp_path: Path, lines: int
) -> None:
    grant["context"]["fund_name"] = "演示资金" * 7 * lines
    words = words_of(read_notice(issue_notice(**grant)), tmp_path)
    last = max(word.page for word in words)
    on_last = [word.text for word in words if word.page == last]
    assert any("特此通知" in text for text in on_last)
    assert "演示市科学技术局" in on_last
    assert any("印发" in text for text in on_last)
