"""A small world with one of everything, and everybody who may come along: for asking every address of the site."""

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from cultivation.enums import AttachmentKind, CaseKind, CaseState, Role, TargetMeasure
from cultivation.models import (
    Achievement,
    AnnualTarget,
    Bulletin,
    BulletinFile,
    CaseEvent,
    CultivationCase,
    Firm,
    ForecastSnapshot,
    SelfCheck,
    StockRecord,
    TrainingSession,
    User,
)
from cultivation.services.achievements import record_achievement
from cultivation.services.assessments import assess_case
from cultivation.services.bulletins import draw_up_bulletin
from cultivation.services.case_documents import add_case_document
from cultivation.services.expert_sheets import record_expert_sheet
from cultivation.services.forecasts import record_forecast
from cultivation.services.rd_ledger import import_ledger
from cultivation.services.self_checks import save_self_check
from cultivation.services.stock_records import draw_up_stock
from cultivation.services.training_codes import code_of
from documents.api import Notice, NoticeKind, Wanted, confirm_attachment, start_batch
from documents.models import ListUpload, PreparedFile
from documents.services.list_uploads import keep_upload
from documents.services.prepared_files import ask_for_file, make_prepared_file
from subsidies.models import Award, Exclusion, OtherReceipt, PaymentList
from subsidies.services.notices import issue_grant_notice
from tests.cultivation.ledgers import cells, ledger_book
from tests.cultivation.sheets import finance_sheet
from tests.factories import (
    AccreditationFactory,
    BankAccountFactory,
    ContactFactory,
    FirmFactory,
    UserFactory,
    case_at,
    credit_code,
    division,
    train,
)
from tests.people import Cast, person
from tests.subsidies.claiming import exclude, receive
from tests.subsidies.factories import notice_organ
from tests.subsidies.paying import desk
from tests.workbooks import workbook

LEDGER_ACTS = {f"cultivation:ledger_{act}" for act in ("decide", "adopt")}
SHEET_ACTS = {
    "cultivation:expert_sheet_record",
    "cultivation:expert_sheet_withdraw",
}
LEDGER = {"cultivation:ledger", "cultivation:ledger_tables", *LEDGER_ACTS}


@dataclass(frozen=True, slots=True)
class World:
    """A firm with a case, an award with its notice, and a released list; and everybody who may come along."""

    cast: Cast
    firm: Firm
    case: CultivationCase
    award: Award
    payment_list: PaymentList
    self_check: SelfCheck
    notice: Notice
    batch_pk: int
    session: TrainingSession
    ledger: ListUpload
    roster: ListUpload
    prepared: PreparedFile

    def client(self, name: str) -> Client:
        client = Client()
        if name != "anonymous":
            client.force_login(self.person(name))
        return client

    def person(self, name: str) -> User:
        match name:
            case "other_firm":
                return person(name, Role.FIRM, firm=FirmFactory())
            case "other_county":
                return person(name, Role.COUNTY, division=division("tianyang"))
            case "nobody":
                return UserFactory(username=name)
            case "superuser":
                return UserFactory(username=name, is_superuser=True, is_staff=True)
        user: User = getattr(self.cast, name)
        if name == "administrator":
            User.objects.filter(pk=user.pk).update(is_staff=True)
            user.refresh_from_db()
        return user

    def url(self, name: str) -> str:
        arguments = {
            "mfa_edit_webauthn": {"pk": 1},
            "mfa_remove_webauthn": {"pk": 1},
            "cultivation:board_chart": {"kind": "funnel"},
            "cultivation:target": {"pk": AnnualTarget.objects.earliest("pk").pk},
            **{
                f"cultivation:{name}": {"pk": StockRecord.objects.get().pk}
                for name in ("stock_record", "stock_lock")
            },
            **{
                f"cultivation:{name}": {"pk": Bulletin.objects.get().pk}
                for name in ("bulletin", "bulletin_paper", "bulletin_numbers")
            },
            "cultivation:target_act": {"pk": 1, "action": "correct"},
            **{
                f"cultivation:{name}": {"pk": Achievement.objects.get().pk}
                for name in ("achievement", "achievement_evidence")
            },
            "cultivation:achievement_act": {"pk": 1, "action": "strike"},
            "cultivation:case": {"pk": self.case.pk},
            "cultivation:case_act": {"pk": self.case.pk, "action": "start_training"},
            "cultivation:case_documents": {"pk": self.case.pk},
            **{
                f"cultivation:case_document{act}": {
                    "pk": self.case.pk,
                    "document": self.case.documents.get(attachment__state="quarantined").pk,
                }
                for act in ("", "_confirm", "_reject")
            },
            "cultivation:invitation_withdraw": {"pk": 1},
            "cultivation:case_messages": {"pk": self.case.pk},
            "cultivation:firm_messages": {"pk": self.firm.pk},
            **{
                f"cultivation:{name}": {"pk": self.case.acceptances.get().pk}
                for name in ("receipt", "receipt_file")
            },
            "cultivation:case_notice": {"pk": self.case.pk, "notice": 1},
            "cultivation:expert_sheets": {"pk": self.case.pk},
            "cultivation:expert_sheet_record": {"pk": self.case.pk, "kind": "finance"},
            "cultivation:expert_sheet_withdraw": {
                "pk": self.case.pk,
                "sheet": self.case.expert_sheets.get().pk,
            },
            "cultivation:ip_uses": {"pk": self.firm.pk},
            "cultivation:ip_use_record": {"pk": self.firm.pk},
            **{
                f"cultivation:{name}": {"pk": ForecastSnapshot.objects.get().pk}
                for name in ("forecast", "forecast_file")
            },
            "cultivation:assessment": {"pk": self.case.assessments.get().pk},
            "cultivation:delegation_end": {"pk": 1},
            **{
                f"cultivation:{name}": {"pk": self.session.pk}
                for name in (
                    *("session", "session_change", "attendance_record"),
                    *("sign_ins_decide", "sign_in_wall", "sign_in_code", "sign_in_replace"),
                )
            },
            "cultivation:attendance_strike": {"pk": self.session.pk, "row": 1},
            "cultivation:sign_in": {"code": code_of(self.session)},
            **{
                f"cultivation:self_check{name}": {"pk": self.firm.pk}
                for name in ("", "_upload", "_what_if", "_save", "_assess")
            },
            "cultivation:self_check_saved": {"pk": self.firm.pk, "number": self.self_check.pk},
            "cultivation:self_check_report": {"pk": self.firm.pk, "number": self.self_check.pk},
            "cultivation:cases_bulk": {"action": "enrol"},
            "cultivation:cases_bulk_confirm": {"action": "enrol"},
            "subsidies:awards_bulk": {"action": "review"},
            "subsidies:awards_bulk_confirm": {"action": "review"},
            "subsidies:disclosure_file": {"pk": 1},
            "public:disclosure": {"pk": 1},
            "subsidies:firm_awards": {"pk": self.firm.pk},
            "subsidies:award": {"pk": self.award.pk},
            "subsidies:award_act": {"pk": self.award.pk, "action": "freeze"},
            "subsidies:award_calculation": {"pk": self.award.pk, "calculation": self.award.calculation_id},
            "subsidies:notice": {"pk": self.award.pk},
            "subsidies:payment_list_new": {"pk": self.award.funding_line_id},
            "subsidies:payment_list_act": {"number": self.payment_list.number, "action": "check"},
            **{
                f"subsidies:regional_{name}": {"pk": self.regional_document}
                for name in ("document", "source", "judge_again")
            },
            "subsidies:reconciliation_figure": {
                "pk": self.award.funding_line_id,
                "side": "ledger",
                "figure": "paid",
            },
            "subsidies:unmatched_settle": {"pk": 1},
            "subsidies:return_source": {"pk": 1},
            "subsidies:funding_line": {"pk": self.award.funding_line_id},
            "subsidies:funding_act": {"pk": self.award.funding_line_id, "action": "adjust"},
            "subsidies:revocation": {"pk": self.award.accreditation_id},
            "cultivation:firm": {"pk": self.firm.pk},
            "cultivation:history_of_kind": {"kind": "firm"},
            "cultivation:history_of_record": {"kind": "firm", "pk": self.firm.pk},
            **{
                f"cultivation:{name}": {"pk": self.firm.pk}
                for name in ("tiers", "tier_record", "tier_gazelle", "tier_sme", "benefits")
            },
            **{name: {"pk": self.firm.pk} for name in LEDGER},
            **{
                f"cultivation:firm_{act}": {"pk": self.firm.pk}
                for act in ("rename", "move", "inbound", "change")
            },
            "cultivation:account_act": {"pk": 1, "action": "confirm"},
            "cultivation:correction_act": {"pk": 1, "action": "confirm"},
            **{
                f"cultivation:{name}": {"pk": self.award.accreditation.determination_id}
                for name in ("determination", "determination_correct")
            },
            "cultivation:determination_correction_act": {"pk": 1, "action": "confirm"},
            "cultivation:correction_propose": {"pk": self.award.accreditation_id},
            "subsidies:correction_reach": {"pk": self.award.accreditation_id},
            "subsidies:openings": {"pk": self.award.funding_line_id},
            "subsidies:opening_act": {"pk": 1, "action": "confirm"},
            **{f"cultivation:{name}": {"pk": self.firm.pk} for name in ("account_propose", "firm_accounts")},
            "cultivation:certificate": {"pk": self.award.accreditation_id},
            **{
                f"cultivation:certificate_{act}": {"pk": self.award.accreditation_id}
                for act in ("report", "correct", "revoke")
            },
            "subsidies:scheme_version": {"pk": self.award.version_id},
            "subsidies:scheme_publish": {"pk": self.award.version_id},
            "subsidies:scheme_draft": {"key": self.award.scheme.key},
            **{
                f"subsidies:{name}": {"pk": Exclusion.objects.get().pk}
                for name in ("exclusion", "exclusion_end")
            },
            **{
                f"subsidies:{name}": {"pk": OtherReceipt.objects.get().pk}
                for name in ("receipt", "receipt_source")
            },
            "subsidies:receipt_act": {"pk": OtherReceipt.objects.get().pk, "action": "confirm"},
            "subsidies:bank_format": {"pk": self.payment_list.bank_format_id},
            "subsidies:bank_format_publish": {"pk": self.payment_list.bank_format_id},
            **{
                f"documents:{name}": {"pk": self.notice.pk}
                for name in ("notice", "notice_file", "notice_void")
            },
            **{
                f"documents:text{name}": {"pk": self.notice.template_id}
                for name in ("", "_sample", "_publish")
            },
            **{f"documents:text_{name}": {"kind": "grant"} for name in ("new", "preview", "reference")},
            **{
                f"documents:batch{act}": {"pk": self.batch_pk}
                for act in ("", "_cancel", "_resume", "_print", "_archive")
            },
            "cultivation:case_letter": {"pk": self.case.pk, "kind": "enrolment"},
            "subsidies:announcement": {"pk": 1},
            "subsidies:grant_letter": {"pk": self.award.pk},
            "subsidies:recovery_letter": {"pk": self.award.pk},
            "subsidies:allotment": {"number": self.payment_list.number},
            **{
                f"documents:import_{step}": {"kind": "rd-ledger", "pk": self.ledger.pk}
                for step in ("preview", "marked", "discard")
            },
            "documents:import_columns": {"kind": "firms", "pk": self.roster.pk},
            **{f"documents:import_{name}": {"kind": "rd-ledger"} for name in ("new", "template")},
            "documents:export": {"kind": "cases"},
            "documents:filter_save": {"kind": "cases"},
            **{f"documents:filter_{act}": {"pk": 1} for act in ("change", "drop")},
            "documents:dossier": {"subject": "firm", "pk": self.firm.pk},
            **{f"documents:file{act}": {"pk": self.prepared.pk} for act in ("", "_download", "_discard")},
            "documents:batch_file": {"pk": self.batch_pk, "file": 1},
            "subsidies:payment_list": {"number": self.payment_list.number},
            "subsidies:payment_list_file": {"number": self.payment_list.number, "format": "xlsx"},
        }
        return reverse(name, kwargs=arguments.get(name))

    @property
    def regional_document(self) -> int:
        assert self.award.regional_award is not None
        return self.award.regional_award.document_id

    def status(self, client: Client, name: str) -> int:
        if name == "cultivation:case_act":
            seen = CaseEvent.objects.filter(case=self.case).count()
            return client.post(self.url(name), {"seen": seen}).status_code
        if name in LEDGER_ACTS | SHEET_ACTS | {"cultivation:ip_use_record", "cultivation:tier_record"}:
            return client.post(self.url(name)).status_code
        answer = client.get(self.url(name))
        if answer.streaming:
            b"".join(answer.streaming_content)  # closes the file
        return answer.status_code


def roster_of(cast: Cast) -> ListUpload:
    """A roster that the caseworker has handed in and not taken over."""
    return keep_upload(
        kind="firms",
        content=workbook(
            ["企业名称", "统一社会信用代码", "所属县区", "注册日期"],
            ["演示新苗有限公司", credit_code(900_001), "右江区", "2016-05-04"],
        ),
        original_name="名册.xlsx",
        answers={},
        owner=cast.caseworker,
    )


def ledger_of(firm: Firm, cast: Cast) -> ListUpload:
    """An R&D ledger that the caseworker has handed in and not taken over."""
    return keep_upload(
        kind="rd-ledger",
        content=ledger_book(cells(), cells(凭证号="2")),
        original_name="辅助账.xlsx",
        answers={"firm": firm.credit_code},
        owner=cast.caseworker,
    )


def table_of(cast: Cast) -> PreparedFile:
    """A table that the caseworker had made."""
    wanted = ask_for_file(kind="cases", parameters={}, name="案件.xlsx", owner=cast.caseworker)
    make_prepared_file(wanted.pk)
    return wanted


def build_world(cast: Cast) -> World:
    firm = cast.firm.firm
    assert firm is not None
    ContactFactory(firm=firm)
    BankAccountFactory(firm=firm)
    certificate = AccreditationFactory(firm=firm, determined=True)
    paying = desk(cast, certificates=[certificate], amounts=[Decimal("80000.00")])
    payment_list = paying.released()
    notice = issue_grant_notice(award=paying.awards[0], organ=notice_organ(), actor=cast.caseworker)
    case = case_at(CaseState.POOLED, firm=firm, kind=CaseKind.RENEWAL)
    assess_case(case=case, actor=cast.caseworker)
    add_case_document(
        case=case,
        kind=AttachmentKind.OTHER,
        content=b"%PDF-1.7 made up",
        original_name="说明.pdf",
        actor=cast.firm,
    )
    record_expert_sheet(case=case, sheet=finance_sheet(), actor=cast.caseworker)
    ledger = ledger_book(cells())
    import_ledger(firm=firm, content=ledger, original_name="辅助账.xlsx", actor=cast.caseworker)
    shown = record_achievement(
        measure=TargetMeasure.CONVERSIONS,
        title="演示工艺转化",
        achieved_on=dt.date(2019, 3, 1),
        document="演示科〔2019〕7号",
        evidence=io.BytesIO(b"%PDF-1.4 made up"),
        evidence_name="验收.pdf",
        actor=cast.caseworker,
    )
    assert shown.evidence is not None
    confirm_attachment(attachment=shown.evidence, actor=cast.caseworker)
    draw_up_stock(day=dt.date(2018, 12, 31), actor=cast.caseworker)
    bulletin = draw_up_bulletin(year=2018, quarter=0, actor=cast.caseworker)
    paper = default_storage.save("bulletins/made-up.pdf", ContentFile(b"%PDF"))
    BulletinFile.objects.create(bulletin=bulletin, file=paper, sha256="0" * 64, size=4)
    exclude(firm, actor=cast.caseworker)
    receive(paying.awards[0], confirm=False, actor=cast.caseworker)
    self_check = save_self_check(firm=firm, facts={"filed_on": "2019-06-30"}, actor=cast.firm)
    record_forecast(year=2030, actor=cast.caseworker)
    organ = notice.organ
    batch = start_batch(
        kind=NoticeKind.GRANT,
        organ=organ,
        issued_on=notice.issued_on,
        wanted=[Wanted("award:0", firm.name)],
        actor=cast.caseworker,
    )
    return World(
        cast,
        firm,
        case,
        paying.awards[0],
        payment_list,
        self_check,
        notice,
        batch.pk,
        train(case),
        ledger_of(firm, cast),
        roster_of(cast),
        table_of(cast),
    )
