"""From a name or a document to what can be compared in a region: models by name, documents as they are, templates fitted to the region. Pure.

A template names other gemeenten, other zorgvormen or other years than the region. To see what its model would do here, those are replaced by fixed
rules, and every replacement is said (`Variant.opmerkingen`). A fitted template is for looking, never for booking: a run settles a document as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from app.solidarity.agreement import EVERY_YEAR, Agreement, Arrangement, Layer, Membership, of_year
from app.solidarity.document import Overeenkomst, joined
from app.solidarity.errors import refuse
from app.solidarity.history import History
from app.solidarity.measures import MeasureValue
from app.solidarity.modellen import Gebied, is_model, memberships, model_document
from app.solidarity.vergelijken import Variant

CRISIS = ("CRISIS", "BESCHIKBAAR")
LICHT = ("LICHT", "GENERALISTISCH", "JEUGDTEAM", "AMBULANT", "BASIS", "PGB")
"""Words in the names of zorgvormen of a template that say which zorgvormen of a region stand for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regio:
    """What a region brings to every agreement."""

    gebied: Gebied
    values: tuple[MeasureValue, ...]
    history: History
    stuurbaarheid: Mapping[str, str]


def maak_variant(keuze: str | Overeenkomst, regio: Regio, naam: str | None = None) -> Variant:
    """A model by its name or a document, over the years of the region.

    Raises:
        RegelingOngeldig: The name is not understood, or nothing of the document can be fitted.
    """
    if isinstance(keuze, str):
        if not is_model(keuze):
            raise refuse(f"overeenkomst {keuze}", "dit is geen model, sjabloon of document; zie solidair settle sjabloon.")
        document = model_document(keuze, regio.gebied, naam)
    else:
        document = keuze
    passing = _passing(document, regio)
    if passing.leden is not None:
        # What the document knows of its own gemeenten says nothing of these.
        document = replace(document, history=History(reserve_cent=document.history.reserve_cent), changes=())
    remarks = list(passing.opmerkingen)
    agreements: dict[int, Agreement] = {}
    values = list(document.measure_values(regio.values))
    for jaar in regio.gebied.jaren:
        found, source = _in_year(document.agreement, jaar)
        agreements[jaar] = passing.pas(found)
        if source != jaar:
            remarks.append(f"{jaar}: zoals zij in {source} luidt, want het document noemt {jaar} niet")
            values += _carried(document, values, source, jaar)
    return Variant(
        naam=naam or document.name,
        agreements=agreements,
        values=tuple(values),
        history=joined(document.history, regio.history),
        opmerkingen=tuple(remarks),
    )


def _in_year(agreement: Agreement, jaar: int) -> tuple[Agreement, int]:
    """What holds in a year; when the agreement does not know it, what held in the nearest year that it knows, moved there."""
    found = of_year(agreement, jaar)
    if found.arrangements:
        return found, jaar
    known = sorted(
        {year for arrangement in agreement.arrangements for year in arrangement.years}, key=lambda year: (abs(year - jaar), year)
    )
    if not known:
        raise refuse(f"overeenkomst {agreement.name}", "er staat geen regeling in; voeg er een toe.")
    source = known[0]
    moved = tuple(_moved(each, source, jaar) for each in of_year(agreement, source).arrangements)
    return replace(agreement, arrangements=moved), source


def _moved(arrangement: Arrangement, source: int, jaar: int) -> Arrangement:
    """An arrangement of one year, in another year; layers and terms are those of the first."""

    def day(found: date) -> date:
        return date(found.year + jaar - source, found.month, 28 if (found.month, found.day) == (2, 29) else found.day)

    layers = tuple(replace(layer, years=EVERY_YEAR) for layer in arrangement.layers if source in layer.years)
    if arrangement.layers and not layers:
        layers = (Layer(basis="cost", share=Fraction(0)),)
    return replace(
        arrangement,
        since=day(arrangement.since),
        until=day(arrangement.until),
        layers=layers,
        key_terms=tuple(replace(term, years=EVERY_YEAR) for term in arrangement.key_terms if source in term.years),
        members=tuple(
            replace(each, since=each.since and day(each.since), until=each.until and day(each.until)) for each in arrangement.members
        ),
    )


def _carried(document: Overeenkomst, known: Sequence[MeasureValue], source: int, jaar: int) -> list[MeasureValue]:
    """Values that the document itself lays down for its own year, such as premiums, for the year it is moved to; what is known there stays."""
    there = {(value.measure, value.municipality, value.category) for value in known if value.year == jaar}
    return [
        replace(value, year=jaar)
        for value in document.values
        if value.year == source and (value.measure, value.municipality, value.category) not in there
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passing:
    """How a document is fitted to a region: members per group of members (None: as they are), zorgvormen per zorgvorm (None: as they are)."""

    leden: Mapping[frozenset[str], tuple[Membership, ...]] | None
    zorgvormen: Mapping[str, tuple[str, ...]] | None
    opmerkingen: tuple[str, ...]

    def pas(self, agreement: Agreement) -> Agreement:
        """The agreement in this region; an arrangement without members or zorgvormen here is left out."""
        fitted = [self._pas(each) for each in agreement.arrangements]
        return replace(agreement, arrangements=tuple(each for each in fitted if each.members and each.categories))

    def _pas(self, arrangement: Arrangement) -> Arrangement:
        members, categories = arrangement.members, arrangement.categories
        if self.leden is not None:
            members = self.leden[_codes(arrangement)]
        if self.zorgvormen is not None:
            categories = tuple(vorm for category in categories for vorm in self.zorgvormen[category])
        return replace(arrangement, members=members, categories=categories)


def _passing(document: Overeenkomst, regio: Regio) -> _Passing:
    """What has to be replaced, and the sentences that say so."""
    arrangements = document.agreement.arrangements
    remarks: list[str] = []
    codes = sorted({lid.code for lid in regio.gebied.leden})
    named = sorted({code for each in arrangements for code in _codes(each)})
    leden = None
    if not set(named) <= set(codes):
        groups = {_codes(each): each.code for each in arrangements}
        leden = {group: memberships(regio.gebied, _at_their_places(group, named, regio)) for group in groups}
        divided = ", in volgorde van hun code verdeeld over de groepen" if len(groups) > 1 else ""
        remarks.append(f"de gemeenten van het document zijn vervangen door die van uw regio{divided}")
        if empty := [code for group, code in groups.items() if not leden[group]]:
            remarks.append(f"voor {', '.join(empty)} heeft uw regio te weinig gemeenten; die regeling is weggelaten")
    categories = list(dict.fromkeys(category for each in arrangements for category in each.categories))
    zorgvormen = None
    if not set(categories) <= set(regio.gebied.zorgvormen):
        zorgvormen = _stands_for(categories, regio)
        said = "; ".join(f"{category}: {', '.join(vormen) or 'geen'}" for category, vormen in zorgvormen.items())
        remarks.append(f"de zorgvormen van het document staan hier voor die van uw regio ({said})")
    return _Passing(leden=leden, zorgvormen=zorgvormen, opmerkingen=tuple(remarks))


def _codes(arrangement: Arrangement) -> frozenset[str]:
    return frozenset(member.municipality for member in arrangement.members)


def _at_their_places(group: frozenset[str], named: Sequence[str], regio: Regio) -> frozenset[str]:
    """Everybody where everybody takes part; else the gemeenten at the same places of the list, by code; who merged goes with its successor."""
    entity = {lid.code: regio.history.legal_entity(lid.code) for lid in regio.gebied.leden}
    entities = sorted(set(entity.values()))
    chosen = {code for index, code in enumerate(entities) if named[index * len(named) // len(entities)] in group}
    return frozenset(code for code, successor in entity.items() if successor in chosen)


def _stands_for(categories: Sequence[str], regio: Regio) -> dict[str, tuple[str, ...]]:
    """Which zorgvormen of the region stand for each of the document: crisis for crisis, light for light, the rest for the rest."""
    vormen = list(regio.gebied.zorgvormen)
    groups: dict[str, list[str]] = {"crisis": [], "licht": [], "zwaar": []}
    for category in categories:
        groups[_kind(category)].append(category)
    found: dict[str, list[str]] = {category: [] for category in categories}
    turn = dict.fromkeys(groups, 0)
    for vorm in vormen:
        kind = "crisis" if "crisis" in vorm.lower() else "licht" if regio.stuurbaarheid.get(vorm) == "licht" else "zwaar"
        kind = next(each for each in (kind, "zwaar", "licht", "crisis") if groups[each])
        found[groups[kind][turn[kind] % len(groups[kind])]].append(vorm)
        turn[kind] += 1
    return {category: tuple(names) for category, names in found.items()}


def _kind(category: str) -> str:
    upper = category.upper()
    if any(word in upper for word in CRISIS):
        return "crisis"
    return "licht" if any(word in upper for word in LICHT) else "zwaar"
