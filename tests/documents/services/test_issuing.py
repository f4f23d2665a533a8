import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from config.common.errors import NotAllowed, Refused
from documents.api import (
    Notice,
    NoticeKind,
    NoticeState,
    Organ,
    OrganName,
    PolicyDocument,
    SourceMark,
    find_notice,
    issue_notice,
    parse_amount_in_words,
    preview_notice,
    read_notice,
    supersede_notice,
    void_notice,
)
from documents.models import NumberSeries
from documents.rendering import pdf as rendering
from tests.documents.conftest import grant_context
from tests.documents.reading import faces_of, ink, text_of
from tests.people import Cast

PLAN = "百色市科技创新支撑产业高质量发展三年行动实施方案（2018—2020年）"


def preview_of(grant: dict[str, Any]) -> bytes:
    return preview_notice(
        **{key: value for key, value in grant.items() if key not in ("subject", "issued_by")}
    )


def stored_files() -> list[str]:
    return default_storage.listdir("notices/2019")[1] if default_storage.exists("notices/2019") else []


class TestIssue:
    def test_a_notice_is_numbered_frozen_hashed_and_stored(self, grant: dict[str, Any], cast: Cast) -> None:
        notice = issue_notice(**grant)

        stored = read_notice(notice)
        assert stored.startswith(b"%PDF-1.7")
        assert hashlib.sha256(stored).hexdigest() == notice.pdf_sha256
        assert (notice.number, notice.sequence, notice.year) == ("演科字〔2019〕1号", 1, 2019)
        assert (notice.state, notice.issued_by, notice.issued_on) == (
            "issued",
            cast.caseworker,
            dt.date(2019, 6, 30),
        )
        assert notice.context["amount"] == "80000.00"
        assert notice.context["certificate_issued_on"] == "2018-11-30"
        assert list(notice.bases.all().order_by("pk")) == grant["bases"]
        assert notice.is_demo
        assert find_notice(kind=NoticeKind.GRANT, subject="award:1") == notice

    def test_figures_stand_directly_before_yuan_and_words_end_in_zheng(
        self, grant: dict[str, Any], tmp_path: Path
    ) -> None:
        grant["context"] = grant_context(amount=Decimal("1234567.00"), regional_amount=Decimal("1234567.00"))
        text = text_of(read_notice(issue_notice(**grant)), tmp_path)

        assert "1234567.00元" in text
        words = text.replace("\n", "").split("大写：")[1].split("）")[0]
        assert words.endswith("元整")
        assert parse_amount_in_words(words) == Decimal("1234567.00")

    def test_the_file_is_archival_tagged_chinese_and_embeds_its_faces(self, grant: dict[str, Any]) -> None:
        notice = issue_notice(**grant)

        with default_storage.open(notice.file.name) as file, pikepdf.open(file) as document:
            with document.open_metadata() as metadata:
                assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
                assert (
                    metadata["dc:title"] == "关于给予百色演示铝业新材料有限公司高新技术企业奖励性补助的通知"
                )
            assert document.Root.Lang == "zh-CN"
            assert document.Root.MarkInfo.Marked
            descriptors = [
                item for item in document.objects if getattr(item, "Type", None) == "/FontDescriptor"
            ]
            assert descriptors
            assert all("/FontFile3" in descriptor for descriptor in descriptors)
        assert faces_of(read_notice(notice)) == {
            "Miaopu-Fang",
            "Miaopu-Title-Bold",
            "Miaopu-Hei",
            "Miaopu-Song",
        }

    def test_a_demonstration_notice_says_so(self, grant: dict[str, Any], tmp_path: Path) -> None:
        text = text_of(read_notice(issue_notice(**grant)), tmp_path).replace("\n", "")
        assert "（演示文件，无效力）" in text

    def test_only_caseworker_and_reviewer_issue(self, grant: dict[str, Any], cast: Cast) -> None:
        for actor in (cast.firm, cast.county, cast.finance, cast.auditor, cast.administrator):
            with pytest.raises(NotAllowed):
                issue_notice(**{**grant, "issued_by": actor})
        assert not Notice.objects.exists()

    def test_a_second_notice_of_the_kind_about_the_same_is_refused(self, grant: dict[str, Any]) -> None:
        first = issue_notice(**grant)
        with pytest.raises(Refused) as refusal:
            issue_notice(**grant)
        assert (refusal.value.code, refusal.value.details["number"]) == ("notice_exists", first.number)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"amount": 0.1}, "bad_context"),
            ({"amount": Decimal("0.001")}, "bad_context"),
            ({"amount": None}, "bad_context"),
            ({"firm_name": "一行\n二行"}, "bad_context"),
            ({"firm_name": " "}, "variable_missing"),
            ({"surplus": "1"}, "variable_unknown"),
        ],
    )
    def test_a_wrong_context_is_refused(
        self, grant: dict[str, Any], changes: dict[str, Any], code: str
    ) -> None:
        with pytest.raises(Refused) as refusal:
            issue_notice(**{**grant, "context": grant_context(**changes)})
        assert refusal.value.code == code

    def test_a_missing_variable_is_named(self, grant: dict[str, Any]) -> None:
        del grant["context"]["fund_name"]
        with pytest.raises(Refused, match="fund_name") as refusal:
            issue_notice(**grant)
        assert refusal.value.code == "variable_missing"

    def test_markup_in_a_name_is_printed_not_obeyed(self, grant: dict[str, Any], tmp_path: Path) -> None:
        grant["context"] = grant_context(firm_name="<b>演示</b>&<img src='file:///etc/passwd'>")
        text = text_of(read_notice(issue_notice(**grant)), tmp_path).replace("\n", "")
        assert "<b>演示</b>&<img src='file:///etc/passwd'>" in text

    def test_without_a_published_template_nothing_is_issued(self, grant: dict[str, Any]) -> None:
        with pytest.raises(Refused) as refusal:
            issue_notice(**{**grant, "kind": NoticeKind.RECOVERY})
        assert refusal.value.code == "template_missing"


class TestNumbers:
    def test_edge_case_40_numbers_run_without_gap_or_repeat_per_organ_and_year(
        self, grant: dict[str, Any]
    ) -> None:
        other = Organ.objects.create(key="other-demo", is_demo=True)
        OrganName.objects.create(
            organ=other,
            name="演示县科学技术局",
            mark_name="演示县科学技术局",
            number_prefix="演县科字",
            source="演示",
        )
        numbers = [
            issue_notice(**{**grant, "subject": f"award:{index}", **changes}).number
            for index, changes in enumerate(
                [{}, {}, {"organ": other}, {"issued_on": dt.date(2020, 1, 2)}, {}], start=1
            )
        ]
        assert numbers == [
            "演科字〔2019〕1号",
            "演科字〔2019〕2号",
            "演县科字〔2019〕1号",
            "演科字〔2020〕1号",
            "演科字〔2019〕3号",
        ]

    def test_a_failed_rendering_never_loses_a_number(
        self, grant: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        issue_notice(**grant)
        with monkeypatch.context() as patch:
            patch.setattr(rendering, "HTML", lambda **kwargs: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                issue_notice(**{**grant, "subject": "award:2"})

        assert NumberSeries.objects.get().last == 1
        assert issue_notice(**{**grant, "subject": "award:3"}).number == "演科字〔2019〕2号"

    def test_a_failed_save_leaves_neither_number_nor_file(
        self, grant: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Notice, "save", lambda self, **kwargs: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                issue_notice(**grant)

        assert stored_files() == []
        assert not NumberSeries.objects.filter(last__gt=0).exists()
        assert issue_notice(**grant).sequence == 1

    def test_the_database_refuses_a_repeated_number(self, grant: dict[str, Any]) -> None:
        notice = issue_notice(**grant)
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.create(
                **{
                    field.name: getattr(notice, field.name)
                    for field in Notice._meta.concrete_fields
                    if field.name != "id"
                }
                | {"number": "另一号", "subject": "award:9", "pdf_sha256": "0" * 64}
            )

    def test_the_name_of_the_organ_is_the_one_of_the_date(self, grant: dict[str, Any]) -> None:
        grant["organ"].names.update(valid_to=dt.date(2019, 7, 1))
        OrganName.objects.create(
            organ=grant["organ"],
            name="演示市科学技术和大数据局",
            mark_name="演示市科学技术和大数据局",
            number_prefix="演科数字",
            valid_from=dt.date(2019, 7, 1),
            source="演示",
        )
        before = issue_notice(**{**grant, "issued_on": dt.date(2019, 6, 30)})
        after = issue_notice(**{**grant, "subject": "award:2", "issued_on": dt.date(2019, 7, 1)})
        assert (before.organ_name, before.number) == ("演示市科学技术局", "演科字〔2019〕1号")
        assert (after.organ_name, after.number) == ("演示市科学技术和大数据局", "演科数字〔2019〕1号")

    def test_no_name_on_the_date_no_notice(self, grant: dict[str, Any]) -> None:
        grant["organ"].names.update(valid_from=dt.date(2020, 1, 1))
        with pytest.raises(Refused) as refusal:
            issue_notice(**grant)
        assert refusal.value.code == "organ_name_missing"


class TestBases:
    def test_edge_case_41_a_basis_without_number_stops_the_issue_and_previews_with_a_watermark(
        self, grant: dict[str, Any], tmp_path: Path
    ) -> None:
        plan = PolicyDocument.objects.get(title=PLAN)
        grant["bases"] = [*grant["bases"], plan]
        with pytest.raises(Refused, match="三年行动实施方案") as refusal:
            issue_notice(**grant)

        assert refusal.value.code == "basis_without_number"
        assert not Notice.objects.exists()
        head, _, rest = text_of(preview_of(grant), tmp_path).replace("\n", "").partition("关于给予")
        assert head.startswith("预览")  # the watermark, on every page
        assert "\x0c预览" in rest
        assert "（预览，未编号）" in head
        assert "〔" not in head

    def test_the_plan_is_kept_as_a_draft_without_number(self, db: None) -> None:
        plan = PolicyDocument.objects.get(title=PLAN)
        assert (plan.document_number, plan.issued_on, plan.is_formal, plan.is_demo) == (
            "",
            None,
            False,
            False,
        )

    def test_a_document_cannot_be_called_formal_without_number_or_date(self, db: None) -> None:
        for number, date in (("", dt.date(2019, 1, 1)), ("演政发〔2019〕9号", None)):
            with pytest.raises(IntegrityError), transaction.atomic():
                PolicyDocument.objects.create(
                    title="演示",
                    issuer="演示",
                    document_number=number,
                    issued_on=date,
                    is_formal=True,
                    source="演示",
                )

    def test_an_invented_basis_never_backs_a_real_organ(self, grant: dict[str, Any]) -> None:
        real = Organ.objects.get(key="baise-science-bureau")
        with pytest.raises(Refused) as refusal:
            issue_notice(**{**grant, "organ": real})
        assert refusal.value.code == "demo_basis"

    def test_an_unverified_basis_is_not_cited(self, grant: dict[str, Any]) -> None:
        grant["bases"][0].is_demo = False
        grant["bases"][0].mark = SourceMark.UNVERIFIED
        with pytest.raises(Refused) as refusal:
            issue_notice(**grant)
        assert refusal.value.code == "basis_unverified"

    def test_a_notice_needs_a_basis(self, grant: dict[str, Any]) -> None:
        with pytest.raises(Refused) as refusal:
            issue_notice(**{**grant, "bases": []})
        assert refusal.value.code == "basis_missing"


class TestGlyphs:
    @pytest.mark.parametrize("char", ["\U0002fa1d", "ƽ", "😀"])
    def test_edge_case_42_a_character_without_a_glyph_stops_the_issue_and_is_named(
        self, grant: dict[str, Any], char: str
    ) -> None:
        grant["context"] = grant_context(firm_name=f"百色{char}科技有限公司")
        with pytest.raises(Refused) as refusal:
            issue_notice(**grant)

        assert refusal.value.code == "missing_glyph"
        assert char in refusal.value.message
        assert f"U+{ord(char):04X}" in refusal.value.message
        assert refusal.value.details["characters"] == [char]
        assert not NumberSeries.objects.filter(last__gt=0).exists()

    def test_rare_characters_that_the_body_face_lacks_come_from_the_fallback(
        self, grant: dict[str, Any], tmp_path: Path
    ) -> None:
        name = "百色昇璟喆珺祎垚科技有限公司"
        grant["context"] = grant_context(firm_name=name)
        grant["recipient"] = name
        pdf = read_notice(issue_notice(**grant))
        assert text_of(pdf, tmp_path).replace("\n", "").count(name) == 2
        assert "Miaopu-Fallback" in faces_of(pdf)

    def test_edge_case_42_a_seal_is_never_drawn(self, grant: dict[str, Any], tmp_path: Path) -> None:
        """The page with the signature holds no colour at all: nothing red stands over name and date."""
        pdf = read_notice(issue_notice(**grant))
        assert ink(pdf, 1, tmp_path).has_colour()
        assert not ink(pdf, 2, tmp_path).has_colour()


class TestEnding:
    def test_void_keeps_number_and_file(self, grant: dict[str, Any], cast: Cast) -> None:
        notice = issue_notice(**grant)
        void = void_notice(notice=notice, actor=cast.reviewer, reason="金额有误")
        assert (void.state, void.ended_by, void.end_reason) == (NoticeState.VOID, cast.reviewer, "金额有误")
        assert read_notice(void) == read_notice(notice)
        assert issue_notice(**grant).sequence == 2

    def test_superseding_issues_a_new_number_and_links_both(self, grant: dict[str, Any], cast: Cast) -> None:
        old = issue_notice(**grant)
        new = supersede_notice(
            notice=old,
            context=grant_context(amount=Decimal("70000.00")),
            bases=grant["bases"],
            actor=cast.caseworker,
            reason="上级核减",
        )
        old = Notice.objects.get(pk=old.pk)
        assert (old.state, old.superseded_by, new.supersedes) == (NoticeState.SUPERSEDED, new, old)
        assert (new.number, new.subject, new.context["amount"]) == (
            "演科字〔2019〕2号",
            "award:1",
            "70000.00",
        )

    def test_a_refused_successor_leaves_the_old_notice_standing(
        self, grant: dict[str, Any], cast: Cast
    ) -> None:
        old = issue_notice(**grant)
        with pytest.raises(Refused):
            supersede_notice(
                notice=old, context=grant["context"], bases=[], actor=cast.caseworker, reason="上级核减"
            )
        assert Notice.objects.get().state == NoticeState.ISSUED

    def test_an_end_needs_a_reason_and_comes_once(self, grant: dict[str, Any], cast: Cast) -> None:
        notice = issue_notice(**grant)
        with pytest.raises(Refused) as refusal:
            void_notice(notice=notice, actor=cast.caseworker, reason=" ")
        assert refusal.value.code == "reason_missing"
        with pytest.raises(NotAllowed):
            void_notice(notice=notice, actor=cast.administrator, reason="x")
        void_notice(notice=notice, actor=cast.caseworker, reason="作废")
        with pytest.raises(Refused) as refusal:
            void_notice(notice=notice, actor=cast.caseworker, reason="再作废")
        assert refusal.value.code == "notice_ended"

    def test_the_database_ties_the_state_to_who_and_why(self, grant: dict[str, Any]) -> None:
        issue_notice(**grant)
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.update(state=NoticeState.VOID)
