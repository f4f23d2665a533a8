"""A saved self-check on paper."""

from django.template.loader import render_to_string

from cultivation.models import Firm, SelfCheck
from documents.api import render_report

from .self_check_inputs import Inputs
from .self_check_showing import Report


def self_check_html(
    *, firm: Firm, firm_name: str, check: SelfCheck, maker: str, report: Report, inputs: Inputs
) -> str:
    return render_to_string(
        "cultivation/self_check_report.html",
        {
            "firm": firm,
            "firm_name": firm_name,
            "check": check,
            "maker": maker,
            "report": report,
            "inputs": inputs,
        },
    )


def self_check_pdf(
    *, firm: Firm, firm_name: str, check: SelfCheck, maker: str, report: Report, inputs: Inputs
) -> bytes:
    """PDF/A for one reader; ``FontsMissing`` where the set-up has not put the fonts in place."""
    return render_report(
        self_check_html(
            firm=firm, firm_name=firm_name, check=check, maker=maker, report=report, inputs=inputs
        )
    )
