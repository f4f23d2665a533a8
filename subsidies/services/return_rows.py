"""Rows of bank returns that fitted no line: listed until somebody has dealt with them and said how."""

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.api import Role, User, recorded, require_role
from subsidies.enums import ReturnOutcome
from subsidies.models import BankReturnRow, ReturnRowSettlement


@recorded("settle return row")
def settle_return_row(*, row: BankReturnRow, note: str, actor: User) -> ReturnRowSettlement:
    """Note what was found out and done about an unmatched row; it moves no money and changes no line.

    Raises ``Refused``: not_unmatched, note_missing, settled_already.
    """
    require_role(actor, Role.FINANCE)
    note = note.strip()
    row = BankReturnRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.outcome != ReturnOutcome.UNMATCHED:
        raise Refused("not_unmatched", _("Only a row that fitted no line is dealt with by hand."))
    if not note:
        raise Refused("note_missing", _("Say what was found out and done about the row."))
    standing = ReturnRowSettlement.objects.filter(row=row).select_related("settled_by").first()
    if standing is not None:
        raise Refused(
            "settled_already",
            _("%(person)s has dealt with this row already: %(note)s")
            % {"person": standing.settled_by, "note": standing.note},
        )
    return ReturnRowSettlement.objects.create(row=row, note=note, settled_by=actor)
