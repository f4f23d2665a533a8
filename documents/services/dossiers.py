"""Everything about one subject in one file (一企一档): a PDF with index and bookmarks, or a zip with index and hashes.

What belongs to a dossier is said by the apps above (``DOSSIER_SOURCES``); here it is put together. Files are copied to
the disk one by one and never held in memory all at once.
"""

import base64
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import NotAllowed
from config.common.workbooks import write_table
from documents.rendering.binding import Bound, bind, page_count
from documents.validators import clean_name

from .prepared_files import Progress
from .reports import render_report

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

_PICTURES = {"image/png", "image/jpeg"}
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the dossier; without ``headers`` its rows are pairs of a name and a value."""

    title: str
    rows: Sequence[Sequence[str]]
    headers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DossierFile:
    """A stored file; ``remark`` says why it is listed and not taken along (not checked yet, rejected)."""

    title: str
    file: FieldFile
    name: str
    sha256: str
    content_type: str
    remark: str = ""


class DossierSource(Protocol):
    """An app's part of the dossiers of a kind of subject (``firm``, ``case``)."""

    def title(self, subject: str, pk: int, *, reader: "User") -> str | None:
        """What the dossier is called; nothing where this source does not know or the reader may not see the subject."""

    def sections(self, subject: str, pk: int, *, reader: "User") -> Iterator[Section]: ...

    def files(self, subject: str, pk: int, *, reader: "User") -> Iterator[DossierFile]: ...


def _sources() -> list[DossierSource]:
    return [import_string(path)() for path in settings.DOSSIER_SOURCES]


def dossier_title(subject: str, pk: int, *, reader: "User") -> str | None:
    """The name of the dossier, if there is one for this person."""
    titles = (source.title(subject, pk, reader=reader) for source in _sources())
    return next((title for title in titles if title is not None), None)


class Dossiers:
    """The maker of dossiers; parameters are ``subject``, ``pk`` and ``format`` (``pdf`` or ``zip``)."""

    def write(
        self, parameters: Mapping[str, Any], *, owner: "User", target: BinaryIO, progress: Progress
    ) -> None:
        subject, pk = str(parameters["subject"]), int(parameters["pk"])
        title = dossier_title(subject, pk, reader=owner)
        if title is None:
            raise NotAllowed("not_allowed", _("You are not allowed to do this."))
        sections: list[Section] = []
        files: list[DossierFile] = []
        for source in _sources():
            sections += source.sections(subject, pk, reader=owner)
            files += source.files(subject, pk, reader=owner)
        with tempfile.TemporaryDirectory(prefix="miaopu-dossier-") as directory:
            work = _Work(title, sections, files, owner, Path(directory), progress)
            if parameters["format"] == "zip":
                work.write_zip(target)
            else:
                work.write_pdf(target)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the index: the page it begins on, or why it is not in the file."""

    number: int
    title: str
    page: int | None
    remark: str = ""
    sha256: str = ""


class _Work:
    """One dossier being put together in a directory of its own."""

    def __init__(
        self,
        title: str,
        sections: Sequence[Section],
        files: Sequence[DossierFile],
        owner: "User",
        directory: Path,
        progress: Progress,
    ) -> None:
        self.title, self.sections, self.files, self.owner = title, sections, files, owner
        self.directory, self.progress = directory, progress
        self.done, self.total = 0, len(sections) + len(files)

    def write_pdf(self, target: BinaryIO) -> None:
        bound = [*self._sections(), *self._attached()]
        cover = self._cover(bound)
        bind([Bound(self.title, cover), *bound], target, title=self.title)

    def write_zip(self, target: BinaryIO) -> None:
        """The sections as one PDF, the files as they are stored, an index, and a list of hashes for ``sha256sum -c``."""
        bound = list(self._sections())
        whole = self.directory / "whole.pdf"
        with whole.open("wb") as out:
            bind([Bound(self.title, self._cover(bound)), *bound], out, title=self.title)
        sums: list[tuple[str, str]] = []
        rows: list[list[str | int]] = []
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            overview = _("Overview") + ".pdf"
            archive.write(whole, overview)
            sums.append((_sha256(whole), overview))
            for number, found in enumerate(self.files, start=1):
                name = f"{number:03d}-{clean_name(found.name).replace('/', '_')}"
                remark = found.remark or self._add(archive, found, name, sums)
                rows.append([number, found.title, found.name, remark or name, found.sha256])
                self._tell()
            headers = [_("No."), _("Title"), _("Original name"), _("File or remark"), "SHA-256"]
            index = write_table(headers, rows, sheet=_("Index"))
            archive.writestr("index.xlsx", index)
            sums.append((hashlib.sha256(index).hexdigest(), "index.xlsx"))
            archive.writestr("SHA256SUMS.txt", "".join(f"{digest}  {name}\n" for digest, name in sums))

    def _add(
        self, archive: zipfile.ZipFile, found: DossierFile, name: str, sums: list[tuple[str, str]]
    ) -> str:
        """Put a stored file into the archive; why it is not there, where it is not."""
        copy, remark = self._copy(found)
        if copy is None:
            return remark
        archive.write(copy, name)
        sums.append((found.sha256, name))
        copy.unlink()
        return ""

    def _sections(self) -> Iterator[Bound]:
        for number, section in enumerate(self.sections, start=1):
            html = render_to_string("documents/dossier_section.html", {"section": section})
            path = self.directory / f"section-{number}.pdf"
            path.write_bytes(render_report(html))
            self._tell()
            yield Bound(section.title, path)

    def _attached(self) -> Iterator[Bound]:
        for number, found in enumerate(self.files, start=1):
            yield self._attach(number, found)
            self._tell()

    def _attach(self, number: int, found: DossierFile) -> Bound:
        if found.remark:
            return Bound(found.title, None, found.remark, found.sha256)
        copy, remark = self._copy(found)
        if copy is None:
            return Bound(found.title, None, remark, found.sha256)
        if found.content_type in _PICTURES:
            picture = copy.read_bytes()
            context = {"title": found.title, "type": found.content_type, "picture": _base64(picture)}
            copy = self.directory / f"picture-{number}.pdf"
            copy.write_bytes(render_report(render_to_string("documents/dossier_picture.html", context)))
        elif found.content_type != _PDF:
            return Bound(found.title, None, _("no pages to append; see the zip"), found.sha256)
        if page_count(copy) == 0:
            return Bound(found.title, None, _("protected or damaged; see the zip"), found.sha256)
        return Bound(found.title, copy, sha256=found.sha256)

    def _copy(self, found: DossierFile) -> tuple[Path | None, str]:
        """The stored file on the disk, if it is there and is what was recorded; else why not."""
        path = self.directory / f"file-{found.sha256[:16]}-{self.done}"
        try:
            with found.file.open("rb") as source, path.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
        except FileNotFoundError:
            return None, _("the stored file is missing")
        if _sha256(path) != found.sha256:
            path.unlink()
            return None, _("the stored file is not the one that was recorded")
        return path, ""

    def _cover(self, bound: Sequence[Bound]) -> Path:
        """Cover and index. How long they are decides the pages they name, so they are set until both agree."""
        path = self.directory / "cover.pdf"
        length = 1
        while True:
            path.write_bytes(render_report(self._cover_html(bound, length)))
            found = page_count(path)
            if found <= length:
                return path
            length = found

    def _cover_html(self, bound: Sequence[Bound], length: int) -> str:
        lines, page = [], length + 1
        for number, part in enumerate(bound, start=1):
            count = page_count(part.path) if part.path else 0
            lines.append(_Line(number, part.title, page if count else None, part.remark, part.sha256))
            page += count
        context = {"title": self.title, "lines": lines, "owner": self.owner, "today": today(), "at": now()}
        return render_to_string("documents/dossier_cover.html", context)

    def _tell(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
