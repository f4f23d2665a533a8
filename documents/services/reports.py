"""Reports: pages that inform and decide nothing; neither numbered nor kept, unlike a notice."""

import hashlib


def render_report(html: str) -> bytes:
    """PDF/A of a report's HTML in the faces of official documents; the same HTML gives the same bytes.

    Pictures must be inside the page (inline SVG or data addresses). ``FontsMissing``, ``RenderingFailed`` as for notices.
    """
    from documents.rendering.pdf import render  # WeasyPrint takes a second: not on every command's start

    return render(html, identifier=hashlib.sha256(html.encode()).hexdigest()[:32]).pdf
