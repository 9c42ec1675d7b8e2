"""What aanbieders claim: the lines of each month within what was ordered, corrections of the month before, and the 323 they stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from app.domain.bedrag import BedragMetDC, DebetCredit, totaal_met_dc
from app.domain.bericht import Bericht, Domein
from app.domain.declaratie import Declaratie, DeclaratieClient, Prestatie, ProductReferentie
from app.domain.partij import aanbieder
from app.domain.periode import GeslotenPeriode, laatste_dag, maanden, volgende_maand
from app.parties.generator.aanbod import Aanbod, Lijn
from app.parties.generator.kans import Kans
from app.parties.generator.zaken import Loop, Toegewezen, Zaak
from app.parties.generator.zending import RANG, Nummering, Opzet, Zending, make_header
from app.parties.region import EURO
from app.standard.rules.tarief import bedrag_van_minuten, minuuttarief
from app.standard.rules.volume import MINUUT, PER_MAAND, PER_WEEK, TOTAAL, UUR

ETMAAL = "14"
NIET_GELEVERD_PROMILLE = 30
LAAT_PROMILLE = 25
CORRECTIE_PROMILLE = 20
WACHT_WAAROM = "de regio heeft met deze aanbieder geen tariefregel voor dit product"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regel:
    """One line that will stand in the 323 of a month.

    Attributes:
        maand: First day of the DeclaratiePeriode of that 323.
        bsn: Of the Client it stands under; that of the zaak, unless a fault says otherwise.
        lijn: What it is claimed on.
        is_schoon: No correction and no late line touches it, so a fault may.
        fout: What is wrong with the line on purpose; `op_client` when the whole Client is refused for it.
    """

    zaak: Zaak
    toegewezen: Toegewezen
    maand: date
    bsn: str
    prestatie: Prestatie
    lijn: Lijn
    is_schoon: bool = False
    fout: Opzet | None = None
    op_client: bool = False

    @property
    def telt(self) -> bool:
        """Whether it will be granted."""
        return self.fout is None and not self.zaak.wacht

    @property
    def drager(self) -> str:
        """The gemeente that bears it."""
        return self.zaak.drager(self.prestatie.product_periode.begindatum).code

    @property
    def bundel(self) -> tuple[str, Domein, str, date]:
        """Which 323 it stands in: aanbieder, domain, gemeente, month."""
        return self.zaak.agb, self.zaak.domein, self.zaak.plaats.code, self.maand


def make_regels(seed: int, zaak: Zaak, aanbod: Aanbod, nummering: Nummering, venster: tuple[date, date]) -> Iterator[Regel]:
    """All lines of a zaak in the months, with late ones and corrections; what no line allows any more is not delivered either."""
    if not zaak.is_geleverd or zaak.loop is Loop.GEWEIGERD:
        return
    kans = Kans(seed, "regels", zaak.index)
    for toegewezen in zaak.toewijzingen:
        over = toegewezen.omvang.volume if toegewezen.omvang else toegewezen.budget or 0
        for van, tot in claimable_periods(toegewezen, venster):
            volume = _delivered(toegewezen, van, tot, over, zaak.agb in aanbod.in_minuten, kans)
            lijn = aanbod.lijn_op(zaak.agb, zaak.drager(van).code, toegewezen.product, van)
            if volume == 0 or lijn is None or kans.promille(NIET_GELEVERD_PROMILLE):
                continue
            over -= volume
            prestatie = make_prestatie(zaak, toegewezen, lijn, aanbod, nummering, (van, tot), volume)
            regel = Regel(zaak=zaak, toegewezen=toegewezen, maand=van.replace(day=1), bsn=zaak.client.bsn, prestatie=prestatie, lijn=lijn)
            if zaak.wacht:
                yield regel
            else:
                yield from _with_correction(regel, aanbod, nummering, venster[1], kans)


def claimable_periods(toegewezen: Toegewezen, venster: tuple[date, date]) -> Iterator[tuple[date, date]]:
    """Calendar month ∩ toewijzing, for each month (TR387, TR388)."""
    tot = min(toegewezen.einddatum_nu or venster[1], venster[1])
    for maand in maanden(max(toegewezen.ingangsdatum, venster[0]), tot):
        begin, einde = max(maand, toegewezen.ingangsdatum), min(laatste_dag(maand), toegewezen.einddatum_nu or date.max)
        if begin <= einde:
            yield begin, einde


def _delivered(toegewezen: Toegewezen, van: date, tot: date, over: int, in_minuten: bool, kans: Kans) -> int:
    """What is delivered in a period, in the eenheid that is claimed, half to nearly all of what was ordered.

    Days times weekly volume / 7 stays below what TR321 and TR322 allow, because ISO weeks are counted whole there.
    """
    dagen = (tot - van).days + 1
    omvang, deel = toegewezen.omvang, kans.geheel(500, 950)
    if omvang is None:
        return min(over, over * deel // 3000)
    if omvang.eenheid == ETMAAL:
        return max(1, min(dagen - kans.geheel(0, 3), over if omvang.frequentie == TOTAAL else dagen)) if over > 0 else 0
    if omvang.frequentie == TOTAAL:
        return min(over, kans.geheel(1, 2))
    factor = 60 if claimed_eenheid(toegewezen, in_minuten) != omvang.eenheid else 1
    per_dag = {PER_WEEK: Fraction(omvang.volume, 7), PER_MAAND: Fraction(omvang.volume, 31)}[omvang.frequentie]
    return max(1, int(per_dag * dagen * factor * deel / 1000))


def claimed_eenheid(toegewezen: Toegewezen, in_minuten: bool) -> str:
    """The eenheid that is claimed in: minutes for hours where the aanbieder works that way (TR341)."""
    eenheid = toegewezen.product.eenheid
    return MINUUT if eenheid == UUR and in_minuten else eenheid


def make_prestatie(
    zaak: Zaak, toegewezen: Toegewezen, lijn: Lijn, aanbod: Aanbod, nummering: Nummering, periode: tuple[date, date], volume: int
) -> Prestatie:
    """A debit line at the tariff of a line."""
    eenheid = claimed_eenheid(toegewezen, zaak.agb in aanbod.in_minuten)
    tarief, bedrag = price(lijn.cent, toegewezen.product.eenheid, eenheid, volume)
    return Prestatie(
        product_referentie=ProductReferentie(referentie_nummer=new_referentie(zaak, nummering)),
        toewijzing_nummer=toegewezen.nummer,
        product_categorie=toegewezen.product.categorie,
        product_code=toegewezen.product.code,
        product_periode=GeslotenPeriode(begindatum=periode[0], einddatum=periode[1]),
        geleverd_volume=volume,
        eenheid=eenheid,
        product_tarief=tarief,
        ingediend_bedrag=BedragMetDC(bedrag=bedrag, debet_credit="D"),
    )


def price(tarief_cent: int | None, eenheid_contract: str, eenheid: str, volume: int) -> tuple[int | None, int]:
    """ProductTarief and amount: euros are their own amount (CS339), minutes at an hour tariff are rounded once (IV081)."""
    if tarief_cent is None or eenheid_contract == EURO:
        return None, volume
    if eenheid_contract == UUR and eenheid == MINUUT:
        return minuuttarief(tarief_cent), bedrag_van_minuten(tarief_cent, volume)
    return tarief_cent, volume * tarief_cent


def new_referentie(zaak: Zaak, nummering: Nummering) -> str:
    """A ReferentieNummer that the aanbieder has not used in the domain (TR314)."""
    return f"P{nummering.volgende('referentie', zaak.agb, zaak.domein):08d}"


def _with_correction(regel: Regel, aanbod: Aanbod, nummering: Nummering, tot: date, kans: Kans) -> Iterator[Regel]:
    """The line in its own month; or a month late; or corrected a month later by a credit and a lower debit."""
    volgende = volgende_maand(regel.maand)
    if laatste_dag(volgende) <= tot and kans.promille(LAAT_PROMILLE):
        yield replace(regel, maand=volgende)
        return
    volume = regel.prestatie.geleverd_volume
    if laatste_dag(volgende) <= tot and volume > 1 and kans.promille(CORRECTIE_PROMILLE):
        periode = regel.prestatie.product_periode
        lower = make_prestatie(
            regel.zaak, regel.toegewezen, regel.lijn, aanbod, nummering, (periode.begindatum, periode.einddatum), max(1, volume * 4 // 5)
        )
        yield regel
        yield replace(regel, maand=volgende, prestatie=as_credit(regel, nummering))
        yield replace(regel, maand=volgende, prestatie=lower)
        return
    yield replace(regel, is_schoon=True)


def as_credit(regel: Regel, nummering: Nummering) -> Prestatie:
    """The line undone: the same but for its numbers and C (IV085)."""
    prestatie = regel.prestatie
    return replace(
        prestatie,
        product_referentie=ProductReferentie(
            referentie_nummer=new_referentie(regel.zaak, nummering),
            vorig_referentie_nummer=prestatie.product_referentie.referentie_nummer,
        ),
        ingediend_bedrag=met_bedrag(prestatie.ingediend_bedrag.bedrag, "C"),
    )


def met_bedrag(cent: int, debet_credit: DebetCredit) -> BedragMetDC:
    """An amount; zero is always a debit (CS325)."""
    return BedragMetDC(bedrag=cent, debet_credit=debet_credit if cent else "D")


def make_323s(seed: int, regels: Iterable[Regel], nummering: Nummering) -> list[Zending]:
    """One 323 for each aanbieder, domain, gemeente and month, sent in the first days of the next month."""
    bundels: defaultdict[tuple[str, Domein, str, date], list[Regel]] = defaultdict(list)
    for regel in regels:
        bundels[regel.bundel].append(regel)
    return [_make_323(seed, key, bundels[key], nummering) for key in sorted(bundels)]


def _make_323(seed: int, bundel: tuple[str, Domein, str, date], regels: list[Regel], nummering: Nummering) -> Zending:
    agb, domein, gemeente, maand = bundel
    clienten, fouten = _as_clienten(regels)
    dag = volgende_maand(maand) + timedelta(days=Kans(seed, "dag", *bundel).geheel(1, 4))
    header = make_header(
        domein, "323", afzender=agb, ontvanger=gemeente, identificatie=nummering.identificatie(aanbieder(agb)), dagtekening=dag
    )
    declaratie = Declaratie(
        declaratie_nummer=f"D{maand:%y%m}{nummering.volgende('declaratie', agb, domein):06d}",
        declaratie_periode=GeslotenPeriode(begindatum=maand, einddatum=laatste_dag(maand)),
        declaratie_dagtekening=dag,
        totaal_ingediend_bedrag=totaal_met_dc(total(clienten)),
        clienten=clienten,
    )
    bericht = Bericht(domein=domein, soort="323", header=header, declaratie=declaratie)
    wacht = WACHT_WAAROM if any(regel.zaak.wacht for regel in regels) else ""
    return Zending(dag=dag, rang=RANG["323"], van=aanbieder(agb), bericht=bericht, fouten=fouten, wacht=wacht)


def _as_clienten(regels: list[Regel]) -> tuple[tuple[DeclaratieClient, ...], tuple[Opzet, ...]]:
    """The lines under their clients, and where the deliberate faults ended up."""
    per_client: defaultdict[str, list[Regel]] = defaultdict(list)
    for regel in regels:
        per_client[regel.bsn].append(regel)
    clienten, fouten = [], []
    for client_index, bsn in enumerate(sorted(per_client), start=1):
        lines = sorted(per_client[bsn], key=_place)
        clienten.append(DeclaratieClient(bsn=bsn, prestaties=tuple(line.prestatie for line in lines)))
        pad = f"/Bericht/Declaratie/Clienten/Client[{client_index}]"
        for index, line in enumerate(lines, start=1):
            if line.fout is not None:
                fouten.append(replace(line.fout, pad=pad if line.op_client else f"{pad}/Prestaties/Prestatie[{index}]"))
    return tuple(clienten), tuple(fouten)


def _place(regel: Regel) -> tuple[int, date, str, str]:
    prestatie = regel.prestatie
    return (
        prestatie.toewijzing_nummer,
        prestatie.product_periode.begindatum,
        prestatie.ingediend_bedrag.debet_credit,
        prestatie.product_referentie.referentie_nummer,
    )


def total(clienten: Iterable[DeclaratieClient]) -> int:
    """Debits less credits (TR358)."""
    return sum(prestatie.ingediend_bedrag.cent for client in clienten for prestatie in client.prestaties)
