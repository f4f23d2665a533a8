"""HTML to archival PDF: the only importer of WeasyPrint."""

import hashlib
import io
import logging
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock

import pydyf
from weasyprint import CSS, HTML, Document
from weasyprint.css import ColorProfile
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from .fonts import font_faces

# Unicode text and embedded fonts throughout; tagged besides, which this level allows and the stricter 3a demands.
_VARIANT = "pdf/a-3u"
_COLOURS = "--srgb"
_STYLESHEET = Path(__file__).with_name("official.css")
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


@dataclass(frozen=True, slots=True)
class _Press:
    fonts: FontConfiguration
    stylesheet: CSS
    fetcher: URLFetcher
    colours: _Colours


@cache
def _press() -> _Press:
    """Fonts, stylesheet, fetcher and colour profile, read once a process."""
    if ffi.harfbuzz_subset is None:
        raise RenderingFailed("libharfbuzz-subset is missing: install Debian's libharfbuzz-subset0")
    fonts = FontConfiguration()
    # Files only for our own stylesheet; a page can bring its pictures along and reach nothing else.
    stylesheet = CSS(
        string=font_faces() + "\n" + _STYLESHEET.read_text("utf-8"),
        font_config=fonts,
        url_fetcher=URLFetcher(allowed_protocols={"file", "data"}),
    )
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    return _Press(fonts, stylesheet, fetcher, _Colours())


def _leave_metadata_readable(document: Document, pdf: pydyf.PDF) -> None:
    """Write the XMP packet uncompressed, so that an archive (or a damaged file) still gives the number away."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata":
            item.compress = False


def render(html: str, *, identifier: str) -> Rendering:
    """PDF/A of ``html`` in the official form; the same input gives the same bytes in every process.

    ``RenderingFailed`` when anything had to be left out, ``FontsMissing`` when the fonts are not in place.
    """
    complaints = _Complaints()
    logger = logging.getLogger("weasyprint")
    with _one_at_a_time:
        logger.addHandler(complaints)
        try:
            press = _press()
            pdf = HTML(string=html, url_fetcher=press.fetcher, base_url=None).write_pdf(
                finisher=_leave_metadata_readable,
                font_config=press.fonts,
                color_profiles={_COLOURS: press.colours},
                output_intent=_COLOURS,
                stylesheets=[press.stylesheet],
                pdf_identifier=identifier.encode("ascii"),
                pdf_variant=_VARIANT,
                pdf_tags=True,
            )
        finally:
            logger.removeHandler(complaints)
    if complaints.messages:
        raise RenderingFailed("; ".join(complaints.messages))
    return Rendering(html=html, pdf=pdf)
