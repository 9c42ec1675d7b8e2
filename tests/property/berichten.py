"""Any bericht of any soort that its schema allows, as values: the strategies are made from the schema, so they leave nothing out."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from app.adapters.xml import Schemas
from app.domain.bericht import Bericht
from app.standard.catalogue import BerichtSoort
from app.standard.structuur import Klasse, Veld, Waarde
from app.standard.vorm import Element, Inhoud, elementen

SCHEMAS = Schemas()
ITEMS_MAX = 2

TEXT_LENGTH_MAX = 40

# What an XML document can hold, and what may go wrong in it: characters with a meaning, line ends, white space, accents, other planes.
ON_ONE_LINE = st.one_of(
    st.sampled_from("&<>'\"\t ]éß€𝄞\u2028\xa0"),
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
)
ANYWHERE = st.one_of(ON_ONE_LINE, st.sampled_from("\r\n"))


@cache
def berichten(soort: BerichtSoort, *, vol: bool = False) -> st.SearchStrategy[Bericht]:
    """Berichten of one soort that are valid against its schema.

    Args:
        soort: Of the catalogue.
        vol: With every element that the schema allows, so with retourcodes at every class of an answer; otherwise some are absent.
    """
    root = SCHEMAS.structuur(soort)
    assert isinstance(root.inhoud, Klasse)
    return _values(Bericht, root.inhoud, vol, {"domein": st.just(soort.domein), "soort": st.just(soort.nummer)})


def _values(klasse: type, structuur: Klasse, vol: bool, fixed: dict[str, st.SearchStrategy[Any]] | None = None) -> st.SearchStrategy[Any]:
    """Values of a domain class with the elements that the schema gives it in this bericht."""
    by_name = {element.naam: element for element in elementen(klasse)}
    fields = dict(fixed or {})
    for veld in structuur.velden:
        element = by_name[veld.naam]
        fields[element.veld] = _field(element, veld, vol)
    return st.builds(klasse, **fields)


def _field(element: Element, veld: Veld, vol: bool) -> st.SearchStrategy[Any]:
    """One field; absent now and then where the schema lets it be, unless everything must be there."""
    value = _content(element, veld, vol)
    return value if veld.minimaal or vol else st.one_of(st.just(element.leeg), value)


def _content(element: Element, veld: Veld, vol: bool) -> st.SearchStrategy[Any]:
    """What the element holds when it is there."""
    if isinstance(veld.inhoud, Waarde):
        return _waarde(veld.inhoud)
    if element.inhoud is Inhoud.KLASSE:
        assert element.klasse is not None
        return _values(element.klasse, veld.inhoud, vol)
    (item,) = veld.inhoud.velden
    assert item.naam == element.item
    if isinstance(item.inhoud, Waarde):
        items = _waarde(item.inhoud)
    else:
        assert element.klasse is not None
        items = _values(element.klasse, item.inhoud, vol)
    return st.lists(items, min_size=1, max_size=ITEMS_MAX).map(tuple)


def _waarde(waarde: Waarde) -> st.SearchStrategy[Any]:
    """Values of a simple type within all its facets."""
    match waarde.soort:
        case "date":
            return st.dates()
        case "time":
            return st.sampled_from(("00:00:00", "12:34:56", "23:59:59.123", "24:00:00"))
        case "integer" if waarde.patronen:
            return st.from_regex(waarde.patronen[-1], fullmatch=True).map(int)
        case "integer":
            assert waarde.waarde_max is not None
            return st.integers(waarde.waarde_min or 0, waarde.waarde_max)
        case _:
            return st.sampled_from(waarde.codes) if waarde.codes else _text(waarde)


@cache
def _text(waarde: Waarde) -> st.SearchStrategy[str]:
    """Texts within the length that fit every pattern; any character where the patterns allow any."""
    longest = waarde.lengte_max or TEXT_LENGTH_MAX

    def fits(text: str) -> bool:
        return waarde.lengte_min <= len(text) <= longest and all(pattern.fullmatch(text) for pattern in waarde.patronen)

    narrow = [pattern for pattern in waarde.patronen if pattern.fullmatch("é") is None]
    if narrow:
        return st.from_regex(narrow[-1], fullmatch=True).filter(fits)
    one_line = any(pattern.fullmatch("a\nb") is None for pattern in waarde.patronen)
    return st.text(ON_ONE_LINE if one_line else ANYWHERE, min_size=1, max_size=longest).filter(fits)
