"""From a run to the order for the bank: references, what the receiver reads, and the characters that SEPA allows. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.adapters.bankbestand import Betaalopdracht, Overboeking
from app.domain.periode import EEN_DAG
from app.domain.werkdagen import is_werkdag
from app.settlement.betalingen import Rekening, batch_kenmerk

OMSCHRIJVING_MAX = 140
NAAM_MAX = 70
BUITEN_SEPA = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
SAMEN = re.compile(r"([ /])\1+")
BIJZONDER = str.maketrans(
    {
        "ß": "ss",
        "Æ": "AE",
        "æ": "ae",
        "Œ": "OE",
        "œ": "oe",
        "Ø": "O",
        "ø": "o",
        "Đ": "D",
        "đ": "d",
        "Ł": "L",
        "ł": "l",
        "Þ": "Th",
        "þ": "th",
    }
    | {
        "\u0132": "IJ",
        "\u0133": "ij",
        "&": "+",
        "@": "(at)",
        "_": "-",
        "\u2019": "'",
        "\u2018": "'",
        "\u2013": "-",
        "\u2014": "-",
        "€": "EUR",
    }
)
"""Characters that do not fall apart into a letter and an accent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Betaalregel:
    """A line to pay; amount in cents; `posten` counts the declaraties and acts in it."""

    end_to_end_id: str
    bedrag_cent: int
    rekening: Rekening
    posten: int


def als_sepa(tekst: str, lengte_max: int) -> str:
    """A text in the characters that every bank in SEPA takes, cut at a length; a slash stands neither at an end nor beside another."""
    plain = unicodedata.normalize("NFKD", tekst.translate(BIJZONDER))
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return SAMEN.sub(r"\1", BUITEN_SEPA.sub(" ", kept)).strip("/ ")[:lengte_max].strip("/ ")


def eerste_bankdag(vanaf: date, sluitingsdagen: Container[date]) -> date:
    """The first day from `vanaf` on which banks carry out payments."""
    day = vanaf
    while not is_werkdag(day, sluitingsdagen):
        day += EEN_DAG
    return day


def maak_opdracht(
    gemeente: str, run_nr: int, *, rekening: Rekening, gemaakt_op: datetime, uitvoeren_op: date, regels: Sequence[Betaalregel]
) -> Betaalopdracht:
    """The order of a run.

    Args:
        gemeente, run_nr: Whose run it is.
        rekening: The account from which it is paid.
        gemaakt_op: When it was approved; the same run gives the same order.
        uitvoeren_op: On which day the bank is to carry it out.
        regels: What is to be paid.
    """
    naam = als_sepa(rekening.tenaamstelling, NAAM_MAX) or f"Gemeente {gemeente}"
    return Betaalopdracht(
        kenmerk=batch_kenmerk(gemeente, run_nr),
        gemaakt_op=gemaakt_op,
        uitvoeren_op=uitvoeren_op,
        iban=rekening.iban,
        tenaamstelling=naam,
        bic=rekening.bic,
        overboekingen=[_overboeking(each, naam) for each in regels],
    )


def _overboeking(regel: Betaalregel, van: str) -> Overboeking:
    count = "1 post" if regel.posten == 1 else f"{regel.posten} posten"
    return Overboeking(
        end_to_end_id=regel.end_to_end_id,
        bedrag_cent=regel.bedrag_cent,
        iban=regel.rekening.iban,
        tenaamstelling=als_sepa(regel.rekening.tenaamstelling, NAAM_MAX) or regel.end_to_end_id,
        bic=regel.rekening.bic,
        omschrijving=als_sepa(f"Specificatie {regel.end_to_end_id}, {count}, {van}", OMSCHRIJVING_MAX),
    )
