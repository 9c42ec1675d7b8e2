"""Cells of the region's files: the text of one cell as a typed value, and back.

A cell that cannot be read raises `CelFout` with a Dutch sentence that says what to write instead. Numbers are exact, never floats.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.domain import iban as ibans
from app.domain.partij import is_partij
from app.domain.periode import maand_van
from app.parties.region import (
    Aanbieder,
    Bankrekening,
    Bijdrage,
    Budget,
    Contract,
    Contractoptie,
    Deelname,
    Financiering,
    Gemeente,
    Herindeling,
    Maatstaf,
    Onderaannemer,
    PartijInstelling,
    Plafond,
    Productgroep,
    RegioProduct,
    Rij,
    Tarief,
    Voorschot,
    Zorgvorm,
)
from app.standard import codelists

DATUM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAAND = re.compile(r"[0-9]{4}-[0-9]{2}")
CENT = re.compile(r"[0-9]{1,15}")
GETAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?")
FRACTIE = re.compile(r"[0-9]{1,9}/0*[1-9][0-9]{0,8}")
GEMEENTECODE = re.compile(r"[0-9]{4}")
AGB = re.compile(r"[0-9]{8}")
NAAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
TARIEF_MAX_CENT = 99_999_999
TEKST_MAX = 200
TENAAMSTELLING_MAX = 70
JAAR_VAN, JAAR_TOT = 1900, 2199
PROMILLE_MAX = 1_000


class CelFout(ValueError):
    """A cell that cannot be read; the text is the sentence for who filled it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kolom:
    """How one column is read and written; `read` gets the stripped text of the cell and raises CelFout.

    A column that is `optioneel` may be missing from the file, which is the same as an empty cell in every row.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    optioneel: bool = False


def gevuld(text: str) -> str:
    """A text of at most 200 characters that is not empty."""
    if not text:
        raise CelFout("Deze cel mag niet leeg zijn; vul haar in.")
    return vrij(text)


def vrij(text: str) -> str:
    """A text of at most 200 characters, or nothing."""
    if len(text) > TEKST_MAX:
        raise CelFout(f"De tekst is {len(text)} tekens lang; gebruik er hoogstens {TEKST_MAX}.")
    if "\x00" in text:
        raise CelFout("De tekst bevat een nulteken; haal het weg.")
    return text


def met_vorm(patroon: re.Pattern[str], uitleg: str) -> Callable[[str], str]:
    """A reader of texts of one form."""

    def read(text: str) -> str:
        if not patroon.fullmatch(gevuld(text)):
            raise CelFout(uitleg)
        return text

    return read


def keuze(*woorden: str, standaard: str = "") -> Callable[[str], str]:
    """A reader of one of a few words, in capitals or not; an empty cell is `standaard` when there is one."""

    def read(text: str) -> str:
        woord = text.lower() or standaard
        if woord not in woorden:
            raise CelFout(f"Dit is geen keuze; kies uit {', '.join(repr(each) if each else 'leeg' for each in woorden)}.")
        return woord

    return read


def datum(text: str) -> date:
    """A day as 2026-01-31."""
    if not DATUM.fullmatch(gevuld(text)):
        raise CelFout("Schrijf een datum als 2026-01-31 (jaar-maand-dag).")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CelFout("Deze dag bestaat niet; schrijf een bestaande datum als 2026-01-31.") from error
    if not JAAR_VAN <= day.year <= JAAR_TOT:
        raise CelFout(f"Deze dag ligt niet in {JAAR_VAN} tot en met {JAAR_TOT}; laat de cel leeg voor een open einde.")
    return day


def maand(text: str) -> date:
    """A month as 2026-01, or as its first day."""
    day = datum(f"{text}-01" if MAAND.fullmatch(text) else text)
    if day != maand_van(day):
        raise CelFout("Schrijf een maand als 2026-01, zonder dag.")
    return day


def cent(text: str) -> int:
    """A whole number of cents."""
    if not CENT.fullmatch(gevuld(text)):
        raise CelFout("Schrijf een bedrag in hele centen, zonder punt, komma of euroteken: 12,50 euro is 1250.")
    return int(text)


def tarief_cent(text: str) -> int:
    """Cents that fit in a ProductTarief."""
    if (value := cent(text)) > TARIEF_MAX_CENT:
        raise CelFout(f"Een tarief is hoogstens {TARIEF_MAX_CENT} cent; meer past niet in een declaratie.")
    return value


def promille(text: str) -> int:
    """Thousandths, from 0 to 1000."""
    if not re.fullmatch(r"[0-9]{1,4}", gevuld(text)) or int(text) > PROMILLE_MAX:
        raise CelFout(f"Schrijf een geheel aantal promille van 0 tot en met {PROMILLE_MAX}: 2,5 procent is 25.")
    return int(text)


def termijnen(text: str) -> int:
    """In how many equal parts a yearly amount is paid; twelve when the cell is empty."""
    return int(keuze("1", "2", "4", "12", standaard="12")(text))


def ja_nee(text: str) -> bool:
    """`ja` or `nee`; an empty cell is `nee`."""
    return keuze("ja", "nee", standaard="nee")(text) == "ja"


def jaar(text: str) -> int:
    """A year of four digits."""
    if not re.fullmatch(r"(19|20|21)[0-9]{2}", gevuld(text)):
        raise CelFout("Schrijf een jaar als 2026.")
    return int(text)


def getal(text: str) -> Decimal:
    """A number of zero or more, with a point for decimals."""
    if not GETAL.fullmatch(gevuld(text)):
        raise CelFout("Schrijf een getal als 1250 of 0.75, met een punt en zonder duizendtallen.")
    return Decimal(text)


def fractie(text: str) -> Fraction:
    """A share above zero and at most one: 1, 0.25 or 1/4."""
    if not GETAL.fullmatch(gevuld(text)) and not FRACTIE.fullmatch(text):
        raise CelFout("Schrijf een deel als 1, 0.25 of 1/4.")
    if not 0 < (value := Fraction(text)) <= 1:
        raise CelFout("Een deel is groter dan 0 en hoogstens 1.")
    return value


def gemeenten(text: str) -> tuple[str, ...]:
    """Gemeentecodes with spaces between them, each once and in order; `*` is all of the region."""
    codes = text.split()
    if not codes:
        raise CelFout("Een contract geldt voor ten minste één gemeente; vul codes in met spaties ertussen, of * voor alle.")
    if codes == ["*"]:
        return ("*",)
    wrong = [code for code in codes if not GEMEENTECODE.fullmatch(code)]
    if wrong:
        raise CelFout(f"'{wrong[0]}' is geen gemeentecode van vier cijfers; zet spaties tussen de codes, of * voor alle.")
    if len(set(codes)) < len(codes):
        raise CelFout("Een gemeente staat hier twee keer; noem elke gemeente één keer.")
    return tuple(sorted(codes))


def partij(text: str) -> str:
    """`gemeente:0384` or `aanbieder:42420001`."""
    if not is_partij(gevuld(text)) or text == "regio":
        raise CelFout("Schrijf een partij als gemeente:0664 of aanbieder:42420001.")
    return text


def eenheid(text: str) -> str:
    """A code of the list of eenheden (WJ756)."""
    known = codelists.codes("ijw", "Eenheid")
    if gevuld(text) not in known:
        raise CelFout(f"Dit is geen code van de lijst met eenheden (WJ756); kies uit {', '.join(known)}.")
    return text


def of_leeg(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same reader, with None for an empty cell."""
    return lambda text: read(text) if text else None


def iban(text: str) -> str:
    """An IBAN whose check digits are right, with or without spaces."""
    found = ibans.compact(gevuld(text))
    if not ibans.is_iban(found):
        raise CelFout("Dit is geen geldig IBAN: vorm, lengte of controlecijfers kloppen niet; neem het over van een rekeningafschrift.")
    return found


def bic(text: str) -> str:
    """A BIC, or nothing."""
    found = ibans.compact(text)
    if found and not ibans.is_bic(found):
        raise CelFout("Een BIC heeft 8 of 11 letters en cijfers: RABONL2U; laat de cel leeg als u haar niet weet.")
    return found


def tenaamstelling(text: str) -> str:
    """The name of an account, at most 70 characters (pain.001)."""
    if len(gevuld(text)) > TENAAMSTELLING_MAX:
        raise CelFout(f"De tenaamstelling is {len(text)} tekens lang; een bank neemt er hoogstens {TENAAMSTELLING_MAX}.")
    return vrij(text)


def of_nul(read: Callable[[str], int]) -> Callable[[str], int]:
    """The same reader, with 0 for an empty cell."""
    return lambda text: read(text) if text else 0


def _write_optional(value: object) -> str:
    return "" if value is None else str(value)


def _write_ja_nee(value: bool) -> str:
    return "ja" if value else "nee"


def _write_getal(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_gemeentecode = Kolom(
    read=met_vorm(GEMEENTECODE, "Een gemeentecode heeft vier cijfers, met voorloopnullen: 0664; zet een werkblad op tekst.")
)
_agb = Kolom(read=met_vorm(AGB, "Een AGB-code heeft acht cijfers, met voorloopnullen: 42420001; zet een werkblad op tekst."))
_domein = Kolom(read=keuze("ijw", "iwmo"))
_tekst = Kolom(read=gevuld)
_vrij = Kolom(read=vrij)
_zorgvorm = Kolom(read=met_vorm(NAAM, "Een zorgvorm is één woord van letters, cijfers, - en _: jeugd_verblijf."))
_zorgvorm_of_leeg = Kolom(read=lambda text: _zorgvorm.read(text) if text else "")
_groep = Kolom(read=met_vorm(NAAM, "Een productgroep is één woord van letters, cijfers, - en _: begeleiding."))
_categorie = Kolom(
    read=met_vorm(re.compile("[0-9]{2}"), "Een productcategorie heeft twee cijfers, met voorloopnul: 02 of 45; zet een werkblad op tekst.")
)
_code = Kolom(read=met_vorm(re.compile(r"[0-9A-Za-z]{1,5}"), "Een productcode heeft hoogstens vijf letters en cijfers: 45A04."))
_eenheid = Kolom(read=eenheid)
_cent = Kolom(read=cent)
_datum = Kolom(read=datum)
_datum_of_leeg = Kolom(read=of_leeg(datum), write=_write_optional)
_maand = Kolom(read=maand, write=lambda value: value.strftime("%Y-%m"))
_jaar = Kolom(read=jaar)
_periode = {"geldig_van": _datum, "geldig_tot": _datum_of_leeg}

KOLOMMEN: dict[type[Rij], dict[str, Kolom]] = {
    Gemeente: {"code": _gemeentecode, "naam": _tekst, **_periode, "jeugdregio": Kolom(read=vrij, optioneel=True)},
    Herindeling: {"datum": _datum, "van": _gemeentecode, "naar": _gemeentecode, "fractie": Kolom(read=fractie)},
    Aanbieder: {"agb": _agb, "naam": _tekst, "contractpartner_agb": Kolom(read=of_leeg(_agb.read), write=_write_optional)},
    Zorgvorm: {
        "zorgvorm": _zorgvorm,
        "naam": _tekst,
        "domein": _domein,
        "stuurbaarheid": Kolom(read=keuze("", "licht", "zwaar")),
        "niveau": Kolom(read=keuze("", "lokaal", "regionaal", "bovenregionaal", "landelijk"), optioneel=True),
        "crisis": Kolom(read=ja_nee, write=_write_ja_nee, optioneel=True),
    },
    Productgroep: {"groep": _groep, "naam": _tekst, "domein": _domein},
    RegioProduct: {
        "domein": _domein,
        "categorie": _categorie,
        "code": _code,
        "omschrijving": _vrij,
        "eenheid": _eenheid,
        "zorgvorm": _zorgvorm,
        **_periode,
        "groep": Kolom(read=lambda text: _groep.read(text) if text else "", optioneel=True),
    },
    Contract: {
        "contract": _tekst,
        "agb": _agb,
        "domein": _domein,
        "gemeenten": Kolom(read=gemeenten, write=" ".join),
        **_periode,
        "uitvoeringsvariant": Kolom(read=keuze("", "inspanning", "output", "taak")),
        "bekostiging": Kolom(read=keuze("", "pxq", "lumpsum", "subsidie", "budget")),
        "plafond_cent": Kolom(read=of_leeg(cent), write=_write_optional),
    },
    Contractoptie: {"contract": _tekst, "tot": _datum, "uitgeoefend_op": _datum_of_leeg},
    Onderaannemer: {
        "hoofdaannemer_agb": _agb,
        "onderaannemer_agb": _agb,
        "contract": _vrij,
        "declareert": Kolom(read=keuze("eigen", "partner")),
        **_periode,
    },
    Tarief: {
        "contract": _tekst,
        "categorie": _categorie,
        "code": _code,
        "eenheid": _eenheid,
        "tarief_cent": Kolom(read=of_leeg(tarief_cent), write=_write_optional),
        **_periode,
    },
    Financiering: {
        "contract": _tekst,
        "zorgvorm": _zorgvorm_of_leeg,
        "jaar": _jaar,
        "vorm": Kolom(read=keuze("pxq", "lumpsum", "subsidie", "budget")),
        "gegarandeerd_cent": Kolom(read=of_nul(cent)),
        "variabel_cent": Kolom(read=of_nul(cent)),
        "administratie_promille": Kolom(read=of_nul(promille)),
        "termijnen": Kolom(read=termijnen),
    },
    Plafond: {"contract": _tekst, "zorgvorm": _zorgvorm_of_leeg, "jaar": _jaar, "bedrag_cent": _cent},
    Deelname: {"gemeente": _gemeentecode, "zorgvorm": _zorgvorm, **_periode},
    Budget: {"gemeente": _gemeentecode, "jaar": _jaar, "zorgvorm": _zorgvorm_of_leeg, "bedrag_cent": _cent, "bron": _vrij},
    Maatstaf: {
        "maatstaf": Kolom(read=met_vorm(NAAM, "Een maatstaf is één woord van letters, cijfers, - en _: inwoners.")),
        "gemeente": _gemeentecode,
        "zorgvorm": _zorgvorm_of_leeg,
        "jaar": _jaar,
        "waarde": Kolom(read=getal, write=_write_getal),
    },
    Voorschot: {"agb": _agb, "gemeente": _gemeentecode, "maand": _maand, "bedrag_cent": _cent},
    Bijdrage: {"gemeente": _gemeentecode, "maand": _maand, "bedrag_cent": _cent},
    PartijInstelling: {
        "partij": Kolom(read=partij),
        "kanaal": Kolom(read=keuze("postvak", "webhook", "ggk", standaard="postvak")),
        "adres": _vrij,
        "kopie": Kolom(read=ja_nee, write=_write_ja_nee),
        "antwoordt": Kolom(read=keuze("", "zelf")),
    },
    Bankrekening: {
        "partij": Kolom(read=partij),
        "iban": Kolom(read=iban),
        "tenaamstelling": Kolom(read=tenaamstelling),
        "bic": Kolom(read=bic, optioneel=True),
    },
}
"""How each column of each file is read and written."""
