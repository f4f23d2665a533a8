"""The public page that tells whether a notice is genuine."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.common.rate_limit import asks_too_often
from documents.forms import LookUpForm, NoticeFileForm
from documents.services.verification import Verification, look_up_notice, verify_pdf


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """GET with number and code (the QR code leads here) or POST with a file; tells status, number, organ and date alone.

    429 to an address that asks more often than ``VERIFICATIONS_PER_MINUTE``: nothing is looked up then.
    """
    look_up, upload = LookUpForm(request.GET or None), NoticeFileForm()
    if request.method == "POST":
        look_up, upload = LookUpForm(), NoticeFileForm(request.POST, request.FILES)
    asked = upload if upload.is_bound else look_up
    answer: Verification | None = None
    refused = False
    if asked.is_bound and asked.is_valid():
        refused = asks_too_often(request, action="verify", per_minute=settings.VERIFICATIONS_PER_MINUTE)
        if not refused:
            answer = _answer(asked)
    context = {
        "answer": answer,
        "asks_too_often": refused,
        "look_up_form": look_up,
        "upload_form": upload,
    }
    return render(request, "documents/verify.html", context, status=429 if refused else 200)


def _answer(asked: LookUpForm | NoticeFileForm) -> Verification:
    if isinstance(asked, NoticeFileForm):
        return verify_pdf(asked.cleaned_data["file"].read())
    return look_up_notice(**asked.cleaned_data)
