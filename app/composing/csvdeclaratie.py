"""Lines of a declaratie as a CSV file: the form to fill in, and what a file says. Pure.

All or nothing: while one row is wrong, nothing of the file goes on, so that nobody has to find out afterwards which rows were left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.adapters.csvbestand import csv_tekst, euro_cel
from app.composing.declareren import REGELS_MAX, Declarabel, Opgave, Prijs
from app.domain.errors import OngeldigVerzoek

KOLOMMEN = ("toewijzing", "client", "product", "omschrijving", "van", "tot", "tarief", "volume", "draai_terug")
"""Of the form; a file needs `toewijzing` and `volume` at least."""
NODIG = ("toewijzing", "volume")
TEKENS_MAX = 400_000
CEL_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Rijfout:
    """What is wrong with a row: its number as a spreadsheet shows it (the head is row 1), its column, and what to change."""

    rij: int
    kolom: str
    melding: str


def als_csv(declarabelen: Iterable[Declarabel]) -> str:
    """The form: a row for every product that can be claimed, with the volume left open."""
    return csv_tekst(KOLOMMEN, (_rij(each, prijs) for each in declarabelen for prijs in each.prijzen))


def _rij(each: Declarabel, prijs: Prijs) -> tuple[object, ...]:
    return (each.nummer, each.naam, prijs.waarde, prijs.omschrijving, each.van, each.tot, euro_cel(prijs.tarief_cent), None, None)


def lees_csv(tekst: str, declarabel: Mapping[int, Declarabel]) -> tuple[tuple[Opgave, ...], tuple[int, ...], tuple[Rijfout, ...]]:
    """What a file says: its lines, the row each stands in, and what is wrong with rows that say something; rows without a volume are left out.

    Args:
        declarabel: What can be claimed, by ToewijzingNummer: a tariff that a row names must be that of the contract.
    Raises:
        OngeldigVerzoek: It is no such file at all.
    """
    head, rows = _table(tekst)
    opgaven: list[Opgave] = []
    places: list[int] = []
    fouten: list[Rijfout] = []
    for number, row in rows:
        cells = {name: row[index].strip()[:CEL_MAX] if index < len(row) else "" for index, name in enumerate(head)}
        if not cells["volume"] and not cells.get("draai_terug"):
            continue
        found = _read_row(number, cells, declarabel)
        if isinstance(found, Rijfout):
            fouten.append(found)
        else:
            opgaven.append(found)
            places.append(number)
    if len(opgaven) > REGELS_MAX:
        raise OngeldigVerzoek(f"Het bestand heeft meer dan {REGELS_MAX} regels met een volume. Verdeel het over meer bestanden.")
    return tuple(opgaven), tuple(places), tuple(fouten)


def _table(tekst: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    text = tekst.removeprefix("\ufeff").replace("\x00", "")
    if len(text) > TEKENS_MAX:
        raise OngeldigVerzoek(f"Het bestand is groter dan {TEKENS_MAX // 1000} kB.")
    first = text.partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") >= first.count(",") else ","))
    head = [name.strip().lower() for name in rows[0]] if rows else []
    missing = [name for name in NODIG if name not in head]
    if missing:
        raise OngeldigVerzoek(f"De eerste rij noemt de kolommen; ‘{missing[0]}’ ontbreekt. Download het formulier en vul dat in.")
    return head, [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]


def _read_row(number: int, cells: Mapping[str, str], declarabel: Mapping[int, Declarabel]) -> Opgave | Rijfout:
    nummer = cells["toewijzing"]
    if not (nummer.isascii() and nummer.isdecimal() and len(nummer) <= 9):
        return Rijfout(rij=number, kolom="toewijzing", melding="Vul het toewijzingnummer in: alleen cijfers.")
    found = declarabel.get(int(nummer))
    if found is None:
        melding = (
            f"Toewijzing {nummer} is niet van u, of geldt niet in deze maand bij deze gemeente. Haal de rij weg of kies een andere maand."
        )
        return Rijfout(rij=number, kolom="toewijzing", melding=melding)
    prijs = _price(cells.get("product", ""), found)
    if isinstance(prijs, str):
        return Rijfout(rij=number, kolom="product", melding=prijs)
    tariff = cells.get("tarief", "").removeprefix("€").strip()
    expected = "" if prijs.tarief_cent is None else str(euro_cel(prijs.tarief_cent))
    if tariff and _as_amount(tariff) != expected:
        melding = f"Het tarief in uw contract is {expected or 'geen (in euro’s)'}, niet {tariff}. Herstel het of maak de cel leeg."
        return Rijfout(rij=number, kolom="tarief", melding=melding)
    return Opgave(nummer=int(nummer), prijs=prijs.waarde, volume=cells["volume"], crediteer=cells.get("draai_terug", "").lstrip("'"))


def _price(product: str, found: Declarabel) -> Prijs | str:
    """The product of a row, with or without its eenheid; or what to change."""
    fitting = [each for each in found.prijzen if product in ("", each.waarde, each.code)]
    if product and len(fitting) > 1 and any(each.waarde == product for each in fitting):
        fitting = [each for each in fitting if each.waarde == product]
    if len(fitting) == 1:
        return fitting[0]
    if not found.prijzen:
        return "Uw contract heeft in deze maand geen tarief voor dit product. Vraag contractbeheer van de regio."
    return f"Vul een van deze producten in: {', '.join(each.waarde for each in found.prijzen)}."


def _as_amount(text: str) -> str:
    """An amount as `euro_cel` writes it, when it is one."""
    whole, _, cents = text.replace(".", "").partition(",")
    return f"{whole.lstrip('0') or '0'},{cents.ljust(2, '0')}"


def schrijf_opgaven(opgaven: Sequence[Opgave]) -> str:
    """Lines as a form carries them from the preview to sending; `lees_opgaven` reads them back."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows(
        (each.nummer, each.prijs, each.volume, each.crediteer) for each in opgaven if not each.is_leeg
    )
    return buffer.getvalue()


def lees_opgaven(tekst: str) -> tuple[Opgave, ...]:
    """Lines from a form.

    Raises:
        OngeldigVerzoek: We did not write them.
    """
    if len(tekst) > TEKENS_MAX:
        raise OngeldigVerzoek("Dit zijn te veel regels. Verdeel ze over meer declaraties.")
    rows = list(csv.reader(io.StringIO(tekst.replace("\x00", "")), delimiter=";"))
    if any(len(row) != 4 or not (row[0].isascii() and row[0].isdecimal() and len(row[0]) <= 9) for row in rows):
        raise OngeldigVerzoek("Bekijk eerst wat er wordt gedeclareerd.")
    return tuple(
        Opgave(nummer=int(nummer), prijs=prijs[:CEL_MAX], volume=volume[:CEL_MAX], crediteer=crediteer[:CEL_MAX])
        for nummer, prijs, volume, crediteer in rows[:REGELS_MAX]
    )
