"""Addresses of the cultivation pages."""

from django.urls import path

from .views import (
    annual_reports,
    assessments,
    board,
    cases,
    certificates,
    delegations,
    expert_sheets,
    firms,
    ip_uses,
    opening,
    rd_ledger,
    self_check,
)

app_name = "cultivation"

urlpatterns = [
    path("cases/", cases.case_list, name="cases"),
    path("cases/new/", opening.case_new, name="case_new"),
    path("cases/<int:pk>/", cases.case_page, name="case"),
    path("cases/<int:pk>/experts/", expert_sheets.expert_sheets, name="expert_sheets"),
    path(
        "cases/<int:pk>/experts/record/<slug:kind>/",
        expert_sheets.expert_sheet_record,
        name="expert_sheet_record",
    ),
    path("cases/<int:pk>/experts/import/", expert_sheets.expert_sheets_import, name="expert_sheets_import"),
    path(
        "cases/<int:pk>/experts/<int:sheet>/withdraw/",
        expert_sheets.expert_sheet_withdraw,
        name="expert_sheet_withdraw",
    ),
    path(
        "experts/template.xlsx", expert_sheets.expert_sheets_template, name="expert_sheets_template"
    ),
    path("firms/<int:pk>/property/", ip_uses.ip_uses, name="ip_uses"),
    path("firms/<int:pk>/property/earlier/", ip_uses.ip_use_record, name="ip_use_record"),
    path("cases/<int:pk>/<slug:action>/", cases.case_act, name="case_act"),
    path("delegations/", delegations.delegations, name="delegations"),
    path("delegations/<int:pk>/end/", delegations.delegation_end, name="delegation_end"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("firms/<int:pk>/ledger/", rd_ledger.ledger, name="ledger"),
    path("firms/<int:pk>/ledger/import/", rd_ledger.ledger_import, name="ledger_import"),
    path("firms/<int:pk>/ledger/decide/", rd_ledger.ledger_decide, name="ledger_decide"),
    path("firms/<int:pk>/ledger/adopt/", rd_ledger.ledger_adopt, name="ledger_adopt"),
    path("firms/<int:pk>/ledger/tables.xlsx", rd_ledger.ledger_tables_file, name="ledger_tables"),
    path("ledger/template.xlsx", rd_ledger.ledger_template, name="ledger_template"),
    path("firms/<int:pk>/", firms.firm_page, name="firm"),
    path("firms/<int:pk>/rename/", firms.firm_act, {"act": "rename"}, name="firm_rename"),
    path("firms/<int:pk>/move/", firms.firm_act, {"act": "move"}, name="firm_move"),
    path("firms/<int:pk>/inbound/", firms.firm_act, {"act": "inbound"}, name="firm_inbound"),
    path("firms/<int:pk>/change/", firms.firm_act, {"act": "change"}, name="firm_change"),
    path("firms/<int:pk>/self-check/", self_check.self_check, name="self_check"),
    path("firms/<int:pk>/self-check/upload/", self_check.self_check_upload, name="self_check_upload"),
    path("firms/<int:pk>/self-check/what-if/", self_check.self_check_what_if, name="self_check_what_if"),
    path("firms/<int:pk>/self-check/save/", self_check.self_check_save, name="self_check_save"),
    path("firms/<int:pk>/self-check/assess/", self_check.self_check_assess, name="self_check_assess"),
    path("firms/<int:pk>/self-check/<int:number>/", self_check.self_check_saved, name="self_check_saved"),
    path(
        "firms/<int:pk>/self-check/<int:number>/report.pdf",
        self_check.self_check_report,
        name="self_check_report",
    ),
    path("self-check/template.xlsx", self_check.self_check_template, name="self_check_template"),
    path("certificates/", certificates.register, name="certificates"),
    path("certificates.xlsx", certificates.register_file, name="certificates_file"),
    path("certificates/reports/", annual_reports.annual_reports, name="annual_reports"),
    path(
        "certificates/reports/template.xlsx",
        annual_reports.annual_report_template,
        name="annual_report_template",
    ),
    path("certificates/<int:pk>/", certificates.certificate, name="certificate"),
    path("certificates/<int:pk>/report/", certificates.report, name="certificate_report"),
    path("certificates/<int:pk>/correct/", certificates.correct, name="certificate_correct"),
    path("certificates/<int:pk>/revoke/", certificates.revoke, name="certificate_revoke"),
    path("board/", board.board, name="board"),
    path("board/stock.svg", board.stock_chart, name="stock_chart"),
]
