"""How the installation is doing: what comes in, what waits and how long, which lanes stand still, and which signals are red. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from app.domain.periode import EEN_DAG
from app.reports.ritme import Stilte
from app.reports.termijnen import Telling, Wie

UREN = 24
DAGEN = 30
WACHT_MAX = timedelta(minutes=15)
"""A bericht that waits longer to be judged, while nothing else in its lane is judged, says that judging stands still."""
DOORGEVEN_MAX = timedelta(minutes=5)
"""A task that is due and was not passed on for so long says that the relay stands still."""
NAGEREKEND_MAX = timedelta(hours=36)
"""The books are recomputed every night; a night may be missed, two may not."""
BANEN_MAX = 20
STILTES_MAX = 15
WACHTEND = ("ontvangen", "wacht_op_contract", "vastgehouden", "geparkeerd")
"""The statuses in which a bericht waits, in the order of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uur:
    """What came in during one hour: `begin` in UTC; `wacht` of those are not judged yet."""

    begin: datetime
    ontvangen: int = 0
    wacht: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dag:
    """What came in and left on one day; `geweigerd` at the door, `wacht` not judged yet, both part of `ontvangen`."""

    dag: date
    ontvangen: int = 0
    verstuurd: int = 0
    geweigerd: int = 0
    wacht: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wachtrij:
    """The berichten of one status that wait; `oudste_nr` came in first, at `oudste_op`."""

    status: str
    aantal: int
    oudste_nr: int
    oudste_op: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Baan:
    """A lane (domein, aanbieder) in which a bericht waits longer than `WACHT_MAX`.

    Attributes:
        aantal: How many wait in it.
        laatst_op: When something in it was judged last; None when nothing ever was, or long ago.
        staat_stil: Nothing was judged in it for `WACHT_MAX`: it does not just have much to do.
    """

    domein: str
    agb: str
    naam: str | None
    aantal: int
    oudste_nr: int
    oudste_op: datetime
    laatst_op: datetime | None
    staat_stil: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitgang:
    """The outbox: tasks that are not done, and since when the oldest of them that is due was not passed on; None when none is."""

    taken: int
    oudste_op: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Antwoordtijd:
    """How long judging took of what came in during the last 24 hours: half was faster than `helft`, nineteen in twenty faster than `p95`."""

    helft: timedelta
    p95: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Nagerekend:
    """The last time that all books were recomputed."""

    op: datetime
    door: str
    klopt: bool


class Sein(StrEnum):
    """Something that must be so; red when it is not."""

    BEOORDELEN = "beoordelen"
    DOORGEVEN = "doorgeven"
    GEPARKEERD = "geparkeerd"
    TERMIJNEN = "termijnen"
    BOEKEN = "boeken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gezondheid:
    """Everything on the page, at one moment.

    Attributes:
        onbeantwoord: The bericht that waits longest for our answer, with its moment of receipt.
        zenders: How many senders have a rhythm; 0 in the first months.
        stiltes: Who is later than usual, most money first, at most `STILTES_MAX`; `stiltes_totaal` counts all.
        is_geboekt: Whether there is anything in the books to recompute.
    """

    stand_van: datetime
    uren: tuple[Uur, ...]
    dagen: tuple[Dag, ...]
    antwoordtijd: Antwoordtijd | None
    wachtrijen: Mapping[str, Wachtrij]
    onbeantwoord: tuple[int, datetime] | None
    banen: tuple[Baan, ...]
    uitgang: Uitgang
    termijnen: Mapping[Wie, Telling]
    zenders: int
    stiltes: tuple[Stilte, ...]
    stiltes_totaal: int
    namen: Mapping[str, str]
    werkdag: int
    is_geboekt: bool
    nagerekend: Nagerekend | None

    @property
    def rood(self) -> tuple[Sein, ...]:
        """The signals that are red, in their order."""
        return tuple(sein for sein in Sein if self._is_rood(sein))

    def _is_rood(self, sein: Sein) -> bool:
        match sein:
            case Sein.BEOORDELEN:
                return any(baan.staat_stil for baan in self.banen)
            case Sein.DOORGEVEN:
                return self.uitgang.oudste_op is not None and self.stand_van - self.uitgang.oudste_op > DOORGEVEN_MAX
            case Sein.GEPARKEERD:
                return "geparkeerd" in self.wachtrijen
            case Sein.TERMIJNEN:
                return self.termijnen[Wie.WIJ].te_laat > 0
            case Sein.BOEKEN:
                if self.nagerekend is None:
                    return self.is_geboekt
                return not self.nagerekend.klopt or self.stand_van - self.nagerekend.op > NAGEREKEND_MAX


def vul_uren(gevonden: Mapping[datetime, Uur], nu: datetime) -> tuple[Uur, ...]:
    """The last 24 hours up to and including this one, those in which nothing came in as well."""
    laatste = nu.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    begins = (laatste - timedelta(hours=UREN - 1 - each) for each in range(UREN))
    return tuple(gevonden.get(begin, Uur(begin=begin)) for begin in begins)


def vul_dagen(gevonden: Mapping[date, Dag], vandaag: date) -> tuple[Dag, ...]:
    """The last 30 days up to and including today, those on which nothing happened as well."""
    days = (vandaag - EEN_DAG * (DAGEN - 1 - each) for each in range(DAGEN))
    return tuple(gevonden.get(dag, Dag(dag=dag)) for dag in days)


def eerste_uur(nu: datetime) -> datetime:
    """When the first of the last 24 hours began."""
    return vul_uren({}, nu)[0].begin


def staat_stil(laatst_op: datetime | None, nu: datetime) -> bool:
    """Whether a lane in which something waits too long is not just busy: nothing in it was judged lately."""
    return laatst_op is None or nu - laatst_op > WACHT_MAX
