"""Budgets, measures, advances and contributions of the generated region, in line with what it costs. Every figure is made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.domain.periode import maanden
from app.parties.generator.declareren import Regel
from app.parties.generator.fusies import Fusie, fusie_van
from app.parties.generator.kans import Kans
from app.parties.generator.zaken import Zaak
from app.parties.generator.zeeland import ZORGVORMEN, Plaats
from app.parties.region import Bijdrage, Budget, Maatstaf, Plafond, Voorschot

JAREN_TERUG = 4
"""Budgets and measures reach so many years before the last one, for models that look at the past (vlaktaks)."""
GROEI = Fraction(97, 100)
DUIZEND_EURO_CENT = 100_000
VOORSCHOT_DEEL = Fraction(8, 10)
VOORSCHOT_MAANDEN = 3
VOORSCHOT_AANBIEDERS = 3
PLAFONDS_MAX = 12
UITPUTTING_PROCENT = (104, 97, 85, 70)
"""How far a ceiling is used; the warnings are at 80, 95 and 100."""
RIJKSBUDGET_PER_JEUGDIGE_EURO = 1_450


def make_budgetten(
    seed: int, plaatsen: Sequence[Plaats], fusies: Sequence[Fusie], regels: Iterable[Regel], venster: tuple[date, date]
) -> tuple[Budget, ...]:
    """Per gemeente, zorgvorm and year: what a year costs, within eight percent, less in earlier years, in whole thousands of euros."""
    kosten = costs(regels)
    aantal_maanden = sum(1 for _ in maanden(*venster))
    budgetten = []
    for plaats in plaatsen:
        for zorgvorm, *_ in ZORGVORMEN:
            kans = Kans(seed, "budget", plaats.code, zorgvorm)
            per_jaar = Fraction(kosten[plaats.code, zorgvorm] * 12, aantal_maanden) * Fraction(kans.geheel(920, 1080), 1000)
            for terug in range(JAREN_TERUG, -1, -1):
                jaar = venster[1].year - terug
                if not is_er(plaats, jaar, fusies):
                    continue
                duizenden = max(1, round_half_up(per_jaar * GROEI**terug / DUIZEND_EURO_CENT))
                bedrag = duizenden * DUIZEND_EURO_CENT
                budgetten.append(Budget(gemeente=plaats.code, jaar=jaar, zorgvorm=zorgvorm, bedrag_cent=bedrag, bron="synthetisch"))
    return tuple(budgetten)


def is_er(plaats: Plaats, jaar: int, fusies: Sequence[Fusie]) -> bool:
    """Whether the gemeente exists in (a part of) the year."""
    fusie = fusie_van(plaats, fusies)
    return fusie is None or date(jaar, 1, 1) < fusie.datum


def costs(regels: Iterable[Regel]) -> Counter[tuple[str, str]]:
    """Debits less credits per gemeente and zorgvorm, lines with a fault left out."""
    kosten: Counter[tuple[str, str]] = Counter()
    for regel in regels:
        if regel.telt:
            kosten[regel.drager, regel.toegewezen.product.zorgvorm] += regel.prestatie.ingediend_bedrag.cent
    return kosten


def make_maatstaven(
    seed: int, plaatsen: Sequence[Plaats], fusies: Sequence[Fusie], zaken: Iterable[Zaak], laatste_jaar: int
) -> tuple[Maatstaf, ...]:
    """Inwoners, jeugdigen, rijksbudget (euros) and clienten per gemeente and year; earlier years a little lower.

    In a year that begins after a merger the figures of who went are with who took over.
    """
    clienten = Counter(zaak.plaats.code for zaak in zaken)
    waarden: Counter[tuple[str, str, int]] = Counter()
    for plaats in plaatsen:
        for terug in range(JAREN_TERUG, -1, -1):
            jaar = laatste_jaar - terug
            fusie = fusie_van(plaats, fusies)
            code = plaats.code if fusie is None or is_er(plaats, jaar, fusies) else fusie.naar.code
            for maatstaf, waarde in _measures(plaats, clienten[plaats.code], terug, Kans(seed, "maatstaf", plaats.code, terug)).items():
                waarden[maatstaf, code, jaar] += waarde
    return tuple(
        Maatstaf(maatstaf=maatstaf, gemeente=code, jaar=jaar, waarde=Decimal(waarde)) for (maatstaf, code, jaar), waarde in waarden.items()
    )


def _measures(plaats: Plaats, clienten: int, terug: int, kans: Kans) -> dict[str, int]:
    return {
        "inwoners": plaats.inwoners - terug * kans.geheel(20, 120),
        "jeugdigen": plaats.jeugdigen - terug * kans.geheel(5, 40),
        "rijksbudget": plaats.jeugdigen * (RIJKSBUDGET_PER_JEUGDIGE_EURO + kans.geheel(-90, 90) - 35 * terug),
        "clienten": max(1, clienten - terug * kans.geheel(0, 1)),
    }


def make_voorschotten(regels: Iterable[Regel], venster: tuple[date, date]) -> tuple[Voorschot, ...]:
    """For the aanbieders that cost most: four fifths of an average month, per gemeente, in the last months."""
    per_paar: Counter[tuple[str, str]] = Counter()
    for regel in regels:
        if regel.telt:
            per_paar[regel.zaak.agb, regel.drager] += regel.prestatie.ingediend_bedrag.cent
    per_agb: Counter[str] = Counter()
    for (agb, _), cent in per_paar.items():
        per_agb[agb] += cent
    largest = sorted(per_agb, key=lambda agb: (-per_agb[agb], agb))[:VOORSCHOT_AANBIEDERS]
    all_months = list(maanden(*venster))
    return tuple(
        Voorschot(agb=agb, gemeente=gemeente, maand=maand, bedrag_cent=round_half_up(Fraction(cent, len(all_months)) * VOORSCHOT_DEEL))
        for (agb, gemeente), cent in sorted(per_paar.items())
        if agb in largest and cent > 0
        for maand in all_months[-VOORSCHOT_MAANDEN:]
    )


def make_bijdragen(budgetten: Iterable[Budget], fusies: Sequence[Fusie], venster: tuple[date, date]) -> tuple[Bijdrage, ...]:
    """What each gemeente pays to the region while it exists: a twelfth of its budgets of the year, each month."""
    per_jaar: Counter[tuple[str, int]] = Counter()
    for budget in budgetten:
        per_jaar[budget.gemeente, budget.jaar] += budget.bedrag_cent
    einden = {fusie.van.code: fusie.datum for fusie in fusies}
    return tuple(
        Bijdrage(gemeente=gemeente, maand=maand, bedrag_cent=per_jaar[gemeente, maand.year] // 12)
        for gemeente in sorted({gemeente for gemeente, _ in per_jaar})
        for maand in maanden(*venster)
        if maand < einden.get(gemeente, date.max)
    )


def make_plafonds(regels: Iterable[Regel], jaar: int) -> tuple[Plafond, ...]:
    """Ceilings for what a contract costs most in the last year, so that the claims are at 70, 85, 97 and 104 percent of them."""
    gebruikt: Counter[tuple[str, str]] = Counter()
    for regel in regels:
        if regel.telt and regel.prestatie.product_periode.begindatum.year == jaar:
            gebruikt[regel.lijn.contract, regel.toegewezen.product.zorgvorm] += regel.prestatie.ingediend_bedrag.cent
    most = sorted((key for key in gebruikt if gebruikt[key] > 0), key=lambda key: (-gebruikt[key], key))[:PLAFONDS_MAX]
    return tuple(
        Plafond(
            contract=contract,
            zorgvorm=zorgvorm,
            jaar=jaar,
            bedrag_cent=gebruikt[contract, zorgvorm] * 100 // UITPUTTING_PROCENT[index % len(UITPUTTING_PROCENT)],
        )
        for index, (contract, zorgvorm) in enumerate(most)
    )
