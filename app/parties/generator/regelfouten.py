"""Deliberate faults in single lines of a 323: a good line is taken and made wrong in one way, and labelled with the code it must get.

A line that is refused is not granted, so what follows it stays right. Corrections and late lines are left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from app.domain.bedrag import BedragMetDC
from app.domain.declaratie import Prestatie, ProductReferentie
from app.domain.periode import EEN_DAG, GeslotenPeriode, laatste_dag, maand_van, volgende_maand
from app.parties.generator.aanbod import Aanbod, Lijn
from app.parties.generator.declareren import Regel, as_credit, claimable_periods, claimed_eenheid, make_prestatie, new_referentie, price
from app.parties.generator.fusies import JANUARI, JULI, laatste
from app.parties.generator.personen import spare_bsns
from app.parties.generator.zaken import Loop, Zaak
from app.parties.generator.zeeland import PRODUCTEN
from app.parties.generator.zending import Nummering, Opzet
from app.standard.rules.volume import HUISHOUDELIJKE_HULP, MINUUT, PER_WEEK, TOTAAL

ONBEKEND_NUMMER = 900_000_000
LANG_GENOEG_DAGEN = 150
"""So long a toewijzing that seven times its weekly volume fits within the total, so that only the month is exceeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boek:
    """What a fault may look at to make itself: the other lines, the market, fresh numbers, the months."""

    regels: Sequence[Regel]
    per_toewijzing: Mapping[tuple[int, int], Sequence[Regel]]
    aanbod: Aanbod
    nummering: Nummering
    venster: tuple[date, date]

    def van_toewijzing(self, regel: Regel) -> Sequence[Regel]:
        """The lines on the same toewijzing, in order of their period."""
        return self.per_toewijzing[sleutel_van(regel)]


def make_boek(regels: Sequence[Regel], aanbod: Aanbod, nummering: Nummering, venster: tuple[date, date]) -> Boek:
    """The lines, also by their toewijzing."""
    grouped: defaultdict[tuple[int, int], list[Regel]] = defaultdict(list)
    for regel in sorted(regels, key=lambda each: each.prestatie.product_periode.begindatum):
        grouped[sleutel_van(regel)].append(regel)
    return Boek(regels=regels, per_toewijzing=grouped, aanbod=aanbod, nummering=nummering, venster=venster)


def sleutel_van(regel: Regel) -> tuple[int, int]:
    """Which toewijzing a line is about: the zaak and the number, which is unique in its gemeente only."""
    return regel.zaak.index, regel.toegewezen.nummer


Fout = Callable[[Regel, Boek], list[Regel] | None]
"""From a good line the lines that take its place, one of them wrong; None when this line does not lend itself to it."""


def opzet(regel: str, retourcode: str, waarom: str) -> Opzet:
    """A label; the path follows when the bericht is made."""
    return Opzet(pad="", regel=regel, retourcode=retourcode, waarom=waarom)


def wrong(regel: Regel, label: Opzet, **wijzigingen: object) -> list[Regel]:
    """The line with other fields, labelled."""
    changed: Prestatie = replace(regel.prestatie, **wijzigingen)  # type: ignore[arg-type]
    return [replace(regel, prestatie=changed, is_schoon=False, fout=label)]


def repriced(regel: Regel, volume: int) -> dict[str, object]:
    """The fields of the line for another volume at the right price."""
    _, bedrag = price(regel.lijn.cent, regel.toegewezen.product.eenheid, regel.prestatie.eenheid, volume)
    return {"geleverd_volume": volume, "ingediend_bedrag": BedragMetDC(bedrag=bedrag, debet_credit="D")}


def te_veel_in_de_maand(regel: Regel, boek: Boek) -> list[Regel] | None:
    """Seven times the volume of a week in one month."""
    omvang, toegewezen = regel.toegewezen.omvang, regel.toegewezen
    if (
        omvang is None
        or omvang.frequentie != PER_WEEK
        or toegewezen.einddatum_nu is None
        or toegewezen.product.categorie == HUISHOUDELIJKE_HULP
    ):
        return None
    if (toegewezen.einddatum_nu - toegewezen.ingangsdatum).days < LANG_GENOEG_DAGEN or boek.van_toewijzing(regel)[0] != regel:
        return None
    factor = 60 if regel.prestatie.eenheid != omvang.eenheid else 1
    label = opzet("TR321", "9321", "GeleverdVolume is zeven keer het weekvolume, meer dan in een maand past")
    return wrong(regel, label, **repriced(regel, 7 * omvang.volume * factor))


def te_veel_in_totaal(regel: Regel, boek: Boek) -> list[Regel] | None:
    """The whole volume in one line, after part of it was used."""
    omvang = regel.toegewezen.omvang
    if omvang is None or omvang.frequentie != TOTAAL:
        return None
    eerder = [each for each in boek.van_toewijzing(regel) if each.maand < regel.maand and each.is_schoon]
    if not eerder:
        return None
    label = opzet("TR322", "9322", "samen met eerdere maanden is meer gedeclareerd dan in totaal is toegewezen")
    return wrong(regel, label, **repriced(regel, omvang.volume))


def boven_budget(regel: Regel, _: Boek) -> list[Regel] | None:
    """One euro more than the Budget."""
    if regel.toegewezen.budget is None:
        return None
    cent = regel.toegewezen.budget + 100
    label = opzet("TR369", "9369", "er is meer gedeclareerd dan het toegewezen Budget")
    return wrong(regel, label, geleverd_volume=cent, ingediend_bedrag=BedragMetDC(bedrag=cent, debet_credit="D"))


def onbekende_toewijzing(regel: Regel, _: Boek) -> list[Regel] | None:
    """A ToewijzingNummer that nobody gave out."""
    label = opzet("TR338", "9338", "ToewijzingNummer bestaat niet voor deze client")
    return wrong(regel, label, toewijzing_nummer=ONBEKEND_NUMMER + regel.prestatie.toewijzing_nummer)


def ander_product(regel: Regel, boek: Boek) -> list[Regel] | None:
    """Another product of the same category that the aanbieder has a contract for, at its right price."""
    own = regel.toegewezen.product
    if own.is_budget:
        return None
    for other in PRODUCTEN:
        if other.code == own.code or (other.domein, other.categorie, other.eenheid) != (own.domein, own.categorie, own.eenheid):
            continue
        lijn = boek.aanbod.lijn_op(regel.zaak.agb, regel.drager, other, regel.prestatie.product_periode.begindatum)
        if lijn is not None:
            tarief, bedrag = price(lijn.cent, other.eenheid, regel.prestatie.eenheid, regel.prestatie.geleverd_volume)
            label = opzet("TR340", "9340", "ProductCode is niet die van de toewijzing")
            met_dc = BedragMetDC(bedrag=bedrag, debet_credit="D")
            return wrong(regel, label, product_code=other.code, product_tarief=tarief, ingediend_bedrag=met_dc)
    return None


def ander_tarief(regel: Regel, _: Boek) -> list[Regel] | None:
    """A tariff that is not in the contract; the amount follows it."""
    prestatie = regel.prestatie
    if prestatie.product_tarief is None:
        return None
    tarief = prestatie.product_tarief + 25
    bedrag = BedragMetDC(bedrag=tarief * prestatie.geleverd_volume, debet_credit="D")
    label = opzet("TR418", "0611", "ProductTarief staat niet in het contract")
    return wrong(regel, label, product_tarief=tarief, ingediend_bedrag=bedrag)


def oud_tarief(regel: Regel, boek: Boek) -> list[Regel] | None:
    """The tariff of before the change in mid-year, and the amount that goes with it; of before 1 January when the months have no 1 July."""
    prestatie, product = regel.prestatie, regel.toegewezen.product
    halverwege = laatste(JULI, boek.venster[1])
    wisseling = halverwege if halverwege >= boek.venster[0] else laatste(JANUARI, boek.venster[1])
    if regel.lijn.van != wisseling:
        return None
    eerder = boek.aanbod.lijn_op(regel.zaak.agb, regel.drager, product, wisseling - EEN_DAG)
    if eerder is None or eerder.contract != regel.lijn.contract:
        return None
    tarief, bedrag = price(eerder.cent, product.eenheid, prestatie.eenheid, prestatie.geleverd_volume)
    if tarief is None or tarief == prestatie.product_tarief:
        return None
    label = opzet("TR418", "0611", f"het tarief van voor {regel.lijn.van:%d-%m-%Y} na de tariefwijziging")
    return wrong(regel, label, product_tarief=tarief, ingediend_bedrag=BedragMetDC(bedrag=bedrag, debet_credit="D"))


def ander_bedrag(regel: Regel, _: Boek) -> list[Regel] | None:
    """One euro more than volume times tariff."""
    if regel.prestatie.product_tarief is None:
        return None
    bedrag = BedragMetDC(bedrag=regel.prestatie.ingediend_bedrag.bedrag + 100, debet_credit="D")
    return wrong(regel, opzet("TR346", "9346", "IngediendBedrag is niet volume maal tarief"), ingediend_bedrag=bedrag)


def andere_eenheid(regel: Regel, _: Boek) -> list[Regel] | None:
    """Hours claimed as dagdelen."""
    if regel.toegewezen.product.eenheid != "04":
        return None
    return wrong(regel, opzet("TR341", "9341", "Eenheid past niet bij die van de toewijzing"), eenheid="16")


def gebruikt_referentienummer(regel: Regel, boek: Boek) -> list[Regel] | None:
    """The ReferentieNummer of the month before."""
    eerder = [each for each in boek.van_toewijzing(regel) if each.maand < regel.maand and each.is_schoon]
    if not eerder:
        return None
    nummer = ProductReferentie(referentie_nummer=eerder[-1].prestatie.product_referentie.referentie_nummer)
    label = opzet("TR314", "8021", "ReferentieNummer is in een eerdere maand al gebruikt")
    return wrong(regel, label, product_referentie=nummer)


def tweede_debet(regel: Regel, boek: Boek) -> list[Regel] | None:
    """The same line again a month later, under a new number and without a credit."""
    volgende = volgende_maand(regel.maand)
    lines = boek.van_toewijzing(regel)
    omvang = regel.toegewezen.omvang
    if laatste_dag(volgende) > boek.venster[1] or lines[0] != regel or len(lines) < 2 or omvang is None or omvang.frequentie == TOTAAL:
        return None
    nummer = ProductReferentie(referentie_nummer=new_referentie(regel.zaak, boek.nummering))
    again = replace(regel, maand=volgende)
    label = opzet("TR389", "9389", "over deze toewijzing en periode is al een debet toegekend")
    return [replace(regel, is_schoon=False), *wrong(again, label, product_referentie=nummer)]


def credit_van_onbekend(regel: Regel, boek: Boek) -> list[Regel] | None:
    """A credit of a debit that never was."""
    credit = as_credit(regel, boek.nummering)
    nummer = ProductReferentie(
        referentie_nummer=credit.product_referentie.referentie_nummer,
        vorig_referentie_nummer=f"X{credit.product_referentie.referentie_nummer[1:]}",
    )
    label = opzet("TR323", "8017", "de credit verwijst naar een debet dat niet bestaat")
    return wrong(replace(regel, prestatie=credit), label, product_referentie=nummer)


def tweede_credit(regel: Regel, boek: Boek) -> list[Regel] | None:
    """A debit that is credited a month later, and once more the month after."""
    eerste, tweede = volgende_maand(regel.maand), volgende_maand(volgende_maand(regel.maand))
    if laatste_dag(tweede) > boek.venster[1]:
        return None
    credit = replace(regel, maand=eerste, is_schoon=False, prestatie=as_credit(regel, boek.nummering))
    again = replace(credit, maand=tweede, prestatie=as_credit(regel, boek.nummering))
    label = opzet("TR390", "9390", "het debet is al eerder gecrediteerd")
    return [replace(regel, is_schoon=False), credit, replace(again, fout=label)]


def periode_begint_later(regel: Regel, _: Boek) -> list[Regel] | None:
    """The ProductPeriode begins a day late."""
    periode = regel.prestatie.product_periode
    if (periode.einddatum - periode.begindatum).days < 10 or periode.begindatum.day != 1:
        return None
    later = GeslotenPeriode(begindatum=periode.begindatum + timedelta(days=1), einddatum=periode.einddatum)
    return wrong(regel, opzet("TR387", "9387", "ProductPeriode begint niet op de eerste van de maand"), product_periode=later)


def periode_eindigt_eerder(regel: Regel, _: Boek) -> list[Regel] | None:
    """The ProductPeriode ends a day early."""
    periode = regel.prestatie.product_periode
    if (periode.einddatum - periode.begindatum).days < 10:
        return None
    earlier = GeslotenPeriode(begindatum=periode.begindatum, einddatum=periode.einddatum - timedelta(days=1))
    return wrong(regel, opzet("TR388", "9388", "ProductPeriode eindigt niet op de laatste dag van de maand"), product_periode=earlier)


FOUTEN: tuple[Fout, ...] = (
    te_veel_in_de_maand,
    te_veel_in_totaal,
    boven_budget,
    onbekende_toewijzing,
    ander_product,
    ander_tarief,
    oud_tarief,
    ander_bedrag,
    andere_eenheid,
    gebruikt_referentienummer,
    tweede_debet,
    credit_van_onbekend,
    tweede_credit,
    periode_begint_later,
    periode_eindigt_eerder,
)
"""Every way in which one line is made wrong."""


def add_faults(boek: Boek, zaken: Sequence[Zaak], aantal: int) -> list[Regel]:
    """The lines with so many faults of each kind in them, at most one in a toewijzing.

    Lines on a toewijzing that was deleted and lines of a client whom the gemeente never named are added besides.
    """
    changed: dict[int, list[Regel]] = {}
    used: set[tuple[int, int]] = set()
    schoon = [(index, regel) for index, regel in enumerate(boek.regels) if regel.is_schoon]
    for number, fout in enumerate(FOUTEN):
        done = 0
        offset = number * len(schoon) // len(FOUTEN)
        for index, regel in schoon[offset:] + schoon[:offset]:
            if done == aantal:
                break
            key = sleutel_van(regel)
            if key in used or (lines := fout(regel, boek)) is None:
                continue
            changed[index] = lines
            used.add(key)
            done += 1
    kept = [line for index, regel in enumerate(boek.regels) for line in changed.get(index, [regel])]
    return [*kept, *_on_deleted(boek, zaken, aantal), *_after_the_contract(boek, zaken, aantal), *_of_strangers(boek, aantal, used)]


def _on_deleted(boek: Boek, zaken: Sequence[Zaak], aantal: int) -> Iterator[Regel]:
    """A month claimed on a toewijzing that was deleted before it began."""
    label = opzet("TR384", "9384", "de toewijzing is verwijderd (RedenWijziging 13)")
    deleted = [each for each in zaken if each.loop is Loop.VERWIJDERD and not each.toewijzingen[0].product.is_budget]
    found = (_first_claimable(boek, zaak) for zaak in deleted)
    yield from (_added(boek, *each, label) for each in islice((each for each in found if each is not None), aantal))


def _first_claimable(boek: Boek, zaak: Zaak) -> tuple[Zaak, Lijn, tuple[date, date]] | None:
    """The first month in which the first toewijzing of a zaak could have been claimed, with its line."""
    toegewezen = zaak.toewijzingen[0]
    for periode in claimable_periods(toegewezen, boek.venster):
        lijn = boek.aanbod.lijn_op(zaak.agb, zaak.drager(periode[0]).code, toegewezen.product, periode[0])
        if lijn is not None:
            return zaak, lijn, periode
    return None


def _after_the_contract(boek: Boek, zaken: Sequence[Zaak], aantal: int) -> Iterator[Regel]:
    """A month claimed after the contract ended, its exercised option included, on a toewijzing that still runs."""
    if boek.aanbod.einde is None:
        return
    contract, einde = boek.aanbod.einde
    label = opzet("TR418", "0611", f"contract {contract} eindigde op {einde:%d-%m-%Y}; de volgende optie is niet uitgeoefend")
    done = 0
    for zaak in zaken:
        toegewezen = zaak.toewijzingen[0]
        periods = [each for each in claimable_periods(toegewezen, boek.venster) if each[0] > einde]
        lijn = boek.aanbod.lijn_op(zaak.agb, zaak.drager(einde).code, toegewezen.product, einde)
        if done == aantal or zaak.loop is not Loop.GEWOON or not periods or toegewezen.product.is_budget:
            continue
        if lijn is not None and lijn.contract == contract:
            done += 1
            yield _added(boek, zaak, lijn, periods[0], label)


def _added(boek: Boek, zaak: Zaak, lijn: Lijn, periode: tuple[date, date], label: Opzet) -> Regel:
    """A line of an hour, a day, a piece on the first toewijzing of a zaak that was not claimed otherwise."""
    toegewezen = zaak.toewijzingen[0]
    volume = 60 if claimed_eenheid(toegewezen, zaak.agb in boek.aanbod.in_minuten) == MINUUT else 1
    prestatie = make_prestatie(zaak, toegewezen, lijn, boek.aanbod, boek.nummering, periode, volume)
    maand = maand_van(periode[0])
    return Regel(zaak=zaak, toegewezen=toegewezen, maand=maand, bsn=zaak.client.bsn, prestatie=prestatie, lijn=lijn, fout=label)


def _of_strangers(boek: Boek, aantal: int, used: set[tuple[int, int]]) -> Iterator[Regel]:
    """A line for a Bsn that no 301 named, beside good lines of others; it counts for nobody's toewijzing."""
    free = [regel for regel in boek.regels if regel.is_schoon and sleutel_van(regel) not in used]
    for bsn, regel in zip(spare_bsns()[:aantal], free[-aantal:], strict=False):
        nummer = ProductReferentie(referentie_nummer=new_referentie(regel.zaak, boek.nummering))
        label = opzet("TR304", "8187", "deze Bsn is geen client met een toewijzing aan de aanbieder")
        # Another ToewijzingNummer, because two debits of one bericht over the same toewijzing and period refuse all of it (TR416).
        toewijzing_nummer = ONBEKEND_NUMMER + regel.prestatie.toewijzing_nummer
        prestatie = replace(regel.prestatie, product_referentie=nummer, toewijzing_nummer=toewijzing_nummer)
        yield replace(regel, bsn=bsn, prestatie=prestatie, is_schoon=False, fout=label, op_client=True)
