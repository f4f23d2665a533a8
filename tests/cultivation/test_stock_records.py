"""Versions of a day's stock: preliminary and final, by two persons, with what changes later left to be seen (edge case 44)."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from config.common import clock as business_clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import StockStage
from cultivation.models import Accreditation, IndustryField, RefusedAttempt, StockRecord
from cultivation.selectors.stock_records import (
    changes_since,
    is_intact,
    parts_of,
    recorded_firms,
    standing_record,
    year_ends,
)
from cultivation.services.stock_records import draw_up_stock, lock_stock
from tests.factories import AccreditationFactory, FirmFactory, division

DAY = dt.date(2018, 12, 31)


@pytest.fixture
def certificates(cast):
    """Two firms of Youjiang and one of Tianyang, in fields of their own."""
    fields = list(IndustryField.objects.all()[:2])
    return [
        AccreditationFactory(firm=FirmFactory(division=division(key), industry_field=field))
        for key, field in (("youjiang", fields[0]), ("youjiang", fields[1]), ("tianyang", None))
    ]


@pytest.fixture
def final(certificates, cast):
    return lock_stock(record=draw_up_stock(day=DAY, actor=cast.caseworker), actor=cast.reviewer)


def revoke_since(certificate: Accreditation, cast) -> None:
    Accreditation.objects.filter(pk=certificate.pk).update(
        revoked_on=dt.date(2018, 12, 1),
        revoked_act_year=2018,
        revocation_document="演示撤〔2019〕1号",
        revocation_cause="fraud",
        revoked_by=cast.caseworker,
    )


def test_edge_case_44_a_year_end_is_preliminary_until_a_second_person_locks_it(certificates, cast):
    drawn = draw_up_stock(day=DAY, actor=cast.caseworker)
    assert (drawn.number, drawn.stage, drawn.total) == (1, StockStage.PRELIMINARY, 3)
    with pytest.raises(NotAllowed):
        lock_stock(record=drawn, actor=cast.caseworker)
    final = lock_stock(record=drawn, actor=cast.reviewer)
    assert (final.number, final.stage, final.total) == (2, StockStage.FINAL, 3)
    assert (final.drawn_up_by, final.locked_by) == (cast.caseworker, cast.reviewer)
    assert final.sha256 == drawn.sha256
    assert standing_record(DAY) == final


def test_edge_case_44_what_is_locked_stays_and_a_later_change_shows(final, certificates, cast):
    revoke_since(certificates[0], cast)
    newcomer = AccreditationFactory(firm=FirmFactory(division=division("tiandong")))
    assert year_ends(2018, 2018)[2018].firms == 3
    assert year_ends(2018, 2018, division("youjiang"))[2018].firms == 2
    changed = {row.firm: row.what for row in changes_since(final)}
    assert changed == {certificates[0].firm: "dropped", newcomer.firm: "added"}
    assert is_intact(final)


def test_edge_case_44_another_final_needs_reason_and_document_and_leaves_the_first_in_place(
    final, certificates, cast
):
    revoke_since(certificates[0], cast)
    for answers, code in (({}, "reason_missing"), ({"reason": "撤销"}, "document_missing")):
        with pytest.raises(Refused) as refusal:
            draw_up_stock(day=DAY, actor=cast.caseworker, **answers)
        assert refusal.value.code == code
    again = draw_up_stock(day=DAY, actor=cast.caseworker, reason="撤销一家", document="演示撤〔2019〕1号")
    assert standing_record(DAY) == final
    second = lock_stock(record=again, actor=cast.caseworker2)
    assert [record.number for record in StockRecord.objects.all()] == [1, 2, 3, 4]
    assert (second.total, second.reason, year_ends(2018, 2018)[2018].firms) == (2, "撤销一家", 2)
    final.refresh_from_db()
    assert final.total == 3


def test_edge_case_44_a_recorded_version_cannot_be_changed(final):
    for statement in (
        lambda: StockRecord.objects.filter(pk=final.pk).update(total=50),
        lambda: final.lines.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


def test_a_firm_that_moves_on_paper_afterwards_is_shown_as_moved(final, certificates):
    firm = certificates[0].firm
    firm.industry_field = None
    firm.save()
    assert [(row.firm, row.what) for row in changes_since(final)] == [(firm, "moved")]


def test_the_parts_add_up_in_every_direction(final):
    parts = parts_of(recorded_firms(final))
    assert parts.total == 3
    assert {sum(part.values()) for part in (parts.by_division, parts.by_field, parts.by_kind)} == {3}
    assert parts.by_division == {division("youjiang").pk: 2, division("tianyang").pk: 1}
    assert parts.by_field[0] == 1
    assert [firm.firm_id for firm in recorded_firms(final, division("tianyang"))] != []


@pytest.mark.parametrize(
    ("day", "code"),
    [(dt.date(2019, 5, 31), "no_quarter_end"), (dt.date(2019, 9, 30), "day_to_come")],
)
def test_only_quarters_that_are_over_are_put_on_record(certificates, cast, day, code):
    with pytest.raises(Refused) as refusal:
        draw_up_stock(day=day, actor=cast.caseworker)
    assert refusal.value.code == code
    assert RefusedAttempt.objects.get().code == code


def test_a_day_is_locked_when_it_is_over(certificates, cast):
    drawn = draw_up_stock(day=dt.date(2019, 6, 30), actor=cast.caseworker)
    with pytest.raises(Refused) as refusal:
        lock_stock(record=drawn, actor=cast.reviewer)
    assert refusal.value.code == "day_not_over"
    with business_clock.fixed(dt.date(2019, 7, 1)):
        assert lock_stock(record=drawn, actor=cast.reviewer).stage == StockStage.FINAL


def test_nothing_is_locked_over_entries_made_since(certificates, cast):
    drawn = draw_up_stock(day=DAY, actor=cast.caseworker)
    revoke_since(certificates[0], cast)
    with pytest.raises(Refused) as refusal:
        lock_stock(record=drawn, actor=cast.reviewer)
    assert refusal.value.code == "changed_meanwhile"
    newer = draw_up_stock(day=DAY, actor=cast.caseworker)
    with pytest.raises(Refused) as refusal:
        lock_stock(record=drawn, actor=cast.reviewer)
    assert refusal.value.code == "version_overtaken"
    final = lock_stock(record=newer, actor=cast.reviewer)
    with pytest.raises(Refused) as refusal:
        lock_stock(record=final, actor=cast.caseworker2)
    assert refusal.value.code == "stock_locked"


def test_the_same_figures_are_not_drawn_up_twice(certificates, cast):
    draw_up_stock(day=DAY, actor=cast.caseworker)
    with pytest.raises(Refused) as refusal:
        draw_up_stock(day=DAY, actor=cast.caseworker2)
    assert refusal.value.code == "nothing_changes"


@pytest.mark.parametrize("name", ["firm", "county", "reviewer", "finance", "auditor", "administrator"])
def test_the_caseworkers_draw_up(certificates, cast, name):
    with pytest.raises(NotAllowed):
        draw_up_stock(day=DAY, actor=getattr(cast, name))


@pytest.mark.parametrize("name", ["firm", "county", "finance", "auditor", "administrator"])
def test_caseworkers_and_reviewers_lock(certificates, cast, name):
    drawn = draw_up_stock(day=DAY, actor=cast.caseworker)
    with pytest.raises(NotAllowed):
        lock_stock(record=drawn, actor=getattr(cast, name))
