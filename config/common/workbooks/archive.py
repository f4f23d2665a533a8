"""The container of an untrusted .xlsx, looked through before any reader sees it.

Readers of workbooks trust the file: they inflate what they find and lay out as many cells as the farthest one
asks for. So the sizes are measured here first, and what the reader does not tell (formulas, merged cells) is
taken from the XML of the sheet. Nothing is evaluated, no entity is expanded, no address is followed.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from config.common.errors import Refused

MAX_BYTES = 64 * 2**20
MAX_INFLATED = 512 * 2**20
# Cells of the rectangle from A1 to the farthest cell: 600,000 rows of 32 columns.
MAX_CELLS = 20_000_000
_MAX_PARTS = 2_000
_MAX_FORMULAS = 10_000
_CHUNK = 2**20
_PACKED_CHUNK = 2**16

_CELL_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
# A formula, a merged range, or a cell or row that does not begin with its own reference.
_WANTS_A_CLOSER_LOOK = re.compile(rb'<(?:[\w.-]+:)?(?:(?:f|mergeCell)[\s/>]|(?:c|row)(?:[/>]|\s(?!r=")))')
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)|\x00")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range; rows and columns from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass
class SheetFacts:
    """What the XML of the sheet tells beside its values; ``other_sheets`` are visible and not read."""

    name: str = ""
    other_sheets: tuple[str, ...] = ()
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    cells: int = 0
    """Of the rectangle from A1 to the farthest cell."""


@dataclass(frozen=True)
class BookFacts:
    """All visible sheets in the order of their tabs, and the names of those that are hidden."""

    sheets: tuple[SheetFacts, ...]
    hidden: tuple[str, ...]


def column_letters(column: int) -> str:
    """``A`` for 1, ``AA`` for 27."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """1 for ``A``; 0 where the text is no column."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            return 0
        number = number * 26 + ord(letter) - 64
    return number


def unreadable() -> Refused:
    return Refused("unreadable_workbook", _("This file is not a readable .xlsx workbook."))


def unsafe() -> Refused:
    return Refused("workbook_unsafe", _("This workbook has a structure that is not accepted."))


def too_large() -> Refused:
    return Refused("workbook_too_large", _("This workbook is larger than is accepted."))


def inspect(content: bytes) -> SheetFacts:
    """Check the whole container and read the facts of its first visible sheet; raises ``Refused``."""
    archive = open_archive(content)
    sheets, _hidden = _sheets(content, archive)
    facts = _facts_of(content, archive, sheets[:1])[0]
    facts.other_sheets = tuple(name for name, _part in sheets[1:])
    return facts


def inspect_sheets(content: bytes) -> BookFacts:
    """Check the whole container and read the facts of every visible sheet; the limit on cells holds for all
    of them together. Raises ``Refused``.
    """
    archive = open_archive(content)
    sheets, hidden = _sheets(content, archive)
    facts = _facts_of(content, archive, sheets)
    if sum(sheet.cells for sheet in facts) > MAX_CELLS:
        raise too_large()
    return BookFacts(tuple(facts), hidden)


def _facts_of(
    content: bytes, archive: zipfile.ZipFile, sheets: Sequence[tuple[str, str]]
) -> list[SheetFacts]:
    """The facts of these sheets by name and part, in their order; every other part is inflated once as well."""
    if len({part for _name, part in sheets}) != len(sheets):
        raise unsafe()
    facts = {part: SheetFacts() for _name, part in sheets}
    for info in archive.infolist():
        if info.filename in facts:
            facts[info.filename] = _sheet_facts(content, info)
        else:
            for _piece in _parts(content, info):
                pass
    for name, part in sheets:
        facts[part].name = name
    return list(facts.values())


def open_archive(content: bytes) -> zipfile.ZipFile:
    """The directory of the container, within the limits on its declared sizes."""
    if len(content) > MAX_BYTES:
        raise too_large()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            "workbook_encrypted",
            _("This is a password-protected or an old .xls file; save it as a plain .xlsx."),
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise unreadable() from error
    infos = archive.infolist()
    names = {info.filename for info in infos}
    if "xl/workbook.xml" not in names:
        raise unreadable()
    if len(infos) > _MAX_PARTS or sum(info.file_size for info in infos) > MAX_INFLATED:
        raise too_large()
    methods = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if len(names) != len(infos) or any(i.flag_bits & 0x1 or i.compress_type not in methods for i in infos):
        raise unsafe()
    return archive


def _inflate(content: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces, exactly as long as its directory entry says: a forged size is refused."""
    start = info.header_offset
    header = content[start : start + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise unreadable()
    start += 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(content)[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        if len(packed) != info.file_size:
            raise unsafe()
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        return
    inflater, size = zlib.decompressobj(-15), 0
    for at in range(0, len(packed), _PACKED_CHUNK):
        rest = bytes(packed[at : at + _PACKED_CHUNK])
        while rest and not inflater.eof:
            try:
                piece = inflater.decompress(rest, _CHUNK)
            except zlib.error as error:
                raise unreadable() from error
            rest, size = inflater.unconsumed_tail, size + len(piece)
            if size > info.file_size:
                raise unsafe()
            yield piece
    tail = inflater.flush()
    if not inflater.eof or size + len(tail) != info.file_size:
        raise unsafe()
    yield tail


def _parts(content: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The pieces of a part; XML is cut before an element, and refused with a document type or in UTF-16."""
    if not info.filename.lower().endswith((".xml", ".rels", ".vml")):
        yield from _inflate(content, info)
        return
    rest = b""
    for piece in _inflate(content, info):
        piece = rest + piece
        cut = piece.rfind(b"<")
        piece, rest = (piece[:cut], piece[cut:]) if cut > 0 else (b"", piece)
        if len(rest) > 4 * _CHUNK or _DECLARATION.search(piece):
            raise unsafe()
        yield piece
    if _DECLARATION.search(rest):
        raise unsafe()
    yield rest


def _sheet_facts(content: bytes, info: zipfile.ZipInfo) -> SheetFacts:
    """First a quick search: most sheets have neither formulas nor merged cells, and a reference on each cell."""
    row, columns, plain = 0, set[bytes](), True
    for piece in _parts(content, info):
        if _WANTS_A_CLOSER_LOOK.search(piece):
            plain = False
        elif plain:
            found = _CELL_REFERENCE.findall(piece)
            columns.update(letters for letters, _row in found)
            row = max(row, max((int(number) for _letters, number in found), default=0))
    if plain:
        column = max((column_number(letters.decode()) for letters in columns), default=0)
        if row * column > MAX_CELLS:
            raise too_large()
        return SheetFacts(cells=row * column)
    return _SheetScan().run(_parts(content, info))


class _SheetScan:
    """The exact look: positions of all cells, texts of formulas, merged ranges."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self.row = self.column = self.last_row = self.last_column = 0
        self.formula: list[str] | None = None

    def run(self, pieces: Iterator[bytes]) -> SheetFacts:
        parse_xml(pieces, self.begin, self.end, self.text)
        self.facts.cells = self.last_row * self.last_column
        return self.facts

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = self._whole(attributes.get("r"), self.row + 1)
            self.column = 0
        elif name == "c":
            reference = _REFERENCE.fullmatch(attributes.get("r", ""))
            if reference:
                self.column, self.row = column_number(reference[1]), int(reference[2])
            else:
                self.column += 1
            self.last_row = max(self.last_row, self.row)
            self.last_column = max(self.last_column, self.column)
            if self.last_row * self.last_column > MAX_CELLS:
                raise too_large()
        elif name == "f":
            self.formula = []
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name == "f" and self.formula is not None:
            if len(self.facts.formulas) < _MAX_FORMULAS:
                self.facts.formulas[self.row, self.column] = "=" + "".join(self.formula)
            self.formula = None

    def text(self, text: str) -> None:
        if self.formula is not None:
            self.formula.append(text)

    def _merge(self, reference: str) -> None:
        first, _colon, last = reference.partition(":")
        start, stop = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if not start or not stop or len(self.facts.merged) >= _MAX_FORMULAS:
            raise unsafe()
        self.facts.merged.append(
            Area(int(start[2]), column_number(start[1]), int(stop[2]), column_number(stop[1]))
        )

    @staticmethod
    def _whole(text: str | None, default: int) -> int:
        return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else default


def parse_xml(
    pieces: Iterator[bytes],
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Feed XML to handlers that see local names; a document type never gets here, and is refused again."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_arguments: object) -> None:
        raise unsafe()

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: begin(name.rpartition(" ")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise unreadable() from error


def _sheets(content: bytes, archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Name and part of each visible worksheet, by the workbook's own relations; names of the hidden ones."""
    sheets: list[tuple[str, str, bool]] = []
    targets: dict[str, str] = {}

    def in_workbook(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.rpartition(" ")[2] == "id"), "")
            visible = attributes.get("state", "visible") == "visible"
            sheets.append((attributes.get("name", ""), relation, visible))

    def in_relations(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    try:
        parse_xml(_parts(content, archive.getinfo("xl/workbook.xml")), in_workbook)
        parse_xml(_parts(content, archive.getinfo("xl/_rels/workbook.xml.rels")), in_relations)
    except KeyError as error:
        raise unreadable() from error
    known = set(archive.namelist())
    found = [
        (name, _part_of(targets[relation]))
        for name, relation, visible in sheets
        if visible and relation in targets
    ]
    if not found or found[0][1] not in known:
        raise unreadable()
    hidden = tuple(name for name, _relation, visible in sheets if not visible)
    return [sheet for sheet in found if sheet[1] in known], hidden


def _part_of(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
