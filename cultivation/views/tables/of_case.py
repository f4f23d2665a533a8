"""What the pages of one case list: the sheets of its experts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from config.common.workbooks import Value
from cultivation.enums import ExpertKind
from cultivation.models import CultivationCase, User
from cultivation.permissions import CITY_WIDE_ROLES, visible_cases
from cultivation.selectors.expert_sheets import standing_sheets
from cultivation.services.expert_sheet_import import expert_sheet_columns
from documents.api import TableMaker, one_of


def case_of(parameters: Mapping[str, Any], owner: User) -> CultivationCase:
    """The case that the address names; ``Refused`` where the person does not see it."""
    return one_of(visible_cases(owner).select_related("firm"), parameters.get("case", ""))


class ExpertSheets(TableMaker):
    """The standing sheets of one ``case`` in the columns of the list that is handed in; for the bureau's eyes alone."""

    roles = CITY_WIDE_ROLES

    def name(self) -> str:
        return _("Score sheets")

    def headers(self) -> Sequence[str]:
        return tuple(column.name for column in expert_sheet_columns())

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return len(standing_sheets(case_of(parameters, owner)))

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for sheet in standing_sheets(case_of(parameters, owner)):
            known = {
                "expert": sheet.expert,
                "kind": str(ExpertKind(sheet.kind).label),
                "is_leader": _("Yes") if sheet.is_leader else _("No"),
                "remark": sheet.remark,
                **sheet.scores,
            }
            yield tuple(known.get(column.key) for column in expert_sheet_columns())
