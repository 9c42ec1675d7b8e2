"""Whether the rows of a region agree with each other: keys, periods, references and shares.

Pure. Every fault is found, not the first; each says where it is and what to do. Rows with a fault of form are left out, but a row that
refers to one of them is not called unknown, so that one mistake gives one fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.domain.partij import code_van
from app.domain.periode import overlappen
from app.parties.bekend import (
    Bekend,
    Regel,
    bekend_van,
    genummerd,
    is_reversed,
    unknown_aanbieder,
    unknown_contract,
    unknown_gemeente,
    unknown_zorgvorm,
)
from app.parties.checking_contracten import (
    check_financiering,
    check_jaarrij,
    check_kringen,
    check_onderaannemer,
    check_onderaannemers,
    check_optie,
    check_opties,
)
from app.parties.folder import Gelezen, RegioFout, Voortgang, niemand, parse_folder
from app.parties.opvallend import opvallend
from app.parties.region import (
    EURO,
    PER_PERIODE,
    TABELLEN,
    VERPLICHT,
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
    Region,
    RegioProduct,
    Rij,
    Tarief,
    Voorschot,
    geordend,
    kolommen,
    reeks_van,
    sleutel_van,
)
from app.standard import codelists

FAULTS_MAX = 1_000
"""So many are reported; a folder with more is wrong in one big way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keuring:
    """What is in a folder and what is to be said about it.

    Attributes:
        region: The rows that could be read, in order of their keys; it counts only when there are no faults.
        fouten: What contradicts itself, by file and row, at most 1 000: with one of these nothing is loaded.
        waarschuwingen: What is possible but seldom meant, likewise; it is loaded. Only looked for when there are no faults.
    """

    region: Region
    fouten: tuple[RegioFout, ...] = ()
    waarschuwingen: tuple[RegioFout, ...] = ()


def keur_folder(bestanden: Mapping[str, bytes], voortgang: Voortgang = niemand) -> Keuring:
    """The region in a folder, every fault in it, and every warning about it.

    Args:
        bestanden: The files of the folder by name (`folder.read_folder`).
        voortgang: Told after each file that was read.
    """
    return keur_gelezen(parse_folder(bestanden, voortgang))


def keur_gelezen(gelezen: Gelezen) -> Keuring:
    """The same of rows that were read before."""
    fouten = in_volgorde([*gelezen.fouten, *check_gelezen(gelezen)])
    return Keuring(
        region=geordend(gelezen.region), fouten=fouten, waarschuwingen=() if fouten else in_volgorde(opvallend(genummerd(gelezen)))
    )


def check_folder(bestanden: Mapping[str, bytes]) -> tuple[Region, tuple[RegioFout, ...]]:
    """The region in a folder, in order of its keys, and every fault in it; the region counts only when there is none."""
    keuring = keur_folder(bestanden)
    return keuring.region, keuring.fouten


def check_region(region: Region) -> tuple[RegioFout, ...]:
    """Every fault of a region that was made in memory; rows are numbered as they would stand in a file."""
    return in_volgorde(check_gelezen(als_gelezen(region)))


def als_gelezen(region: Region) -> Gelezen:
    """A region in memory as if it had been read from files."""
    return Gelezen(region=region, rijnummers={soort: tuple(range(2, len(region.rijen(soort)) + 2)) for soort in TABELLEN})


def in_volgorde(fouten: Iterable[RegioFout]) -> tuple[RegioFout, ...]:
    """Faults by file and row, at most as many as are reported."""
    files = {soort.bestand: index for index, soort in enumerate(TABELLEN)}
    ordered = sorted(fouten, key=lambda fout: (files.get(fout.bestand, len(files)), fout.bestand, fout.rij or 0))
    return tuple(ordered[:FAULTS_MAX])


def check_gelezen(gelezen: Gelezen) -> Iterator[RegioFout]:
    """Every fault between the rows that could be read."""
    regels = genummerd(gelezen)
    bekend = bekend_van(gelezen)
    for soort, lines in regels.items():
        if soort in VERPLICHT and not lines and soort not in gelezen.gebroken:
            yield RegioFout(bestand=soort.bestand, rij=2, melding="Dit bestand heeft geen rijen; een regio heeft er ten minste één.")
        yield from _double_keys(lines)
        yield from _reversed_periods(lines)
        yield from _overlaps(soort, lines)
        check = PER_SOORT.get(soort)
        for regel in lines if check else ():
            yield from check(regel, bekend) if check else ()
    broken = {cells.get("van") for cells in gelezen.gebroken.get(Herindeling, ())}
    yield from _shares(regel for regel in regels.get(Herindeling, ()) if regel.rij.van not in broken)
    yield from check_kringen(regels.get(Aanbieder, ()))
    yield from check_opties(regels.get(Contractoptie, ()), bekend)
    yield from check_onderaannemers(regels.get(Onderaannemer, ()), bekend)


def _double_keys(regels: Iterable[Regel]) -> Iterator[RegioFout]:
    first: dict[tuple[Any, ...], int] = {}
    for regel in regels:
        key = sleutel_van(regel.rij)
        if key in first:
            names = " + ".join(regel.rij.sleutel)
            zin = f"{names} staat ook op rij {first[key]}; elke combinatie mag één keer voorkomen, haal er één weg."
            yield regel.fout(regel.rij.sleutel[0], zin)
        else:
            first[key] = regel.nummer


def _reversed_periods(regels: Iterable[Regel]) -> Iterator[RegioFout]:
    for regel in regels:
        if is_reversed(regel.rij):
            zin = f"De laatste dag ligt vóór geldig_van ({regel.rij.geldig_van}); draai de datums om of verbeter er één."
            yield regel.fout("geldig_tot", zin)


def _overlaps(soort: type[Rij], regels: Iterable[Regel]) -> Iterator[RegioFout]:
    """Rows about the same thing whose periods share a day; a row that repeats a key is reported as that."""
    per_key: defaultdict[tuple[Any, ...], list[Regel]] = defaultdict(list)
    for regel in regels if soort in PER_PERIODE and "geldig_van" in soort.sleutel else ():
        if not is_reversed(regel.rij):
            per_key[reeks_van(regel.rij)].append(regel)
    for lines in per_key.values():
        lines.sort(key=lambda regel: regel.rij.geldig_van)
        widest = lines[0]
        for regel in lines[1:]:
            if regel.rij.geldig_van != widest.rij.geldig_van and _overlap(widest.rij, regel.rij):
                zin = f"Deze periode overlapt met die van rij {widest.nummer}; laat die eindigen op de dag voor geldig_van van deze rij."
                yield regel.fout("geldig_van", zin)
            widest = max(widest, regel, key=lambda each: each.rij.geldig_tot or date.max)


def _overlap(een: Any, ander: Any) -> bool:
    return overlappen(een.geldig_van, een.geldig_tot, ander.geldig_van, ander.geldig_tot)


def _shares(regels: Iterable[Regel]) -> Iterator[RegioFout]:
    """Fractions of one gemeente on one day that do not add up to 1."""
    per_van: defaultdict[tuple[date, str], list[Regel]] = defaultdict(list)
    for regel in regels:
        per_van[regel.rij.datum, regel.rij.van].append(regel)
    for (_, van), lines in per_van.items():
        total = sum((regel.rij.fractie for regel in lines), Fraction(0))
        if total != 1:
            yield lines[0].fout("fractie", f"De delen van {van} tellen op tot {total}, niet tot 1; verbeter de delen of voeg een rij toe.")


def check_herindeling(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """Both gemeenten are known and differ."""
    yield from unknown_gemeente(regel, "van", bekend)
    yield from unknown_gemeente(regel, "naar", bekend)
    if regel.rij.van == regel.rij.naar and regel.rij.fractie == 1:
        yield regel.fout("naar", "Een gemeente gaat niet over in zichzelf; noem de gemeente die haar opvolgt.")


def check_aanbieder(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """The contractpartner is a known aanbieder, not itself."""
    if regel.rij.contractpartner_agb == regel.rij.agb:
        yield regel.fout("contractpartner_agb", "Een aanbieder is niet zijn eigen contractpartner; laat deze cel leeg.")
    elif regel.rij.contractpartner_agb is not None:
        yield from unknown_aanbieder(regel, "contractpartner_agb", bekend)


def check_product(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """The category exists in the domain, and the zorgvorm is known and of the same domain."""
    product: RegioProduct = regel.rij
    if product.categorie not in codelists.codes(product.domein, "ProductCategorie"):
        yield regel.fout("categorie", f"Deze categorie bestaat niet in {product.domein}; kies er een van de lijst met productcategorieën.")
    domein = bekend.zorgvormen.get(product.zorgvorm)
    if domein and domein != product.domein:
        yield regel.fout("zorgvorm", f"Deze zorgvorm is van {domein}; kies een zorgvorm van {product.domein}, het domein van het product.")
    yield from unknown_zorgvorm(regel, bekend)
    if product.groep and product.groep not in bekend.groepen:
        yield regel.fout("groep", "Deze groep staat niet in productgroepen.csv; verbeter de naam of voeg de groep toe.")
    elif product.groep and bekend.groepen[product.groep] not in ("", product.domein):
        zin = f"Deze groep is van {bekend.groepen[product.groep]}; kies een groep van {product.domein}, het domein van het product."
        yield regel.fout("groep", zin)


def check_contract(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """Aanbieder and gemeenten are known."""
    contract: Contract = regel.rij
    yield from unknown_aanbieder(regel, "agb", bekend)
    if contract.alle_gemeenten:
        return
    unknown = [code for code in contract.gemeenten if code not in bekend.gemeenten]
    if unknown:
        yield regel.fout("gemeenten", f"Niet in gemeenten.csv: {' '.join(unknown)}; verbeter de codes of voeg de gemeenten toe.")


def check_tarief(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """Contract and product are known, the line is valid on a day on which both are, and the amount fits the eenheid."""
    tarief: Tarief = regel.rij
    yield from _wrong_amount(regel)
    yield from unknown_contract(regel, bekend)
    contract = bekend.contracten.get(tarief.contract)
    if contract is None:
        return
    einde = bekend.einden[contract.contract]
    if (
        not is_reversed(tarief)
        and not is_reversed(contract)
        and not overlappen(tarief.geldig_van, tarief.geldig_tot, contract.geldig_van, einde)
    ):
        tot = einde or "open einde"
        zin = f"Deze periode ligt buiten die van het contract ({contract.geldig_van} tot en met {tot}); verbeter de datums."
        yield regel.fout("geldig_van", zin)
    producten = bekend.producten.get((contract.domein, tarief.categorie, tarief.code))
    if producten is None:
        zin = f"Product {tarief.categorie} {tarief.code} van {contract.domein} staat niet in producten.csv; verbeter de code of voeg toe."
        yield regel.fout("code", zin)
    elif producten and not is_reversed(tarief) and not any(_overlap(tarief, each) or is_reversed(each) for each in producten):
        yield regel.fout("code", "Dit product geldt op geen enkele dag van deze tariefregel; verbeter de periode hier of in producten.csv.")


def _wrong_amount(regel: Regel) -> Iterator[RegioFout]:
    tarief: Tarief = regel.rij
    if tarief.eenheid == EURO and tarief.tarief_cent not in (None, 1):
        yield regel.fout("tarief_cent", "Eenheid 83 (euro) heeft geen tarief (CD087); laat deze cel leeg of vul 1 in.")
    elif tarief.eenheid != EURO and not tarief.tarief_cent:
        yield regel.fout("tarief_cent", f"Eenheid {tarief.eenheid} heeft een tarief boven 0 nodig; vul de centen in.")


def check_gemeente_and_zorgvorm(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """Both are known (a zorgvorm may be empty where the column allows it)."""
    yield from unknown_gemeente(regel, "gemeente", bekend)
    if "zorgvorm" in kolommen(type(regel.rij)):
        yield from unknown_zorgvorm(regel, bekend)


def check_voorschot(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """Aanbieder and gemeente are known."""
    yield from unknown_aanbieder(regel, "agb", bekend)
    yield from unknown_gemeente(regel, "gemeente", bekend)


def check_partij(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """The partij is of the region, has an address where its channel needs one, and only a gemeente has a copy or answers."""
    instelling: PartijInstelling = regel.rij
    is_gemeente = instelling.partij.startswith("gemeente:")
    yield from check_partij_bekend(regel, bekend)
    if instelling.kanaal != "postvak" and not instelling.adres:
        yield regel.fout("adres", f"Kanaal {instelling.kanaal} heeft een adres nodig; vul het in of kies postvak.")
    if not is_gemeente and (instelling.kopie or instelling.antwoordt):
        kolom = "kopie" if instelling.kopie else "antwoordt"
        yield regel.fout(kolom, "Dit geldt alleen voor een gemeente; laat deze cel bij een aanbieder leeg.")


def check_partij_bekend(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """The partij is of the region."""
    partij: str = regel.rij.partij
    is_gemeente = partij.startswith("gemeente:")
    if code_van(partij) not in (bekend.gemeenten if is_gemeente else bekend.aanbieders):
        bestand = Gemeente.bestand if is_gemeente else Aanbieder.bestand
        yield regel.fout("partij", f"Deze partij staat niet in {bestand}; verbeter de code of voeg haar toe.")


PER_SOORT: dict[type[Rij], Callable[[Regel, Bekend], Iterator[RegioFout]]] = {
    Herindeling: check_herindeling,
    Aanbieder: check_aanbieder,
    RegioProduct: check_product,
    Contract: check_contract,
    Contractoptie: check_optie,
    Onderaannemer: check_onderaannemer,
    Tarief: check_tarief,
    Financiering: check_financiering,
    Plafond: check_jaarrij,
    Deelname: check_gemeente_and_zorgvorm,
    Budget: check_gemeente_and_zorgvorm,
    Maatstaf: check_gemeente_and_zorgvorm,
    Voorschot: check_voorschot,
    Bijdrage: check_gemeente_and_zorgvorm,
    PartijInstelling: check_partij,
    Bankrekening: check_partij_bekend,
}
"""What is checked of one row, besides key and period."""
