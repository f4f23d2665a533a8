"""The page of a notice: what stands on it, and its HTML."""

import datetime as dt
import re
from dataclasses import dataclass

import segno
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from .formats import chinese_date
from .titles import title_lines, width_of

_LEVELS = (
    ("level-1", re.compile(r"[一二三四五六七八九十]+、")),
    ("level-2", re.compile(r"（[一二三四五六七八九十]+）")),
)
_AMOUNT = re.compile(r"(\d[\d.]*元)")
_MARK_WIDTH_PT = 441
_MARK_LARGEST_PT = 56


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its heading part (black or Kai face by level) and the rest in the body face."""

    heading: SafeString
    text: SafeString
    level: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an annex: its header, how its cells stand (``left``, ``center``, ``right``), its share of the width."""

    header: str
    align: str
    share: int


@dataclass(frozen=True, slots=True)
class Annex:
    """A table behind the text, on landscape pages of its own with the header repeated (GB/T 9704-2012, 7.3.7 and 8).

    ``total`` are the cells of a last row, or nothing. All cells are text.
    """

    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "title": self.title,
            "unit": self.unit,
            "columns": [[column.header, column.align, column.share] for column in self.columns],
            "rows": [list(row) for row in self.rows],
            "total": list(self.total),
        }

    @property
    def words(self) -> str:
        headers = (column.header for column in self.columns)
        cells = (cell for row in (*self.rows, self.total) for cell in row)
        return "\n".join((self.title, self.unit, *headers, *cells))

    @property
    def widths(self) -> list[str]:
        """Of each column, in per cent."""
        whole = sum(column.share for column in self.columns)
        return [f"{100 * column.share / whole:.3f}" for column in self.columns]

    def lines(self) -> list[list[tuple[str, str]]]:
        """Rows of (alignment, text)."""
        aligns = [column.align for column in self.columns]
        return [list(zip(aligns, row, strict=True)) for row in self.rows]

    def total_line(self) -> list[tuple[str, str]]:
        aligns = [column.align for column in self.columns]
        return list(zip(aligns, self.total, strict=True)) if self.total else []


@dataclass(frozen=True, slots=True)
class NoticePage:
    """All that is printed on a notice; lines of plain text. ``number`` and ``check_url`` are empty on a preview.

    ``annotation`` (附注) stands in brackets below the date, ``copies`` (抄送) in the imprint.
    """

    organ_name: str
    mark_name: str
    number: str
    title: tuple[str, ...]
    recipient: str
    body: tuple[str, ...]
    annexes: tuple[Annex, ...]
    annotation: str
    copies: str
    issued_on: dt.date
    is_demo: bool
    is_preview: bool
    short_hash: str
    check_url: str
    keyword: str

    @property
    def words(self) -> str:
        """All that is drawn on this page and not on every page, for the check of its glyphs."""
        texts = (self.organ_name, self.mark_name, self.number, *self.title, self.recipient, *self.body)
        tables = (annex.words for annex in self.annexes)
        return "\n".join((*texts, self.annotation, self.copies, *tables))


def _whole_amounts(text: str) -> SafeString:
    """Escaped text in which no line ends between figures and 元."""
    # Odd parts are the amounts: figures and 元, nothing to escape.
    return mark_safe(  # noqa: S308
        "".join(
            f'<span class="whole">{part}</span>' if index % 2 else conditional_escape(part)
            for index, part in enumerate(_AMOUNT.split(text))
        )
    )


def paragraph_of(line: str) -> Paragraph:
    """A line of the body as it is set, escaped."""
    for level, pattern in _LEVELS:
        if pattern.match(line):
            heading, stop, rest = line.partition("。")
            return Paragraph(_whole_amounts(heading + stop), _whole_amounts(rest), level)
    return Paragraph(SafeString(""), _whole_amounts(line), "")


def _qr_code(page: NoticePage) -> str:
    """A picture of the verification address, or of number and code for typing in where there is no public site."""
    content = page.check_url or f"{page.number} {page.short_hash}"
    return segno.make(content, error="m", micro=False).svg_data_uri(border=0, omitsize=True)


def to_html(page: NoticePage) -> str:
    """The HTML of a notice; text is escaped here, once, whatever the template and its values held."""
    mark = page.mark_name + "文件"
    date = chinese_date(page.issued_on)
    return render_to_string(
        "documents/notice.html",
        {
            "page": page,
            "mark": mark,
            "title_lines": title_lines(page.title),
            "mark_size": f"{min(_MARK_LARGEST_PT, _MARK_WIDTH_PT / len(mark)):.2f}",
            "paragraphs": [paragraph_of(line) for line in page.body],
            "date": date,
            # The name is centred over the date, which ends four characters from the right (7.3.5.1).
            "signature_indent": f"{max(0, 4 + (width_of(date) - width_of(page.organ_name)) / 2):.2f}",
            "iso_date": page.issued_on.isoformat(),
            "qr_code": _qr_code(page) if page.number else "",
        },
    )
