"""What people call the parts of a forecast: stages of open cases, certificates, firms to come."""

from django.utils.translation import gettext as _

from cultivation.enums import CaseState
from cultivation.forecasting.parts import FURTHER, INBOUND, LASTING, LATER, NEWCOMERS, RENEWAL
from cultivation.forecasting.stages import ACCREDITED


def part_name(key: str) -> str:
    """The name of a ``Contribution`` by its key."""
    names = {
        LASTING: _("Certificates that last"),
        RENEWAL: _("Certificates running out, renewed"),
        NEWCOMERS: _("Firms without a case yet, this year"),
        LATER: _("Firms without a case yet, later years"),
        INBOUND: _("Firms moving in"),
        FURTHER: _("Further filings"),
    }
    return names.get(key) or str(CaseState(key).label)


def step_name(stage: str, next_stage: str) -> str:
    """What it would take to move a firm on: from where it stands to the next stage, for cases and renewals alike."""
    # Loads pandas, which the words of a stage do not need.
    from cultivation.forecasting.evidence import APPLIED, NOT_BEGUN, PREPARING

    names = {
        NOT_BEGUN: _("open the renewal"),
        PREPARING: _("prepare the renewal"),
        APPLIED: _("file the renewal"),
        ACCREDITED: _("get the certificate"),
    }
    there = names.get(next_stage) or str(CaseState(next_stage).label)
    return f"{part_name(stage)} → {there}"
