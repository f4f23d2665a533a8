import subprocess
import sys
from pathlib import Path

import pytest
from weasyprint.text import ffi

from documents.rendering import fonts, pdf
from documents.rendering.fonts import FontsMissing, font_file, missing_glyphs
from documents.rendering.pdf import RenderingFailed, render

HTML = '<!doctype html><html lang="zh-CN"><title>演示</title><p>演示</p></html>'

IN_ANOTHER_PROCESS = f"""
import sys
import django
django.setup()
from documents.rendering.pdf import render
sys.stdout.write(render({HTML!r}, identifier="a").pdf_sha256)
"""


def test_the_same_html_gives_the_same_bytes_in_every_process(root: Path) -> None:
    there = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IN_ANOTHER_PROCESS],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert render(HTML, identifier="a").pdf_sha256 == render(HTML, identifier="a").pdf_sha256 == there


def test_without_the_subsetting_library_nothing_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffi, "harfbuzz_subset", None)
    pdf._machine.cache_clear()
    with pytest.raises(RenderingFailed, match="libharfbuzz-subset0"):
        render(HTML, identifier="a")
    monkeypatch.undo()
    assert render(HTML, identifier="a").pdf.startswith(b"%PDF")


@pytest.mark.parametrize("address", ["https://example.invalid/a.png", "file:///etc/hostname"])
def test_a_page_reaches_neither_network_nor_files(address: str) -> None:
    with pytest.raises(RenderingFailed, match="disallowed protocol"):
        render(f'<!doctype html><title>a</title><img src="{address}" alt="a">', identifier="a")


def test_a_style_that_is_not_understood_fails_loudly() -> None:
    with pytest.raises(RenderingFailed):
        render('<!doctype html><title>a</title><p style="width: nonsense">a</p>', identifier="a")


def test_a_missing_font_names_the_command_that_brings_it(settings: object, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(FontsMissing, match=r"documents\.rendering\.install_fonts"):
        font_file("Miaopu Fang")


def test_missing_glyphs_are_named_once_and_in_order() -> None:
    assert missing_glyphs("演示\n昇璟喆珺祎垚A1（）〔〕") == []
    assert missing_glyphs("😀演ƽ😀") == ["😀", "ƽ"]
    assert missing_glyphs("\x07") == ["\x07"]


def test_the_body_face_lacks_what_the_fallback_has() -> None:
    """Why the fallback is mandatory."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file("Miaopu Fang"), lazy=True) as face:
        assert not {ord(char) for char in "昇璟喆珺祎垚"} & set(face.getBestCmap())
    assert fonts.FACES.keys() >= {fonts.FALLBACK}
