"""A PDF: what stands in it, how many pages, and that nothing of the input is taken for markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from app.adapters.pdf import Alinea, Deel, Kolom, Kop, Tabel, maak_pdf, te_drukken
from tests.pdftekst import text_of

OP = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
KOLOMMEN = (Kolom(naam="Gemeente", gewicht=2), Kolom(naam="Kosten", rechts=True))


def pdf(*delen: Deel, titel: str = "Afrekening") -> bytes:
    return maak_pdf(titel, "Goes 2026", delen, voet="Regio Zeeland", gemaakt_op=OP)


def test_everything_is_printed() -> None:
    data = pdf(
        Kop(tekst="Kosten"),
        Alinea(tekst="Goes droeg € 1.234,56 aan hulp in het gezin – ónverwacht."),
        Tabel(kolommen=KOLOMMEN, rijen=[("Goes", "€ 1,00")], totaal=("Totaal", "€ 1,00")),
    )

    assert data.startswith(b"%PDF-")
    text = text_of(data)
    for part in (
        "Afrekening",
        "Goes 2026",
        "Kosten",
        "€ 1.234,56",
        "ónverwacht",
        "Gemeente",
        "Totaal",
        "pagina 1 van 1",
        "22-11-2026 13:30",
    ):
        assert part in text


def test_a_long_table_repeats_its_head_and_numbers_its_pages() -> None:
    text = text_of(pdf(Tabel(kolommen=KOLOMMEN, rijen=[(f"rij {number}", "€ 0,01") for number in range(200)])))

    pages = int(re.findall(r"pagina 1 van (\d+)", text)[0])
    assert pages > 2
    assert f"pagina {pages} van {pages}" in text
    assert text.count("Gemeente") == pages
    assert all(f"rij {number}" in text for number in range(200))


def test_text_is_never_markup() -> None:
    text = text_of(pdf(Alinea(tekst="<b>vet</b> & <font size=100>groot</font>"), titel="A < B")).replace("\n", "")

    assert "<b>vet</b> & <font size=100>groot</font>" in text
    assert "A < B" in text


def test_the_same_input_gives_the_same_bytes() -> None:
    delen = (Kop(tekst="Kosten"), Tabel(kolommen=KOLOMMEN, rijen=[("Goes", "€ 1,00")]))

    assert pdf(*delen) == pdf(*delen)


@pytest.mark.parametrize(
    ("given", "printed"),
    [("Łódź", "Lódz"), ("e\u0301", "é"), ("€ 5 ≥ 4", "€ 5 >= 4"), ("日", "?"), ("a\x00b", "ab"), ("Şahin", "Sahin")],
)
def test_a_letter_outside_the_fonts_is_printed_as_near_as_can_be(given: str, printed: str) -> None:
    assert te_drukken(given) == printed


def test_a_cell_that_is_too_long_is_cut_and_not_an_error() -> None:
    assert "…" in text_of(pdf(Tabel(kolommen=KOLOMMEN, rijen=[("woord " * 5_000, "1")])))


def test_a_row_that_does_not_fill_the_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells in a table of 2"):
        Tabel(kolommen=KOLOMMEN, rijen=[("Goes",)])
