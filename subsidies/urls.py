"""Addresses of the subsidies pages."""

from django.urls import path

from .views import (
    awards,
    bank_formats,
    claim_imports,
    exclusions,
    funding,
    payment_list_work,
    payment_lists,
    receipts,
    revocations,
    schemes,
)

app_name = "subsidies"

urlpatterns = [
    path("firms/<int:pk>/awards/", awards.firm_awards, name="firm_awards"),
    path("awards/<int:pk>/notice/", awards.notice, name="notice"),
    path("revocations/", revocations.revocations, name="revocations"),
    path("revocations/apply/", revocations.revocations_apply, name="revocations_apply"),
    path("revocations/<int:pk>/", revocations.revocation, name="revocation"),
    path("funding/", funding.funding_lines, name="funding_lines"),
    path("funding/<int:pk>/", funding.funding_line, name="funding_line"),
    path("funding/<int:pk>/entries.xlsx", funding.funding_entries, name="funding_entries"),
    path("funding/<int:pk>/<slug:action>/", funding.funding_act, name="funding_act"),
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/schemes.xlsx", schemes.schemes_file, name="schemes_file"),
    path("schemes/new/", schemes.scheme_new, name="scheme_new"),
    path("schemes/<int:pk>/", schemes.scheme_version, name="scheme_version"),
    path("schemes/<int:pk>/publish/", schemes.scheme_publish, name="scheme_publish"),
    path("schemes/<slug:key>/draft/", schemes.scheme_draft, name="scheme_draft"),
    path("exclusions/", exclusions.exclusion_list, name="exclusions"),
    path("exclusions/exclusions.xlsx", exclusions.exclusions_file, name="exclusions_file"),
    path("exclusions/new/", exclusions.exclusion_new, name="exclusion_new"),
    path("exclusions/import/", claim_imports.exclusion_import, name="exclusion_import"),
    path("exclusions/template.xlsx", claim_imports.exclusion_template, name="exclusion_template"),
    path("exclusions/<int:pk>/", exclusions.exclusion, name="exclusion"),
    path("exclusions/<int:pk>/end/", exclusions.exclusion_end, name="exclusion_end"),
    path("receipts/", receipts.receipt_list, name="receipts"),
    path("receipts/receipts.xlsx", receipts.receipts_file, name="receipts_file"),
    path("receipts/new/", receipts.receipt_new, name="receipt_new"),
    path("receipts/confirm/", receipts.receipts_confirm, name="receipts_confirm"),
    path("receipts/import/", claim_imports.past_award_import, name="past_award_import"),
    path("receipts/template.xlsx", claim_imports.past_award_template, name="past_award_template"),
    path("receipts/<int:pk>/", receipts.receipt, name="receipt"),
    path("receipts/<int:pk>/source/", receipts.receipt_source, name="receipt_source"),
    path("receipts/<int:pk>/<slug:action>/", receipts.receipt_act, name="receipt_act"),
    path("bank-formats/", bank_formats.formats_page, name="bank_formats"),
    path("bank-formats/new/", bank_formats.format_new, name="bank_format_new"),
    path("bank-formats/<int:pk>/", bank_formats.format_page, name="bank_format"),
    path("bank-formats/<int:pk>/publish/", bank_formats.format_publish, name="bank_format_publish"),
    path("payment-lists/", payment_lists.payment_lists, name="payment_lists"),
    path("payment-lists/new/<int:pk>/", payment_list_work.list_new, name="payment_list_new"),
    path(
        "payment-lists/<slug:number>/act/<slug:action>/", payment_list_work.list_act, name="payment_list_act"
    ),
    path("payment-lists/<slug:number>/", payment_lists.payment_list, name="payment_list"),
    path(
        "payment-lists/<slug:number>/<slug:format>/",
        payment_lists.payment_list_file,
        name="payment_list_file",
    ),
]
