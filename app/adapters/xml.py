"""XML from outside: the door's checks on bytes, the schemas, and safe parsing. All use of lxml's parsers and validators is here.

Accepting a small bericht makes its tree and validates that. A bigger one goes through a parser that the schema is bound to and that makes no
tree: faster than lxml's own parse with validation, in the memory of one piece. Both only answer yes or no; why not is left to
`standard.explaining`. Nothing here raises on what a sender made: the outcome is a value. Entities, network and DTDs are off everywhere.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lxml import etree

from app.adapters.xml_zinnen import cut, element_in, not_wellformed, schema_refusal, transport, unknown_root
from app.domain.bevinding import Bevinding
from app.standard import catalogue
from app.standard.catalogue import BerichtSoort
from app.standard.plaats import line_of
from app.standard.structuur import Veld, read_structuur

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

SIZE_BYTES_MAX = 25_000_000
# The densest valid bericht of 25 MB has about 1.6 million; six million empty elements would cost 774 MB of memory before they are refused.
TAGS_MAX = 2_500_000
# A bericht has attributes on its first element only, a handful; 1.7 million of them would cost 700 MB. This is more than the references of the
# biggest valid bericht could spell in their texts.
ATTRIBUTES_MAX = 500_000
# Up to this size making a tree and validating it is the fastest way to accept, and takes the header along.
TREE_BYTES_MAX = 65_536
# Up to this size a tree is made to say where bytes are not XML: it also sees a prefix without namespace.
SYNTAX_TREE_BYTES_MAX = 2_000_000
# A parser is fed in pieces, so that a bericht with a fault on every line stops at the first piece. From 32 kB to 4 MB they are as fast.
FEED_BYTES = 131_072
HEADER_BYTES = 1_024
SNIFF_BYTES_MAX = 1_000_000

# What every parser here is made with. libxml2's own limits stay on (huge_tree): at most 256 levels and 10 MB in one value. No file or address
# is ever opened for an entity, and a DOCTYPE, where entities are declared, is refused before parsing. `resolve_entities=False` looks safer
# but is not: a parser that is fed piece by piece then takes a truncated document for a whole one (lxml 6.1).
SAFE: dict[str, Any] = {"resolve_entities": "internal", "no_network": True, "load_dtd": False, "dtd_validation": False, "huge_tree": False}
ROOT_TAG = re.compile(rb"(?:<\?xml[^>]{0,200}\?>)?\s{0,100}<(?:([A-Za-z][A-Za-z0-9_.-]{0,40}):)?Bericht(\s[^<>]{0,4000})>")
PROLOG = re.compile(rb"\s*(?:(?:<!--.*?-->|<\?.*?\?>)\s*)*", re.DOTALL)
ATTRIBUTE = re.compile(rb"""=[ \t\r\n]*["']""")
XMLNS = re.compile(rb"""\sxmlns(?::([A-Za-z][A-Za-z0-9_.-]{0,40}))?\s*=\s*["']([^"']*)["']""")
DECLARED_ENCODING = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


class SchemaMissing(Exception):
    """The folder with schemas has no schema for a berichtsoort of the catalogue: the installation is broken."""


class SchemaIgnored(Exception):
    """The parser takes what the schema of a berichtsoort forbids: this lxml does not report faults as `_fits_streaming` counts on."""


class InvalidOutgoing(Exception):
    """We made a bericht that does not fit its schema; a bug of ours, never sent. `code` is the soort, `faults` what the schema says."""

    def __init__(self, code: str, faults: tuple[str, ...]) -> None:
        super().__init__(f"{code} does not fit its schema: {'; '.join(faults)}")
        self.code = code
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What is known of a bericht that passed the door: the facts of its header and of its bytes.

    Attributes:
        soort: Its row of the catalogue.
        afzender, ontvanger: As in the header.
        van, aan: Who really sent it and to whom (IV028).
        identificatie, dagtekening: From BerichtIdentificatie; of a retourbericht these are of the bericht it answers.
        identificatie_retour: Only of a retourbericht: its own identificatie.
        basis_xsd_versie, bericht_xsd_versie: From XsdVersie; recorded, never a reason to refuse.
        sha256: Of the bytes as received.
        size: Their number.
    """

    soort: BerichtSoort
    afzender: str
    ontvanger: str
    van: str
    aan: str
    identificatie: str
    dagtekening: date
    basis_xsd_versie: str
    bericht_xsd_versie: str
    sha256: bytes
    size: int
    identificatie_retour: str | None = None


class Schemas:
    """The compiled schemas, loaded when first used and kept for the life of the process. Safe to share between threads."""

    def __init__(self, xsd_dir: Path | None = None) -> None:
        """Use the schemas below `xsd_dir` (searched in depth), and our own for a soort that is not there."""
        self._dir = xsd_dir
        self._lock = threading.Lock()
        self._compiled: dict[str, etree.XMLSchema] = {}
        self._structuren: dict[str, Veld] = {}

    def compiled(self, soort: BerichtSoort) -> etree.XMLSchema:
        """The schema of a soort, ready to validate with; raises SchemaMissing, SchemaIgnored."""
        with self._lock:
            if soort.code not in self._compiled:
                schema = self.fresh(soort)
                _check_heeded(schema, soort)
                self._compiled[soort.code] = schema
            return self._compiled[soort.code]

    def fresh(self, soort: BerichtSoort) -> etree.XMLSchema:
        """A schema that nobody else uses, so that its error log speaks of one document only (2 ms); raises SchemaMissing."""
        return etree.XMLSchema(etree.parse(str(self.path(soort)), etree.XMLParser(**SAFE)))

    def discard(self, soort: BerichtSoort) -> None:
        """Forget the compiled schema after a refusal: lxml keeps the faults of every document on the schema a parser is bound to."""
        with self._lock:
            self._compiled.pop(soort.code, None)

    def structuur(self, soort: BerichtSoort) -> Veld:
        """What the same schema says, as values to explain a refusal with; raises SchemaMissing."""
        with self._lock:
            if soort.code not in self._structuren:
                path = self.path(soort)
                bericht, basis = (
                    etree.parse(str(each), etree.XMLParser(**SAFE)).getroot() for each in (path, path.with_name("basisschema.xsd"))
                )
                self._structuren[soort.code] = read_structuur(bericht, basis)
            return self._structuren[soort.code]

    def path(self, soort: BerichtSoort) -> Path:
        """The file with the schema of a soort; raises SchemaMissing."""
        if self._dir is not None and (found := _find_schema(self._dir, soort)):
            return found
        own = default_dir() / soort.schema_file
        if not own.is_file():
            raise SchemaMissing(f"{soort.code}: {own}")
        return own


def _check_heeded(schema: etree.XMLSchema, soort: BerichtSoort) -> None:
    """Make sure that a Bericht without content, which no schema of ours allows, is refused in the way that makes no tree."""
    if _fits_streaming(f'<Bericht xmlns="{soort.namespace}"/>'.encode(), schema):
        raise SchemaIgnored(f"{soort.code}: lxml {etree.__version__}")


def default_dir() -> Path:
    """Where our own schemas are: in the package when it was installed from a wheel, else in the checkout."""
    app = Path(__file__).resolve().parents[1]
    installed = app / "_data" / "schemas" / "xsd"
    return installed if installed.is_dir() else app.parent / "schemas" / "xsd"


def _find_schema(folder: Path, soort: BerichtSoort) -> Path | None:
    """The schema of a soort below a folder of an operator, whatever its subfolders are called."""
    direct = folder / soort.schema_file
    return direct if direct.is_file() else min(folder.rglob(f"{soort.code}.xsd"), default=None)


# ---- the door ----


def accept(data: bytes, schemas: Schemas) -> Accepted | list[Bevinding]:
    """Check the bytes of a bericht up to and including its schema, and read its header.

    Returns:
        The facts of the header; or why it is refused: one finding that can stand by itself, with `regel` `XSD` when the schema refused it.
        All faults against the schema are for `standard.explaining` to find.
    """
    if refused := check_bytes(data):
        return refused
    guess = _guess_soort(data)
    if guess is not None and (header := _validate(data, guess, schemas)) is not None:
        return _read_header(header, guess, data)
    soort = find_soort(data)
    if isinstance(soort, Bevinding):
        return [soort]
    if soort != guess and (header := _validate(data, soort, schemas)) is not None:
        return _read_header(header, soort, data)
    return [check_wellformed(data) or schema_refusal(soort)]


def check_bytes(data: bytes) -> list[Bevinding]:
    """The checks that come before any parser sees the bytes. A missing CR at a line end is not a reason to refuse."""
    if len(data) > SIZE_BYTES_MAX:
        size = f"{len(data):,}".replace(",", ".")
        return [
            transport(
                "OP179", f"Het bestand is {size} bytes groot, hoogstens 25.000.000 is toegestaan. Verdeel de inhoud over meer berichten."
            )
        ]
    if not data or data.isspace():
        return [transport("OP192", "Het bestand is leeg. Verwacht is een XML-bericht.")]
    for check in (_check_encoding, _check_doctype, _check_tags, _check_attributes):
        if found := check(data):
            return [found]
    return []


def check_wellformed(data: bytes) -> Bevinding | None:
    """The first place where the bytes are not XML, with line and column; None when they are.

    A prefix without namespace in a big file is found by `read_tree` only.
    """
    if len(data) <= SYNTAX_TREE_BYTES_MAX:
        tree = read_tree(data)
        return tree if isinstance(tree, Bevinding) else None
    parser = _without_tree()
    try:
        for start in range(0, len(data), FEED_BYTES):
            parser.feed(data[start : start + FEED_BYTES])
        parser.close()
    except etree.XMLSyntaxError as fault:
        return not_wellformed(fault)
    return None


def _without_tree(schema: etree.XMLSchema | None = None) -> etree.XMLParser:
    """A parser that only checks."""
    return etree.XMLParser(target=cast("Any", _NoTree()), schema=schema, **SAFE)


class _NoTree:
    """A parser target that keeps nothing: the parser only checks."""

    def close(self) -> None:
        """Called at the end of the document."""


def apart(work: Callable[[], T]) -> T:
    """Do work on bytes that may be hostile in a thread of its own; it costs a tenth of a millisecond.

    lxml keeps every name it ever reads in a dictionary of its thread: two million names that somebody made up would stay for as long as the
    thread, 50 MB a bericht, until libxml2's limit for names is reached and it refuses every new one, of valid berichten too.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


def find_soort(data: bytes) -> BerichtSoort | Bevinding:
    """The soort of a bericht by the namespace of its root element, or the finding that says what is wrong with that."""
    try:
        root = _first_tag(data)
    except etree.XMLSyntaxError as fault:
        return not_wellformed(fault)
    if root is None:
        return check_wellformed(data) or transport(
            "XSD", "Het bestand begint met meer dan 1 MB zonder element. Verwacht is het element Bericht."
        )
    # By hand: lxml's QName raises on a name such as `A:`, which the parser lets through here.
    namespace, _, name = root.rpartition("}")
    namespace = namespace.removeprefix("{")
    soort = catalogue.by_namespace(namespace)
    if soort is not None and root == soort.root:
        return soort
    return Bevinding(regel="XSD", pad=f"/{cut(name)}", regelnummer=1, melding=unknown_root(name, namespace, soort))


def parse(data: bytes) -> etree._Element:
    """The root of a bericht that was accepted before, without comments and processing instructions, so that `.text` is the whole value.

    Raises:
        lxml.etree.XMLSyntaxError: The bytes are not XML, so they were never accepted.
    """
    return etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True, **SAFE))


def read_tree(data: bytes) -> etree._Element | Bevinding:
    """As `parse` for bytes that nobody has accepted: the root, or why there is none."""
    try:
        return parse(data)
    except etree.XMLSyntaxError as fault:
        return not_wellformed(fault)


def validate_outgoing(data: bytes, soort: BerichtSoort, schemas: Schemas) -> None:
    """Make sure that a bericht we made fits its schema, before it is stored.

    Raises:
        InvalidOutgoing: It does not; the faults name elements but repeat no values.
    """
    if check_bytes(data):
        raise InvalidOutgoing(soort.code, tuple(bevinding.melding for bevinding in check_bytes(data)))
    if _validate(data, soort, schemas) is None:
        raise InvalidOutgoing(soort.code, schema_faults(data, soort, schemas))


def schema_faults(data: bytes, soort: BerichtSoort, schemas: Schemas, *, limit: int = 10) -> tuple[str, ...]:
    """What libxml2 itself says about a bericht, without the values: element, line and kind of fault.

    The whole tree is validated, which is slow for a big bericht with many faults: for our own bugs, and where the walker sees nothing.
    """
    tree = read_tree(data)
    if isinstance(tree, Bevinding):
        return (tree.melding,)
    schema = schemas.fresh(soort)
    schema.validate(tree)
    entries = islice(cast("Iterable[etree._LogEntry]", schema.error_log), limit)
    return tuple(f"{element_in(str(entry.message))}, regel {entry.line}: {entry.type_name}" for entry in entries)


def _guess_soort(data: bytes) -> BerichtSoort | None:
    """The soort as the opening tag seems to say: saves a parser when the schema then agrees, and is never the ground of a refusal."""
    opening = ROOT_TAG.match(data)
    if opening is None:
        return None
    prefix, attributes = opening.groups()
    declared = dict(XMLNS.findall(attributes)).get(prefix or b"", b"")
    return catalogue.by_namespace(declared.decode("ascii", "replace"))


def _validate(data: bytes, soort: BerichtSoort, schemas: Schemas) -> etree._Element | None:
    """The Header of a bericht that fits its schema; None when it does not, or is not XML."""
    validate = _validate_tree if len(data) <= TREE_BYTES_MAX else _validate_streaming
    try:
        header = validate(data, soort, schemas.compiled(soort))
    except etree.XMLSyntaxError:
        header = None
    if header is None:
        schemas.discard(soort)
    return header


def _validate_tree(data: bytes, soort: BerichtSoort, schema: etree.XMLSchema) -> etree._Element | None:
    """As `_validate`, with the whole tree in memory; raises XMLSyntaxError.

    Only for what is small: of every fault `validate` works out a path, in time that grows with the square of the siblings.
    """
    root = parse(data)
    return root[0] if root.tag == soort.root and schema.validate(root) else None


def _validate_streaming(data: bytes, soort: BerichtSoort, schema: etree.XMLSchema) -> etree._Element | None:
    """As `_validate`, without a tree; raises nothing."""
    return _first_header(data, soort) if _fits_streaming(data, schema) else None


def _fits_streaming(data: bytes, schema: etree.XMLSchema) -> bool:
    """Whether bytes are XML that fits a schema, found without making a tree.

    To a parser without a tree lxml binds the schema, but it closes without a word about faults: they are in its log only. It is closed
    after a fault too, because an abandoned one never lets go of its document and the names in it.
    """
    parser = _without_tree(schema)
    try:
        for start in range(0, len(data), FEED_BYTES):
            parser.feed(data[start : start + FEED_BYTES])
            if _has_faults(parser):
                break
        parser.close()
    except etree.XMLSyntaxError:
        return False
    return not _has_faults(parser)


def _has_faults(parser: etree.XMLParser) -> bool:
    """Whether a parser that is fed has met an error; a warning, such as a namespace that is no address, is none."""
    log = parser.feed_error_log
    return bool(len(log)) and bool(len(log.filter_from_errors()))


def _first_header(data: bytes, soort: BerichtSoort) -> etree._Element | None:
    """The Header of a bericht that fits the schema, so that it is the first element; None when the root is another than that of the soort."""
    parser = etree.XMLPullParser(events=("end",), tag=f"{{{soort.namespace}}}Header", remove_comments=True, remove_pis=True, **SAFE)
    for start in range(0, len(data), HEADER_BYTES):
        parser.feed(data[start : start + HEADER_BYTES])
        for _, header in _events(parser):
            root = header.getparent()
            return header if root is not None and root.tag == soort.root else None
    return None


def _events(parser: etree.XMLPullParser) -> Iterator[tuple[str, etree._Element]]:
    """The events of a parser that was asked for elements only."""
    return cast("Iterator[tuple[str, etree._Element]]", parser.read_events())


def _read_header(header: etree._Element, soort: BerichtSoort, data: bytes) -> Accepted | list[Bevinding]:
    """The facts of a header that its schema allows."""
    own, basis = f"{{{soort.namespace}}}", f"{{{soort.basis_namespace}}}"

    # The first of each name: retourberichten and the 325 repeat some inside XsdVersieRetour and DeclaratieIdentificatie.
    fields: dict[str, str] = {}
    for element in header.iter():
        fields.setdefault(str(element.tag), element.text or "")
    written = fields[f"{basis}Dagtekening"].strip(" \t\r\n")
    dagtekening = _as_date(written)
    if dagtekening is None:
        pad = "/Bericht/Header/BerichtIdentificatie/Dagtekening"
        melding = f"Dagtekening heeft de waarde {cut(written)}. Verwacht is een datum in de jaren 0001 tot en met 9999."
        return [Bevinding(regel="XSD", pad=pad, regelnummer=line_of(header) or None, waarde=cut(written), melding=melding)]
    afzender, ontvanger = fields[f"{own}Afzender"], fields[f"{own}Ontvanger"]
    van, aan = catalogue.richting(soort, afzender, ontvanger)
    return Accepted(
        soort=soort,
        afzender=afzender,
        ontvanger=ontvanger,
        van=van,
        aan=aan,
        identificatie=fields[f"{basis}Identificatie"],
        dagtekening=dagtekening,
        basis_xsd_versie=fields[f"{basis}BasisschemaXsdVersie"],
        bericht_xsd_versie=fields[f"{basis}BerichtXsdVersie"],
        sha256=hashlib.sha256(data).digest(),
        size=len(data),
        identificatie_retour=fields.get(f"{own}IdentificatieRetour"),
    )


def _as_date(text: str) -> date | None:
    """A date of the schema; None for a year that Python's calendar does not have (the schema allows 12026)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _first_tag(data: bytes) -> str | None:
    """The name of the first element; None when it has not come within a megabyte. Raises XMLSyntaxError."""
    parser = etree.XMLPullParser(events=("start",), **SAFE)
    start, step = 0, 1024
    while start < min(len(data), SNIFF_BYTES_MAX):
        parser.feed(data[start : start + step])
        for _, element in _events(parser):
            return str(element.tag)
        start, step = start + step, FEED_BYTES
    return None


# ---- before parsing ----


def _check_encoding(data: bytes) -> Bevinding | None:
    """UTF-8 without byte order mark, and no other encoding declared."""
    if data.startswith(codecs.BOM_UTF8):
        return transport("OP192", "Het bestand begint met een byte order mark. Sla het op als UTF-8 zonder BOM.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data[:2] in (b"<\x00", b"\x00<"):
        return transport("OP192", "Het bestand is UTF-16. Sla het op als UTF-8 zonder BOM.")
    declared = DECLARED_ENCODING.match(data, 0, 500)
    if declared and declared[1].upper() not in (b"UTF-8", b"UTF8"):
        name = declared[1].decode("ascii")
        return transport("OP192", f"De XML-declaratie noemt de codering {cut(name)}. Verwacht is UTF-8.")
    place = _first_non_utf8(data)
    if place is None:
        return None
    line = data.count(b"\n", 0, place) + 1
    melding = f"Byte {place + 1} (regel {line}) is geen UTF-8. Sla het bestand op als UTF-8 zonder BOM."
    return Bevinding(regel="OP192", pad="/", regelnummer=line, melding=melding)


def _first_non_utf8(data: bytes) -> int | None:
    """The place of the first byte that is not UTF-8, None when all are."""
    if data.isascii():
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), FEED_BYTES):
        final = start + FEED_BYTES >= len(data)
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + FEED_BYTES], final)
        except UnicodeDecodeError as fault:
            return start - waiting + fault.start
    return None


def _check_doctype(data: bytes) -> Bevinding | None:
    """No DTD. The text `<!DOCTYPE` inside a comment, or after the first element, is not one and is left to the parser."""
    prolog = PROLOG.match(data)
    place = prolog.end() if prolog else 0
    if not data.startswith(b"<!DOCTYPE", place):
        return None
    line = data.count(b"\n", 0, place) + 1
    melding = "Het bestand bevat een DOCTYPE. Verwijder die: een DTD en entiteiten zijn niet toegestaan."
    return Bevinding(regel="OP192", pad="/", regelnummer=line, melding=melding)


def _check_tags(data: bytes) -> Bevinding | None:
    """Not so many tags that reading them would cost more memory than a bericht is worth."""
    if len(data) <= TAGS_MAX or data.count(b"<") <= TAGS_MAX:
        return None
    return transport("OP179", "Het bestand bevat meer dan 2.500.000 tekens <. Verdeel de inhoud over meer berichten.")


def _check_attributes(data: bytes) -> Bevinding | None:
    """Not so many attributes that reading them would cost more memory than a bericht is worth."""
    if len(data) <= ATTRIBUTES_MAX or data.count(b"=") <= ATTRIBUTES_MAX or sum(1 for _ in ATTRIBUTE.finditer(data)) <= ATTRIBUTES_MAX:
        return None
    return transport("OP179", "Het bestand bevat meer dan 500.000 attributen. Verwijder ze: attributen zijn niet toegestaan.")
