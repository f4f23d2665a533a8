"""The chart: the same bytes for the same picture, nothing a strict policy would drop, words for those who cannot see it."""

import datetime as dt
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from cultivation.charts import stock_chart
from cultivation.forecasting.picture import StockPicture, YearBand
from documents.api import FontsMissing, font_file

PICTURE = StockPicture(
    place="百色市<演示>",
    as_of=dt.date(2019, 6, 30),
    stock_on_as_of=36,
    year_ends={2017: 29, 2018: 35},
    targets={2018: 35, 2019: 42, 2020: 50},
    bands=(YearBand(2019, 35, 38, 42), YearBand(2020, 36, 41, 47)),
)


@pytest.fixture(autouse=True)
def _fonts() -> None:
    try:
        font_file("Miaopu Hei")
    except FontsMissing as error:
        pytest.skip(str(error))


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert stock_chart(PICTURE) == stock_chart(PICTURE)


def test_nothing_is_styled_inline_and_nothing_is_fetched() -> None:
    svg = stock_chart(PICTURE)
    root = ET.fromstring(svg)
    assert not [node for node in root.iter() if "style" in node.attrib or node.tag.endswith("}style")]
    links = [value for node in root.iter() for key, value in node.attrib.items() if key.endswith("href")]
    assert all(link.startswith("#") for link in links)
    assert "<text" not in svg
    assert not svg.startswith("<?xml")


def test_it_is_told_in_words_too() -> None:
    root = ET.fromstring(stock_chart(PICTURE))
    space = "{http://www.w3.org/2000/svg}"
    assert "百色市<演示>" in (root.findtext(f"{space}title") or "")
    described = root.findtext(f"{space}desc") or ""
    for part in ("2017: 29", "2019-06-30: 36", "P10 35, P50 38, P90 42"):
        assert part in described


def test_it_survives_a_grey_print() -> None:
    colours = {
        value
        for node in ET.fromstring(stock_chart(PICTURE)).iter()
        for key, value in node.attrib.items()
        if key in ("fill", "stroke") and value.startswith("#")
    }
    assert all(colour[1:3] == colour[3:5] == colour[5:7] for colour in colours)


@pytest.mark.parametrize(
    "picture",
    [
        replace(PICTURE, bands=()),
        replace(PICTURE, targets={}, year_ends={}),
        replace(PICTURE, targets={}, year_ends={}, bands=(), stock_on_as_of=0),
        replace(PICTURE, bands=(YearBand(2019, 0, 0, 0),), stock_on_as_of=0),
    ],
    ids=["no forecast", "no history", "nothing", "all zero"],
)
def test_it_can_be_drawn_with_little(picture: StockPicture) -> None:
    ET.fromstring(stock_chart(picture))
