"""Reading PDFs as a person would: text, faces, pictures."""

import io
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

MM = 72 / 25.4


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """Text of a PDF in reading order, one page after another with a form feed."""
    return _run("pdftotext", "-raw", pdf, tmp_path)


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text with its box, in millimetres from the upper left corner of its page (1…n)."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_of(pdf: bytes, tmp_path: Path) -> list[Word]:
    """The runs of text on all pages with their places."""
    page, words = 0, []
    for line in _run("pdftotext", "-bbox", pdf, tmp_path).splitlines():
        page += "<page " in line
        if match := re.search(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', line):
            left, top, right, bottom = (float(match[index]) / MM for index in (1, 2, 3, 4))
            words.append(Word(page, match[5], left, top, right, bottom))
    return words


def faces_of(pdf: bytes) -> set[str]:
    """Names of the embedded faces, without the tag of the subset."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        descriptors = [item for item in document.objects if getattr(item, "Type", None) == "/FontDescriptor"]
        return {str(descriptor.FontName).partition("+")[2] for descriptor in descriptors}


def ink(pdf: bytes, page: int, tmp_path: Path, dots_per_mm: int = 10) -> "Ink":
    """Page ``page`` as a picture of ``dots_per_mm``."""
    source = tmp_path / "read.pdf"
    source.write_bytes(pdf)
    target = tmp_path / "page"
    resolution = str(dots_per_mm * 25.4)
    subprocess.run(
        ["pdftoppm", "-r", resolution, "-f", str(page), "-l", str(page), "-singlefile", source, target],
        check=True,
    )
    return Ink(Path(f"{target}.ppm"), dots_per_mm)


class Ink:
    """Where a page is coloured."""

    def __init__(self, picture: Path, dots_per_mm: int) -> None:
        with Image.open(picture) as image:
            pixels = np.asarray(image.convert("RGB")).astype(int)
        self._red, self._green, self._blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
        self._scale = dots_per_mm

    def red_bands(self) -> list[tuple[float, float]]:
        """Upper and lower edge, in millimetres, of each horizontal band with red in it."""
        return self._bands((self._red > 180) & (self._green < 90) & (self._blue < 90))

    def dark_bands(self) -> list[tuple[float, float]]:
        """The same for black."""
        return self._bands(np.maximum(np.maximum(self._red, self._green), self._blue) < 110)

    def has_colour(self) -> bool:
        """Whether anything but black, white and grey is there."""
        return bool((np.abs(self._red - self._green) > 40).any())

    def _bands(self, chosen: np.ndarray) -> list[tuple[float, float]]:
        rows = np.flatnonzero(chosen.any(axis=1))
        groups = np.split(rows, np.flatnonzero(np.diff(rows) > 2) + 1)
        return [(group[0] / self._scale, group[-1] / self._scale) for group in groups if len(group)]


def _run(program: str, option: str, pdf: bytes, tmp_path: Path) -> str:
    source = tmp_path / "read.pdf"
    source.write_bytes(pdf)
    return subprocess.run(
        [program, option, str(source), "-"], check=True, capture_output=True, encoding="utf-8"
    ).stdout
