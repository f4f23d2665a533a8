import pytest

from documents.rendering.text import TemplateSyntaxError, fill, variables_of


def test_values_are_filled_in_and_each_line_is_a_paragraph() -> None:
    lines = fill(
        "奖励{{ amount|yuan }}（大写：{{ amount|in_words }}）\n\n{{ issued_on|chinese_date }}，{{ year }}年度",
        {"amount": "80000.50", "issued_on": "2019-06-03", "year": 2019},
    )
    assert lines == ["奖励80000.50元（大写：人民币捌万元零伍角）", "2019年6月3日，2019年度"]


@pytest.mark.parametrize(
    "source",
    [
        "{% include 'a' %}",
        "{% load i18n %}",
        "{% debug %}",
        "{% if a %}b{% endif %}",
        "{{ a|safe }}",
        "{{ a|default:'b' }}",
        "{{ a.b }}",
        "{{ a.__class__ }}",
        "{{ 'text' }}",
        "{{ }}",
        "{{ a",
    ],
)
def test_nothing_but_plain_variables_and_three_filters_is_understood(source: str) -> None:
    if source == "{{ a":
        assert variables_of(source) == set()  # plain text, printed as it stands
        return
    with pytest.raises(TemplateSyntaxError):
        variables_of(source)


def test_variables_are_found() -> None:
    assert variables_of("{{ a }}和{{ b|yuan }}和{{ a|in_words }}") == {"a", "b"}
