"""What the depletion report says in plain Dutch sentences, for pages, files and programs alike. Pure."""

from __future__ import annotations

from app.reports.kosten import MAANDEN, Basis
from app.reports.uitputting import ONVOLLEDIG_PROCENT, Onvolledig, Per, Uitputting, UitputtingRij
from app.reports.uitputting_prognose import MILJOEN, Ervaring

NAMEN_MAX = 5
"""So many aanbieders are named in a sentence; of more it says how many."""

TOELICHTING = (
    "Toegekend: toegekende prestaties min creditprestaties, en kosten zonder declaratie zoals pgb, lumpsum en subsidie.",
    "Verplicht: wat toewijzingen voor maanden van dit jaar naar verwachting nog gaan kosten, boven wat daarop al is toegekend.",
    "Ingediend: ontvangen declaraties die nog niet zijn beoordeeld, over welke maand dan ook; zij tellen in geen ander bedrag mee.",
    "Lineair: toegekend tot nu toe, doorgetrokken naar twaalf maanden.",
    "Prognose: een maand waarvan de meeste declaraties binnen zijn, groeit nog zoveel als eerdere maanden na zoveel tijd deden. Van elke andere maand"
    " telt wat ervoor verplicht is, maal het deel van een verplichting dat in eerdere maanden werkelijk is toegekend. Kosten zonder toewijzing lopen"
    " door in het tempo van dit jaar. Toewijzingen die nog moeten komen zitten er niet in.",
    "Bandbreedte: dezelfde rekensom met voor elke maand de laagste en de hoogste verhouding die in een eerdere maand is gezien. Het is een uiterste,"
    " geen kans.",
    "Wat er is veranderd: de oorzaken zijn na elkaar verwerkt en tellen op tot het hele verschil. De laatste is het verloop van de tijd zelf.",
)
"""How the figures are made, a sentence each."""


def euro_heel(cent: int) -> str:
    """Cents as whole euros, half away from zero: `€ 320.000`."""
    whole = f"{(abs(cent) + 50) // 100:,}".replace(",", ".")
    return f"{'-' if cent <= -50 else ''}€ {whole}"


def procent(honderdsten: int | None, *, decimalen: int = 1) -> str:
    """Hundredths of a percent with one decimal (half away from zero) or two: 341 is `3,4 %`."""
    if honderdsten is None:
        return "–"
    unit = 10 ** (2 - decimalen)
    rounded = (abs(honderdsten) + unit // 2) // unit
    whole, rest = divmod(rounded, 10**decimalen)
    return f"{'-' if honderdsten < 0 and rounded else ''}{whole:,}".replace(",", ".") + f",{rest:0{decimalen}d} %"


def sein(rij: UitputtingRij) -> str:
    """Where the row is heading for, as one sentence."""
    saldo, deviation = rij.saldo_cent, rij.afwijking_honderdsten
    if saldo is None:
        return f"Op koers voor {euro_heel(rij.verwacht_cent)}; er is geen budget geladen."
    share = "" if deviation is None else f": {procent(abs(deviation))} {'boven' if saldo < 0 else 'onder'} budget"
    if saldo < 0:
        return f"Op koers voor {euro_heel(-saldo)} tekort{share}."
    if saldo == 0:
        return "Op koers om precies op het budget uit te komen."
    return f"Op koers om {euro_heel(saldo)} over te houden{share}."


def tempo(rij: UitputtingRij) -> str | None:
    """How the cost so far compares with an even course through the year; None without a budget."""
    used = rij.uitputting_honderdsten
    if used is None:
        return None
    norm = rij.maanden[-1].norm_honderdsten
    return f"{procent(used)} van het budget is toegekend; bij een gelijkmatig verloop is dat {procent(norm)}."


def maandnaam(jaar: int, maand: int) -> str:
    """`maart 2026`."""
    return f"{MAANDEN[maand - 1]} {jaar}"


def onvolledig_zin(each: Onvolledig) -> str:
    """What is missing, and of which month."""
    name = maandnaam(each.maand.year, each.maand.month)
    if each.aanbieders:
        shown = ", ".join(each.aanbieders[:NAMEN_MAX])
        more = len(each.aanbieders) - NAMEN_MAX
        rest = f" en nog {more}" if more > 0 else ""
        who = "een aanbieder die" if len(each.aanbieders) == 1 else "aanbieders die"
        return f"{each.naam}, {name}: nog niets toegekend van {who} anders elke maand declareren: {shown}{rest}."
    share = procent(10_000 * each.toegekend_cent // each.verwacht_cent) if each.toegekend_cent > 0 else "0,0 %"
    return (
        f"{each.naam}, {name}: {euro_heel(each.toegekend_cent)} van de verwachte {euro_heel(each.verwacht_cent)} is toegekend ({share});"
        f" onder {ONVOLLEDIG_PROCENT} % noemen wij een maand onvolledig."
    )


def ervaring_zin(naam: str, ervaring: Ervaring) -> str:
    """What the forecast of a zorgvorm rests on."""
    if ervaring.realisatie is None:
        return (
            f"{naam}: nog geen maand is oud genoeg om van te leren; verplichtingen tellen voor het geheel, en in de laagste uitkomst niet."
        )
    low, middle, high = (procent(part * 10_000 // MILJOEN) for part in ervaring.realisatie)
    grown = ervaring.groei.get(1)
    after = f" Na een maand komt er nog {procent((grown.midden - MILJOEN) * 10_000 // MILJOEN)} bij." if grown is not None else ""
    months = "één maand" if ervaring.maanden == 1 else f"{ervaring.maanden} maanden"
    return f"{naam}: in {months} werd {middle} van de verplichting toegekend (van {low} tot {high}).{after}"


def ondertitel(report: Uitputting) -> str:
    """What the figures are about: months, basis, and up to when was booked."""
    until = maandnaam(report.jaar, report.tot_en_met.month)
    basis = "zorgmaand" if report.basis is Basis.ZORG else "boekmaand"
    booked = maandnaam(report.peil.year, report.peil.month)
    return f"Per {report.per}, januari tot en met {until} naar {basis}, geboekt tot en met {booked}"


KOPPEN = {Per.GEMEENTE: "Gemeente", Per.ZORGVORM: "Zorgvorm", Per.AANBIEDER: "Aanbieder"}
"""What the first column is called."""
