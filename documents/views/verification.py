"""The public page that tells whether a notice is genuine."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from documents.forms import LookUpForm, NoticeFileForm
from documents.services.verification import Verification, look_up_notice, verify_pdf


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """GET with number and code (the QR code leads here) or POST with a file; tells status, number, organ and date alone."""
    answer: Verification | None = None
    look_up, upload = LookUpForm(request.GET or None), NoticeFileForm()
    if request.method == "POST":
        look_up, upload = LookUpForm(), NoticeFileForm(request.POST, request.FILES)
        if upload.is_valid():
            answer = verify_pdf(upload.cleaned_data["file"].read())
    elif look_up.is_bound and look_up.is_valid():
        answer = look_up_notice(**look_up.cleaned_data)
    return render(
        request, "documents/verify.html", {"answer": answer, "look_up_form": look_up, "upload_form": upload}
    )
