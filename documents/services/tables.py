"""A list as a workbook: at once where it is small, in the background where it is large; the same rows either way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from django.utils.translation import gettext as _

from config.common.errors import NotAllowed
from config.common.workbooks import Book, Sheet, Value

from .prepared_files import Progress

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

# Rows that a person waits for; more are made in the background.
AT_ONCE = 5_000
# A sheet of Excel ends at 1,048,576 rows.
_ROWS_A_SHEET = 1_000_000
_EVERY = 200
_WIDTH = 20


class TableMaker:
    """A list that can be had as a workbook. ``parameters`` are the filters of its page, as the address carries them."""

    def name(self) -> str:
        """What the list is called; also the sheet's and the file's name."""
        raise NotImplementedError

    def may(self, owner: "User") -> bool:
        """Whether the person may have the list at all; rows are narrowed besides."""
        raise NotImplementedError

    def headers(self) -> Sequence[str]:
        raise NotImplementedError

    def count(self, parameters: Mapping[str, Any], *, owner: "User") -> int:
        """How many rows there are at most: what decides whether a person waits, and what progress is told against."""
        raise NotImplementedError

    def rows(self, parameters: Mapping[str, Any], *, owner: "User") -> Iterator[Sequence[Value]]:
        """The rows as the page shows them, streamed, in a number of queries that grows with batches alone."""
        raise NotImplementedError

    def write(
        self, parameters: Mapping[str, Any], *, owner: "User", target: BinaryIO, progress: Progress
    ) -> None:
        if not self.may(owner):
            raise NotAllowed("not_allowed", _("You are not allowed to do this."))
        total = self.count(parameters, owner=owner)
        with Book() as book:
            sheet: Sheet | None = None
            for number, row in enumerate(self.rows(parameters, owner=owner)):
                place = number % _ROWS_A_SHEET
                if place == 0:
                    sheet = self._begin(book, number // _ROWS_A_SHEET)
                assert sheet is not None  # noqa: S101 (begun with the first row)
                for column, value in enumerate(row):
                    sheet.write(place + 1, column, value)
                if number % _EVERY == 0:
                    progress(number, total)
            if sheet is None:
                self._begin(book, 0)
        target.write(book.content)

    def _begin(self, book: Book, part: int) -> Sheet:
        name = self.name()
        sheet = book.add(name if part == 0 else f"{name} {part + 1}")
        for column, header in enumerate(self.headers()):
            sheet.sheet.set_column(column, column, _WIDTH)
            sheet.write(0, column, header, bold=True, bottom=1)
        return sheet
