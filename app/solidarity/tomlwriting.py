"""An `Overeenkomst` as the text of `overeenkomst.toml`, always in the same order and spelling; `tomlform` reads it back to an equal value. Pure.

Fields that have their default are left out, so that what stands in the document is what was decided.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from app.domain.periode import slotdag
from app.solidarity import words
from app.solidarity.agreement import KEY, ONE, Arrangement, KeyTerm, Layer, Membership, Years
from app.solidarity.csvtable import exact_text
from app.solidarity.document import Overeenkomst, Wijziging
from app.solidarity.history import Gap, KeptAmount, Merger
from app.solidarity.measures import MeasureValue

Fields = list[tuple[str, str | None]]
"""Name and value as TOML; None is left out."""

BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def write_document(document: Overeenkomst) -> str:
    """The text of the document.

    Raises:
        ValueError: A role or measure has a name that the document uses for something else, such as a role `hoofd`.
    """
    return "\n".join(_lines(document)).strip("\n") + "\n"


def _lines(document: Overeenkomst) -> Iterator[str]:
    notes = _Notes(document)
    shared = _shared_members(document.agreement.arrangements)
    head: Fields = [
        ("naam", _text(document.name)),
        ("regio", _text(document.region)),
        ("versie", _text(document.version)),
        ("geldig_van", _day(document.since)),
        ("geldig_tot", _day(slotdag(document.until))),
        ("leden", None if shared is None else _members(shared)),
    ]
    yield from _table("", "", head, notes)
    yield from _named("gemeenten", document.municipalities, notes)
    yield from _named("zorgvormen", document.categories, notes)
    yield from _measures(document, notes)
    for number, arrangement in enumerate(document.agreement.arrangements, start=1):
        yield from _arrangement(document, arrangement, f"regeling[{number}]", notes, shared=shared is not None)
    for name, items, fields in _facts(document):
        for number, item in enumerate(items, start=1):
            yield from _table(f"[[{name}]]", f"{name}[{number}]", fields(item), notes)


class _Notes:
    """The articles and explanations of a document, to be asked per table."""

    def __init__(self, document: Overeenkomst) -> None:
        self._articles, self._notes = document.articles, document.notes

    def of(self, path: str, names: Iterable[str]) -> Fields:
        """`artikel`, `artikelen` (of the fields with these names) and `toelichting` of the table at a path."""
        article, note = self._articles.get(path), self._notes.get(path)
        per_field = {name: found for name in names if (found := self._articles.get(f"{path}.{name}" if path else name))}
        return [
            ("artikel", article and _text(article)),
            ("artikelen", _inline({name: _text(article) for name, article in per_field.items()}) if per_field else None),
            ("toelichting", note and _text(note)),
        ]


def _table(head: str, path: str, fields: Fields, notes: _Notes, parts: Iterable[str] = ()) -> Iterator[str]:
    """A table with its fields; `parts` are the names of lists under it that may have an article as a whole."""
    yield ""
    if head:
        yield head
    for name, value in [*fields, *notes.of(path, [*(name for name, _ in fields), *parts])]:
        if value is not None:
            yield f"{_key(name)} = {value}"


def _named(name: str, names: Mapping[str, str], notes: _Notes) -> Iterator[str]:
    if names:
        yield from _table(f"[{name}]", name, [(code, _text(text)) for code, text in names.items()], notes)


def _measures(document: Overeenkomst, notes: _Notes) -> Iterator[str]:
    for name, source in document.measures.items():
        head, path = f"maatstaven.{_key(name)}", f"maatstaven.{name}"
        yield from _table(f"[{head}]", path, [("bron", _text(source) if source else None)], notes, ("waarden", "per_zorgvorm"))
        per_category: dict[str | None, list[MeasureValue]] = defaultdict(list)
        for value in document.values:
            if value.measure == name:
                per_category[value.category].append(value)
        for category, values in per_category.items():
            yield ""
            yield f"[{head}.waarden]" if category is None else f"[{head}.per_zorgvorm.{_key(category)}]"
            yield from _years_of(values)
        changes = [change for change in document.changes if change.measure == name]
        for number, change in enumerate(changes, start=1):
            yield from _table(f"[[{head}.wijziging]]", f"{path}.wijziging[{number}]", _change(change), notes)


def _years_of(values: Iterable[MeasureValue]) -> Iterator[str]:
    per_year: dict[int, dict[str, str]] = defaultdict(dict)
    for value in values:
        per_year[value.year][value.municipality] = _number(value.value)
    for year, row in per_year.items():
        yield f"{year} = {_inline(row)}"


def _change(change: Wijziging) -> Fields:
    return [
        ("gemeente", _text(change.municipality)),
        ("jaar", str(change.year)),
        ("zorgvorm", change.category and _text(change.category)),
        ("bedrag", _number(change.amount)),
        ("datum", _day(change.decided_on)),
        ("reden", _text(change.reason)),
    ]


def _arrangement(document: Overeenkomst, a: Arrangement, path: str, notes: _Notes, *, shared: bool) -> Iterator[str]:
    """One regeling with its parts; days and members of the whole document are not repeated."""
    whole = (a.since, a.until) == (document.since, document.until)
    fields: Fields = [
        ("code", _text(a.code)),
        ("geldig_van", None if whole else _day(a.since)),
        ("geldig_tot", None if whole else _day(slotdag(a.until))),
        ("zorgvormen", _list(map(_text, a.categories))),
        ("pool", _word(words.POOLS, a.pool_by, "arrangement")),
        ("leden", None if shared else _members(a.members)),
        ("inleg", _word(words.DEPOSITS, a.inleg, "none")),
        ("budgetmaatstaf", a.budget_measure and _measure(a.budget_measure)),
        ("lokaal_deel", _number(a.local_share) if a.local_share else None),
        ("plafond", None if a.cap is None else _number(a.cap)),
        ("terugvalmaatstaf", a.fallback_measure and _measure(a.fallback_measure)),
        ("spreiding", _list(map(_number, a.spread)) if a.spread else None),
    ]
    parts = [*(["reserve"] * (not a.reserve)), *(["no_claim"] * (a.no_claim is None)), "sleutel", "laag", "ingehouden"]
    yield from _table("[[regeling]]", path, fields, notes, parts)
    if a.reserve:
        opening = document.history.reserve_cent.get(a.code)
        balance = None if opening is None else _number(Fraction(opening, 100))
        yield from _table("[regeling.reserve]", f"{path}.reserve", [("beginstand", balance)], notes)
    if a.no_claim is not None:
        terms: Fields = [
            ("soort", _word(words.REFUNDS, a.no_claim.kind)),
            ("drempel", _number(a.no_claim.threshold)),
            ("deel", _number(a.no_claim.rate)),
            ("betaald_door", _word(words.PAYERS, a.no_claim.paid_by, "all")),
        ]
        yield from _table("[regeling.no_claim]", f"{path}.no_claim", terms, notes)
    kept = [kept for kept in document.history.kept if kept.arrangement == a.code]
    for number, term in enumerate(a.key_terms, start=1):
        yield from _table("[[regeling.sleutel]]", f"{path}.sleutel[{number}]", _key_term(term), notes)
    for number, layer in enumerate(a.layers, start=1):
        yield from _table("[[regeling.laag]]", f"{path}.laag[{number}]", _layer(layer), notes)
    for number, amount in enumerate(kept, start=1):
        yield from _table("[[regeling.ingehouden]]", f"{path}.ingehouden[{number}]", _kept(amount), notes)


def _key_term(term: KeyTerm) -> Fields:
    lags = str(term.lag_from) if term.lag_from == term.lag_to else f"[{term.lag_from}, {term.lag_to}]"
    return [
        ("rol", _role(term.role)),
        ("maatstaf", _measure(term.measure)),
        ("jaren_terug", lags if term.lag_to else None),
        ("middeling", _word(words.AVERAGINGS, term.averaging, "sum")),
        ("gewicht", _number(term.weight) if term.weight != ONE else None),
        *_years(term.years),
    ]


def _layer(layer: Layer) -> Fields:
    scale = Fraction(1, 100) if layer.unit == "eur" else ONE
    return [
        ("basis", _word(words.BASES, layer.basis)),
        ("kant", None if layer.side is None else _word(words.SIDES, layer.side)),
        ("eenheid", _word(words.UNITS, layer.unit, "eur")),
        ("ondergrens", _number(layer.lower * scale) if layer.lower else None),
        ("bovengrens", None if layer.upper is None else _number(layer.upper * scale)),
        ("aandeel", _number(layer.share)),
        ("sleutel", _role(layer.role)),
        *_years(layer.years),
    ]


def _kept(kept: KeptAmount) -> Fields:
    return [
        ("gemeente", _text(kept.municipality)),
        ("jaar", str(kept.year)),
        ("zorgvorm", kept.category and _text(kept.category)),
        ("bedrag", _number(Fraction(kept.bedrag_cent, 100))),
        ("reden", _text(kept.reason) if kept.reason else None),
    ]


def _facts(document: Overeenkomst) -> list[tuple[str, Iterable[Merger] | Iterable[Gap], Callable[..., Fields]]]:
    gaps = sorted(document.history.gaps, key=lambda gap: (gap.municipality, gap.measure, gap.year))
    return [("herindeling", document.history.mergers, _merger), ("leemte", gaps, _gap)]


def _merger(merger: Merger) -> Fields:
    return [
        ("datum", _day(merger.date)),
        ("van", _text(merger.predecessor)),
        ("naar", _text(merger.successor)),
        ("fractie", _number(merger.fraction) if merger.fraction != ONE else None),
    ]


def _gap(gap: Gap) -> Fields:
    return [("gemeente", _text(gap.municipality)), ("maatstaf", _measure(gap.measure)), ("jaar", str(gap.year))]


def _shared_members(arrangements: tuple[Arrangement, ...]) -> tuple[Membership, ...] | None:
    """The members of the document when all regelingen have the same ones."""
    found = {arrangement.members for arrangement in arrangements}
    return found.pop() if len(found) == 1 and len(arrangements) > 1 else None


def _members(members: Iterable[Membership]) -> str:
    return _list(_member(member) for member in members)


def _member(member: Membership) -> str:
    if member.since is None and member.until is None:
        return _text(member.municipality)
    days = {"van": member.since, "tot": member.until and slotdag(member.until)}
    return _inline({"gemeente": _text(member.municipality), **{name: _day(day) for name, day in days.items() if day}})


def _years(years: Years) -> Fields:
    return [
        ("vanaf_jaar", None if years.first is None else str(years.first)),
        ("tot_en_met_jaar", None if years.last is None else str(years.last)),
    ]


def _role(role: str) -> str | None:
    """The role of a key, left out for the main one."""
    if role in words.ROLES and words.ROLES[role] != role:
        raise ValueError(f"een eigen sleutel kan in een document niet {role} heten; kies een andere naam")
    return None if role == KEY else _text(words.dutch(words.ROLES, role))


def _measure(name: str) -> str:
    if name in words.MEASURES:
        raise ValueError(f"een eigen maatstaf kan in een document niet {name} heten; kies een andere naam")
    return _text(words.dutch(words.MEASURES, name))


def _word(known: Mapping[str, str], english: str, default: str | None = None) -> str | None:
    """A word of the document; left out when it is the default."""
    return None if english == default else _text(words.dutch(known, english))


def _text(text: str) -> str:
    """A basic string: JSON escapes what TOML does, except DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)


def _number(number: Fraction) -> str:
    """A number, or a fraction as text when its decimals do not end."""
    text = exact_text(number)
    return _text(text) if "/" in text else text


def _day(day: date) -> str:
    return day.isoformat()


def _list(items: Iterable[str]) -> str:
    """On one line, or one item a line when that is long."""
    found = list(items)
    line = f"[{', '.join(found)}]"
    return line if len(line) <= 100 else "[\n" + "".join(f"    {item},\n" for item in found) + "]"


def _inline(fields: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{_key(name)} = {value}" for name, value in fields.items()) + " }"
