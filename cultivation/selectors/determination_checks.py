"""Lifted determinations against what they led to: nothing is taken out, and nothing replaced, without two people."""

from collections.abc import Iterator

from django.db.models import Q

from cultivation.enums import CorrectionState, DeterminationOutcome, RevocationCause
from cultivation.models import Accreditation, Determination

from .determinations import is_lifted
from .events import Problem


def check_determinations() -> tuple[int, list[Problem]]:
    """How many determinations there are, and where corrections, certificates and replacements contradict each other."""
    return Determination.objects.count(), [*_taken_out_alone(), *_left_in(), *_replaced_alone()]


def _taken_out_alone() -> Iterator[Problem]:
    wrong = Accreditation.objects.filter(revocation_cause=RevocationCause.RECORDED_WRONGLY)
    confirmed = Q(determination__corrections__state=CorrectionState.CONFIRMED)
    for certificate in wrong.exclude(confirmed).order_by("pk"):
        yield Problem(
            "lifting_missing",
            f"certificate:{certificate.pk}",
            f"{certificate.certificate_number} is marked as recorded wrongly, and nobody confirmed it",
        )


def _left_in() -> Iterator[Problem]:
    lifted = Determination.objects.filter(is_lifted(), outcome=DeterminationOutcome.ACCREDITED)
    standing = Q(accreditation__in=Accreditation.objects.rightly_recorded())
    for determination in lifted.filter(standing).order_by("pk"):
        yield Problem(
            "lifting_not_done",
            f"determination:{determination.pk}",
            f"{determination.document_number} was lifted, and its certificate still counts",
        )


def _replaced_alone() -> Iterator[Problem]:
    right = Determination.objects.filter(corrects__isnull=False)
    for determination in right.exclude(corrects__in=Determination.objects.filter(is_lifted())).order_by("pk"):
        yield Problem(
            "replacement_without_lifting",
            f"determination:{determination.pk}",
            f"it replaces determination {determination.corrects_id}, which stands",
        )
