"""How a title too long for its lines is broken."""

import pytest

from documents.rendering.titles import title_lines, width_of

GRANT = ("关于给予{}", "高新技术企业奖励性补助的通知")


def lines(firm: str) -> tuple[str, ...]:
    return title_lines([line.format(firm) for line in GRANT])


def test_what_fits_stays_as_it_was_written() -> None:
    assert lines("演示铝业有限公司") == ("关于给予演示铝业有限公司", "高新技术企业奖励性补助的通知")
    assert lines("百色市右江新山铝材科技有限公司") == (
        "关于给予百色市右江新山铝材科技有限公司",
        "高新技术企业奖励性补助的通知",
    )


@pytest.mark.parametrize(
    ("firm", "expected"),
    [
        (
            "百色市右江区新山铝材科技发展有限公司",
            ("关于给予百色市右江区新山铝材科技发展", "有限公司高新技术企业奖励性补助的通知"),
        ),
        (
            "那坡甲丁右江精工机械集团有限公司（演示）",
            ("关于给予那坡甲丁右江精工机械集团有限公司", "（演示）高新技术企业奖励性补助的通知"),
        ),
        (
            "广西百色右江新能源汽车零部件精密制造股份有限公司",  # no word to break at leaves lines that fit
            ("关于给予广西百色右江新能源汽", "车零部件精密制造股份有限公司", "高新技术企业奖励性补助的通知"),
        ),
    ],
)
def test_a_long_name_is_broken_between_words_where_they_allow_it(
    firm: str, expected: tuple[str, ...]
) -> None:
    assert lines(firm) == expected
    assert all(width_of(line) <= 20 for line in expected)


def test_without_a_word_to_break_at_the_lines_are_of_like_length() -> None:
    assert [len(line) for line in title_lines(["甲" * 45])] == [15, 15, 15]
    assert title_lines(["甲" * 20 + "，" + "乙" * 5]) == ("甲" * 13, "甲" * 7 + "，" + "乙" * 5)


def test_nothing_is_lost() -> None:
    assert title_lines([]) == ()
