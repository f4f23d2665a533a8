"""The 11155 programme: the plan's tables recompute, and targets and achievements are entered, corrected, imported."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from config.common.errors import NotAllowed, Refused
from config.common.workbooks import RowsRefused
from cultivation.enums import Origin, TargetMeasure
from cultivation.models import Achievement, AnnualTarget
from cultivation.rules.programme import PROGRAMME, counted_years
from cultivation.selectors.programme import counties_progress, programme
from cultivation.services.achievements import (
    correct_achievement,
    record_achievement,
    strike_achievement,
)
from cultivation.services.programme_lists import import_achievements, import_targets
from cultivation.services.targets import correct_target, enter_target, withdraw_target
from tests.factories import AccreditationFactory, FirmFactory, division
from tests.workbooks import workbook

TODAY = dt.date(2019, 6, 30)
YEARS = (2018, 2019, 2020)
TARGETS_HEAD = ("指标", "县（市、区）", "年度", "目标数", "来源")
ACHIEVEMENTS_HEAD = ("指标", "名称", "单位", "县（市、区）", "取得日期", "依据文件")


def conversion(actor, **answers):
    return record_achievement(
        **{
            "measure": TargetMeasure.CONVERSIONS,
            "title": "演示铝渣回收工艺转化",
            "achieved_on": dt.date(2019, 3, 1),
            "document": "演示科〔2019〕7号",
            "division": division("youjiang"),
            "actor": actor,
            **answers,
        }
    )


class TestThePlan:
    """《三年行动实施方案（2018—2020年）》: its tables come out when they are added up again."""

    def test_edge_case_20_year_ends_follow_from_the_additions(self, db):
        targets = {(row.measure, row.year): row for row in AnnualTarget.objects.filter(division=None)}
        stock = targets["stock", 2017].value
        assert (stock, targets["stock", 2017].origin) == (29, Origin.DERIVED)
        for year, expected in ((2018, 35), (2019, 42), (2020, 50)):
            stock += targets["net_additions", year].value
            assert stock == targets["stock", year].value == expected
            assert "附件4" in targets["stock", year].source
            assert targets["stock", year].basis is not None

    def test_edge_case_48_the_sums_of_annex_5_are_conversions(self, db):
        rows = AnnualTarget.objects.filter(measure=TargetMeasure.CONVERSIONS)
        sums = {
            year: sum(row.value for row in rows if row.year == year and row.division_id) for year in YEARS
        }
        assert sums == {2018: 14, 2019: 17, 2020: 19}
        assert sum(sums.values()) == 50
        assert {row.year: row.value for row in rows if row.division_id is None} == sums
        assert not AnnualTarget.objects.filter(measure=TargetMeasure.STOCK, division__isnull=False).exists()

    def test_the_table_of_annex_5_agrees_with_its_own_last_column(self, root: Path):
        text = (root / "cultivation/reference_data/conversions.csv").read_text(encoding="utf-8")
        table = csv.DictReader(io.StringIO("\n".join(line for line in text.splitlines() if line[0] != "#")))
        for row in table:
            assert sum(int(row[str(year)]) for year in YEARS) == int(row["subtotal"])

    def test_the_five_counts_are_10_10_10_50_50(self):
        assert [count.total for count in PROGRAMME] == [10, 10, 10, 50, 50]

    def test_each_total_is_what_the_targets_of_the_data_come_to(self, db):
        targets = {(row.measure, row.year): row.value for row in AnnualTarget.objects.filter(division=None)}
        for count in PROGRAMME:
            yearly = sum(targets.get((count.measure, year), 0) for year in YEARS)
            last = targets[count.measure, 2020]
            assert count.total == (yearly if count.counting == "yearly" else last)

    def test_technologies_run_from_the_first_year_and_conversions_stay_in_theirs(self):
        assert counted_years("technologies", 2020) == (2018, 2020)
        assert counted_years("conversions", 2020) == (2020, 2020)


class TestTargets:
    def quota(self, actor, **answers):
        return enter_target(
            **{
                "measure": TargetMeasure.STOCK,
                "year": 2019,
                "value": 16,
                "source": "演示科〔2019〕3号",
                "division": division("youjiang"),
                "actor": actor,
                **answers,
            }
        )

    def test_edge_case_48_a_county_quota_is_entered_with_its_source(self, cast):
        target = self.quota(cast.caseworker)
        assert (target.origin, target.entered_by) == (Origin.ENTERED, cast.caseworker)
        entry = target.history.get()
        assert (entry.history_type, entry.history_user) == ("+", cast.caseworker)

    @pytest.mark.parametrize(
        ("answers", "code"),
        [
            ({"source": " "}, "source_missing"),
            ({"year": 1999}, "year_out_of_range"),
            ({"measure": TargetMeasure.NET_ADDITIONS}, "measure_without_target"),
            ({"division": None}, "target_exists"),
        ],
    )
    def test_refusals(self, cast, answers, code):
        with pytest.raises(Refused) as refusal:
            self.quota(cast.caseworker, **answers)
        assert refusal.value.code == code

    def test_the_city_is_no_county(self, cast):
        with pytest.raises(Refused) as refusal:
            self.quota(cast.caseworker, division=division("baise"))
        assert refusal.value.code == "not_a_county"

    def test_a_correction_keeps_what_was_there_and_says_why(self, cast):
        target = self.quota(cast.caseworker)
        correct_target(
            target=target, value=15, source="演示科〔2019〕9号", reason="县里来函", actor=cast.caseworker2
        )
        assert [(row.value, row.history_change_reason) for row in target.history.all()] == [
            (15, "县里来函"),
            (16, None),
        ]
        for answers, code in (
            ({"value": 15, "source": "演示科〔2019〕9号", "reason": "x"}, "nothing_changes"),
            ({"value": 14, "source": "演示科〔2019〕9号", "reason": " "}, "reason_missing"),
        ):
            with pytest.raises(Refused) as refusal:
                correct_target(target=target, actor=cast.caseworker, **answers)
            assert refusal.value.code == code

    def test_what_is_withdrawn_stays_in_the_history(self, cast):
        target = self.quota(cast.caseworker)
        pk = target.pk
        withdraw_target(target=target, reason="县填错", actor=cast.caseworker)
        assert not AnnualTarget.objects.filter(pk=pk).exists()
        last = AnnualTarget.history.filter(id=pk).latest()
        assert (last.history_type, last.history_change_reason) == ("-", "县填错")

    def test_the_plans_own_figures_are_left_alone(self, cast):
        plan = AnnualTarget.objects.get(measure=TargetMeasure.STOCK, division=None, year=2019)
        with pytest.raises(Refused) as refusal:
            correct_target(target=plan, value=40, source="x", reason="x", actor=cast.caseworker)
        assert refusal.value.code == "target_of_the_plan"

    @pytest.mark.parametrize("name", ["firm", "county", "reviewer", "finance", "auditor", "administrator"])
    def test_caseworkers_enter_them(self, cast, name):
        with pytest.raises(NotAllowed):
            self.quota(getattr(cast, name))

    def test_a_list_is_taken_over_and_changes_nothing_the_second_time(self, cast):
        book = workbook(
            TARGETS_HEAD,
            ("高新技术企业", "右江区", 2019, 16, "演示科〔2019〕3号"),
            ("高企", "田阳县", 2019, 5, "演示科〔2019〕3号"),
            ("重大技术", None, 2019, 6, "演示科〔2019〕3号"),
        )
        assert import_targets(content=book, actor=cast.caseworker, dry_run=True).created == 3
        assert not AnnualTarget.objects.filter(origin=Origin.ENTERED).exists()
        assert import_targets(content=book, actor=cast.caseworker).created == 3
        again = import_targets(content=book, actor=cast.caseworker)
        assert (again.created, again.unchanged) == (0, 3)
        assert AnnualTarget.objects.get(division=division("tianyang"), measure="stock").value == 5

    def test_every_faulty_row_is_named_and_nothing_is_taken_over(self, cast):
        book = workbook(
            TARGETS_HEAD,
            ("高新技术企业", "右江区", 2019, 16, "演示"),
            ("高新技术企业", "右江区", 2019, 17, "演示"),
            ("高新技术企业", None, 2019, 40, "演示"),
            ("高新技术企业", "桂林市", 2019, 4, "演示"),
            ("专利", "右江区", 2019, 4, "演示"),
            ("重大技术", None, 2019, -1, "演示"),
            ("重大技术", None, 2018, 3, None),
        )
        with pytest.raises(RowsRefused) as refusal:
            import_targets(content=book, actor=cast.caseworker)
        assert {(fault.row, fault.code) for fault in refusal.value.errors} >= {
            (3, "duplicate_row"),
            (4, "target_differs"),
            (5, "unknown_county"),
            (6, "unknown_measure"),
        }
        assert {fault.row for fault in refusal.value.errors} == {3, 4, 5, 6, 7, 8}
        assert not AnnualTarget.objects.filter(origin=Origin.ENTERED).exists()


class TestAchievements:
    def test_one_is_recorded_with_its_document_and_a_file(self, cast):
        found = conversion(
            cast.caseworker, evidence=io.BytesIO(b"%PDF-1.4\n%%EOF\n"), evidence_name="合同.pdf"
        )
        assert (found.recorded_by, found.evidence.original_name) == (cast.caseworker, "合同.pdf")
        row = next(row for row in programme(TODAY) if row.measure == TargetMeasure.CONVERSIONS)
        assert [(year.target, year.reached) for year in row.years] == [(14, 0), (17, 1), (19, 0)]
        assert (row.total, row.reached) == (50, 1)

    @pytest.mark.parametrize(
        ("answers", "code"),
        [
            ({"measure": TargetMeasure.STOCK}, "firms_are_counted"),
            ({"title": " "}, "title_missing"),
            ({"document": " "}, "document_missing"),
            ({"achieved_on": dt.date(2019, 7, 1)}, "future_date"),
        ],
    )
    def test_refusals(self, cast, answers, code):
        with pytest.raises(Refused) as refusal:
            conversion(cast.caseworker, **answers)
        assert refusal.value.code == code

    def test_the_same_one_is_not_counted_twice(self, cast):
        conversion(cast.caseworker)
        with pytest.raises(Refused) as refusal:
            conversion(cast.caseworker, title="演示铝渣回收工艺 转化")
        assert refusal.value.code == "already_recorded"

    def answers(self, found, **changes):
        keys = ("title", "achieved_on", "document", "division")
        return {**{key: getattr(found, key) for key in keys}, "reason": "县填错", **changes}

    def test_a_second_person_corrects_and_both_stay(self, cast):
        first = conversion(cast.caseworker)
        answers = self.answers(first, division=division("tianyang"))
        with pytest.raises(NotAllowed):
            correct_achievement(achievement=first, actor=cast.caseworker, **answers)
        second = correct_achievement(achievement=first, actor=cast.caseworker2, **answers)
        assert list(Achievement.objects.standing()) == [second]
        assert Achievement.objects.count() == 2
        with pytest.raises(Refused) as refusal:
            correct_achievement(achievement=first, actor=cast.caseworker2, **answers)
        assert refusal.value.code == "corrected_already"

    def test_a_correction_that_corrects_nothing_is_refused(self, cast):
        found = conversion(cast.caseworker)
        with pytest.raises(Refused) as refusal:
            correct_achievement(achievement=found, actor=cast.caseworker2, **self.answers(found))
        assert refusal.value.code == "unchanged"

    def test_a_struck_one_no_longer_counts_and_may_be_entered_again(self, cast):
        found = conversion(cast.caseworker)
        struck = strike_achievement(achievement=found, reason="重复", actor=cast.caseworker2)
        assert not Achievement.objects.standing().exists()
        with pytest.raises(Refused) as refusal:
            strike_achievement(achievement=struck, reason="重复", actor=cast.caseworker)
        assert refusal.value.code == "corrected_already"
        conversion(cast.caseworker)

    def test_what_is_recorded_cannot_be_changed(self, cast):
        found = conversion(cast.caseworker)
        with pytest.raises(DatabaseError), transaction.atomic():
            Achievement.objects.filter(pk=found.pk).update(title="别的")

    def test_a_list_with_the_faults_of_its_rows(self, cast):
        conversion(cast.caseworker)
        day = dt.date(2019, 5, 1)
        good = ("平台", "演示星创天地", "演示农业公司", "田东县", day, "演示国科〔2019〕1号")
        same = ("成果转化", "演示铝渣回收工艺转化", None, "右江区", dt.date(2019, 3, 1), "演示科〔2019〕7号")
        found = import_achievements(content=workbook(ACHIEVEMENTS_HEAD, good, same), actor=cast.caseworker)
        assert (found.created, found.unchanged) == (1, 1)
        bad = [
            (*good[:4], day + dt.timedelta(days=1), good[5]),
            ("高新技术企业", "演示", None, None, day, "演示"),
            ("人才", "演示院士", None, None, dt.date(2019, 7, 9), "演示"),
            ("人才", "演示院士团队", None, None, day, None),
        ]
        with pytest.raises(RowsRefused) as refusal:
            import_achievements(content=workbook(ACHIEVEMENTS_HEAD, *bad), actor=cast.caseworker)
        codes = {(fault.row, fault.code) for fault in refusal.value.errors}
        assert codes >= {(2, "achievement_differs"), (3, "unknown_measure"), (4, "future_date")}
        assert {row for row, _code in codes} == {2, 3, 4, 5}

    @pytest.mark.parametrize("name", ["firm", "county", "reviewer", "finance", "auditor", "administrator"])
    def test_caseworkers_record_them(self, cast, name):
        with pytest.raises(NotAllowed):
            conversion(getattr(cast, name))


class TestProgress:
    def test_technologies_add_up_over_the_years_against_what_is_to_be_there_by_2020(self, cast):
        for year, title in ((2018, "演示技术一"), (2019, "演示技术二")):
            conversion(
                cast.caseworker,
                measure=TargetMeasure.TECHNOLOGIES,
                title=title,
                achieved_on=dt.date(year, 2, 1),
                division=None,
            )
        row = next(row for row in programme(TODAY) if row.measure == TargetMeasure.TECHNOLOGIES)
        assert [(year.target, year.reached) for year in row.years] == [(None, 1), (None, 2), (10, 2)]
        assert (row.total, row.reached) == (10, 2)
        assert [year.met for year in row.years] == [None, None, None]

    def test_firms_come_from_the_certificates(self, cast):
        AccreditationFactory(firm=FirmFactory())
        row = next(row for row in programme(TODAY) if row.measure == TargetMeasure.STOCK)
        assert [(year.reached, year.met) for year in row.years] == [(1, False), (1, None), (0, None)]
        assert row.reached == 1

    def test_counties_stand_side_by_side_in_a_fixed_number_of_queries(
        self, cast, django_assert_max_num_queries
    ):
        conversion(cast.caseworker)
        with django_assert_max_num_queries(6):
            rows = counties_progress(TODAY, 2019)
        youjiang = next(row for row in rows if row.name == "右江区")
        cell = next(cell for cell in youjiang.cells if cell.measure == TargetMeasure.CONVERSIONS)
        assert (cell.target, cell.reached, cell.difference, cell.met) == (3, 1, -2, None)
        assert len(rows) == 12
