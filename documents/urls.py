"""Addresses of the documents pages."""

from django.urls import path

from .views import batches, dossiers, files, imports, notices, saved_filters, texts, verification

app_name = "documents"

urlpatterns = [
    path("verify/", verification.verify, name="verify"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/file/", notices.notice_file, name="notice_file"),
    path("notices/<int:pk>/void/", notices.notice_void, name="notice_void"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/cancel/", batches.batch_act, {"action": "cancel"}, name="batch_cancel"),
    path("batches/<int:pk>/resume/", batches.batch_act, {"action": "resume"}, name="batch_resume"),
    path("batches/<int:pk>/print/", batches.batch_act, {"action": "print"}, name="batch_print"),
    path("batches/<int:pk>/archive/", batches.batch_act, {"action": "archive"}, name="batch_archive"),
    path("batches/<int:pk>/files/<int:file>/", batches.batch_file, name="batch_file"),
    path("exports/<slug:kind>/", files.export, name="export"),
    path("filters/<int:pk>/change/", saved_filters.filter_change, name="filter_change"),
    path("filters/<int:pk>/drop/", saved_filters.filter_drop, name="filter_drop"),
    path("filters/<slug:kind>/", saved_filters.filter_save, name="filter_save"),
    path("dossiers/<slug:subject>/<int:pk>/", dossiers.dossier, name="dossier"),
    path("files/", files.files, name="files"),
    path("files/<int:pk>/", files.file, name="file"),
    path("files/<int:pk>/download/", files.file_download, name="file_download"),
    path("files/<int:pk>/discard/", files.file_discard, name="file_discard"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<slug:kind>/", imports.import_new, name="import_new"),
    path("imports/<slug:kind>/template.xlsx", imports.import_template, name="import_template"),
    path("imports/<slug:kind>/<int:pk>/", imports.import_preview, name="import_preview"),
    path("imports/<slug:kind>/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<slug:kind>/<int:pk>/marked.xlsx", imports.import_marked, name="import_marked"),
    path("imports/<slug:kind>/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("texts/", texts.texts, name="texts"),
    path("texts/<str:kind>/new/", texts.text_new, name="text_new"),
    path("texts/<str:kind>/preview/", texts.text_preview, name="text_preview"),
    path("texts/<str:kind>/reference/", texts.text_reference, name="text_reference"),
    path("texts/<int:pk>/", texts.text, name="text"),
    path("texts/<int:pk>/sample/", texts.text_sample, name="text_sample"),
    path("texts/<int:pk>/publish/", texts.text_publish, name="text_publish"),
]
