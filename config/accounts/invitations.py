"""The public page where a firm turns its invitation into an account."""

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from config.common.credit_codes import normalise
from config.common.errors import Refused
from cultivation.api import accept_invitation

# Which field a refusal belongs to; the others are about the whole.
_FIELDS = {"username_taken": "username", "username_wrong": "username", "password_weak": "password"}


class InvitedForm(forms.Form):
    """Who one is by the slip, and what one wants to be called."""

    credit_code = forms.CharField(label=gettext_lazy("Unified social credit code"), max_length=30)
    code = forms.CharField(label=gettext_lazy("Invitation code"), max_length=40)
    display_name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        help_text=gettext_lazy(
            "If the password was forgotten: the user name there is already; the password below replaces the old one."
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters, not only digits and not a common one."),
    )
    again = forms.CharField(
        label=gettext_lazy("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_credit_code(self) -> str:
        # However it is typed, wrong codes are counted for one firm.
        return normalise(self.cleaned_data["credit_code"])

    def clean(self) -> dict[str, str]:
        answers = super().clean() or {}
        if "password" in answers and "again" in answers and answers["password"] != answers["again"]:
            self.add_error("again", _("The two passwords differ."))
        return answers

    def answers(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "again"}


@login_not_required
@never_cache
@sensitive_post_parameters("code", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest) -> HttpResponse:
    """422: not filled in or refused; 429: too many wrong codes from this address or for this firm."""
    form = InvitedForm(request.POST or None)
    if request.method != "POST":
        return _render(request, form)
    if not form.is_valid():
        return _render(request, form, status=422)
    key = form.cleaned_data["credit_code"]
    if not ratelimit.consume(request, action="invitation", key=key, dry_run=True):
        return ratelimit.respond_429(request)
    try:
        user = accept_invitation(**form.answers())
    except Refused as refusal:
        if refusal.code == "invitation_unknown":
            ratelimit.consume(request, action="invitation", key=key)
        form.add_error(_FIELDS.get(refusal.code), refusal.message)
        return _render(request, form, status=422)
    messages.success(request, _("The account %(name)s is ready: log in.") % {"name": user.username})
    return redirect("account_login")


def _render(request: HttpRequest, form: InvitedForm, status: int = 200) -> HttpResponse:
    return render(request, "account/invited.html", {"form": form}, status=status)
