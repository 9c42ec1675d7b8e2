"""What people are told once: a cause of uitval that began or ended, a hold that is about to end, terms that are near. Pure.

A key says what a melding is about and which time, so that whoever makes it again makes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

STIL_DAGEN = 14
"""A cause that did not come for so many days is over."""
BEWAAR_DAGEN = 60
"""A melding is thrown away after so many days, read or not."""
TERMIJN_WERKDAGEN = 2
"""Terms that end within so many working days are told, once a day."""
REGIO = ""
"""Stands for the whole region beside the gemeenten of a cause."""


class Meldingsoort(StrEnum):
    """What a melding is about."""

    OORZAAK_NIEUW = "oorzaak_nieuw"
    OORZAAK_VOORBIJ = "oorzaak_voorbij"
    VASTHOUDING_EINDIGT = "vasthouding_eindigt"
    TERMIJNEN = "termijnen"


@dataclass(frozen=True, slots=True, kw_only=True)
class NieuweMelding:
    """One to make.

    Attributes:
        gemeente: For who works for it; None is for the region only.
        voor_regio: For who works for the whole region.
        onderwerp: A cause, the number of a bericht, or empty.
        aantal: How many it is about.
        dag: When it happened or is due.
    """

    soort: Meldingsoort
    sleutel: str
    gemeente: str | None
    voor_regio: bool
    onderwerp: str = ""
    aantal: int = 1
    dag: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Melding:
    """One as its reader sees it."""

    melding_nr: int
    soort: Meldingsoort
    gemeente: str | None
    gemeente_naam: str | None
    onderwerp: str
    aantal: int
    dag: date
    gemaakt_op: datetime
    gelezen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OorzaakStand:
    """How a cause stands in a gemeente (or `REGIO`), as far as was told; `keer` is how often it began."""

    oorzaak: str
    gemeente: str
    is_open: bool
    keer: int
    laatst: date
    rij_nr: int


@dataclass(frozen=True, slots=True)
class Gezien:
    """New rows of a cause: the gemeente (None: the bericht named none), how many, and the highest number of them."""

    oorzaak: str
    gemeente: str | None
    aantal: int
    rij_nr: int


@dataclass(frozen=True, slots=True)
class Opgelost:
    """Somebody said that a cause is solved up to a row, for these gemeenten (None: the region and all of it)."""

    oorzaak: str
    gemeenten: tuple[str, ...] | None
    tot_rij: int


Sleutel = tuple[str, str]
Standen = Mapping[Sleutel, OorzaakStand]


def per_plaats(gezien: Iterable[Gezien]) -> list[Gezien]:
    """The same rows per gemeente and for the region together."""
    found: dict[Sleutel, Gezien] = {}
    for row in gezien:
        for gemeente in {row.gemeente, REGIO} - {None}:
            assert gemeente is not None
            have = found.get((row.oorzaak, gemeente))
            aantal, rij_nr = (0, 0) if have is None else (have.aantal, have.rij_nr)
            found[row.oorzaak, gemeente] = Gezien(row.oorzaak, gemeente, aantal + row.aantal, max(rij_nr, row.rij_nr))
    return list(found.values())


def na_nieuwe_rijen(standen: Standen, gezien: Iterable[Gezien], vandaag: date) -> tuple[list[OorzaakStand], list[NieuweMelding]]:
    """What the standings become by rows that came, and what is told: a cause begins with its first row, or its first after it was over."""
    changed: list[OorzaakStand] = []
    told: list[NieuweMelding] = []
    for row in per_plaats(gezien):
        plaats = row.gemeente or REGIO
        stand = standen.get((row.oorzaak, plaats))
        if stand is not None and row.rij_nr <= stand.rij_nr:
            continue
        begins = stand is None or not stand.is_open
        keer = (0 if stand is None else stand.keer) + begins
        after = OorzaakStand(oorzaak=row.oorzaak, gemeente=plaats, is_open=True, keer=keer, laatst=vandaag, rij_nr=row.rij_nr)
        changed.append(after)
        if begins:
            told.append(_over_oorzaak(Meldingsoort.OORZAAK_NIEUW, after, vandaag, row.aantal))
    return changed, told


def na_oplossing(standen: Standen, opgelost: Iterable[Opgelost], vandaag: date) -> tuple[list[OorzaakStand], list[NieuweMelding]]:
    """What the standings become by what people said is solved: over, unless rows came after."""
    over: dict[Sleutel, OorzaakStand] = {}
    for mark in opgelost:
        for (oorzaak, plaats), stand in standen.items():
            concerned = oorzaak == mark.oorzaak and (mark.gemeenten is None or plaats in mark.gemeenten)
            if concerned and stand.is_open and stand.rij_nr <= mark.tot_rij:
                over[oorzaak, plaats] = replace(stand, is_open=False)
    return list(over.values()), [_over_oorzaak(Meldingsoort.OORZAAK_VOORBIJ, stand, vandaag, 1) for stand in over.values()]


def na_stilte(open_standen: Iterable[OorzaakStand], vandaag: date) -> tuple[list[OorzaakStand], list[NieuweMelding]]:
    """Causes that did not come for two weeks are over."""
    limit = vandaag - timedelta(days=STIL_DAGEN)
    over = [replace(stand, is_open=False) for stand in open_standen if stand.is_open and stand.laatst < limit]
    return over, [_over_oorzaak(Meldingsoort.OORZAAK_VOORBIJ, stand, vandaag, 1) for stand in over]


def _over_oorzaak(soort: Meldingsoort, stand: OorzaakStand, vandaag: date, aantal: int) -> NieuweMelding:
    return NieuweMelding(
        soort=soort,
        sleutel=f"{soort.value}:{stand.oorzaak}:{stand.gemeente}:{stand.keer}",
        gemeente=stand.gemeente or None,
        voor_regio=stand.gemeente == REGIO,
        onderwerp=stand.oorzaak,
        aantal=aantal,
        dag=vandaag,
    )


def over_vasthouding(vasthouding_nr: int, bericht_nr: int, gemeente: str, vrij_op: date) -> NieuweMelding:
    """A held declaratie is released by itself on the next working day."""
    soort = Meldingsoort.VASTHOUDING_EINDIGT
    return NieuweMelding(
        soort=soort, sleutel=f"{soort.value}:{vasthouding_nr}", gemeente=gemeente, voor_regio=True, onderwerp=str(bericht_nr), dag=vrij_op
    )


def over_termijnen(per_gemeente: Mapping[str, int], vandaag: date, tot: date) -> list[NieuweMelding]:
    """Answers that we owe until `tot` at the latest: per gemeente, and for the region together."""
    soort = Meldingsoort.TERMIJNEN
    counts = {gemeente: aantal for gemeente, aantal in per_gemeente.items() if aantal}
    if not counts:
        return []
    return [
        NieuweMelding(
            soort=soort,
            sleutel=termijnen_sleutel(plaats, vandaag),
            gemeente=plaats or None,
            voor_regio=plaats == REGIO,
            aantal=aantal,
            dag=tot,
        )
        for plaats, aantal in {**counts, REGIO: sum(counts.values())}.items()
    ]


def termijnen_sleutel(plaats: str, vandaag: date) -> str:
    """The key of what is told about terms on a day, in a gemeente or `REGIO`."""
    return f"{Meldingsoort.TERMIJNEN.value}:{plaats}:{vandaag.isoformat()}"
