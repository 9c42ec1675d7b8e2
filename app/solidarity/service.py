"""Runs of the verevening from the ledger: balances and measures in, stored run out; and a stored run read or made again.

What a run decides is in `runuitkomst`, what it is made from in `runinvoer`; both are pure. Fixing, withdrawing and booking a run is done by
`settlement.verevening`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import metadata
from importlib.resources import files
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.solidarity import store
from app.solidarity.agreement import Agreement, of_year
from app.solidarity.calculator import ShareRow
from app.solidarity.costs import costs_from_months
from app.solidarity.document import Overeenkomst
from app.solidarity.errors import Bezwaar, RegelingOngeldig
from app.solidarity.history import History
from app.solidarity.modellen import Gebied, model_document
from app.solidarity.runinvoer import Invoer, Lid, Stand, as_data, canonical, from_data, sha256
from app.solidarity.runuitkomst import as_data as uitkomst_as_data
from app.solidarity.runuitkomst import bereken, client_years, row_as_dict
from app.solidarity.store import RUNS_MAX, RunKop, RunRij
from app.solidarity.tomltable import nearest
from app.solidarity.tomlwriting import write_document
from app.solidarity.vergelijken import VARIANTEN_MAX, Achtergrond, Vergelijking, totals, vergelijk
from app.solidarity.vergelijken_keuze import Regio, maak_variant

__all__ = [
    "Herhaling",
    "Keuze",
    "Model",
    "OpgeslagenRun",
    "Run",
    "RunKop",
    "gemeentenamen",
    "herhaal_run",
    "jaren",
    "lijst_runs",
    "overeenkomsten",
    "read_run",
    "row_as_dict",
    "vereven",
    "vereven_overeenkomst",
    "vergelijk_uit_grootboek",
    "vorige_geboekt",
]

log = structlog.get_logger(__name__)

DOMEIN = "ijw"
"""Wmo cost is profijtbeginsel by default (DESIGN section 7): every gemeente bears its own, no settlement row."""
DOMEINEN = ("ijw", "iwmo")
"""An agreement settles every zorgvorm that it names."""
JAREN_MAX = 10
"""Most years in one comparison."""
WERELDS = frozenset({"service.py", "store.py"})
"""The files of this room that decide nothing."""


class Model(StrEnum):
    """The models that a run can name; `overeenkomst` is the document of the region itself."""

    PROFIJT = "profijt"
    WAARBORG = "waarborg"
    VLAKTAKS = "vlaktaks"
    OVEREENKOMST = "overeenkomst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keuze:
    """What to compute: a year, a model, the measure of its key, and for vlaktaks how many past years it looks at."""

    jaar: int
    model: Model
    maatstaf: str = "inwoners"
    jaren_terug: int = 3

    @property
    def tekst(self) -> str:
        """The choice as `modellen` reads it."""
        match self.model:
            case Model.WAARBORG:
                return f"waarborg:{self.maatstaf}"
            case Model.VLAKTAKS:
                return f"vlaktaks:{self.jaren_terug}:{self.maatstaf}"
        return self.model.value

    @property
    def naam(self) -> str:
        """What the run is called."""
        return f"{self.model.value} ({self.maatstaf})" if self.model is Model.WAARBORG else self.model.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that was just stored. `kosten_cent` is the cost of the year from the balances, `kosten_clienten_cent` the same per client."""

    run_nr: int
    keuze: Keuze
    rows: tuple[ShareRow, ...]
    kosten_cent: int
    kosten_clienten_cent: int

    @property
    def som_cent(self) -> int:
        """The sum of all settlements: zero, unless an arrangement has a reserve."""
        return sum(row.settlement_cent for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpgeslagenRun:
    """A run as it is stored: who did what, its agreement, its input and its outcome.

    Attributes:
        kop: Number, year, name, status, who and when.
        gegevens: The input as plain data (`runinvoer.as_data`).
        regels: The outcome per arrangement, pool and gemeente (`runuitkomst.row_as_dict`).
        te_boeken: What each gemeente pays (positive) or receives.
        bestanden: Results in the form of section 2.14, by file name.
    """

    kop: RunKop
    gegevens: Mapping[str, Any]
    regels: Sequence[Mapping[str, Any]]
    te_boeken: Mapping[str, int]
    bestanden: Mapping[str, str]

    @property
    def run_nr(self) -> int:
        """Its number."""
        return self.kop.run_nr

    @property
    def jaar(self) -> int:
        """The year of care."""
        return self.kop.jaar

    @property
    def document(self) -> str | None:
        """The agreement as a document; None of a run from before every run had one."""
        found = self.gegevens.get("overeenkomst")
        return found if isinstance(found, str) else None

    @property
    def invoer(self) -> Invoer:
        """The input as a value.

        Raises:
            OngeldigVerzoek: It was stored before everything was kept.
        """
        try:
            return from_data(self.gegevens)
        except ValueError as error:
            raise OngeldigVerzoek(f"Verevening {self.run_nr}: {error}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Herhaling:
    """A run made again beside what was stored; `uitkomst_sha256` of both, and whether every byte is the same."""

    run_nr: int
    gelijk: bool
    opgeslagen_sha256: str
    herhaald_sha256: str
    code_toen: str
    code_nu: str


async def vereven(wereld: Wereld, actor: Actor, keuze: Keuze) -> Run:
    """Compute and store the verevening of a year over the iJw cost in the ledger, by a model.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: The region has no gemeenten or zorgvormen, or a measure has no value for a year.
    """
    _allow(actor)
    if keuze.model is Model.OVEREENKOMST:
        raise OngeldigVerzoek("Geef het document van de overeenkomst.")

    def document(leden: Sequence[Lid], zorgvormen: Sequence[str]) -> str:
        gebied = Gebied(leden=leden, zorgvormen=zorgvormen, jaren=range(keuze.jaar, keuze.jaar + 1))
        return write_document(model_document(keuze.tekst, gebied, keuze.naam))

    async with _one_stand(wereld) as connection:
        invoer = await _read_invoer(connection, wereld, keuze.jaar, (DOMEIN,), None, document, range(0))
    return await _compute_and_store(wereld, actor, keuze, keuze.naam, invoer)


async def vereven_overeenkomst(
    wereld: Wereld, actor: Actor, document: Overeenkomst, jaar: int | None = None, *, tekst: str | None = None
) -> Run:
    """Compute and store the verevening of a year by the agreement of the region, over the cost of the zorgvormen it names.

    Measures and mergers of the region count together with those of the document. Without a year it is the last year of the document
    that has begun.

    Args:
        wereld, actor: The world, and who asks.
        document: The agreement.
        jaar: The year of care.
        tekst: The document byte for byte as it was handed in; without it is written out from the value.
    Raises:
        NietToegestaan: The actor is no controller of the region.
        RegelingOngeldig: The document does not hold in this year, names what the region does not know, or misses a value.
        NietOndersteund: A layer per client over a part of the year.
    """
    _allow(actor)
    jaar = min(document.last_year, wereld.vandaag.year) if jaar is None else jaar
    agreement = of_year(document.agreement, jaar)
    categories = sorted({category for arrangement in agreement.arrangements for category in arrangement.categories})
    text = write_document(document) if tekst is None else tekst
    async with _one_stand(wereld) as connection:
        known = [vorm for domein in DOMEINEN for vorm in await store.zorgvormen(connection, domein)]
        with_clients = client_years(document.agreement, jaar)
        invoer = await _read_invoer(connection, wereld, jaar, DOMEINEN, categories, lambda leden, zorgvormen: text, with_clients)
    if bezwaren := list(_unknown_to_region(document, agreement, invoer.leden, known, jaar)):
        raise RegelingOngeldig(bezwaren)
    keuze = Keuze(jaar=jaar, model=Model.OVEREENKOMST)
    return await _compute_and_store(wereld, actor, keuze, f"{document.name} ({document.version})", invoer)


async def read_run(wereld: Wereld, actor: Actor, run_nr: int) -> OpgeslagenRun:
    """A stored run with its agreement, input and outcome, of the whole region; who shows it to a gemeente shows that gemeente's part.

    Raises:
        NietGevonden: There is none, or the actor sees no money of any gemeente.
    """
    async with wereld.engine.connect() as connection:
        found = await store.run(connection, run_nr) if _sees(actor) else None
    if found is None:
        raise NietGevonden(f"Verevening {run_nr} is er niet.")
    return stored(found)


async def vorige_geboekt(wereld: Wereld, run: OpgeslagenRun) -> OpgeslagenRun | None:
    """The run whose outcome the books of the year held before this one; None when it is the first."""
    async with wereld.engine.connect() as connection:
        found = await store.last_geboekt(connection, run.jaar, run.run_nr)
    return None if found is None else stored(found)


async def gemeentenamen(wereld: Wereld) -> dict[str, str]:
    """The name of each gemeente of the region by code."""
    async with wereld.engine.connect() as connection:
        return await store.gemeentenamen(connection)


async def jaren(wereld: Wereld) -> list[int]:
    """The years of care with cost in the books, oldest first."""
    async with wereld.engine.connect() as connection:
        return await store.jaren(connection)


async def overeenkomsten(wereld: Wereld, actor: Actor, limit: int = 50) -> tuple[tuple[str, str], ...]:
    """Name and document of the agreements that runs were made by, the newest first."""
    if not _sees(actor):
        return ()
    async with wereld.engine.connect() as connection:
        return tuple(await store.documents(connection, min(limit, RUNS_MAX)))


async def vergelijk_uit_grootboek(
    wereld: Wereld, actor: Actor, keuzes: Sequence[str | Overeenkomst], gekozen: range | None = None
) -> Vergelijking:
    """Agreements side by side over years of the books; nothing is stored. Without years: every year with cost, at most the last ten.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: Fewer than two agreements, too many, or no year with cost; or an agreement does not fit.
    """
    if not actor.heeft(Rol.CONTROLLER) or actor.gemeenten is not None:
        raise NietToegestaan("Alleen een controller van de regio vergelijkt overeenkomsten.")
    if not 2 <= len(keuzes) <= VARIANTEN_MAX:
        raise OngeldigVerzoek(f"Vergelijk twee tot {VARIANTEN_MAX} overeenkomsten.")
    async with _one_stand(wereld) as connection:
        known = await store.jaren(connection)
        if not known:
            raise OngeldigVerzoek("In het grootboek staan nog geen kosten om mee te vergelijken.")
        years = gekozen if gekozen is not None else range(max(known[0], known[-1] - JAREN_MAX + 1), known[-1] + 1)
        if len(years) > JAREN_MAX:
            raise OngeldigVerzoek(f"Vergelijk ten hoogste {JAREN_MAX} jaren.")
        zorgvormen = await store.zorgvormen(connection, DOMEIN)
        leden = await store.leden_in(connection, years)
        values = tuple(await store.measure_values(connection))
        history = History(mergers=tuple(await store.mergers(connection)))
        described = await store.beschreven_zorgvormen(connection)
        steerable = {code: weight for code, (_, weight) in described.items()}
        regio = Regio(
            gebied=Gebied(leden=leden, zorgvormen=zorgvormen, jaren=years), values=values, history=history, stuurbaarheid=steerable
        )
        varianten = [maak_variant(each, regio) for each in keuzes]
        months = await store.month_costs(connection, (DOMEIN,), zorgvormen, years[-1])
        with_clients = any(each.met_clienten for each in varianten)
        clients = await store.client_year_costs(connection, years, zorgvormen) if with_clients else None
        namen = await store.gemeentenamen(connection)
    achtergrond = Achtergrond(
        jaren=years,
        kosten=totals(months),
        costs=costs_from_months(months, clients),
        namen=namen,
        inwoners={(v.municipality, v.year): v.value for v in values if v.measure == "inwoners" and v.category is None},
        stuurbaarheid=steerable,
        history=history,
        zorgvormnamen={code: naam for code, (naam, _) in described.items()},
    )
    return await asyncio.to_thread(vergelijk, achtergrond, varianten)


async def lijst_runs(
    wereld: Wereld, actor: Actor, *, jaar: int | None = None, voor: int | None = None, limit: int = 50
) -> tuple[RunKop, ...]:
    """The runs, newest first; `voor` is the number of the last one seen."""
    if not _sees(actor):
        return ()
    async with wereld.engine.connect() as connection:
        return await store.runs(connection, jaar=jaar, voor=voor, limit=min(limit, RUNS_MAX))


async def herhaal_run(wereld: Wereld, actor: Actor, run_nr: int) -> Herhaling:
    """Compute a stored run again from its stored input, and compare it byte for byte with its stored outcome.

    Raises:
        NietGevonden: There is no such run.
        OngeldigVerzoek: It was stored before everything was kept.
    """
    run = await read_run(wereld, actor, run_nr)
    invoer = run.invoer
    before = canonical({"uitkomst": run.regels, "te_boeken": run.te_boeken, "bestanden": run.bestanden})
    again = canonical(uitkomst_as_data(await asyncio.to_thread(bereken, invoer)))
    return Herhaling(
        run_nr=run_nr,
        gelijk=before == again and sha256(before) == run.kop.uitkomst_sha256 and sha256(canonical(run.gegevens)) == run.kop.invoer_sha256,
        opgeslagen_sha256=run.kop.uitkomst_sha256 or "",
        herhaald_sha256=sha256(again),
        code_toen=invoer.code,
        code_nu=code_versie(),
    )


def stored(row: RunRij) -> OpgeslagenRun:
    """A row as a run."""
    return OpgeslagenRun(
        kop=row.kop, gegevens=row.invoer, regels=row.uitkomst, te_boeken=row.te_boeken or _sums(row.uitkomst), bestanden=row.bestanden or {}
    )


def _sums(regels: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """What each gemeente pays, of a run from before that was stored."""
    found: dict[str, int] = {}
    for row in regels:
        found[row["municipality"]] = found.get(row["municipality"], 0) + int(row["settlement_cent"])
    return found


def _sees(actor: Actor) -> bool:
    return actor.gemeenten is None or bool(actor.gemeenten)


def _allow(actor: Actor) -> None:
    if not actor.heeft(Rol.CONTROLLER) or actor.gemeenten is not None:
        raise NietToegestaan("Alleen een controller van de regio kan een verevening berekenen.")


@asynccontextmanager
async def _one_stand(wereld: Wereld) -> AsyncIterator[AsyncConnection]:
    """A connection whose queries all see the books as of one moment."""
    async with wereld.engine.connect() as connection:
        yield await connection.execution_options(isolation_level="REPEATABLE READ")


async def _read_invoer(
    connection: AsyncConnection,
    wereld: Wereld,
    jaar: int,
    domeinen: Sequence[str],
    zorgvormen: Collection[str] | None,
    document: Callable[[Sequence[Lid], Sequence[str]], str],
    client_jaren: range,
) -> Invoer:
    """Read everything of a run; of the zorgvormen named, or of all those of the domains. A constant number of queries."""
    known = [vorm for domein in domeinen for vorm in await store.zorgvormen(connection, domein)]
    wanted = [vorm for vorm in known if zorgvormen is None or vorm in zorgvormen]
    leden = await store.leden(connection, jaar)
    return Invoer(
        jaar=jaar,
        rekendag=wereld.vandaag,
        tekst=document(leden, wanted),
        kosten=tuple(await store.month_costs(connection, domeinen, wanted, jaar)),
        clienten=tuple(await store.client_year_costs(connection, client_jaren, wanted)) if client_jaren else None,
        maatstaven=tuple(await store.measure_values(connection)),
        herindelingen=tuple(await store.mergers(connection)),
        leden=tuple(leden),
        budgetten=tuple(await store.budgetten(connection, jaar)),
        voorschotten=await store.inleg(connection, jaar),
        stand=Stand(
            boeking_nr=await store.highest_boeking(connection),
            kosten_clienten_cent=await store.client_total_cent(connection, jaar, wanted),
        ),
        code=code_versie(),
    )


def _unknown_to_region(
    document: Overeenkomst, agreement: Agreement, leden: Sequence[Lid], zorgvormen: Sequence[str], jaar: int
) -> Iterator[Bezwaar]:
    """Gemeenten and zorgvormen that the region does not have in this year."""
    if not agreement.arrangements:
        yield Bezwaar(waar=f"overeenkomst {document.name}", zin=f"geen regeling geldt in {jaar}; kies een jaar dat zij noemt.")
    gemeenten = {lid.code for lid in leden}
    for arrangement in agreement.arrangements:
        inside = [m for m in arrangement.members if (m.since or date.min) < arrangement.until and arrangement.since < (m.until or date.max)]
        for name in sorted({member.municipality for member in inside} - gemeenten):
            zin = f"gemeente '{name}' is er in {jaar} niet in de regio{nearest(name, sorted(gemeenten))}; verbeter de code of de data."
            yield Bezwaar(waar=f"regeling {arrangement.code}, leden", zin=zin)
        for name in sorted(set(arrangement.categories) - set(zorgvormen)):
            zin = f"zorgvorm '{name}' kent de regio niet; verbeter de naam of voeg haar toe aan zorgvormen.csv."
            yield Bezwaar(waar=f"regeling {arrangement.code}, zorgvormen", zin=zin)


async def _compute_and_store(wereld: Wereld, actor: Actor, keuze: Keuze, naam: str, invoer: Invoer) -> Run:
    """Settle, and keep the run with all it was made from."""
    uitkomst = await asyncio.to_thread(bereken, invoer)
    given, made = as_data(invoer), uitkomst_as_data(uitkomst)
    async with wereld.engine.begin() as connection:
        nr = await store.save_run(
            connection,
            {
                "gemaakt_op": wereld.nu,
                "gemaakt_door": actor.naam,
                "jaar": keuze.jaar,
                "model": naam,
                "invoer": given,
                **made,
                "reserve_cent": uitkomst.reserve_cent,
                "overeenkomst_sha256": sha256(invoer.tekst.encode()),
                "invoer_sha256": sha256(canonical(given)),
                "uitkomst_sha256": sha256(canonical(made)),
            },
        )
    log.info("verevening_computed", run=nr, jaar=keuze.jaar, by=actor.naam)
    return Run(
        run_nr=nr,
        keuze=keuze,
        rows=uitkomst.rows,
        kosten_cent=invoer.kosten_cent,
        kosten_clienten_cent=invoer.stand.kosten_clienten_cent,
    )


@cache
def code_versie() -> str:
    """The version of the product and the fingerprint of every file that computes."""
    sources = hashlib.sha256()
    for room, names in (("app.solidarity", None), ("app.domain", frozenset({"bedrag.py", "verdeling.py", "periode.py"}))):
        for source in sorted(files(room).iterdir(), key=lambda each: each.name):
            if source.name.endswith(".py") and source.name not in WERELDS and (names is None or source.name in names):
                sources.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return f"{metadata.version('solidair')}+{sources.hexdigest()[:16]}"
