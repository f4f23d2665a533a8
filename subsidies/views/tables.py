"""A table of a page as a workbook: the one way they all take, every text cell dead text, nothing kept by browsers."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from config.common.clock import today
from config.common.downloads import download
from config.common.workbooks import Value, write_table


def table_file(
    name: str, headers: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str
) -> HttpResponse:
    """The rows under their headers; the file is called ``name`` and today's date."""
    content = write_table(headers, rows, sheet=sheet)
    return download(content, name=f"{name}-{today().isoformat()}.xlsx")
