"""`overeenkomst.toml` as values: from a text to an `Overeenkomst`, or to all its faults at once. Pure.

The fields are described in docs/agreements.md. Content that contradicts itself is found by the same checks as for the CSV form
(`agreementcheck`, `validation`), in the words of the document.
"""

from __future__ import annotations

from datetime import date
from typing import Final, cast

from app.domain.periode import half_open, slotdag
from app.solidarity import words
from app.solidarity.agreement import (
    COST,
    KEY,
    ONE,
    ZERO,
    Agreement,
    Arrangement,
    Averaging,
    Basis,
    Inleg,
    KeyTerm,
    Layer,
    Membership,
    NoClaim,
    PoolBy,
    Side,
    Unit,
    Years,
)
from app.solidarity.agreementcheck import agreement_objections
from app.solidarity.document import Overeenkomst, Wijziging
from app.solidarity.documentcheck import name_objections, value_objections
from app.solidarity.errors import Bezwaar, RegelingOngeldig
from app.solidarity.history import Gap, History, KeptAmount, Merger
from app.solidarity.measures import MeasureValue
from app.solidarity.tomltable import Reading, Tabel, number_of, parse
from app.solidarity.validation import history_objections

NAME: Final = "overeenkomst.toml"


def read_document(text: str, file: str = NAME) -> Overeenkomst:
    """Read a document.

    Args:
        text: Its contents.
        file: Its name, first in every objection.
    Raises:
        RegelingOngeldig: With every fault: file, path of the field, what is wrong and what to change.
    """
    reading = Reading(file=file)
    root = Tabel(parse(file, text), "", reading)
    document, shared = _document(root, reading)
    naming = words.DocumentNaming(file, shared)
    found = [
        *agreement_objections(document.agreement, naming),
        *history_objections(document.agreement, document.history, naming),
        *name_objections(document, naming),
        *value_objections(document, naming),
    ]
    reading.objections += [bezwaar for bezwaar in found if not _follows(bezwaar, reading)]
    if reading.objections:
        raise RegelingOngeldig(dict.fromkeys(reading.objections))
    return document


def _follows(bezwaar: Bezwaar, reading: Reading) -> bool:
    """Whether an objection to the content may only follow from a field that could not be read."""
    path = bezwaar.waar.removeprefix(f"{reading.file}, ")
    regeling = path.partition(".")[0]
    periods = {name for part in ("", f"{regeling}.") for name in (f"{part}geldig_van", f"{part}geldig_tot")}
    return bool(periods & reading.faulty) or any(_part(path) == _part(faulty) for faulty in reading.faulty)


def _part(path: str) -> str:
    """The list or field of a regeling (or of the document) that a path is in: `regeling[1].sleutel[2].gewicht` is in its sleutel."""
    head, _, rest = path.partition(".")
    return f"{head}.{rest.split('.')[0].split('[')[0]}" if head.startswith("regeling[") else head.split("[")[0]


def _document(root: Tabel, reading: Reading) -> tuple[Overeenkomst, list[int]]:
    """The document, and the numbers of the regelingen that have its shared members."""
    name, region, version = root.text("naam"), root.text("regio"), root.text("versie")
    since, until = _period(root, root.day("geldig_van"), root.day("geldig_tot"))
    shared = _members(root)
    municipalities, categories = _named(root, "gemeenten"), _named(root, "zorgvormen")
    measures, values, changes = _measures(root.table("maatstaven"))
    tables = root.tables("regeling")
    if not tables and "regeling" not in reading.faulty:
        root.object_to("regeling", "het document heeft geen regeling; voeg er een toe onder [[regeling]].")
    arrangements = tuple(_arrangement(table, (since, until), shared) for table in tables)
    history = History(
        mergers=tuple(_merger(table) for table in root.tables("herindeling")),
        gaps=frozenset(_gap(table) for table in root.tables("leemte")),
        kept=tuple(_kept(item, a.code) for table, a in zip(tables, arrangements, strict=True) for item in table.tables("ingehouden")),
        reserve_cent=_openings(tables, arrangements),
    )
    for table in tables:
        table.close()
    root.close()
    document = Overeenkomst(
        name=name,
        region=region,
        version=version,
        since=since,
        until=until,
        agreement=Agreement(name=name, arrangements=arrangements),
        history=history,
        municipalities=municipalities,
        categories=categories,
        measures=measures,
        values=values,
        changes=changes,
        articles=dict(reading.articles),
        notes=dict(reading.notes),
    )
    return document, [number for number, table in enumerate(tables) if "leden" not in table.data]


def _period(table: Tabel, van: date, tot: date) -> tuple[date, date]:
    """The period as `[since, until)`; the document writes its last day."""
    since, until = half_open(van, None if tot == date.max else tot)
    if not 1900 <= van.year <= 2999 or not 1900 <= tot.year <= 2999:
        table.object_to("geldig_tot", "een periode ligt tussen 1900 en 2999; verbeter het jaar.")
        return date(2000, 1, 1), date(2001, 1, 1)
    if tot < van:
        table.object_to("geldig_tot", f"de laatste dag {tot} ligt voor de eerste dag {van}; draai ze om of verbeter er een.")
        return since, date(van.year + 1, 1, 1)
    return since, until or date.max


def _named(root: Tabel, name: str) -> dict[str, str]:
    """Codes with their names."""
    table = root.table(name)
    if table is None:
        return {}
    found = {code: table.text(code) for code in table.data if code not in ("artikel", "artikelen", "toelichting")}
    table.close()
    return found


def _measures(table: Tabel | None) -> tuple[dict[str, str], tuple[MeasureValue, ...], tuple[Wijziging, ...]]:
    """What each measure is, with the values and changes that the document lays down."""
    described: dict[str, str] = {}
    values: list[MeasureValue] = []
    changes: list[Wijziging] = []
    for name in table.data if table else ():
        item = table.table(name) if table else None
        if item is None or table is None:
            continue
        if name in words.MEASURES:
            table.object_to(name, "deze maatstaf volgt uit de kosten zelf; haal haar hier weg.")
        described[name] = item.optional("bron") or ""
        values += _values(item.table("waarden"), name, None)
        per_category = item.table("per_zorgvorm")
        for category in per_category.data if per_category else ():
            values += _values(per_category.table(category) if per_category else None, name, category)
        changes += [_change(change, name) for change in item.tables("wijziging")]
        item.close()
    return described, tuple(values), tuple(changes)


def _values(table: Tabel | None, measure: str, category: str | None) -> list[MeasureValue]:
    """Values per year and municipality."""
    found = []
    for year in table.data if table else ():
        row = table.table(year) if table else None
        if row is None:
            continue
        if len(year) != 4 or not year.isdecimal() or not 1900 <= int(year) <= 2999:
            row.reading.object_to(row.path, f"'{year}' is geen jaar van vier cijfers; schrijf bijvoorbeeld 2026.")
            continue
        for municipality, value in row.data.items():
            amount = number_of(row, municipality, value)
            found.append(MeasureValue(measure=measure, municipality=municipality, category=category, year=int(year), value=amount))
    return found


def _change(table: Tabel, measure: str) -> Wijziging:
    change = Wijziging(
        measure=measure,
        municipality=table.text("gemeente"),
        year=table.year("jaar"),
        amount=table.number("bedrag"),
        decided_on=table.day("datum"),
        reason=table.text("reden"),
        category=table.optional("zorgvorm"),
    )
    table.close()
    return change


def _arrangement(table: Tabel, whole: tuple[date, date], shared: tuple[Membership, ...]) -> Arrangement:
    """One regeling; what it leaves out about days and members is that of the whole document."""
    van, tot = table.optional_day("geldig_van"), table.optional_day("geldig_tot")
    since, until = _period(table, van or whole[0], tot or slotdag(whole[1])) if van or tot else whole
    if (since < whole[0] or until > whole[1]) and not {"geldig_van", "geldig_tot"} & table.reading.faulty:
        table.object_to("geldig_van", "de regeling loopt buiten de geldigheid van het document; verkort haar of verleng het document.")
    own_members = _members(table)
    reserve = table.table("reserve")
    fallback, budget = table.optional("terugvalmaatstaf"), table.optional("budgetmaatstaf")
    return Arrangement(
        code=table.text("code"),
        since=since,
        until=until,
        categories=table.texts("zorgvormen"),
        members=own_members if "leden" in table.data else shared,
        pool_by=cast(PoolBy, table.choice("pool", words.POOLS, "arrangement")),
        key_terms=tuple(_key_term(term) for term in table.tables("sleutel")),
        layers=tuple(_layer(layer) for layer in table.tables("laag")),
        inleg=cast(Inleg, table.choice("inleg", words.DEPOSITS, "none")),
        budget_measure=budget,
        local_share=table.number("lokaal_deel", ZERO),
        reserve=reserve is not None,
        no_claim=_no_claim(table.table("no_claim")),
        cap=table.optional_number("plafond"),
        fallback_measure=fallback,
        spread=table.numbers("spreiding"),
    )


def _members(table: Tabel) -> tuple[Membership, ...]:
    """A list of municipalities; who joins or leaves is a table with days."""
    found = []
    for number, item in enumerate(table.items("leden"), start=1):
        if isinstance(item, dict):
            member = Tabel(item, table.at(f"leden[{number}]"), table.reading)
            van, tot = member.optional_day("van"), member.optional_day("tot")
            until = half_open(van or date.min, tot)[1] if tot != date.max else None
            found.append(Membership(municipality=member.text("gemeente"), since=van, until=until))
            member.close()
        elif isinstance(item, str) and item.strip():
            found.append(Membership(municipality=item.strip()))
        else:
            table.object_to(f"leden[{number}]", 'hier hoort een gemeente: "0664", of { gemeente = "0664", tot = 2026-06-30 }.')
    return tuple(found)


def _role(table: Tabel, name: str) -> str:
    """A role of a key: a word of the document, or a name of one's own that does not look like one of section 2."""
    role = table.optional(name)
    if role in words.ROLES.values() and role not in words.ROLES:
        table.object_to(name, f"schrijf '{words.dutch(words.ROLES, role or '')}' in plaats van '{role}'.")
    return KEY if role is None else words.ROLES.get(role, role)


def _measure(table: Tabel) -> str:
    name = table.text("maatstaf")
    if name == COST:
        table.object_to("maatstaf", "schrijf 'kosten' voor de eigen kosten.")
    return words.MEASURES.get(name, name)


def _years(table: Tabel) -> Years:
    return Years(first=table.optional_year("vanaf_jaar"), last=table.optional_year("tot_en_met_jaar"))


def _key_term(table: Tabel) -> KeyTerm:
    lags = _lags(table)
    term = KeyTerm(
        role=_role(table, "rol"),
        measure=_measure(table),
        lag_from=lags[0],
        lag_to=lags[1],
        averaging=cast(Averaging, table.choice("middeling", words.AVERAGINGS, "sum")),
        weight=table.number("gewicht", ONE),
        years=_years(table),
    )
    table.close()
    return term


def _lags(table: Tabel) -> tuple[int, int]:
    """`jaren_terug = 1` is last year, `[1, 3]` the three years before this one; absent is this year."""
    value = table.raw("jaren_terug")
    both = value if isinstance(value, list) else [0 if value is None else value] * 2
    if len(both) != 2 or not all(isinstance(lag, int) and not isinstance(lag, bool) and abs(lag) < 100 for lag in both):
        table.object_to("jaren_terug", "hier hoort een aantal jaren (1) of een reeks van twee ([1, 3]).")
        return 0, 0
    return both[0], both[1]


def _layer(table: Tabel) -> Layer:
    unit = cast(Unit, table.choice("eenheid", words.UNITS, "eur"))
    scale = 100 if unit == "eur" else 1
    upper = table.optional_number("bovengrens")
    layer = Layer(
        basis=cast(Basis, table.choice("basis", words.BASES)),
        side=cast(Side, table.choice("kant", words.SIDES)) if "kant" in table.data else table.raw("kant"),
        unit=unit,
        lower=scale * table.number("ondergrens", ZERO),
        upper=None if upper is None else scale * upper,
        share=table.number("aandeel"),
        role=_role(table, "sleutel"),
        years=_years(table),
    )
    table.close()
    return layer


def _no_claim(table: Tabel | None) -> NoClaim | None:
    if table is None:
        return None
    found = NoClaim(
        kind="gap" if table.choice("soort", words.REFUNDS) == "gap" else "flat",
        threshold=table.number("drempel"),
        rate=table.number("deel"),
        paid_by="all" if table.choice("betaald_door", words.PAYERS, "all") == "all" else "claimers",
    )
    table.close()
    return found


def _kept(table: Tabel, code: str) -> KeptAmount:
    kept = KeptAmount(
        arrangement=code,
        year=table.year("jaar"),
        municipality=table.text("gemeente"),
        bedrag_cent=table.cents("bedrag"),
        reason=table.optional("reden") or "",
        category=table.optional("zorgvorm"),
    )
    table.close()
    return kept


def _openings(tables: list[Tabel], arrangements: tuple[Arrangement, ...]) -> dict[str, int]:
    """Opening balance per regeling with a reserve."""
    found = {}
    for table, arrangement in zip(tables, arrangements, strict=True):
        reserve = table.table("reserve")
        if reserve is not None:
            found[arrangement.code] = reserve.cents("beginstand")
            reserve.close()
    return found


def _merger(table: Tabel) -> Merger:
    merger = Merger(
        date=table.day("datum"), predecessor=table.text("van"), successor=table.text("naar"), fraction=table.number("fractie", ONE)
    )
    table.close()
    return merger


def _gap(table: Tabel) -> Gap:
    gap = Gap(municipality=table.text("gemeente"), measure=_measure(table), year=table.year("jaar"))
    table.close()
    return gap
