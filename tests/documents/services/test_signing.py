"""Electronic signatures, with a certificate made for the test."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from config.common.errors import Refused
from documents.api import Notice, VerificationStatus, issue_notice, preview_notice, read_notice, verify_pdf
from documents.services.signing import signature_of

NAME = "演示市科学技术局"


def certificate(path: Path, passphrase: str, name: str = NAME) -> Path:
    """A self-made certificate with its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"miaopu", key, made, None, BestAvailableEncryption(passphrase.encode())
        )
    )
    return path


@pytest.fixture
def signing(settings: Any, tmp_path: Path) -> Any:
    settings.SIGNING_CERTIFICATE = str(certificate(tmp_path / "bureau.p12", "passphrase"))
    settings.SIGNING_PASSPHRASE = "passphrase"
    return settings


@pytest.fixture
def notice(grant: dict[str, Any], signing: Any) -> Notice:
    return issue_notice(**grant)


def test_an_issued_notice_carries_the_bureaus_valid_signature(notice: Notice) -> None:
    data = read_notice(notice)
    answer = verify_pdf(data)
    assert answer.status == VerificationStatus.AUTHENTIC
    assert answer.as_json()["signature"] == {"signer": NAME, "is_valid": True}


def test_the_signed_file_is_archival_still(notice: Notice) -> None:
    with pikepdf.open(io.BytesIO(read_notice(notice))) as document:
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        assert document.Root.MarkInfo.Marked
        # A signature without an appearance: a seal is never drawn.
        (field,) = document.Root.AcroForm.Fields
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]


def test_what_is_added_or_changed_after_signing_is_seen(notice: Notice) -> None:
    data = read_notice(notice)
    with pikepdf.open(io.BytesIO(data)) as document:
        document.Root.Lang = pikepdf.String("en")
        saved = io.BytesIO()
        document.save(saved)
    touched = signature_of(saved.getvalue())
    assert touched is None or not touched.is_valid
    middle = data.index(b"/Contents") - 5000
    broken = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    found = signature_of(broken)
    assert found is not None
    assert not found.is_valid
    assert verify_pdf(broken).status == VerificationStatus.ALTERED


def test_a_signature_by_somebody_else_is_not_valid_here(notice: Notice, signing: Any, tmp_path: Path) -> None:
    signing.SIGNING_CERTIFICATE = str(certificate(tmp_path / "other.p12", "passphrase", "别的单位"))
    found = signature_of(read_notice(notice))
    assert found is not None
    assert (found.signer, found.is_valid) == (NAME, False)


def test_a_preview_is_never_signed(grant: dict[str, Any], signing: Any) -> None:
    arguments = {key: value for key, value in grant.items() if key not in ("subject", "issued_by")}
    assert signature_of(preview_notice(**arguments)) is None


def test_a_wrong_passphrase_stops_the_issue_and_names_the_setting(
    grant: dict[str, Any], signing: Any
) -> None:
    signing.SIGNING_PASSPHRASE = "wrong"
    with pytest.raises(Refused) as caught:
        issue_notice(**grant)
    assert caught.value.code == "signing_certificate"
    assert not Notice.objects.exists()


def test_without_a_certificate_nothing_is_signed(grant: dict[str, Any]) -> None:
    answer = verify_pdf(read_notice(issue_notice(**grant)))
    assert (answer.status, answer.signature) == (VerificationStatus.AUTHENTIC, None)
