"""`/grootboek`: balances and transfers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.api.shapes import (
    AGB_PATTERN,
    GEMEENTE_PATTERN,
    MAAND_PATTERN,
    NAAM_PATTERN,
    BoekingLijst,
    BoekingShape,
    Cursor,
    Limit,
    RekeningShape,
    SaldoLijst,
    SaldoShape,
    as_maand,
    first_day_of,
)
from app.api.toegang import ActorDep, WereldDep, nr_van
from app.ledger import SaldoFilter, boekingen, saldi
from app.mailbox import make_cursor, read_cursor

router = APIRouter(prefix="/grootboek", tags=["grootboek"])

Naam = Annotated[str | None, Query(pattern=NAAM_PATTERN)]
Maand = Annotated[str | None, Query(pattern=MAAND_PATTERN, examples=["2026-06"])]


@router.get("/saldi", summary="Saldi per rekening, zorgvorm, zorgmaand en boekmaand")
async def toon_saldi(
    wereld: WereldDep,
    actor: ActorDep,
    rekening: Naam = None,
    gemeente: Annotated[str | None, Query(pattern=GEMEENTE_PATTERN)] = None,
    aanbieder: Annotated[str | None, Query(pattern=AGB_PATTERN)] = None,
    zorgvorm: Naam = None,
    zorgmaand: Maand = None,
    boekmaand: Maand = None,
    zorgjaar: Annotated[int | None, Query(ge=2000, le=2100, description="jaar waarin de zorg is geleverd")] = None,
    boekjaar: Annotated[int | None, Query(ge=2000, le=2100, description="jaar waarin is geboekt")] = None,
    tot_en_met: Annotated[str | None, Query(alias="totEnMet", pattern=MAAND_PATTERN, description="laatste boekmaand")] = None,
    tot_en_met_: Annotated[str | None, Query(alias="tot_en_met", pattern=MAAND_PATTERN, include_in_schema=False)] = None,
    cursor: Cursor = None,
    limit: Limit = 200,
) -> SaldoLijst:
    """Debet is positief."""
    until = tot_en_met or tot_en_met_
    wanted = SaldoFilter(
        rekening=rekening,
        gemeente=gemeente,
        aanbieder=aanbieder,
        zorgvorm=zorgvorm,
        zorgmaand=first_day_of(zorgmaand) if zorgmaand else None,
        boekmaand=first_day_of(boekmaand) if boekmaand else None,
        zorgjaar=zorgjaar,
        boekjaar=boekjaar,
        tot_en_met=first_day_of(until) if until else None,
    )
    skipped = 0 if cursor is None else read_cursor(cursor)
    rows = await saldi(wereld, actor, wanted, na=skipped, limit=limit + 1)
    items = [
        SaldoShape(**{**asdict(row), "zorgmaand": as_maand(row.zorgmaand), "boekmaand": as_maand(row.boekmaand)}) for row in rows[:limit]
    ]
    return SaldoLijst(items=items, volgende=make_cursor(skipped + limit) if len(rows) > limit else None)


@router.get("/boekingen", summary="De boekingen van een bericht")
async def toon_boekingen(wereld: WereldDep, actor: ActorDep, bericht: str, cursor: Cursor = None, limit: Limit = 200) -> BoekingLijst:
    """In de volgorde van de regels van het bericht; een regel staat nooit op twee bladzijden."""
    na = 0 if cursor is None else read_cursor(cursor)
    rows = await boekingen(wereld, actor, nr_van(bericht), na=na, limit=limit + 1)
    kept, volgende = _cut_at_line(rows, limit)
    return BoekingLijst(items=[_as_boeking(row) for row in kept], volgende=volgende)


def _cut_at_line(rows: list[dict[str, Any]], limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """The rows of whole lines, and the cursor after them: a line has as many transfers as it was judged."""
    if len(rows) <= limit:
        return rows, None
    cut = rows[-1]["regel"]
    kept = [row for row in rows if row["regel"] < cut]
    return (kept, make_cursor(cut - 1)) if kept else (rows, make_cursor(cut))


def _as_boeking(row: dict[str, Any]) -> BoekingShape:
    names = (
        "regel",
        "soort",
        "volgnr",
        "bedrag_cent",
        "domein",
        "zorgvorm",
        "dienst_van",
        "dienst_tot",
        "boekdatum",
        "regelset",
        "storno_van",
    )
    sides = {
        side: RekeningShape(rekening=row[f"{side}_soort"], gemeente=row[f"{side}_gemeente"], aanbieder=row[f"{side}_agb"])
        for side in ("debet", "credit")
    }
    return BoekingShape(
        bericht=str(row["bericht_nr"]), zorgmaand=as_maand(row["zorgmaand"]), **sides, **{name: row[name] for name in names}
    )
