"""A list as a workbook: at once where it is small, in the background where it is large; the same rows either way."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import NotAllowed, Refused
from config.common.filters import FilterForm
from config.common.workbooks import Book, Sheet, Value
from documents.permissions import has_group

from .prepared_files import Progress

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

# Rows that a person waits for; more are made in the background.
AT_ONCE = 5_000
# A sheet of Excel ends at 1,048,576 rows.
_ROWS_A_SHEET = 1_000_000
_EVERY = 200
_BATCH = 500
_WIDTH = 20

M = TypeVar("M", bound=Model)


class TableMaker:
    """A list that can be had as a workbook, by everybody of ``roles``; rows are narrowed besides.

    ``parameters`` are what the address carries: the filters of the list's page, and whose list it is where it belongs to
    one object. ``count`` and ``rows`` raise ``Refused`` where there is no such object for the person.
    """

    roles: Collection[str] = ()
    # What the file is called, before the day; the list's name where nothing is said.
    stem = ""
    # The page of a list that can be narrowed there, by URL name: its filters can be kept.
    page = ""

    def name(self) -> str:
        """What the list is called; also the sheet's name."""
        raise NotImplementedError

    def file_name(self, parameters: Mapping[str, Any]) -> str:
        """Asked once the object of the list is known to be there."""
        return f"{self.stem or self.name()}-{today().isoformat()}.xlsx"

    def may(self, owner: "User") -> bool:
        """Whether the person may have the list at all."""
        return has_group(owner, self.roles)

    def filters(self, parameters: Mapping[str, Any], *, owner: "User") -> FilterForm:
        """What the parameters narrow the list to for the person; to nothing where the list has no filters."""
        return FilterForm(parameters)

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
        sheet.sheet.freeze_panes(1, 0)
        for column, header in enumerate(self.headers()):
            sheet.sheet.set_column(column, column, _WIDTH)
            sheet.write(0, column, header, bold=True, bottom=1)
        return sheet


class QueryTable(TableMaker):
    """A list that is one query: counted by the database, read in batches."""

    def found(self, parameters: Mapping[str, Any], *, owner: "User") -> QuerySet[Any]:
        """What the page shows, in its order, with all that the cells need."""
        raise NotImplementedError

    def cells(self, row: Any) -> Sequence[Value]:
        raise NotImplementedError

    def count(self, parameters: Mapping[str, Any], *, owner: "User") -> int:
        return self.found(parameters, owner=owner).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: "User") -> Iterator[Sequence[Value]]:
        for row in self.found(parameters, owner=owner).iterator(chunk_size=_BATCH):
            yield self.cells(row)


def one_of(rows: QuerySet[M], key: Any) -> M:
    """The row that an address names by its key; ``Refused`` (``unknown_row``) where it is none of these."""
    text = str(key)
    named = text.isascii() and text.isdecimal() and len(text) < 19
    found = rows.filter(pk=int(text)).first() if named else None
    if found is None:
        raise Refused("unknown_row", _("What this list is about is not there."))
    return found
