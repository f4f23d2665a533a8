"""The files that the region's rows, bank returns and past awards came with: read again, and held against the rows."""

import hashlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from config.common.errors import Refused
from config.common.workbooks import read_any_table
from cultivation.api import Role, User, recorded, require_role
from documents.api import Attachment
from subsidies.models import BankReturn, OtherReceipt, RegionalAward, RegionalAwardDocument
from subsidies.selectors.balances import Problem

from .regional_awards import COLUMNS, RegionalReport, differing_codes, import_regional_awards


def read_source(attachment: Attachment) -> bytes:
    """The stored file, byte for byte as it was handed in. Raises ``Refused``: source_missing, source_file_differs."""
    try:
        with attachment.file.open("rb") as stored:
            content: bytes = stored.read()
    except OSError as error:
        raise Refused("source_missing", _("The stored file cannot be read.")) from error
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise Refused("source_file_differs", _("The stored file does not have its hash."))
    return content


@recorded("judge regional rows again")
def judge_again(*, document: RegionalAwardDocument, actor: User, dry_run: bool = False) -> RegionalReport:
    """Judge the open rows of a document once more, now that firms, names or certificates may be there.

    The rows come from the stored file, so nobody has to find it again; each new finding is a further attempt.
    Raises ``Refused``: date_missing, source_missing, source_file_differs.
    """
    require_role(actor, Role.CASEWORKER)
    policy = document.policy
    if policy.issued_on is None:
        raise Refused("date_missing", _("The document has no date on record."))
    return import_regional_awards(
        content=read_source(document.source_file),
        original_name=document.source_file.original_name,
        document_number=policy.document_number,
        document_date=policy.issued_on,
        issuer=policy.issuer,
        actor=actor,
        dry_run=dry_run,
    )


def check_sources() -> tuple[int, list[Problem]]:
    """Every stored source file has its bytes, and the region's rows say what their file says."""
    problems: list[Problem] = []
    checked = 0
    documents = RegionalAwardDocument.objects.select_related("policy", "source_file").order_by("pk")
    for document in documents.iterator():
        checked += 1
        problems.extend(_document_problems(document))
    for file, digest in _other_files():
        checked += 1
        try:
            read_source(file)
        except Refused as refusal:
            problems.append(Problem(refusal.code, f"attachment:{file.pk}", refusal.message))
        if digest != file.sha256:
            problems.append(_hash_differs(f"attachment:{file.pk}"))
    return checked, problems


def _document_problems(document: RegionalAwardDocument) -> Iterator[Problem]:
    record = document.policy.document_number
    if document.sha256 != document.source_file.sha256:
        yield _hash_differs(record)
    try:
        content = read_source(document.source_file)
        table = read_any_table(content, COLUMNS)
    except Refused as refusal:
        yield Problem(refusal.code, record, refusal.message)
        return
    rows = RegionalAward.objects.filter(document=document).order_by("pk").iterator()
    for code in differing_codes(table, rows):
        yield Problem(
            "row_differs_from_source",
            f"{record}: {code}",
            _("What is stored about this firm is not what the region's file says."),
        )


def _other_files() -> Iterator[tuple[Attachment, str]]:
    """Files of bank returns and past awards with the hash that their record has of them."""
    returns = BankReturn.objects.select_related("source_file").order_by("pk")
    for bank_return in returns.iterator():
        yield bank_return.source_file, bank_return.sha256
    keys = OtherReceipt.objects.filter(source_file__isnull=False).order_by().values("source_file")
    for attachment in Attachment.objects.filter(pk__in=keys).order_by("pk").iterator():
        yield attachment, attachment.sha256


def _hash_differs(record: str) -> Problem:
    return Problem("source_hash_differs", record, _("The record has another hash than the file it names."))
