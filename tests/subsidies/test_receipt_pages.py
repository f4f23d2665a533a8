"""Other receipts: recorded by document, confirmed one by one or together, withdrawn, and past awards imported."""

import datetime as dt
import hashlib
import io
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from subsidies.enums import AwardState, OncePer, ReceiptKind, Stacking
from subsidies.models import Award, OtherReceipt, Scheme
from subsidies.services import claims
from tests.overtaking import from_page
from tests.subsidies.awarding import calculate
from tests.subsidies.claiming import receive
from tests.subsidies.factories import accreditation, award_at, grant, scheme_version
from tests.subsidies.test_past_awards import HEADERS, row
from tests.workbooks import workbook

LIST = "/subsidies/receipts/"
NEW = "/subsidies/receipts/new/"
CONFIRM = "/subsidies/receipts/confirm/"


def page(receipt):
    return reverse("subsidies:receipt", kwargs={"pk": receipt.pk})


def act(receipt, action):
    return reverse("subsidies:receipt_act", kwargs={"pk": receipt.pk, "action": action})


def answers(award, **changes):
    return {
        "accreditation": award.accreditation.certificate_number,
        "kind": "other_source",
        "scheme": "",
        "payer": "演示县科技局",
        "amount": "30000.00",
        "document_number": "演示县科〔2019〕9号",
        "document_date": "2019-06-01",
        **changes,
    }


@pytest.fixture
def award(db) -> Award:
    scheme_version(stacking=Stacking.HIGHER)
    award = award_at(AwardState.AWAITING_BASIS)
    grant(award.firm)
    return award


class TestList:
    def test_shows_what_waits_for_a_second_person_unless_asked_otherwise(self, client, cast, award):
        waiting = receive(award, confirm=False)
        confirmed = receive(award, payer="演示高新区管委会")
        withdrawn = receive(award, payer="演示另一局", confirm=False)
        claims.withdraw_receipt(receipt=withdrawn, reason="录错", actor=cast.caseworker)
        client.force_login(cast.auditor)

        def shown(**query):
            return set(client.get(LIST, query).context["rows"])

        assert shown() == {waiting}
        assert shown(state="standing") == {confirmed}
        assert shown(state="withdrawn") == {withdrawn}
        assert shown(state="all") == {waiting, confirmed, withdrawn}
        assert shown(state="all", q="高新区") == {confirmed}
        assert shown(state="all", q=award.accreditation.certificate_number) == {waiting, confirmed, withdrawn}
        assert shown(state="all", kind="past_award") == set()
        assert shown(state="?", kind="?") == {waiting}

    def test_asks_no_more_for_many_than_for_one(self, client, cast, award):
        receive(award, confirm=False)
        client.force_login(cast.reviewer)
        with CaptureQueriesContext(connection) as one:
            client.get(LIST)
        for number in range(5):
            receive(award, payer=f"演示单位{number}", confirm=False)
        with CaptureQueriesContext(connection) as many:
            client.get(LIST)
        assert len(many) == len(one) > 0

    def test_comes_as_a_workbook_as_shown(self, client, cast, award):
        receive(award, payer="=HYPERLINK(1)", confirm=False)
        receive(award)
        client.force_login(cast.finance)
        answer = client.get(reverse("documents:export", args=["receipts"]), {"state": "waiting"})
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert len(rows) == 2
        assert rows[1][2] == award.accreditation.certificate_number
        assert (rows[1][5], rows[1][6]) == ("=HYPERLINK(1)", 30000)


class TestRecording:
    @pytest.mark.parametrize("who", ["caseworker", "finance"])
    def test_waits_for_a_second_person(self, client, cast, award, who):
        client.force_login(getattr(cast, who))
        answer = client.post(NEW, answers(award))
        receipt = OtherReceipt.objects.get()
        assert answer["Location"] == page(receipt)
        assert (receipt.amount, receipt.confirmed_at) == (Decimal("30000.00"), None)
        assert act(receipt, "confirm") not in client.get(page(receipt)).content.decode()

    def test_a_past_award_names_its_scheme(self, client, cast, award):
        client.force_login(cast.caseworker)
        told = answers(award, kind="past_award")
        without = client.post(NEW, told)
        assert list(without.context["form"].errors) == ["scheme"]
        assert client.post(NEW, told | {"scheme": Scheme.objects.get().pk}).status_code == 302
        assert OtherReceipt.objects.get().kind == ReceiptKind.PAST_AWARD

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"accreditation": "GR209900000009"}, "accreditation"),
            ({"kind": "gift"}, "kind"),
            ({"scheme": "1"}, "scheme"),
            ({"amount": "0"}, "amount"),
            ({"amount": "三万"}, "amount"),
            ({"payer": ""}, "payer"),
            ({"document_number": ""}, "document_number"),
            ({"document_date": "2019-02-30"}, "document_date"),
        ],
    )
    def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(self, client, cast, award, changes, field):
        client.force_login(cast.caseworker)
        if changes == {"scheme": "1"}:
            changes = {"scheme": Scheme.objects.get().pk}
        answer = client.post(NEW, answers(award, paid_on="2019-06-03", **changes))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert "2019-06-03" in answer.content.decode()
        assert not OtherReceipt.objects.exists()

    def test_the_same_one_twice_and_one_of_tomorrow_are_refused(self, client, cast, award):
        client.force_login(cast.caseworker)
        client.post(NEW, answers(award))
        assert client.post(NEW, answers(award)).status_code == 409
        assert client.post(NEW, answers(award, payer="另一局", paid_on="2019-07-01")).status_code == 409
        assert OtherReceipt.objects.count() == 1

    @pytest.mark.parametrize("who", ["reviewer", "auditor", "administrator", "county", "firm"])
    def test_nobody_else_records(self, client, cast, award, who):
        client.force_login(getattr(cast, who))
        assert client.post(NEW, answers(award)).status_code == 403
        assert not OtherReceipt.objects.exists()


class TestConfirming:
    @pytest.mark.parametrize("who", ["caseworker2", "reviewer", "finance"])
    def test_a_second_person_makes_it_count(self, client, cast, award, who):
        receipt = receive(award, confirm=False, actor=cast.caseworker)
        client.force_login(getattr(cast, who))
        assert act(receipt, "confirm") in client.get(page(receipt)).content.decode()
        assert client.post(act(receipt, "confirm"), from_page(client, page(receipt)))["Location"] == page(
            receipt
        )
        assert calculate(award).amount == Decimal("50000.00")
        assert client.post(act(receipt, "confirm"), from_page(client, page(receipt))).status_code == 409

    def test_the_person_who_recorded_it_does_not(self, client, cast, award):
        receipt = receive(award, confirm=False, actor=cast.caseworker)
        client.force_login(cast.caseworker)
        assert client.post(act(receipt, "confirm"), from_page(client, page(receipt))).status_code == 403
        receipt.refresh_from_db()
        assert receipt.confirmed_at is None

    @pytest.mark.parametrize("who", ["auditor", "administrator", "county", "firm"])
    def test_nor_does_another_role(self, client, cast, award, who):
        receipt = receive(award, confirm=False)
        client.force_login(getattr(cast, who))
        for address in (act(receipt, "confirm"), act(receipt, "withdraw"), CONFIRM):
            assert client.post(address, {"reason": "x", "receipts": receipt.pk}).status_code == 403
        receipt.refresh_from_db()
        assert (receipt.confirmed_at, receipt.withdrawn_at) == (None, None)

    def test_many_together_each_by_itself(self, client, cast, award):
        own = receive(award, confirm=False, actor=cast.finance)
        others = [receive(award, payer=f"演示{n}局", confirm=False, actor=cast.caseworker) for n in range(3)]
        client.force_login(cast.finance)
        answer = client.post(CONFIRM, {"receipts": [own.pk, *(row.pk for row in others), "x", "²"]})
        assert answer["Location"] == LIST
        said = [str(message) for message in get_messages(answer.wsgi_request)]
        assert len(said) == 2
        assert said[1].startswith(award.accreditation.certificate_number)
        assert set(OtherReceipt.objects.filter(confirmed_by=cast.finance)) == set(others)
        again = client.post(CONFIRM, {"receipts": [others[0].pk]})
        assert [message.level_tag for message in get_messages(again.wsgi_request)] == [
            "success",
            "error",
            "error",
        ]

    def test_none_chosen_says_so(self, client, cast):
        client.force_login(cast.finance)
        answer = client.post(CONFIRM, {})
        assert [message.level_tag for message in get_messages(answer.wsgi_request)] == ["warning"]


class TestWithdrawing:
    def test_it_stays_on_record_and_counts_no_more(self, client, cast, award):
        receipt = receive(award, confirm=False, actor=cast.caseworker)
        client.force_login(cast.caseworker)
        assert client.post(act(receipt, "withdraw"), from_page(client, page(receipt), reason="录错"))[
            "Location"
        ] == page(receipt)
        assert "录错" in client.get(page(receipt)).content.decode()
        assert calculate(award).amount == Decimal("80000.00")
        answer = client.post(act(receipt, "withdraw"), from_page(client, page(receipt), reason="再来一次"))
        assert answer.status_code == 409
        assert "再来一次" in answer.content.decode()

    def test_a_confirmed_one_by_another_than_who_confirmed_it(self, client, cast, award):
        receipt = receive(award, confirm=False, actor=cast.caseworker)
        claims.confirm_receipt(receipt=receipt, actor=cast.finance)
        client.force_login(cast.finance)
        assert act(receipt, "withdraw") not in client.get(page(receipt)).content.decode()
        assert (
            client.post(act(receipt, "withdraw"), from_page(client, page(receipt), reason="录错")).status_code
            == 403
        )
        client.force_login(cast.reviewer)
        assert (
            client.post(act(receipt, "withdraw"), from_page(client, page(receipt), reason="录错")).status_code
            == 302
        )

    def test_wants_a_reason(self, client, cast, award):
        receipt = receive(award, confirm=False)
        client.force_login(cast.reviewer)
        answer = client.post(act(receipt, "withdraw"), from_page(client, page(receipt), reason=""))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["reason"]
        assert client.post(act(receipt, "steal"), from_page(client, page(receipt))).status_code == 404


class TestImporting:
    """By the pages of importing lists (tests/test_imports.py has their own rules)."""

    def hand_in(self, client, *rows):
        file = SimpleUploadedFile("历年奖补.xlsx", workbook(HEADERS, *rows))
        data = {"scheme": Scheme.objects.get().pk, "file": file}
        answer = client.post(reverse("documents:import_new", args=["past-awards"]), data)
        return client.get(answer["Location"])

    def test_previews_takes_over_and_keeps_the_file(self, client, cast):
        scheme_version(once_per=OncePer.FIRM)
        certificate = accreditation()
        client.force_login(cast.caseworker)
        preview = self.hand_in(client, row(certificate))
        assert (preview.context["report"].created, OtherReceipt.objects.count()) == (1, 0)
        agreed = {"agreed": preview.context["digest"]}
        assert client.post(preview.request["PATH_INFO"], agreed)["Location"] == reverse("subsidies:receipts")
        again = self.hand_in(client, row(certificate)).context["report"]
        assert (again.created, again.unchanged) == (0, 1)
        receipt = OtherReceipt.objects.get()
        source = reverse("subsidies:receipt_source", kwargs={"pk": receipt.pk})
        client.force_login(cast.auditor)
        assert source in client.get(page(receipt)).content.decode()
        stored = client.get(source)
        assert hashlib.sha256(stored.content).hexdigest() == receipt.source_file.sha256
        assert "attachment" in stored["Content-Disposition"]

    def test_the_template_opens_with_the_unit_in_its_header(self, client, cast):
        client.force_login(cast.caseworker)
        answer = client.get(reverse("documents:import_template", args=["past-awards"]))
        headers = next(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert "奖补金额（元）" in headers


def test_the_day_of_the_document_may_not_be_ahead(client, cast, award):
    client.force_login(cast.caseworker)
    ahead = (dt.date(2019, 6, 30) + dt.timedelta(days=1)).isoformat()
    assert client.post(NEW, answers(award, document_date=ahead)).status_code == 409
