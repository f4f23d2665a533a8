"""The lists about awards that people hand in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.common.workbooks import Column, TableReport
from cultivation.api import User
from documents.api import HandIn
from subsidies.forms.claims import PastAwardsForm
from subsidies.services.claims import EXCLUSION_KEEPERS
from subsidies.services.exclusion_import import (
    exclusion_columns,
    import_exclusions,
    write_exclusion_template,
)
from subsidies.services.past_awards import (
    PAST_AWARD_IMPORTERS,
    import_past_awards,
    past_award_columns,
    write_past_award_template,
)


class Exclusions:
    title = _("Exclusions")
    text = _(
        "Findings of authorities, one a row: credit code, kind, authority, document, days. They count at once."
    )
    back = "subsidies:exclusions"
    roles = EXCLUSION_KEEPERS

    def form(
        self, data: Mapping[str, Any] | None, initial: Mapping[str, Any], *, actor: User
    ) -> forms.Form | None:
        return None

    def columns(self) -> Sequence[Column]:
        return exclusion_columns()

    def template(self) -> bytes:
        return write_exclusion_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> TableReport:
        return import_exclusions(
            content=hand_in.content, actor=actor, dry_run=dry_run, headings=hand_in.headings
        )

    def back_url(self, answers: Mapping[str, Any]) -> str:
        return reverse(self.back)


class PastAwards:
    title = _("City awards from before this system")
    text = _(
        "City awards before this system, one a row: credit code, certificate, payer, amount, document. They count once "
        "a second person has confirmed them, and are never matched or paid again."
    )
    back = "subsidies:receipts"
    roles = PAST_AWARD_IMPORTERS

    def form(
        self, data: Mapping[str, Any] | None, initial: Mapping[str, Any], *, actor: User
    ) -> forms.Form | None:
        return PastAwardsForm(data, initial=dict(initial))

    def columns(self) -> Sequence[Column]:
        return past_award_columns()

    def template(self) -> bytes:
        return write_past_award_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> TableReport:
        return import_past_awards(
            content=hand_in.content,
            original_name=hand_in.original_name,
            scheme=hand_in.answers["scheme"],
            actor=actor,
            dry_run=dry_run,
            headings=hand_in.headings,
        )

    def back_url(self, answers: Mapping[str, Any]) -> str:
        return reverse(self.back)
