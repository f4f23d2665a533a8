"""Certificates from before this system: as the region's lists, with the document of each in its row."""

from config.common.workbooks import Column, Kind, write_template

from .lists import certificate_columns, not_ahead


def opening_certificate_columns() -> tuple[Column, ...]:
    """All columns are needed: the certificates of one list may rest on different documents."""
    return (
        *certificate_columns(),
        Column(
            "document_number", "文号", synonyms=("文件号", "发文字号", "依据文号", "认定文号"), max_length=60
        ),
        Column(
            "document_date",
            "文件日期",
            Kind.DATE,
            synonyms=("发文日期", "成文日期", "印发日期"),
            check=not_ahead,
        ),
    )


def write_opening_certificate_template() -> bytes:
    """An empty list to fill in."""
    return write_template(opening_certificate_columns(), sheet="系统启用前的证书")
