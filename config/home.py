"""The front page: everybody is sent to where their work is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def home(request: HttpRequest) -> HttpResponse:
    """The list of cases is everybody's start; it shows each person what is theirs."""
    return redirect("cultivation:cases")
