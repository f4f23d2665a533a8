"""The list of annual reports as the ministry's system shows them: firm, year, day of filing."""

from config.common.workbooks import Column, Kind, write_template

from .lists import CREDIT_CODE, NAME, not_ahead

_FIRST_YEAR, _LAST_YEAR = 2008, 2100


def annual_report_columns() -> tuple[Column, ...]:
    """Name, code, year and day are needed; a document may be named."""
    return (
        NAME,
        CREDIT_CODE,
        Column(
            "year",
            "年度",
            Kind.INTEGER,
            synonyms=("填报年度", "年报年度", "所属年度", "报表年度"),
            minimum=_FIRST_YEAR,
            maximum=_LAST_YEAR,
        ),
        Column(
            "reported_on",
            "填报日期",
            Kind.DATE,
            synonyms=("填报时间", "提交日期", "提交时间", "上报日期", "报送日期"),
            check=not_ahead,
        ),
        Column("document", "凭据", synonyms=("材料", "回执", "备注"), required=False, max_length=120),
    )


def write_annual_report_template() -> bytes:
    """An empty list of reports to fill in."""
    return write_template(annual_report_columns(), sheet="年报填报")
