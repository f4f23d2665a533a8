"""Bulletins and yearly reports: drawn up from the stock on record, frozen, the same bytes for everybody."""

import datetime as dt
import hashlib
import io
import re

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from config.common.errors import NotAllowed, Refused
from cultivation.exports import bulletin_html
from cultivation.models import Bulletin, BulletinFile
from cultivation.selectors.bulletins import is_unchanged, last_day, opening_day
from cultivation.services.bulletins import draw_up_bulletin, make_bulletin_paper
from cultivation.services.stock_records import draw_up_stock, lock_stock
from documents.api import FontsMissing, font_file
from tests.factories import AccreditationFactory, FirmFactory, division


@pytest.fixture
def on_record(cast):
    """Two firms at the end of the second quarter of 2019."""
    for key in ("youjiang", "tianyang"):
        AccreditationFactory(firm=FirmFactory(division=division(key)))
    return draw_up_stock(day=dt.date(2019, 6, 30), actor=cast.caseworker)


@pytest.fixture
def drawn(on_record, cast) -> Bulletin:
    return draw_up_bulletin(year=2019, quarter=2, actor=cast.caseworker)


def html_of(bulletin: Bulletin) -> str:
    return bulletin_html(bulletin.content, version=1, maker="演示", sha256=bulletin.sha256)


def _fonts() -> None:
    try:
        font_file("Miaopu Hei")
    except FontsMissing as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("year", "quarter", "opened", "day"),
    [
        (2019, 1, dt.date(2018, 12, 31), dt.date(2019, 3, 31)),
        (2019, 2, dt.date(2019, 3, 31), dt.date(2019, 6, 30)),
        (2019, 4, dt.date(2019, 9, 30), dt.date(2019, 12, 31)),
        (2019, 0, dt.date(2018, 12, 31), dt.date(2019, 12, 31)),
    ],
)
def test_a_period_begins_where_the_one_before_ends(year, quarter, opened, day):
    assert (opening_day(year, quarter), last_day(year, quarter)) == (opened, day)


class TestDrawingUp:
    def test_it_says_what_is_on_record_whatever_comes_in_afterwards(self, drawn):
        AccreditationFactory(firm=FirmFactory(division=division("tiandong")))
        content = Bulletin.objects.get().content
        assert content["stock"]["total"] == 2
        assert {row["name"]: row["stock"] for row in content["counties"]}.items() >= {
            "右江区": 1,
            "田阳区": 1,
            "田东县": 0,
        }.items()
        assert is_unchanged(drawn)

    def test_without_a_stock_on_record_there_is_none(self, cast):
        with pytest.raises(Refused) as refusal:
            draw_up_bulletin(year=2019, quarter=1, actor=cast.caseworker)
        assert refusal.value.code == "stock_not_on_record"

    def test_a_period_that_is_not_over_has_none(self, cast, on_record):
        with pytest.raises(Refused) as refusal:
            draw_up_bulletin(year=2019, quarter=0, actor=cast.caseworker)
        assert refusal.value.code == "day_to_come"

    def test_the_same_again_is_refused_and_another_stock_makes_another_version(self, cast, drawn, on_record):
        with pytest.raises(Refused) as refusal:
            draw_up_bulletin(year=2019, quarter=2, actor=cast.caseworker)
        assert refusal.value.code == "nothing_changes"
        with pytest.raises(NotAllowed):
            draw_up_bulletin(year=2019, quarter=2, actor=cast.reviewer)

    def test_nobody_changes_what_was_drawn_up(self, drawn):
        with pytest.raises(DatabaseError), transaction.atomic():
            Bulletin.objects.update(content={})


class TestItsText:
    def test_it_quotes_stock_target_and_gap_and_says_which_version(self, drawn):
        text = html_of(drawn)
        assert "截至2019年6月30日，全市有效期内高新技术企业2家" in text
        assert "本年度目标为42家，尚差40家" in text
        assert "不是承诺" in text

    def test_every_table_has_its_number_and_every_picture_names_its_table(self, drawn):
        text = html_of(drawn)
        assert re.findall(r"<caption>表(\d)", text) == ["1", "2", "3", "4", "5", "6", "7"]
        assert len(re.findall(r'<img src="data:image/svg\+xml;base64,[^"]+" alt="[^"]*表\d">', text)) == 4

    def test_a_year_has_a_report_of_its_own_name(self, cast):
        AccreditationFactory()
        drawn = draw_up_stock(day=dt.date(2018, 12, 31), actor=cast.caseworker)
        lock_stock(record=drawn, actor=cast.reviewer)
        report = draw_up_bulletin(year=2018, quarter=0, actor=cast.caseworker)
        assert "年度报告" in html_of(report)
        assert report.stock.stage == "final"


class TestPaperAndPages:
    def test_the_paper_is_made_once_and_answers_for_its_bytes(self, client, cast, drawn):
        _fonts()
        paper = make_bulletin_paper(bulletin=drawn)
        assert make_bulletin_paper(bulletin=drawn) == paper
        client.force_login(cast.county)
        url = reverse("cultivation:bulletin_paper", args=[drawn.pk])
        first, second = client.get(url), client.get(url)
        assert first.content == second.content
        assert hashlib.sha256(first.content).hexdigest() == paper.sha256
        assert first.content.startswith(b"%PDF")
        assert BulletinFile.objects.count() == 1

    def test_a_caseworker_draws_up_on_the_page_and_others_read(self, client, cast, on_record):
        client.force_login(cast.caseworker)
        answer = client.post(reverse("cultivation:bulletins"), {"period": "2019-2"})
        assert answer.status_code == 302
        assert client.get(answer["Location"]).status_code == 200
        again = client.post(reverse("cultivation:bulletins"), {"period": "2019-2"})
        assert (again.status_code, list(again.context["form"].errors)) == (409, ["period"])
        client.force_login(cast.county)
        assert client.get(reverse("cultivation:bulletins")).context["form"] is None
        assert client.post(reverse("cultivation:bulletins"), {"period": "2019-2"}).status_code == 403

    def test_its_workbook_holds_the_numbers_as_they_were(self, client, cast, drawn):
        AccreditationFactory()
        client.force_login(cast.auditor)
        content = client.get(reverse("cultivation:bulletin_numbers", args=[drawn.pk])).content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert rows[3][1] == 2
