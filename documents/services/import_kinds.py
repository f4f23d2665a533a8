"""What the pages of importing have to know of a kind of list; the apps above supply the kinds (``IMPORT_KINDS``)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from config.common.workbooks import Column, Headings, TableReport

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User
    from django.forms import Form


@dataclass(frozen=True, slots=True)
class HandIn:
    """A file on its way: the bytes, its name, what was filled in beside it, and what was said about its headers.

    ``agreed`` is what its owner saw that taking it over would do, once that is confirmed.
    """

    content: bytes
    original_name: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    headings: Headings = field(default_factory=dict)
    agreed: TableReport | None = None


class ImportKind(Protocol):
    """A kind of list. ``back`` is the address (by name) of the page it belongs to."""

    title: Any
    text: Any
    back: str
    roles: Collection[str]

    def form(
        self, data: Mapping[str, Any] | None, initial: Mapping[str, Any], *, actor: "User"
    ) -> "Form | None":
        """What has to be filled in beside the file, if anything; ``Http404`` where it names what the person does not see."""

    def columns(self) -> Sequence[Column]:
        """The columns of the list; none where a workbook has several sheets, whose headers nobody corrects by hand."""

    def template(self) -> bytes:
        """An empty list to fill in."""

    def take_over(self, hand_in: HandIn, *, actor: "User", dry_run: bool) -> TableReport:
        """Judge the list as a whole and, unless ``dry_run``, take it over as a whole; raises ``RowsRefused``."""

    def back_url(self, answers: Mapping[str, Any]) -> str:
        """Where the person goes on."""


def import_kinds() -> dict[str, ImportKind]:
    """Every kind by its key, in the order of the settings."""
    return {key: import_string(path)() for key, path in settings.IMPORT_KINDS.items()}
