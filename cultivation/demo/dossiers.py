"""What the made-up firms hand in: yearly figures, declared facts, and three small PDF files."""

from collections.abc import Iterator
from decimal import Decimal

from cultivation.enums import AttachmentKind

from .firms import DemoFirm, Part
from .innovation import property_of

_FILES = {
    AttachmentKind.APPLICATION: "application.pdf",
    AttachmentKind.AUDIT_REPORT: "audit-report.pdf",
    AttachmentKind.RD_LEDGER: "rd-ledger.pdf",
}


def yearly_figures(firm: DemoFirm, years: range) -> Iterator[tuple[int, dict[str, Decimal]]]:
    """Three years growing by a fifth each; R&D is 8 % of sales, or 3 % for the firm that fails."""
    rd_share = Decimal("0.03") if firm.part is Part.REVIEW_FAILED else Decimal("0.08")
    sales = Decimal(8_000_000 + firm.index * 250_000)
    for year in years:
        spent = sales * rd_share
        yield (
            year,
            {
                "sales": sales,
                "total_income": sales,
                "high_tech_income": sales * Decimal("0.75"),
                "net_assets_end": sales * Decimal("0.6"),
                "personnel": spent * Decimal("0.5"),
                "direct_input": spent * Decimal("0.3"),
                "depreciation": spent * Decimal("0.1"),
                "other": spent * Decimal("0.05"),
                "outsourced_domestic": spent * Decimal("0.0625"),
            },
        )
        sales *= Decimal("1.2")


def declared_by_firm(firm: DemoFirm) -> dict[str, object]:
    """The firm's own declarations; one firm has too few conversions for any band of the text."""
    return {
        "employees_average": str(firm.employees),
        "technical_average": str(firm.employees // 4),
        "field_code": "四（一）1",
        "core_ip_owned": True,
        "ip": property_of(firm),
        "conversions": [1, 1, 0] if firm.part is Part.REVIEW_MANUAL else [5, 6, 5],
    }


def found_by_panel() -> dict[str, object]:
    """The score sheets of five experts (four technical, one of finance) and no incident on record."""
    return {
        "expert_scores": {
            "ip": ["24", "25", "23", "24", "24"],
            "conversion": ["26", "27", "26", "28", "26"],
            "organisation": ["16", "15", "17", "16", "16"],
            "growth": ["11", "11", "12", "10", "11"],
        },
        "experts": [
            {"kind": "technical", "leader": True},
            {"kind": "technical", "leader": False},
            {"kind": "technical", "leader": False},
            {"kind": "technical", "leader": False},
            {"kind": "finance", "leader": False},
        ],
        "incidents": [],
    }


def files(firm: DemoFirm) -> Iterator[tuple[AttachmentKind, str, bytes]]:
    """One page a required kind, different for every firm."""
    for kind, name in _FILES.items():
        yield kind, f"{firm.username}-{name}", _one_page_pdf(f"DEMO {firm.credit_code} {kind.value}")


def _one_page_pdf(text: str) -> bytes:
    """A small, complete PDF with one line of ASCII text."""
    stream = f"BT /F1 14 Tf 72 760 Td ({text}) Tj ET".encode("ascii")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            len(body),
        )
    )
