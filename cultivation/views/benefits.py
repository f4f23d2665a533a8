"""What accreditation is worth to a firm in tax: an estimate that is made, shown and printed, and never stored."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import Role, Verification
from cultivation.forms.amounts import amount_text
from cultivation.forms.benefits import FIRST_YEAR, BenefitsForm
from cultivation.models import Firm
from cultivation.permissions import may_work_for
from cultivation.rules.benefits import DISCLAIMER, YEARS_SOURCE, Benefit, Rate, Standing, assumptions
from cultivation.rules.display import Exact, money_text
from cultivation.selectors.benefits import YearOfBenefit, estimated, recorded_figures, years_with_certificate

from .readers import reader, visible_firm

_YEARS_AHEAD = 3
STANDINGS = {
    Standing.APPLIES: gettext_lazy("The certificate covers the year"),
    Standing.PROVISIONAL: gettext_lazy(
        "The certificate ends in the year: prepaid at the lower rate, to be made up without a renewal"
    ),
    Standing.LOST: gettext_lazy("Lost with the revocation"),
    Standing.NONE: gettext_lazy("No certificate: as if there were one"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def benefits(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and after sending it the estimate beside it. The firm and the caseworker fill it in, others read."""
    user = reader(request)
    firm = visible_firm(user, pk)
    may_fill = may_work_for(user, firm, Role.FIRM, Role.CASEWORKER)
    if request.method != "POST":
        return _render(request, firm, _form(firm, year=_year(request)), may_fill)
    if not may_fill:
        raise PermissionDenied
    form = _form(firm, data=request.POST)
    if not form.is_valid():
        return _render(request, firm, form, may_fill, status=422)
    try:
        years = _estimated(firm, form)
    except Refused as refusal:
        form.add_error("year", refusal.message)
        return _render(request, firm, form, may_fill, status=409)
    if request.POST.get("format") == "json":
        return _json(firm, years)
    return _render(request, firm, form, may_fill, years=years)


def _year(request: HttpRequest) -> int:
    """The year asked for, else the last full one."""
    text = request.GET.get("year", "")
    last = today().year - 1
    return int(text) if text.isdecimal() and FIRST_YEAR <= int(text[:5]) <= last else last


def _form(firm: Firm, *, year: int | None = None, data: Any = None) -> BenefitsForm:
    recorded = recorded_figures(firm, year) if year else {}
    return BenefitsForm(
        data,
        last_year=today().year + _YEARS_AHEAD,
        recorded=recorded,
        initial={"year": year} if year else None,
    )


def _estimated(firm: Firm, form: BenefitsForm) -> list[YearOfBenefit]:
    """The year asked for first, then the other years of the certificate that reaches it."""
    chosen: int = form.cleaned_data["year"]
    others = [
        year
        for year, standing in years_with_certificate(firm).items()
        if year >= FIRST_YEAR and year != chosen and standing is not Standing.LOST and abs(year - chosen) <= 3
    ]
    return estimated(
        taxable_income=form.cleaned_data["taxable_income"],
        projects=[form.project()],
        years=[chosen, *others],
        firm=firm,
    )


def _json(firm: Firm, years: list[YearOfBenefit]) -> HttpResponse:
    """The estimate of the chosen year as a file; amounts are strings in yuan."""
    first = years[0]
    answer = {"credit_code": firm.credit_code, "standing": first.standing.value, **first.benefit.as_json()}
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="benefits-{firm.credit_code}-{first.year}.json"'
    return response


def _render(
    request: HttpRequest,
    firm: Firm,
    form: BenefitsForm,
    may_fill: bool,
    *,
    years: list[YearOfBenefit] | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = years[0] if years else None
    context = {
        "firm": firm,
        "form": form,
        "may_fill": may_fill,
        "prefilled": bool(form.fields["staff_costs"].initial),
        "held": [(year, STANDINGS[standing]) for year, standing in years_with_certificate(firm).items()],
        "years_source": YEARS_SOURCE,
        "disclaimer": DISCLAIMER,
        "chosen": chosen,
        "standing": STANDINGS[chosen.standing] if chosen else "",
        "entered": _entered(form) if chosen else [],
        "rates": _rates(chosen.benefit) if chosen else [],
        "counted": _counted(chosen.benefit) if chosen else [],
        "amounts": _amounts(chosen.benefit) if chosen else {},
        "assumptions": assumptions(chosen.benefit.deductible) if chosen else (),
        "by_year": [_line(row) for row in sorted(years or [], key=lambda row: row.year)],
    }
    return render(request, "cultivation/benefits.html", context, status=status)


def _line(row: YearOfBenefit) -> dict[str, Any]:
    return {
        "year": row.year,
        "standing": STANDINGS[row.standing],
        "rate": _yuan(row.benefit.by_rate),
        "deduction": _yuan(row.benefit.by_deduction),
        "whole": _yuan(row.benefit.whole),
        "certificate": _yuan(row.benefit.by_certificate),
    }


def _entered(form: BenefitsForm) -> list[tuple[Any, str]]:
    """The amounts the estimate starts from, under the labels of the form; what is nothing is left out."""
    amounts = {name: form.cleaned_data[name] for name in form.fields if name != "year"}
    return [(form[name].label, _yuan(amount)) for name, amount in amounts.items() if amount]


def _rates(benefit: Benefit) -> list[tuple[Any, Rate, Any]]:
    rates = benefit.rates
    named = (
        (gettext_lazy("Income tax, ordinary rate"), rates.ordinary),
        (gettext_lazy("Income tax, accredited firm"), rates.preferential),
        (gettext_lazy("Additional deduction of R&D expenses"), rates.super_deduction),
    )
    return [(name, rate, Verification(rate.verification).label) for name, rate in named]


def _counted(benefit: Benefit) -> list[tuple[Any, str]]:
    """How the R&D expenses came to what is deducted."""
    year = benefit.deductible
    return [
        (gettext_lazy("Five categories"), _yuan(year.five)),
        (gettext_lazy("Other related expenses, limit"), _yuan(year.related_limit)),
        (gettext_lazy("Other related expenses, counted"), _yuan(year.related_allowed)),
        (gettext_lazy("Entrusted in the country, at 80 %"), _yuan(year.domestic_counted)),
        (gettext_lazy("Entrusted abroad, limit"), _yuan(year.foreign_limit)),
        (gettext_lazy("Entrusted abroad, counted"), _yuan(year.foreign_allowed)),
        (gettext_lazy("Not deductible, left out"), _yuan(year.excluded)),
        (gettext_lazy("Deductible R&D expenses"), _yuan(year.total)),
        (gettext_lazy("Additional deduction"), _yuan(benefit.additional_deduction)),
        (gettext_lazy("Of this without income to meet it"), _yuan(benefit.unused_deduction)),
    ]


def _amounts(benefit: Benefit) -> dict[str, str]:
    names = ("ordinary", "ordinary_after", "preferential", "preferential_after")
    effects = ("by_rate", "by_deduction", "by_certificate", "whole")
    return {name: _yuan(getattr(benefit, name)) for name in (*names, *effects)}


def _yuan(amount: Exact) -> str:
    """The exact amount rounded to the fen, with thousands separators."""
    return amount_text(money_text(amount))
