"""The sentences of an explanation (`uitleg`), in Dutch for who pays the bill: what a layer, a key, a deposit or a plafond did. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.bedrag import euro, round_half_up
from app.solidarity.agreement import COST, KEY, ONE, PREMIUM, REST, Layer, NoClaim
from app.solidarity.segments import Pool

AFRONDING: Final = "Afronding: de regels hierboven zijn elk op hele centen afgerond, en samen moet de pot precies kloppen."
ZELF_BETAALD: Final = "Zelf al betaald: de eigen kosten, aan de aanbieders."
GEEN_VOORSCHOT: Final = "Geen voorschot betaald."
BREUK_TEKENS_MAX = 16
"""A share with a longer fraction is shown as a percentage with six decimals: nobody reads the fraction."""

_SLEUTELS: Final = {KEY: "de hoofdsleutel", REST: "de sleutel voor de rest", PREMIUM: "de premiesleutel"}
_KANTEN: Final = {"over": "een overschrijding van", "under": "wat overbleef van", "both": "de afwijking van"}


def sleutelnaam(role: str) -> str:
    """How a key is called in a sentence."""
    return _SLEUTELS.get(role, f"sleutel {role}")


def maatstaf(measure: str) -> str:
    """How a measure is called in a sentence."""
    return "eigen kosten" if measure == COST else measure.replace("_", " ")


def laag(layer: Layer, pool: Pool, budget: Fraction, retained: Fraction, *, first: bool) -> str:
    """What a layer shares of the own cost; `retained` is what the gemeente keeps apart before it, `first` that no other layer went before."""
    deel = "Niets" if not layer.share else "Alles" if layer.share == ONE else procent(layer.share)
    zonder = f" De gemeente draagt vooraf {bedrag(retained)} zelf." if retained else ""
    return f"{deel} van {_waarvan(layer, pool, budget, first=first)} gaat in de pot.{zonder}"


def _waarvan(layer: Layer, pool: Pool, budget: Fraction, *, first: bool) -> str:
    phi = pool.segment.phi
    match layer.basis:
        case "client":
            return f"wat een cliënt kost{_grenzen(layer, phi)}"
        case "deviation":
            scale = budget if layer.unit == "pct" else phi
            return f"{_KANTEN[layer.side or 'both']} het budget van {bedrag(budget)}{_grenzen(layer, scale)}"
        case _:
            return "de eigen kosten" if first else "wat dan nog over is van de eigen kosten"


def _grenzen(layer: Layer, scale: Fraction) -> str:
    """Between which amounts a layer works."""
    if not layer.lower and layer.upper is None:
        return ""
    if layer.upper is None:
        return f" boven {bedrag(layer.lower * scale)}"
    return f" tussen {bedrag(layer.lower * scale)} en {bedrag(layer.upper * scale)}"


def aandeel(sleutel: str, share: Fraction, total: Fraction) -> str:
    """What the gemeente gets of what all share."""
    return f"Aandeel volgens {sleutel}: {breuk_en_procent(share)} van de {bedrag(total)} die alle gemeenten samen in de pot brengen."


def term(naam: str, jaren: Sequence[tuple[int, Fraction, Fraction]], share: Fraction, *, in_euro: bool, gemiddeld: bool) -> str:
    """How one measure gives a share; `jaren` are (year, the gemeente, all members together), the latest first."""
    deel = f"dat geeft {breuk_en_procent(share)}"
    per_year = [f"{jaar}: {getal(eigen, in_euro=in_euro)} van {getal(samen, in_euro=in_euro)}" for jaar, eigen, samen in jaren]
    if gemiddeld or len(jaren) == 1:
        hoe = " Het deel is het gemiddelde van de delen per jaar;" if gemiddeld and len(jaren) > 1 else ""
        return f"{naam.capitalize()} {', '.join(per_year)} voor alle gemeenten.{hoe} {deel if hoe else deel.capitalize()}."
    eigen = sum((each[1] for each in jaren), Fraction(0))
    samen = sum((each[2] for each in jaren), Fraction(0))
    van, tot = jaren[-1][0], jaren[0][0]
    som = f"{getal(eigen, in_euro=in_euro)} van {getal(samen, in_euro=in_euro)} voor alle gemeenten"
    return f"{naam.capitalize()} {van} tot en met {tot} samen: {som}. {deel.capitalize()}."


def inleg(pool: Pool) -> str:
    """What the gemeente pays in before its use is known."""
    return {
        "budget": "Inleg: het budget, zonder het deel dat lokaal blijft.",
        "premium": "Inleg: de premie van dit jaar.",
        "history": "Inleg: de premie uit de kosten van eerdere jaren.",
    }[pool.arrangement.inleg]


def no_claim(terms: NoClaim, use: Fraction, refund: Fraction) -> str:
    """Whether low use gives money back."""
    grens = f"{procent(terms.threshold)} van de inleg"
    if refund:
        return f"No-claim terug: het gebruik van {bedrag(use)} bleef onder {grens}."
    return f"Geen no-claim: het gebruik van {bedrag(use)} bleef niet onder {grens}."


def no_claim_betaald(share: Fraction, refunds: Fraction) -> str:
    """Who pays the refunds of others."""
    return f"Meebetaald aan de no-claim van alle gemeenten samen: {breuk_en_procent(share)} van {bedrag(refunds)}."


def rest(share: Fraction, left: Fraction) -> str:
    """What the deposits leave short or over."""
    wat = "wat alle inleg samen tekortkomt" if left >= 0 else "wat van alle inleg samen overblijft"
    return f"Volgens {sleutelnaam(REST)}: {breuk_en_procent(share)} van {bedrag(abs(left))}, {wat}."


def plafond(cap: Fraction, budget: Fraction, moved: Fraction) -> str:
    """What the plafond takes off, or puts on."""
    grens = f"{procent(cap)} van het budget van {bedrag(budget)}"
    if moved < 0:
        return f"Boven het plafond van {grens}; dit nemen de andere gemeenten over."
    if moved > 0:
        return f"Overgenomen van gemeenten boven hun plafond; het eigen plafond is {grens}."
    return f"Het plafond van {grens} is niet bereikt, en er is niets over te nemen."


def voorschot(regeling: str, jaar: int, kanaal: str) -> str:
    """An advance that was paid."""
    return f"Voorschot op {regeling} in {jaar}" + (f", via {kanaal}." if kanaal else ".")


def vertrek(regeling: str, dag: date) -> str:
    """A personal balance that is closed."""
    return f"Bij vertrek uit {regeling} per {dag:%d-%m-%Y}: het eigen saldo in de reserve wordt gesloten."


def termijn(regeling: str, jaar: int, stap: int) -> str:
    """A step of a settlement that is spread."""
    return f"Verevening {jaar} van {regeling}, termijn {stap}"


def bedrag(cents: Fraction) -> str:
    """An exact number of cents as euros, half up."""
    return euro(round_half_up(cents)).replace("€ ", "€\u00a0")


def procent(share: Fraction, decimals: int = 2) -> str:
    """A fraction of 1 as a percentage, half up, without zeros at the end: 3/4 is `75%`, 1/3 `33,33%`."""
    scaled = round_half_up(share * 100 * 10**decimals)
    whole, rest_ = divmod(abs(scaled), 10**decimals)
    tail = f"{rest_:0{decimals}d}".rstrip("0")
    return f"{'-' if scaled < 0 else ''}{whole}{',' + tail if tail else ''}%"


def breuk_en_procent(share: Fraction) -> str:
    """A share as `38/117 (32,48%)`; one with a long fraction as a percentage with six decimals."""
    text = str(share)
    if share.denominator == 1 or len(text) > BREUK_TEKENS_MAX:
        return procent(share, 6)
    return f"{text} ({procent(share)})"


def getal(value: Fraction, *, in_euro: bool) -> str:
    """A value of a measure: cents as euros, whole numbers with points, others with two decimals."""
    if in_euro:
        return bedrag(value)
    hundredths = round_half_up(value * 100)
    whole, rest_ = divmod(abs(hundredths), 100)
    text = f"{whole:,}".replace(",", ".")
    return f"{'-' if hundredths < 0 else ''}{text}{f',{rest_:02d}' if rest_ else ''}"
