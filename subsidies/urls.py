"""Addresses of the subsidies pages."""

from django.urls import path

from .views import awards, bank_formats, funding, payment_list_work, payment_lists, revocations, schemes

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
