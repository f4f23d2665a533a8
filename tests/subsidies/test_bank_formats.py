"""Versions of bank formats: drafted, published by a second person, chosen by a list and frozen with it."""

import datetime as dt
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from config.common.errors import NotAllowed, Refused
from cultivation.api import Role
from subsidies.enums import ExportFormat, ListState
from subsidies.models import BankFormat, PaymentList
from subsidies.selectors.bank_formats import formats_in_force, layout_of, sample_of
from subsidies.services.bank_formats import draft_bank_format, publish_bank_format
from subsidies.services.payment_lists import check_payment_list, draft_payment_list, release_payment_list
from subsidies.services.verification import verify_records
from tests.people import person
from tests.subsidies.bank_layouts import GENERAL_LAYOUT
from tests.subsidies.paying import PURPOSE, desk

TERMS = {
    "name": "演示银行代付",
    "columns": [("账号", "account_number"), ("户名", "payee_name"), ("金额", "amount")],
    "delimiter": ",",
    "encoding": "utf-8",
    "line_end": "lf",
    "has_headers": False,
    "has_control": False,
    "amount_unit": "fen",
    "source": "演示银行〔2019〕接口说明",
    "valid_from": dt.date(2019, 1, 1),
}


def drafted(cast, key: str = "demo-bank", **changes) -> BankFormat:
    return draft_bank_format(key=key, terms={**TERMS, **changes}, actor=cast.administrator)


def published(cast, key: str = "demo-bank", **changes) -> BankFormat:
    return publish_bank_format(version=drafted(cast, key, **changes), actor=cast.finance)


class TestReference:
    def test_the_first_version_is_the_form_of_before_with_its_source(self, db):
        general = BankFormat.objects.get()
        assert layout_of(general) == GENERAL_LAYOUT
        assert general.source == "通用批量代付格式，未核，须按代理银行要求录入"
        assert formats_in_force(dt.date(2018, 1, 1)) == {"general": general}


class TestDrafting:
    def test_numbers_the_versions_of_a_key(self, cast):
        assert [drafted(cast).number, drafted(cast).number, drafted(cast, "other").number] == [1, 2, 1]
        assert drafted(cast, "general").number == 2

    @pytest.mark.parametrize("role", ["finance", "reviewer", "caseworker", "auditor", "county", "firm"])
    def test_is_the_administrators(self, cast, role):
        with pytest.raises(NotAllowed):
            draft_bank_format(key="x", terms=TERMS, actor=getattr(cast, role))

    @pytest.mark.parametrize(
        ("changes", "code", "words"),
        [
            ({"name": " "}, "name_missing", ""),
            ({"source": ""}, "source_missing", ""),
            ({"delimiter": "-"}, "unknown_choice", "-"),
            ({"encoding": "ascii"}, "unknown_choice", "ascii"),
            ({"columns": []}, "column_missing", ""),
            ({"columns": TERMS["columns"][:2]}, "column_missing", ""),
            ({"columns": [*TERMS["columns"], ("密码", "password")]}, "unknown_field", "password"),
            ({"columns": [*TERMS["columns"], ("账号", "number")]}, "header_repeated", "账号"),
            ({"columns": [*TERMS["columns"], ("甲,乙", "number")]}, "bad_header", "甲,乙"),
            ({"columns": [*TERMS["columns"], ("甲\n", "number")]}, "bad_header", "4"),
            ({"columns": [*TERMS["columns"], ("", "number")]}, "bad_header", "4"),
        ],
    )
    def test_refuses_what_no_bank_could_be_paid_by(self, cast, changes, code, words):
        with pytest.raises(Refused) as caught:
            drafted(cast, **changes)
        assert caught.value.code == code
        assert words in caught.value.message
        assert set(changes) == {caught.value.details["field"]}
        assert BankFormat.objects.count() == 1


class TestPublishing:
    def test_by_finance_or_a_reviewer_from_its_first_day(self, cast):
        first = publish_bank_format(version=drafted(cast), actor=cast.reviewer)
        second = published(cast, valid_from=dt.date(2019, 7, 1))
        assert formats_in_force(dt.date(2019, 6, 30))["demo-bank"] == first
        assert formats_in_force(dt.date(2019, 7, 1))["demo-bank"] == second
        assert (second.published_by, second.drafted_by) == (cast.finance, cast.administrator)

    def test_a_draft_is_never_in_force(self, cast):
        drafted(cast)
        assert set(formats_in_force(dt.date(2019, 6, 30))) == {"general"}

    def test_not_by_its_drafter(self, cast):
        both = person("both", Role.ADMINISTRATOR, Role.FINANCE)
        version = draft_bank_format(key="x", terms=TERMS, actor=both)
        with pytest.raises(NotAllowed) as caught:
            publish_bank_format(version=version, actor=both)
        assert caught.value.code == "second_person"

    @pytest.mark.parametrize("role", ["administrator", "caseworker", "auditor"])
    def test_not_by_another_role(self, cast, role):
        with pytest.raises(NotAllowed):
            publish_bank_format(version=drafted(cast), actor=getattr(cast, role))

    def test_once(self, cast):
        with pytest.raises(Refused) as caught:
            publish_bank_format(version=published(cast), actor=cast.reviewer)
        assert caught.value.code == "already_published"

    def test_not_behind_a_newer_one(self, cast):
        old = drafted(cast)
        published(cast)
        with pytest.raises(Refused) as caught:
            publish_bank_format(version=old, actor=cast.finance)
        assert caught.value.code == "newer_version_published"

    @pytest.mark.parametrize(
        ("constraint", "change"),
        [
            (
                "bank_format_is_published_by_a_second_person",
                lambda cast: {"published_by": cast.administrator, "published_at": dt.datetime.now(dt.UTC)},
            ),
            (
                "bank_format_names_its_people_and_time",
                lambda cast: {"published_at": dt.datetime.now(dt.UTC)},
            ),
            ("bank_format_names_its_people_and_time", lambda cast: {"published_by": cast.finance}),
            ("bank_format_names_its_people_and_time", lambda cast: {"drafted_by": None}),
            ("bank_format_has_name_and_source", lambda cast: {"source": ""}),
            ("bank_format_chooses_from_the_closed_lists", lambda cast: {"delimiter": "-"}),
        ],
    )
    def test_the_database_says_so_too(self, cast, constraint, change):
        version = drafted(cast)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            BankFormat.objects.filter(pk=version.pk).update(**change(cast))


class TestLists:
    def draft(self, paying, key: str) -> PaymentList:
        return draft_payment_list(
            awards=paying.awards,
            funding_line=paying.line,
            purpose=PURPOSE,
            actor=paying.first,
            bank_format=key,
        )

    def released(self, paying, key: str) -> PaymentList:
        payment_list = check_payment_list(payment_list=self.draft(paying, key), actor=paying.second)
        return release_payment_list(payment_list=payment_list, actor=paying.third)

    def test_the_file_has_the_form_that_the_draft_chose(self, cast):
        version = published(cast)
        payment_list = self.released(desk(cast), "demo-bank")
        assert payment_list.bank_format == version
        file = payment_list.files.get(format=ExportFormat.BANK)
        lines = payment_list.lines.order_by("number")
        expected = "".join(
            f"{line.account_number},{line.payee_name},{int(line.amount * 100)}\n" for line in lines
        )
        assert bytes(file.content).decode("utf-8") == expected

    def test_a_later_version_leaves_what_was_released_as_it_is(self, cast):
        published(cast)
        payment_list = self.released(desk(cast), "demo-bank")
        before = bytes(payment_list.files.get(format=ExportFormat.BANK).content)
        published(cast, delimiter=";")
        file = payment_list.files.get(format=ExportFormat.BANK)
        assert bytes(file.content) == before
        assert sha256(before).hexdigest() == file.sha256
        assert verify_records().problems == []

    def test_a_version_published_since_the_draft_stops_the_release(self, cast):
        published(cast)
        paying = desk(cast)
        payment_list = check_payment_list(payment_list=self.draft(paying, "demo-bank"), actor=paying.second)
        published(cast, delimiter=";")
        with pytest.raises(Refused) as caught:
            release_payment_list(payment_list=payment_list, actor=paying.third)
        assert caught.value.code == "bank_format_superseded"
        assert PaymentList.objects.get(pk=payment_list.pk).state == ListState.CHECKED

    @pytest.mark.parametrize("key", ["demo-bank", "unknown"])
    def test_only_a_format_in_force_can_be_chosen(self, cast, key):
        drafted(cast)
        with pytest.raises(Refused) as caught:
            self.draft(desk(cast), key)
        assert caught.value.code == "unknown_bank_format"
        assert not PaymentList.objects.exists()

    def test_a_name_with_the_delimiter_stops_the_release_by_line_and_column(self, cast):
        published(cast)
        paying = desk(cast)
        firm = paying.awards[1].firm
        firm.name = "演示,乙公司"
        firm.save()
        payment_list = check_payment_list(payment_list=self.draft(paying, "demo-bank"), actor=paying.second)
        with pytest.raises(Refused) as caught:
            release_payment_list(payment_list=payment_list, actor=paying.third)
        assert caught.value.code == "unfit_for_bank"
        assert caught.value.details == {"line": 2, "column": "户名"}
        assert not payment_list.files.exists()


class TestPages:
    def form(self, **changes) -> dict[str, object]:
        columns = "账号 account_number\n收款 户名 payee_name\n\n金额 amount"
        terms = {**TERMS, "columns": columns, "key": "demo-bank"}
        del terms["has_headers"], terms["has_control"]
        return {**terms, **changes}

    def test_an_administrator_drafts_and_finance_publishes(self, client, cast):
        client.force_login(cast.administrator)
        answer = client.post(reverse("subsidies:bank_format_new"), self.form())
        version = BankFormat.objects.get(key="demo-bank")
        page = reverse("subsidies:bank_format", kwargs={"pk": version.pk})
        assert answer["Location"] == page
        assert version.columns[1] == ["收款 户名", "payee_name"]
        publish = reverse("subsidies:bank_format_publish", kwargs={"pk": version.pk})
        assert client.post(publish).status_code == 403
        client.force_login(cast.finance)
        assert publish in client.get(page).content.decode()
        assert client.post(publish)["Location"] == page
        version.refresh_from_db()
        assert version.published_by == cast.finance
        assert client.post(publish).status_code == 409

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"columns": "账号"}, "columns"),
            ({"columns": "账号 password"}, "columns"),
            ({"source": ""}, "source"),
            ({"delimiter": "-"}, "delimiter"),
            ({"key": "带 空格"}, "key"),
            ({"valid_from": "2019-02-30"}, "valid_from"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, client, cast, changes, field):
        client.force_login(cast.administrator)
        answer = client.post(reverse("subsidies:bank_format_new"), self.form(**changes))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert BankFormat.objects.count() == 1

    @pytest.mark.parametrize("like", ["", "x", "²", "999999"])
    def test_a_form_like_nothing_is_empty(self, client, cast, like):
        client.force_login(cast.administrator)
        answer = client.get(reverse("subsidies:bank_format_new"), {"like": like})
        assert answer.context["form"].initial == {}

    def test_the_next_version_begins_with_the_one_before(self, client, cast):
        client.force_login(cast.administrator)
        general = BankFormat.objects.get()
        answer = client.get(reverse("subsidies:bank_format_new"), {"like": general.pk})
        form = answer.context["form"]
        assert "收款账号 account_number" in form.initial["columns"]
        data = {**form.initial, "source": "演示银行〔2019〕说明", "valid_from": "2019-06-30"}
        assert client.post(reverse("subsidies:bank_format_new"), data).status_code == 302
        assert layout_of(BankFormat.objects.get(key="general", number=2)) == GENERAL_LAYOUT

    def test_shows_the_file_before_it_is_published(self, client, cast):
        version = drafted(cast)
        client.force_login(cast.reviewer)
        answer = client.get(reverse("subsidies:bank_format", kwargs={"pk": version.pk}))
        assert sample_of(version) in answer.content.decode()
        assert sample_of(version).startswith("0012345678901234561,演示甲科技有限公司,8000000\n")

    def test_the_list_names_every_version(self, client, cast):
        drafted(cast)
        client.force_login(cast.auditor)
        answer = client.get(reverse("subsidies:bank_formats"))
        assert [(str(row), in_force) for row, in_force in answer.context["rows"]] == [
            ("演示银行代付 v1", False),
            ("通用批量代付格式 v1", True),
        ]
