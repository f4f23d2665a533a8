"""Several PDF files bound into one, with bookmarks; pages are copied as they are, from files on the disk."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Bound:
    """A part of the whole; without a ``path`` it is named in the index alone, and ``remark`` says why."""

    title: str
    path: Path | None
    remark: str = ""
    sha256: str = ""


def page_count(path: Path) -> int:
    """The pages of a PDF; 0 where it is protected, damaged or none at all."""
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return 0


def bind(parts: Sequence[Bound], target: BinaryIO, *, title: str) -> None:
    """Write the parts that have pages one after another, each with a bookmark."""
    import pikepdf

    with pikepdf.new() as whole, ExitStack() as sources:
        places: list[tuple[str, int]] = []
        for part in parts:
            if part.path is None:
                continue
            places.append((part.title, len(whole.pages)))
            whole.pages.extend(sources.enter_context(pikepdf.open(part.path)).pages)
        with whole.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(name, page) for name, page in places)
        whole.docinfo["/Title"] = title
        whole.save(target)
