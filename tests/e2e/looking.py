"""Looking at a page as a careful visitor does: with axe for WCAG 2.2 AA, at two widths, in light and dark, and for sideways scrolling."""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (1440, 360)
THEMES = ("light", "dark")
_OPTIONS = {"runOnly": {"type": "tag", "values": WCAG_2_2_AA}, "resultTypes": ["violations"]}
_OPEN_ALL = "document.querySelectorAll('main details').forEach(folded => { folded.open = true })"


def faults(page: Page) -> Iterator[str]:
    """Everything wrong with the page that is open. On the phone everything that can be unfolded is, so that it is looked at, too."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if width == min(WIDTHS):
            page.evaluate(_OPEN_ALL)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{width}: scrolls sideways to {wide}"
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            yield from (f"{width} {theme}: {fault}" for fault in _violations(page))


def _violations(page: Page) -> Iterator[str]:
    for violation in Axe().run(page, options=_OPTIONS).response["violations"]:
        for node in violation["nodes"]:
            why = "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
            yield f"{violation['id']} at {node['target']}: {why or violation['help']}"
