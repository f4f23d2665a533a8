"""HTML to archival PDF: the only importer of WeasyPrint."""

import hashlib
import io
import logging
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from pathlib import Path
from threading import Lock

import pydyf
from weasyprint import CSS, HTML, Document
from weasyprint.css import ColorProfile
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from .fonts import write_faces

# Unicode text and embedded fonts throughout; tagged besides, which this level allows and the stricter 3a demands.
_VARIANT = "pdf/a-3u"
_COLOURS = "--srgb"
_STYLESHEET = Path(__file__).with_name("official.css")
# What the stylesheet itself puts on a page: the numbers at its foot.
_OF_THE_STYLESHEET = frozenset("— 0123456789")
# Pango's font map is shared between renderings; one at a time in a process, more processes for more speed.
_one_at_a_time = Lock()


class RenderingFailed(Exception):
    """The machine cannot make the PDF as it must be; nothing half-good is written instead."""


class _Complaints(logging.Handler):
    """Turns WeasyPrint's warnings (a dropped rule, a font that did not load) into errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@dataclass(frozen=True, slots=True)
class Rendering:
    """One document: its HTML, for tests and for the hash, and the bytes of the PDF."""

    html: str
    pdf: bytes

    @property
    def html_sha256(self) -> str:
        return hashlib.sha256(self.html.encode()).hexdigest()

    @property
    def pdf_sha256(self) -> str:
        return hashlib.sha256(self.pdf).hexdigest()


class _Colours(ColorProfile):
    """WeasyPrint's own sRGB profile, which it would open anew, and leave open, for every document.

    Its bytes go out as they are in the file: the colour library writes them differently each time it is asked.
    """

    def __init__(self) -> None:
        self._bytes = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
        super().__init__(io.BytesIO(self._bytes), "sRGB2014.icc", "relative-colorimetric", ("r", "g", "b"))

    @property
    def content(self) -> bytes:
        return self._bytes


@cache
def _machine() -> tuple[_Colours, URLFetcher]:
    """Colour profile and fetcher, made once a process: each opens files that WeasyPrint would read for every page."""
    if ffi.harfbuzz_subset is None:
        raise RenderingFailed("libharfbuzz-subset is missing: install Debian's libharfbuzz-subset0")
    # A page can bring its pictures along and reach nothing else.
    return _Colours(), URLFetcher(allowed_protocols={"data"}, allow_redirects=False)


@cache
def _file_fetcher() -> URLFetcher:
    """Files too, for the faces of our own stylesheet."""
    return URLFetcher(allowed_protocols={"file", "data"})


def characters_of(html: str) -> frozenset[str]:
    """All that a page may have to draw."""
    return frozenset(unescape(html))


class Press:
    """The faces cut to some characters, and the stylesheet, ready for any number of pages written with them.

    Cutting and reading them takes as long as a page; a run over many pages makes one press for all (docs/performance.md).
    ``FontsMissing`` when the fonts are not in place.
    """

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = _OF_THE_STYLESHEET.union(characters)
        self._colours, self._fetcher = _machine()
        self._fonts = FontConfiguration()
        with tempfile.TemporaryDirectory(prefix="miaopu-faces-") as directory:
            self._stylesheet = CSS(
                string=write_faces(Path(directory), self.characters) + _STYLESHEET.read_text("utf-8"),
                font_config=self._fonts,
                url_fetcher=_file_fetcher(),
            )

    def render(self, html: str, *, identifier: str) -> Rendering:
        """PDF/A of ``html`` in the official form; the same press and input give the same bytes in every process.

        ``RenderingFailed`` when anything had to be left out, or the press lacks a character of the page.
        """
        if lacking := characters_of(html) - self.characters:
            raise RenderingFailed(f"the press was not made for {''.join(sorted(lacking))}")
        complaints = _Complaints()
        logger = logging.getLogger("weasyprint")
        with _one_at_a_time:
            logger.addHandler(complaints)
            try:
                pdf = HTML(string=html, url_fetcher=self._fetcher, base_url=None).write_pdf(
                    finisher=_leave_metadata_readable,
                    font_config=self._fonts,
                    color_profiles={_COLOURS: self._colours},
                    output_intent=_COLOURS,
                    stylesheets=[self._stylesheet],
                    pdf_identifier=identifier.encode("ascii"),
                    pdf_variant=_VARIANT,
                    pdf_tags=True,
                )
            finally:
                logger.removeHandler(complaints)
        if complaints.messages:
            raise RenderingFailed("; ".join(complaints.messages))
        return Rendering(html=html, pdf=pdf)


def _leave_metadata_readable(document: Document, pdf: pydyf.PDF) -> None:
    """Write the XMP packet uncompressed, so that an archive (or a damaged file) still gives the number away."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata":
            item.compress = False


def render(html: str, *, identifier: str) -> Rendering:
    """One page or document by a press of its own: the bytes depend on ``html`` alone."""
    return Press(characters_of(html)).render(html, identifier=identifier)


_shared: list[Press] = []


def shared_press(characters: frozenset[str]) -> Press:
    """The press of this process for runs over many pages: made anew, for more characters, only when one is lacking."""
    if not _shared or characters - _shared[0].characters:
        _shared[:] = [Press(characters.union(*(press.characters for press in _shared)))]
    return _shared[0]
