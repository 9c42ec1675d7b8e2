"""A statement or report as a PDF: headings, paragraphs and tables on A4, with page numbers. The only place that uses reportlab. Pure.

The fonts are those that every reader of PDF has, so nothing is embedded and no font must be installed; they know the letters of Western Europe
and the euro sign. A letter outside them is written without its accent (Ł as L), or as a question mark when it has none. The same input gives the
same bytes, so that a stored hash can be checked against a file made anew.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from app.adapters.clock import AMSTERDAM

ENCODING = "cp1252"
"""The letters of the standard fonts (WinAnsi)."""
KLEUR, LIJN, VLAK = HexColor("#0b4f6c"), HexColor("#cfd9e0"), HexColor("#e8eef3")
MARGE = 18 * mm
CEL_TEKENS_MAX = 300
"""A longer text in a cell is cut off: a row must fit on a page."""
_ZONDER_ACCENT = str.maketrans(
    {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "Ħ": "H", "ħ": "h", "\u202f": " ", "−": "-", "≤": "<=", "≥": ">="}
)


@dataclass(frozen=True, slots=True)
class Kop:
    """The heading of a section."""

    tekst: str


@dataclass(frozen=True, slots=True)
class Alinea:
    """A paragraph of plain text."""

    tekst: str


@dataclass(frozen=True, slots=True)
class Kolom:
    """A column: its name, whether its cells stand at the right (numbers), and its share of the width."""

    naam: str
    rechts: bool = False
    gewicht: float = 1.0


@dataclass(frozen=True, slots=True)
class Tabel:
    """Rows of text under the names of the columns, which are repeated on every page; `totaal` is set apart at the end."""

    kolommen: Sequence[Kolom]
    rijen: Sequence[Sequence[str]]
    totaal: Sequence[str] | None = None

    def __post_init__(self) -> None:
        """Refuse a row that does not fill the columns: it would say something else than it seems to."""
        for row in (*self.rijen, *([] if self.totaal is None else [self.totaal])):
            if len(row) != len(self.kolommen):
                raise ValueError(f"a row of {len(row)} cells in a table of {len(self.kolommen)} columns")


Deel = Kop | Alinea | Tabel


def maak_pdf(titel: str, ondertitel: str, delen: Sequence[Deel], *, voet: str, gemaakt_op: datetime) -> bytes:
    """The document as bytes.

    Args:
        titel: Title of the document and its first heading.
        ondertitel: What stands under it, such as whom and which year it is about; may be empty.
        delen: In their order.
        voet: Short text at the bottom of every page, beside the moment and `pagina x van y`.
        gemaakt_op: When it was made; shown in local time, and the only thing that makes two of the same differ.
    """
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGE,
        rightMargin=MARGE,
        topMargin=MARGE,
        bottomMargin=MARGE + 6 * mm,
        title=te_drukken(titel),
        author="Solidair",
        creator="Solidair",
        lang="nl",
        invariant=1,
    )
    story: list[Flowable] = [_alinea(titel, TITEL)]
    if ondertitel:
        story.append(_alinea(ondertitel, ONDERTITEL))
    for deel in delen:
        story += _stukken(deel, document.width)
    line = te_drukken(f"{voet} – gemaakt op {gemaakt_op.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}")
    document.build(story, canvasmaker=partial(_Genummerd, voet=line))
    return buffer.getvalue()


def te_drukken(text: str) -> str:
    """The text in the letters of the fonts."""
    plain = unicodedata.normalize("NFC", text).translate(_ZONDER_ACCENT)
    return "".join(_teken(each) for each in plain if each.isprintable() or each == "\n")


def _teken(letter: str) -> str:
    """The letter, else what it is without its accent, else a question mark."""
    for form in (letter, "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))):
        try:
            form.encode(ENCODING)
        except UnicodeEncodeError:
            continue
        return form
    return "?"


BASIS = ParagraphStyle("basis", fontName="Helvetica", fontSize=9.5, leading=13.5, spaceAfter=6)
TITEL = ParagraphStyle("titel", parent=BASIS, fontName="Helvetica-Bold", fontSize=18, leading=22, textColor=KLEUR, spaceAfter=2)
ONDERTITEL = ParagraphStyle("ondertitel", parent=BASIS, fontSize=11, leading=15, spaceAfter=12)
KOP = ParagraphStyle(
    "kop", parent=BASIS, fontName="Helvetica-Bold", fontSize=12.5, leading=16, spaceBefore=10, spaceAfter=5, keepWithNext=1
)
CEL = ParagraphStyle("cel", parent=BASIS, fontSize=8.5, leading=11, spaceAfter=0)
CEL_RECHTS = ParagraphStyle("cel rechts", parent=CEL, alignment=TA_RIGHT)
CEL_VET = ParagraphStyle("cel vet", parent=CEL, fontName="Helvetica-Bold")
CEL_VET_RECHTS = ParagraphStyle("cel vet rechts", parent=CEL_VET, alignment=TA_RIGHT)


def _alinea(text: str, style: ParagraphStyle) -> Paragraph:
    """Text, never markup: what looks like a tag is printed."""
    return Paragraph(escape(te_drukken(text)), style)


def _stukken(deel: Deel, breedte: float) -> Iterable[Flowable]:
    match deel:
        case Kop():
            return [_alinea(deel.tekst, KOP)]
        case Alinea():
            return [_alinea(deel.tekst, BASIS)]
        case Tabel():
            return [_tabel(deel, breedte), Spacer(0, 4 * mm)]


def _tabel(tabel: Tabel, breedte: float) -> Table:
    total = sum(kolom.gewicht for kolom in tabel.kolommen)
    rows = [_rij([kolom.naam for kolom in tabel.kolommen], tabel.kolommen, vet=True)]
    rows += [_rij(row, tabel.kolommen, vet=False) for row in tabel.rijen]
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), VLAK),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LIJN),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    if tabel.totaal is not None:
        rows.append(_rij(tabel.totaal, tabel.kolommen, vet=True))
        style.append(("LINEABOVE", (0, -1), (-1, -1), 1, KLEUR))
    return Table(rows, colWidths=[breedte * kolom.gewicht / total for kolom in tabel.kolommen], repeatRows=1, style=TableStyle(style))


def _rij(cellen: Sequence[str], kolommen: Sequence[Kolom], *, vet: bool) -> list[Paragraph]:
    left, right = (CEL_VET, CEL_VET_RECHTS) if vet else (CEL, CEL_RECHTS)
    return [_alinea(_kort(cel), right if kolom.rechts else left) for cel, kolom in zip(cellen, kolommen, strict=True)]


def _kort(text: str) -> str:
    return text if len(text) <= CEL_TEKENS_MAX else f"{text[: CEL_TEKENS_MAX - 1]}…"


class _Genummerd(Canvas):
    """Pages that know how many there are: they are kept until the end, and written with their number then."""

    def __init__(self, *arguments: Any, voet: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._voet = voet
        self._bladen: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the name that reportlab calls
        """Keep the page."""
        self._bladen.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # left out of its stub; this is how reportlab's guide numbers pages

    def save(self) -> None:
        """Write all pages with their footer."""
        for number, blad in enumerate(self._bladen, start=1):
            self.__dict__.update(blad)
            self._schrijf_voet(number, len(self._bladen))
            super().showPage()
        super().save()

    def _schrijf_voet(self, number: int, total: int) -> None:
        self.setFont("Helvetica", 8)
        self.setFillColor(HexColor("#4c5b66"))
        self.drawString(MARGE, MARGE - 4 * mm, self._voet)
        self.drawRightString(A4[0] - MARGE, MARGE - 4 * mm, f"pagina {number} van {total}")
