"""Addresses of the documents pages."""

from django.urls import path

from .views import batches, notices, texts, verification

app_name = "documents"

urlpatterns = [
    path("verify/", verification.verify, name="verify"),
    path("notices/", notices.notices, name="notices"),
    path("notices/notices.xlsx", notices.notices_file, name="notices_file"),
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
    path("texts/", texts.texts, name="texts"),
    path("texts/<str:kind>/new/", texts.text_new, name="text_new"),
    path("texts/<str:kind>/preview/", texts.text_preview, name="text_preview"),
    path("texts/<str:kind>/reference/", texts.text_reference, name="text_reference"),
    path("texts/<int:pk>/", texts.text, name="text"),
    path("texts/<int:pk>/sample/", texts.text_sample, name="text_sample"),
    path("texts/<int:pk>/publish/", texts.text_publish, name="text_publish"),
]
