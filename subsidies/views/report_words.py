"""The words of the reconciliation report for its figures, sides and differences."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from subsidies.enums import Reconciliation

SIDE_LABELS: dict[str, Any] = {
    "ledger": _("Ledger entries"),
    "awards": _("Awards by state"),
    "lists": _("Payment lists and returns"),
}
FIGURE_LABELS: dict[str, Any] = {
    "appropriated": _("Appropriated and adjusted"),
    "carried_over": _("Carried over (net)"),
    "opening": _("Committed and paid before this system"),
    "committed": _("Committed"),
    "listed": _("On lists, not yet answered"),
    "released": _("Released"),
    "paid": _("Paid, less what came back from the bank"),
    "failed": _("Failed at the bank"),
    "returned": _("Returned by the bank after payment"),
    "in_recovery": _("Amounts of awards in recovery"),
    "recovered": _("Recovered"),
    "available": _("Available"),
}
REASON_LABELS: dict[str, Any] = {
    **{
        outcome.value: outcome.label
        for outcome in Reconciliation
        if outcome not in (Reconciliation.MATCHED, Reconciliation.AMOUNT_CHANGED)
    },
    "corrected": _("Corrected by a later document"),
    "not_proposed": _("No award proposed yet"),
    "waiting": _("Not calculated yet"),
    "exclusion": _("Excluded"),
    "award_revoked": _("Award revoked"),
    "later_document": _("Paid or calculated by an earlier amount"),
    "ratio": _("Ratio and rounding"),
    "cap": _("Cap of the scheme"),
    "stacking": _("Received elsewhere (the higher one once)"),
    "override": _("Amount set by hand"),
    "further_scheme": _("Award under a further scheme"),
}
