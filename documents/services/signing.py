"""Electronic signatures (PAdES baseline B) on issued notices, where the bureau has a certificate.

``SIGNING_CERTIFICATE`` names a PKCS#12 file, ``SIGNING_PASSPHRASE`` opens it. The signature has no appearance: a seal is
never drawn. What it adds to the stored hash: anybody can check the file with a PDF reader, without asking this system.
"""

import io
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from config.common.errors import Refused

if TYPE_CHECKING:
    from documents.rendering.pdf import Rendering

_FIELD = "Miaopu"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a file: who signed by the certificate, and whether it holds for the whole file.

    ``is_valid``: unbroken, by the certificate that is configured here or one it was issued by, nothing added after it.
    """

    signer: str
    is_valid: bool


@cache
def _signer(path: str, passphrase: str) -> Any:
    from pyhanko.sign.signers import SimpleSigner

    signer = SimpleSigner.load_pkcs12(path, passphrase=passphrase.encode() or None)  # type: ignore[no-untyped-call]
    if signer is None:
        raise Refused(
            "signing_certificate",
            _(
                "The signing certificate %(path)s cannot be opened; see SIGNING_CERTIFICATE and SIGNING_PASSPHRASE."
            )
            % {"path": path},
        )
    return signer


def _configured() -> Any | None:
    if not settings.SIGNING_CERTIFICATE:
        return None
    return _signer(settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSPHRASE)


def signed(rendering: "Rendering") -> "Rendering":
    """With the bureau's signature; unchanged where no certificate is configured.

    ``Refused`` (signing_certificate) where the one configured cannot be opened.
    """
    signer = _configured()
    if signer is None:
        return rendering
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    metadata = PdfSignatureMetadata(
        field_name=_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True
    )
    output = PdfSigner(metadata, signer=signer).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(rendering.pdf)), in_place=False
    )
    return replace(rendering, pdf=output.getvalue())


def signature_of(pdf: bytes) -> Signature | None:
    """The signature of one of our own files; none where it was issued without. Not for files from outside."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    if not found:
        return None
    signer = _configured()
    roots = [] if signer is None else [signer.signing_cert, *signer.cert_registry]
    # At the time of signing: a certificate that has run out since does not make the notice false.
    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, moment=found[0].self_reported_timestamp
    )
    status = validate_pdf_signature(found[0], signer_validation_context=context)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Signature(found[0].signer_cert.subject.native.get("common_name", ""), status.bottom_line and whole)
