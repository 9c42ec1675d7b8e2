"""The tables of the depletion report, once for every form: page, JSON, CSV, XLSX and PDF show these columns. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.reports.uitputting import Per, Uitputting, UitputtingRij
from app.reports.uitputting_verschil import WAARDOOR_WOORDEN
from app.reports.uitputting_zinnen import KOPPEN, maandnaam, sein

Waarde = str | int | None


class Soort(StrEnum):
    """What the cells of a column are."""

    TEKST = "tekst"
    CENT = "cent"
    PROCENT = "procent"
    AANTAL = "aantal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kolom:
    """A column: its name for programs, what a reader sees above it, and what is in it (cents, hundredths of a percent, a number or text)."""

    naam: str
    kop: str
    soort: Soort


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabel:
    """A table of the report; `totaal` is its last row."""

    naam: str
    kolommen: tuple[Kolom, ...]
    rijen: tuple[tuple[Waarde, ...], ...]
    totaal: tuple[Waarde, ...] | None = None


def _kolom(naam: str, kop: str, soort: Soort = Soort.CENT) -> Kolom:
    return Kolom(naam=naam, kop=kop, soort=soort)


_FIGURES = (
    _kolom("budget", "Budget"),
    _kolom("toegekend", "Toegekend"),
    _kolom("uitputting", "Uitputting", Soort.PROCENT),
    _kolom("norm", "Norm", Soort.PROCENT),
    _kolom("ingediend", "Ingediend"),
    _kolom("verplicht", "Verplicht"),
    _kolom("betaald", "Betaald"),
    _kolom("lineair", "Lineair"),
    _kolom("prognose_laag", "Prognose laag"),
    _kolom("prognose", "Prognose"),
    _kolom("prognose_hoog", "Prognose hoog"),
    _kolom("saldo", "Verwacht saldo"),
)
_PLAFOND = (
    _kolom("plafond", "Plafond"),
    _kolom("gebruikt", "Gebruikt", Soort.PROCENT),
    _kolom("boven_plafond", "Boven plafond"),
)


def overzicht(report: Uitputting) -> Tabel:
    """A row for each gemeente, zorgvorm or aanbieder; of aanbieders the plafond too."""
    ceilings = report.per is Per.AANBIEDER
    first = (_kolom("code", "Code", Soort.TEKST), _kolom("naam", KOPPEN[report.per], Soort.TEKST))
    kolommen = (*first, *_FIGURES, *(_PLAFOND if ceilings else ()), _kolom("sein", "Sein", Soort.TEKST))
    return Tabel(
        naam="uitputting",
        kolommen=kolommen,
        rijen=tuple(_rij(rij, ceilings=ceilings) for rij in report.rijen),
        totaal=_rij(report.totaal, ceilings=ceilings),
    )


def _rij(rij: UitputtingRij, *, ceilings: bool) -> tuple[Waarde, ...]:
    forecast = rij.prognose
    figures: tuple[Waarde, ...] = (
        rij.budget_cent,
        rij.toegekend_cent,
        rij.uitputting_honderdsten,
        rij.maanden[-1].norm_honderdsten,
        None if rij.ingediend is None else rij.ingediend.bedrag_cent,
        rij.verplicht_cent,
        rij.betaald_cent,
        rij.lineair_cent,
        *((None, None, None) if forecast is None else forecast),
        rij.saldo_cent,
    )
    used = rij.plafond
    of_ceiling = (None, None, None) if used is None else (used.plafond_cent, used.gebruikt_honderdsten, used.boven_plafond_cent)
    return (rij.sleutel, rij.naam, *figures, *(of_ceiling if ceilings else ()), sein(rij))


def verloop(report: Uitputting) -> Tabel:
    """A row for each month of all rows together, and of each of them: the columns of the reference (README 2.14)."""
    kolommen = (
        _kolom("code", "Code", Soort.TEKST),
        _kolom("naam", KOPPEN[report.per], Soort.TEKST),
        _kolom("maand", "Maand", Soort.TEKST),
        _kolom("kosten", "Kosten"),
        _kolom("cumulatief", "Cumulatief"),
        _kolom("uitputting", "Uitputting", Soort.PROCENT),
        _kolom("norm", "Norm", Soort.PROCENT),
        _kolom("lineair", "Lineair"),
        _kolom("saldo", "Saldo lineair"),
    )
    return Tabel(naam="verloop", kolommen=kolommen, rijen=tuple(row for rij in (*report.rijen, report.totaal) for row in _maanden(rij)))


def _maanden(rij: UitputtingRij) -> Iterator[tuple[Waarde, ...]]:
    known = rij.budget_cent is not None
    for each in rij.maanden:
        yield (
            rij.sleutel,
            rij.naam,
            maandnaam(each.jaar, each.maand),
            each.kosten_cent,
            each.cumulatief_cent,
            each.uitputting_honderdsten if known else None,
            each.norm_honderdsten,
            each.prognose_cent,
            each.saldo_cent if known else None,
        )


def veranderd(report: Uitputting) -> Tabel:
    """What changed since the month before: a row for each cause of each row, and of all of them together."""
    kolommen = (
        _kolom("code", "Code", Soort.TEKST),
        _kolom("naam", KOPPEN[report.per], Soort.TEKST),
        _kolom("oorzaak", "Oorzaak", Soort.TEKST),
        _kolom("aantal", "Boekingen", Soort.AANTAL),
        _kolom("toegekend", "Toegekend"),
        _kolom("verplicht", "Verplicht"),
        _kolom("prognose", "Prognose"),
    )
    return Tabel(naam="veranderd", kolommen=kolommen, rijen=tuple(row for rij in (*report.rijen, report.totaal) for row in _oorzaken(rij)))


def _oorzaken(rij: UitputtingRij) -> Sequence[tuple[Waarde, ...]]:
    return [
        (rij.sleutel, rij.naam, WAARDOOR_WOORDEN[each.waardoor], each.aantal, each.toegekend_cent, each.verplicht_cent, each.prognose_cent)
        for each in rij.verschil
    ]
