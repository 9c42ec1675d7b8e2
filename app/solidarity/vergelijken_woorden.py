"""What a comparison says to a councillor, in plain Dutch sentences. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.domain.bedrag import euro, round_half_up
from app.solidarity.vergelijken import Signaal, VariantUitkomst, Verandering, Vergelijking

ZONDER_INWONERS = "Bedragen per inwoner ontbreken: de maatstaf inwoners heeft niet voor elke gemeente en elk jaar een waarde."


def zin_over(vergelijking: Vergelijking, uitkomst: VariantUitkomst, verandering: Verandering) -> str:
    """What changes for one gemeente: `Onder Zeeland B betaalt Aadorp € 120.000,00 meer dan onder profijt, € 3,10 per inwoner per jaar.`"""
    base = vergelijking.uitkomsten[0].naam
    name = vergelijking.naam(verandering.gemeente)
    cents = verandering.verschil_cent
    if not cents:
        return f"Onder {uitkomst.naam} betaalt {name} evenveel als onder {base}."
    head = "" if not verandering.per_inwoner_cent else f", {euro(abs(verandering.per_inwoner_cent))} per inwoner per jaar"
    return f"Onder {uitkomst.naam} betaalt {name} {euro(abs(cents))} {'meer' if cents > 0 else 'minder'} dan onder {base}{head}."


def samenvatting(vergelijking: Vergelijking, uitkomst: VariantUitkomst) -> tuple[str, ...]:
    """Who wins and who loses under an agreement against the first, the largest of both, and what a reserve gains."""
    changes = vergelijking.veranderingen(uitkomst)
    more = [each for each in changes if each.verschil_cent > 0]
    less = [each for each in changes if each.verschil_cent < 0]
    base = vergelijking.uitkomsten[0].naam
    if uitkomst is vergelijking.uitkomsten[0]:
        return (f"{uitkomst.naam} is waarmee de andere overeenkomsten worden vergeleken.",)
    if not more and not less:
        return (f"Onder {uitkomst.naam} betaalt elke gemeente evenveel als onder {base}.",)
    shifted = sum(each.verschil_cent for each in more)
    lines = [
        f"Onder {uitkomst.naam} {_gemeenten(len(more), 'betaalt', 'betalen')} meer dan onder {base}, samen {euro(shifted)}, en"
        f" {_gemeenten(len(less), 'betaalt', 'betalen')} minder, samen {euro(-sum(each.verschil_cent for each in less))}."
    ]
    lines += [zin_over(vergelijking, uitkomst, max(found, key=lambda each: abs(each.verschil_cent))) for found in (more, less) if found]
    if uitkomst.reserve_cent:
        verb = "komt erbij in" if uitkomst.reserve_cent > 0 else "gaat uit"
        lines.append(f"Er {verb} de reserve: {euro(abs(uitkomst.reserve_cent))}.")
    return tuple(lines)


def zin_signaal(vergelijking: Vergelijking, signaal: Signaal) -> str:
    """The warning of congruence: who decides on use does not bear its cost (C19)."""
    share = _cents(signaal.laagste)
    if signaal.laagste != signaal.hoogste:
        share = f"{share} tot {_cents(signaal.hoogste)}"
    everybody = set(vergelijking.gemeenten) <= set(signaal.gemeenten)
    who = "elke gemeente" if everybody else opsomming([vergelijking.naam(code) for code in signaal.gemeenten])
    vorm = vergelijking.vorm(signaal.zorgvorm)
    if signaal.soort == "opschalen":
        others = opsomming([vergelijking.vorm(each) for each in signaal.ten_opzichte_van])
        return f"Opschalen loont: een extra euro {vorm} kost {who} zelf {share}, veel minder dan een extra euro {others}."
    verb = "draagt" if everybody or len(signaal.gemeenten) == 1 else "dragen"
    return f"Wie beslist voelt het niet: van een extra euro {vorm} {verb} {who} zelf {share}."


def opsomming(names: Sequence[str]) -> str:
    """Names in a sentence: `Aadorp, Bedorp en Cedorp`."""
    *first, last = names
    return f"{', '.join(first)} en {last}" if first else last


def zin_afronding(uitkomst: VariantUitkomst) -> str:
    """What rounding did."""
    found = uitkomst.afronding
    cents = "1 cent gaat" if found.restcenten == 1 else f"{found.restcenten} centen gaan"
    pools = "1 pot" if found.potten == 1 else f"{found.potten} potten"
    return f"{cents} in {pools} naar de grootste rest; geen uitkomst scheelt een cent of meer met de exacte."


def _gemeenten(count: int, one: str, more: str) -> str:
    return f"{one} 1 gemeente" if count == 1 else f"{more} {count} gemeenten"


def _cents(share: Fraction) -> str:
    """A share of a euro in cents with one decimal: `12,5 cent`."""
    tenths = round_half_up(share * 1000)
    sign = "-" if tenths < 0 else ""
    whole, rest = divmod(abs(tenths), 10)
    return f"{sign}{whole}{f',{rest}' if rest else ''} cent"
