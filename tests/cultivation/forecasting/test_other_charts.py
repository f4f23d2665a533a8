"""Funnel, calendar of expiries, calibration and programme: like the chart of the stock, legible in grey and without style."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest

from cultivation.charts import (
    CalibrationPicture,
    CalibrationPoint,
    ExpiryPicture,
    FunnelPicture,
    FunnelStage,
    ProgrammeBar,
    ProgrammePicture,
    calibration_chart,
    expiry_chart,
    funnel_chart,
    programme_chart,
)
from documents.api import FontsMissing, font_file

DAY = dt.date(2019, 6, 30)
CHARTS = {
    "funnel": lambda: funnel_chart(
        FunnelPicture(
            "百色<市>", DAY, ("新", "旧"), (FunnelStage("培训", (3, 2), 40), FunnelStage("空", (0, 0), None))
        )
    ),
    "expiries": lambda: expiry_chart(
        ExpiryPicture("百色<市>", DAY, (2019, 2020), {(2019, 11): 6}, {(2019, 11): 4})
    ),
    "calibration": lambda: calibration_chart(
        CalibrationPicture("百色<市>", (CalibrationPoint(0.9, 0.8, 0.7, 0.9, 12),))
    ),
    "programme": lambda: programme_chart(
        ProgrammePicture("百色<市>", DAY, (ProgrammeBar("技术", 12, 10), ProgrammeBar("人才", 0, 0)))
    ),
}
WORDS = {"funnel": "培训: 5", "expiries": "2019-11: 6", "calibration": "90% -> 80% (n=12)", "programme": "12"}


@pytest.fixture(autouse=True)
def _fonts() -> None:
    try:
        font_file("Miaopu Hei")
    except FontsMissing as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_the_same_bytes_grey_unstyled_and_told_in_words(name):
    svg = CHARTS[name]()
    assert svg == CHARTS[name]()
    root = ET.fromstring(svg)
    assert not [node for node in root.iter() if "style" in node.attrib or node.tag.endswith("}style")]
    space = "{http://www.w3.org/2000/svg}"
    assert "百色<市>" in (root.findtext(f"{space}title") or "")
    assert WORDS[name] in (root.findtext(f"{space}desc") or "")
    colours = {
        value
        for node in root.iter()
        for key, value in node.attrib.items()
        if key in ("fill", "stroke") and value.startswith("#") and len(value) == 7
    }
    assert all(colour[1:3] == colour[3:5] == colour[5:7] for colour in colours), colours
