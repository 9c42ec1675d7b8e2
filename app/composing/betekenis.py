"""What the omvang of a toewijzing means, in a sentence: how much, how long, at most how much in all, and what it will probably cost. Pure.

The arithmetic is that of TR322 (`volume_over_looptijd`) and of the commitment that the ledger books (`ledger.verplichting`): the sentence says
what will be booked, to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.composing.toewijzen import Regel
from app.domain.bedrag import euro
from app.domain.snapshot import Snapshot, Tariefregel, Toewijzing
from app.domain.toewijzing import Omvang
from app.ledger.verplichting import horizon, verwachtingen
from app.standard.rules.volume import EURO, PER_DAG, PER_MAAND, PER_WEEK, TOTAAL, passende_eenheid, volume_over_looptijd

EENHEDEN: dict[str, tuple[str, str]] = {
    "01": ("minuut", "minuten"),
    "04": ("uur", "uur"),
    "14": ("etmaal", "etmalen"),
    "16": ("dagdeel", "dagdelen"),
    "82": ("stuk", "stuks"),
    "83": ("euro", "euro"),
    "84": ("stuk", "stuks"),
}
"""One and more of an eenheid (WJ756)."""
FREQUENTIES = {PER_DAG: "per dag", PER_WEEK: "per week", PER_MAAND: "per maand", TOTAAL: "in totaal"}
_TERMIJN = {PER_DAG: ("dag", "dagen"), PER_WEEK: ("week", "weken"), PER_MAAND: ("maand", "maanden")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Betekenis:
    """What a line means.

    Attributes:
        zin: `5 uur per week, 26 weken, hoogstens 130 uur, naar schatting € 9.100,00`.
        verwacht_cent: What will be committed; 0 when no tariff is known.
        per_jaar: The same by year of care, oldest first.
        tarieven: The tariffs in words, one for each period in which another counts.
        tot_en_met: Last day up to which the estimate goes when there is no Einddatum.
    """

    zin: str
    verwacht_cent: int
    per_jaar: tuple[tuple[int, int], ...] = ()
    tarieven: tuple[str, ...] = ()
    tot_en_met: date | None = None


def as_toewijzing(regel: Regel, *, domein: str, gemeente: str, agb: str, vandaag: date) -> Toewijzing:
    """The line as the register will have it, with no number and no client yet: what a commitment is worked out from."""
    return Toewijzing(
        bericht_nr=0,
        domein="iwmo" if domein == "iwmo" else "ijw",
        gemeente=gemeente,
        agb=agb,
        client_id=0,
        toewijzing_nummer=0,
        categorie=regel.categorie,
        code=regel.code,
        toewijzingsdatum=vandaag,
        toewijzingstijd="00:00:00",
        ingangsdatum=regel.ingangsdatum,
        einddatum=regel.einddatum,
        omvang=regel.omvang,
        budget=regel.budget,
    )


def explain(versie: Toewijzing, region: Snapshot) -> Betekenis:
    """What this version of a toewijzing means at the tariffs of the region."""
    expected = verwachtingen(versie, region)
    per_jaar: dict[int, int] = {}
    for each in expected:
        per_jaar[each.plek.zorgmaand.year] = per_jaar.get(each.plek.zorgmaand.year, 0) + each.cent
    total = sum(per_jaar.values())
    lines = fitting_lines(versie, region)
    tot_en_met = horizon(versie) if versie.einddatum is None and total else None
    return Betekenis(
        zin=", ".join(_delen(versie, total, tot_en_met)),
        verwacht_cent=total,
        per_jaar=tuple(sorted(per_jaar.items())),
        tarieven=tuple(_tarieven(lines, versie)),
        tot_en_met=tot_en_met,
    )


def hoeveel(volume: int, eenheid: str) -> str:
    """`5 uur`, `1 etmaal`, or an amount: euros are counted in cents."""
    if eenheid == EURO:
        return euro(volume)
    one, more = EENHEDEN[eenheid]
    return f"{volume:,} {one if volume == 1 else more}".replace(",", ".")


def omvang_zin(omvang: Omvang | None, budget: int | None) -> str:
    """`5 uur per week`, `budget van € 1.250,00`, or that nothing was agreed."""
    if omvang is not None:
        return f"{hoeveel(omvang.volume, omvang.eenheid)} {FREQUENTIES[omvang.frequentie]}"
    return "zonder omvang" if budget is None else f"budget van {euro(budget)}"


def _delen(versie: Toewijzing, total: int, tot_en_met: date | None) -> Iterator[str]:
    """The parts of the sentence."""
    yield omvang_zin(versie.omvang, versie.budget)
    omvang = versie.omvang
    if omvang is not None and omvang.frequentie in _TERMIJN:
        most = volume_over_looptijd(omvang, (versie.ingangsdatum, versie.einddatum))
        if most is not None and omvang.volume:
            times = most // omvang.volume
            one, more = _TERMIJN[omvang.frequentie]
            yield f"{times} {one if times == 1 else more}"
            yield f"hoogstens {hoeveel(most, omvang.eenheid)}"
    if versie.omvang is None and versie.budget is not None:
        return
    if not total:
        yield "nog zonder prijs: er is geen tarief"
    elif tot_en_met is not None:
        yield f"naar schatting {euro(total)} tot en met {tot_en_met:%d-%m-%Y}"
    else:
        yield f"naar schatting {euro(total)}"


def fitting_lines(versie: Toewijzing, region: Snapshot) -> tuple[Tariefregel, ...]:
    """The contract lines on which this toewijzing may be claimed, whatever the day; of a whole category those of all its products."""
    found = []
    for (gemeente, categorie, code), lines in region.tarieven.items():
        if categorie != versie.categorie or (versie.code is not None and code != versie.code):
            continue
        for line in lines:
            if region.drager(versie.gemeente, max(versie.ingangsdatum, line.geldig_van)) != gemeente:
                continue
            if versie.omvang is None or passende_eenheid(versie.omvang.eenheid, line.eenheid):
                found.append(line)
    return tuple(sorted(found, key=lambda line: (line.geldig_van, line.tarief_id)))


def uncovered(lines: Iterable[Tariefregel], van: date, tot: date) -> tuple[tuple[date, date], ...]:
    """The days of a period on which none of these lines counts, as periods with both days included."""
    gaps, day = [], van
    for begin, einde in sorted((line.geldig_van, line.geldig_tot or date.max) for line in lines):
        if einde < day:
            continue
        if begin > tot:
            break
        if begin > day:
            gaps.append((day, begin - timedelta(days=1)))
        if einde >= tot:
            return tuple(gaps)
        day = einde + timedelta(days=1)
    return (*gaps, (day, tot)) if day <= tot else tuple(gaps)


def _tarieven(lines: Sequence[Tariefregel], versie: Toewijzing) -> Iterator[str]:
    """The tariffs of the period, in order; of a budget for a whole category none, for it has many."""
    if versie.omvang is None or versie.omvang.eenheid == EURO:
        return
    tot = versie.einddatum or horizon(versie)
    for line in lines:
        begin, einde = max(line.geldig_van, versie.ingangsdatum), min(line.geldig_tot or date.max, tot)
        if begin <= einde and line.tarief_cent is not None:
            yield f"{euro(line.tarief_cent)} per {EENHEDEN[line.eenheid][0]} van {begin:%d-%m-%Y} tot en met {einde:%d-%m-%Y}"
