"""The attendance list of one training session."""

from config.common.workbooks import Column, Kind, write_template

from .lists import CREDIT_CODE


def attendance_columns(longest: int = 24 * 60) -> tuple[Column, ...]:
    """Code and attendee are needed; without minutes a person was there to the end."""
    return (
        Column(
            "name", "企业名称", synonyms=("单位名称", "公司名称", "企业全称"), required=False, max_length=120
        ),
        CREDIT_CODE,
        Column(
            "attendee",
            "参训人",
            synonyms=("参训人员", "姓名", "学员", "学员姓名", "参会人员", "签到人"),
            max_length=60,
        ),
        Column(
            "minutes",
            "参训分钟数",
            Kind.INTEGER,
            synonyms=("参训分钟", "分钟", "分钟数", "参训时长（分钟）", "时长（分钟）"),
            required=False,
            minimum=1,
            maximum=longest,
        ),
    )


def write_attendance_template() -> bytes:
    """An empty list to fill in."""
    return write_template(attendance_columns(), sheet="签到表")
