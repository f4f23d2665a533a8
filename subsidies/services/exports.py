"""Exports of payment lists: built once at release, stored as bytes, given out unchanged ever after."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256

from django.utils.translation import gettext as _

from config.common.errors import Refused
from subsidies.enums import ExportFormat
from subsidies.exports import ListContent, UnfitForBank, build_bank, build_csv, build_xlsx
from subsidies.models import PaymentList, ReleasedFile
from subsidies.selectors.bank_formats import layout_of

Builder = Callable[[ListContent], bytes]


def store_files(*, payment_list: PaymentList, content: ListContent) -> dict[str, str]:
    """Build and store each format inside the release; the SHA-256 by format. Raises ``Refused`` (unfit_for_bank)."""
    builders: dict[ExportFormat, Builder] = {
        ExportFormat.XLSX: build_xlsx,
        ExportFormat.CSV: build_csv,
        ExportFormat.BANK: partial(build_bank, layout=layout_of(payment_list.bank_format)),
    }
    hashes = {}
    for format, build in builders.items():
        try:
            data = build(content)
        except UnfitForBank as error:
            raise Refused(
                "unfit_for_bank",
                _("Line %(line)s, “%(column)s”: the bank's file cannot carry %(characters)s.")
                % {"line": error.line, "column": error.header, "characters": ascii(error.characters)},
                line=error.line,
                column=error.header,
            ) from error
        hashes[format.value] = sha256(data).hexdigest()
        ReleasedFile.objects.create(
            payment_list=payment_list, format=format, content=data, sha256=hashes[format.value]
        )
    return hashes


def export_payment_list(*, payment_list: PaymentList, format: ExportFormat) -> ReleasedFile:
    """The stored export of a released list: never built again. Raises ``Refused`` (not_released)."""
    found = ReleasedFile.objects.filter(payment_list=payment_list, format=format).first()
    if found is None:
        raise Refused(
            "not_released",
            _("The payment list %(number)s has not been released; there is nothing to export.")
            % {"number": payment_list.number},
            number=payment_list.number,
        )
    return found
