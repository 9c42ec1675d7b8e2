"""All that a run of the verevening is made from, as one value, and as the plain data that is stored with the run. Pure.

What is stored reads back to an equal value, so that a run can be made again years later without asking the ledger or the region anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.solidarity.costs import ClientYearCost, MonthCost
from app.solidarity.document import Overeenkomst
from app.solidarity.history import Merger
from app.solidarity.measures import MeasureValue
from app.solidarity.tomlform import read_document

VORM = 2
"""Version of the stored form; 1 held the agreement of a model as loose fields and cannot be made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lid:
    """A gemeente of the region with the days on which it exists; both included, None is open."""

    code: str
    geldig_van: date
    geldig_tot: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgetregel:
    """A budget of a gemeente in the year of the run; zorgvorm empty: for all together. Kept for the explanation; keys use maatstaven."""

    gemeente: str
    zorgvorm: str
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """As of what the books were read: in one snapshot of the database.

    Attributes:
        boeking_nr: Highest `bericht_nr` of a boeking that was in the books; 0 when they were empty.
        boekingen_cent: Cost of the year of care in those books, from the balances per client: the second way to the same total.
    """

    boeking_nr: int
    kosten_clienten_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoer:
    """The input of a run.

    Attributes:
        jaar: The year of care that is settled.
        rekendag: The day in the Netherlands on which it was computed: mergers up to that day decide who answers for a result.
        tekst: The document of the agreement, byte for byte.
        kosten: Cost per gemeente, zorgvorm and zorgmaand of every year in the books, for keys look back.
        clienten: Cost per client and zorgjaar by pseudonym; None when no layer asks for it.
        maatstaven: What the region recorded; the document adds its own.
        herindelingen: Of the region; the document adds its own.
        leden: The gemeenten that exist in the year.
        budgetten: Budgets of the year.
        voorschotten: What each gemeente paid to the region as inleg for months of the year, in cents; shown, not set off.
        stand: As of what.
        code: Of the calculator that made it.
    """

    jaar: int
    rekendag: date
    tekst: str
    kosten: tuple[MonthCost, ...]
    clienten: tuple[ClientYearCost, ...] | None
    maatstaven: tuple[MeasureValue, ...]
    herindelingen: tuple[Merger, ...]
    leden: tuple[Lid, ...]
    budgetten: tuple[Budgetregel, ...]
    voorschotten: Mapping[str, int]
    stand: Stand
    code: str

    @property
    def overeenkomst(self) -> Overeenkomst:
        """The agreement that the document says."""
        return read_document(self.tekst)

    @property
    def kosten_cent(self) -> int:
        """The cost of the year, from the balances."""
        return sum(month.bedrag_cent for month in self.kosten if month.zorgmaand.year == self.jaar)


def as_data(invoer: Invoer) -> dict[str, Any]:
    """The input as JSON knows it: dates and fractions as text, lists in the order in which they were read."""
    return {
        "vorm": VORM,
        "jaar": invoer.jaar,
        "rekendag": invoer.rekendag.isoformat(),
        "code": invoer.code,
        "stand": {"boeking_nr": invoer.stand.boeking_nr},
        "overeenkomst": invoer.tekst,
        "kosten": [[m.gemeente, m.zorgvorm, m.zorgmaand.isoformat(), m.bedrag_cent] for m in invoer.kosten],
        "met_clienten": invoer.clienten is not None,
        "clienten": [[c.client, c.gemeente, c.zorgvorm, c.zorgjaar, c.bedrag_cent] for c in invoer.clienten or ()],
        "maatstaven": [[v.measure, v.municipality, v.category or "", v.year, str(v.value)] for v in invoer.maatstaven],
        "herindelingen": [[m.date.isoformat(), m.predecessor, m.successor, str(m.fraction)] for m in invoer.herindelingen],
        "leden": [[lid.code, lid.geldig_van.isoformat(), lid.geldig_tot.isoformat() if lid.geldig_tot else ""] for lid in invoer.leden],
        "budgetten": [[b.gemeente, b.zorgvorm, b.bedrag_cent] for b in invoer.budgetten],
        "voorschotten": dict(sorted(invoer.voorschotten.items())),
        "kosten_cent": invoer.kosten_cent,
        "kosten_clienten_cent": invoer.stand.kosten_clienten_cent,
    }


def from_data(data: Mapping[str, Any]) -> Invoer:
    """The input that `as_data` wrote.

    Raises:
        ValueError: It was stored in an older form, which does not hold everything.
    """
    if data.get("vorm") != VORM:
        raise ValueError("deze berekening is opgeslagen voordat alle invoer werd bewaard; zij is niet te herhalen")
    return Invoer(
        jaar=data["jaar"],
        rekendag=date.fromisoformat(data["rekendag"]),
        tekst=data["overeenkomst"],
        kosten=tuple(
            MonthCost(gemeente=code, zorgvorm=vorm, zorgmaand=date.fromisoformat(maand), bedrag_cent=cents)
            for code, vorm, maand, cents in data["kosten"]
        ),
        clienten=tuple(map(_client, data["clienten"])) if data["met_clienten"] else None,
        maatstaven=tuple(
            MeasureValue(measure=name, municipality=code, category=vorm or None, year=year, value=Fraction(value))
            for name, code, vorm, year, value in data["maatstaven"]
        ),
        herindelingen=tuple(
            Merger(date=date.fromisoformat(day), predecessor=van, successor=naar, fraction=Fraction(part))
            for day, van, naar, part in data["herindelingen"]
        ),
        leden=tuple(
            Lid(code=code, geldig_van=date.fromisoformat(van), geldig_tot=date.fromisoformat(tot) if tot else None)
            for code, van, tot in data["leden"]
        ),
        budgetten=tuple(Budgetregel(gemeente=code, zorgvorm=vorm, bedrag_cent=cents) for code, vorm, cents in data["budgetten"]),
        voorschotten=dict(data["voorschotten"]),
        stand=Stand(boeking_nr=data["stand"]["boeking_nr"], kosten_clienten_cent=data["kosten_clienten_cent"]),
        code=data["code"],
    )


def _client(row: list[Any]) -> ClientYearCost:
    client, gemeente, zorgvorm, zorgjaar, cents = row
    return ClientYearCost(client=client, gemeente=gemeente, zorgvorm=zorgvorm, zorgjaar=zorgjaar, bedrag_cent=cents)


def canonical(data: object) -> bytes:
    """Data as bytes that are the same for equal data: UTF-8 JSON, names sorted, no spaces."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    """The fingerprint of bytes, in hexadecimals."""
    return hashlib.sha256(data).hexdigest()
