"""Exports opened by LibreOffice, as a finance office that has no Excel opens them."""

import csv
import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cultivation.models import BankAccount
from subsidies.enums import ExportFormat
from subsidies.models import ReleasedFile
from tests.factories import rename
from tests.subsidies.paying import desk, payee

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
FORMULA = '=HYPERLINK("x")'
ACCOUNTS = ("0012345678901234567", "9876543210987654321", "0000000000000000001")


@pytest.fixture
def released(cast):
    found = desk(cast, certificates=[payee(account=account) for account in ACCOUNTS])
    firm = found.awards[0].firm
    rename(firm, FORMULA, dt.date(2019, 6, 1))
    BankAccount.objects.filter(firm=firm).update(holder=FORMULA)
    return found.released()


def opened(source: Path, target: str, *arguments: str) -> Path:
    """``source`` opened and saved as ``target`` by a LibreOffice with a profile of its own."""
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", *arguments, "--convert-to", target]
    subprocess.run(
        [*command, "--outdir", str(source.parent / "out"), str(source)], check=True, capture_output=True
    )
    (converted,) = (source.parent / "out").iterdir()
    return converted


def stored(released, format: ExportFormat, directory: Path, name: str) -> Path:
    path = directory / name
    path.write_bytes(bytes(ReleasedFile.objects.get(payment_list=released, format=format).content))
    return path


def test_the_workbook_keeps_accounts_whole_and_a_formula_a_name(released, tmp_path):
    converted = opened(stored(released, ExportFormat.XLSX, tmp_path, "list.xlsx"), "xlsx")
    cells = [cell for row in load_workbook(converted).active.iter_rows() for cell in row]
    texts = {cell.value for cell in cells}
    assert set(ACCOUNTS) <= texts
    named = [cell for cell in cells if isinstance(cell.value, str) and "HYPERLINK" in cell.value]
    assert named
    assert {cell.data_type for cell in named} == {"s"}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_table_of_text_opens_as_text(released, tmp_path):
    source = stored(released, ExportFormat.CSV, tmp_path, "list.csv")
    # 65001: UTF-8; every column as text, as the import dialogue is told by the handbook.
    columns = "/".join(f"{number}/2" for number in range(1, 16))
    converted = opened(source, "xlsx", f"--infilter=CSV:44,34,76,1,{columns}")
    cells = [cell for row in load_workbook(converted).active.iter_rows() for cell in row]
    texts = {str(cell.value).lstrip("'") for cell in cells}
    assert set(ACCOUNTS) <= texts
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_bank_file_is_readable_text_of_its_encoding(released):
    content = bytes(ReleasedFile.objects.get(payment_list=released, format=ExportFormat.BANK).content)
    text = content.decode(released.bank_format.encoding)
    rows = list(csv.reader(io.StringIO(text)))
    for account in ACCOUNTS:
        assert account in text
    assert rows
