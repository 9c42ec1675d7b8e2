"""The terms that run: what is still owed, by whom, until when; and the requests of aanbieders that a gemeente decides on. Pure.

Which term starts from what is decided where a bericht comes in or is judged (`domain.termijnen`); here are the readers' view and its words.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.werkdagen import na_werkdagen, werkdagen_tot
from app.mailbox.bladzijde import CursorOngeldig, make_cursor, read_sleutel
from app.standard.catalogue import soort as soort_van

BINNENKORT_WERKDAGEN = 2
"""A term with at most so many working days left ends soon."""
GROEP_MAX = 10
"""Terms of each group on the page that shows all groups."""


class Wie(StrEnum):
    """Who must act: the region in the name of a gemeente, an aanbieder, or a gemeente itself."""

    WIJ = "wij"
    AANBIEDER = "aanbieder"
    GEMEENTE = "gemeente"


class Wat(StrEnum):
    """What must come before the term ends."""

    ANTWOORD = "antwoord"
    RETOURBERICHT = "retourbericht"
    BESLUIT = "besluit"


class TermijnStand(StrEnum):
    """Where a term is that is not met: `te_laat` from the day after its last day."""

    LOOPT = "loopt"
    EINDIGT_BINNENKORT = "eindigt_binnenkort"
    TE_LAAT = "te_laat"


_WAT = {Wie.WIJ: Wat.ANTWOORD, Wie.AANBIEDER: Wat.RETOURBERICHT, Wie.GEMEENTE: Wat.BESLUIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Klok:
    """Today, and the last day that is soon: what makes a day a stand."""

    vandaag: date
    binnenkort_tot: date
    vrije_dagen: Container[date]

    @classmethod
    def op(cls, vandaag: date, vrije_dagen: Container[date]) -> Klok:
        """The clock of a day."""
        tot = na_werkdagen(vandaag, BINNENKORT_WERKDAGEN, vrije_dagen)
        return cls(vandaag=vandaag, binnenkort_tot=tot, vrije_dagen=vrije_dagen)

    def stand(self, eindigt_op: date) -> TermijnStand:
        """The stand of a term that is not met and ends on this day."""
        if eindigt_op < self.vandaag:
            return TermijnStand.TE_LAAT
        return TermijnStand.EINDIGT_BINNENKORT if eindigt_op <= self.binnenkort_tot else TermijnStand.LOOPT

    def werkdagen(self, dagen: Iterable[date]) -> dict[date, int]:
        """The working days left until each of these days; each day is counted once."""
        return {dag: werkdagen_tot(self.vandaag, dag, self.vrije_dagen) for dag in set(dagen)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TermijnFilter:
    """Which terms a reader asks for; None does not limit. `gemeente` is a gemeentecode."""

    wie: Wie | None = None
    stand: TermijnStand | None = None
    domein: str | None = None
    gemeente: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plaats:
    """The key of a term in the order of the list: first what ends first. `volgnr` is 0 for a bericht, the number of the request in it otherwise."""

    eindigt_op: date
    bericht_nr: int
    volgnr: int

    @property
    def cursor(self) -> str:
        """The cursor of what comes after this place."""
        return make_cursor(self.eindigt_op.toordinal(), self.bericht_nr, self.volgnr)

    @classmethod
    def van_cursor(cls, cursor: str) -> Plaats:
        """The place in a cursor.

        Raises:
            CursorOngeldig: We did not make this.
        """
        dag, bericht_nr, volgnr = read_sleutel(cursor, 3)
        try:
            return cls(eindigt_op=date.fromordinal(dag), bericht_nr=bericht_nr, volgnr=volgnr)
        except (ValueError, OverflowError) as error:
            raise CursorOngeldig from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Termijn:
    """One term that runs.

    Attributes:
        wie: Who must act.
        volgnr: Which request of the bericht; None when the term is about the bericht itself.
        kenmerk: Identificatie of the bericht, ReferentieAanbieder of the request.
        eindigt_op: The last day, included.
        woonplaats_tot: The last day to refuse by the woonplaatsbeginsel (OP359), while it is still ahead.
        status: Of the request: `open` or `in_onderzoek`; of a bericht where it is.
        werkdagen: Working days left; negative when late.
    """

    wie: Wie
    bericht_nr: int
    volgnr: int | None
    domein: str
    soort: str
    gemeente: str
    gemeente_naam: str | None
    agb: str
    aanbieder_naam: str | None
    kenmerk: str | None
    eindigt_op: date
    woonplaats_tot: date | None
    status: str
    werkdagen: int
    stand: TermijnStand

    @property
    def wat(self) -> Wat:
        """What must come."""
        return _WAT[self.wie]

    @property
    def code(self) -> str:
        """`JW305`: the bericht that started the term."""
        return soort_van(self.domein, self.soort).code

    @property
    def naam(self) -> str:
        """What that bericht is called."""
        return soort_van(self.domein, self.soort).naam

    @property
    def plaats(self) -> Plaats:
        """Its key in the list."""
        return Plaats(eindigt_op=self.eindigt_op, bericht_nr=self.bericht_nr, volgnr=self.volgnr or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How many terms run: late, ending soon, and the others."""

    te_laat: int = 0
    binnenkort: int = 0
    loopt: int = 0

    @property
    def totaal(self) -> int:
        """All of them."""
        return self.te_laat + self.binnenkort + self.loopt

    def van(self, stand: TermijnStand | None) -> int:
        """Those of a stand; None is all."""
        match stand:
            case TermijnStand.TE_LAAT:
                return self.te_laat
            case TermijnStand.EINDIGT_BINNENKORT:
                return self.binnenkort
            case TermijnStand.LOOPT:
                return self.loopt
            case None:
                return self.totaal

    def __add__(self, ander: Telling) -> Telling:
        """Both together."""
        return Telling(te_laat=self.te_laat + ander.te_laat, binnenkort=self.binnenkort + ander.binnenkort, loopt=self.loopt + ander.loopt)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermijnenPagina:
    """The terms that run, by who must act; `volgende` is the cursor of the rest when one group is asked for, None at the end.

    `tellingen` counts within the filter on domein and gemeente, whatever is asked for of wie and stand.
    """

    stand_van: datetime
    groepen: dict[Wie, tuple[Termijn, ...]]
    tellingen: dict[Wie, Telling]
    volgende: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerzoekFilter:
    """Which requests a reader asks for; None does not limit. `gemeente` is a gemeentecode, `aanbieder` an AGB-code."""

    status: str | None = None
    domein: str | None = None
    soort: str | None = None
    gemeente: str | None = None
    aanbieder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerzoekRegel:
    """One request of an aanbieder: a product of a 315, or a 317 as a whole. Without the person it is about.

    Attributes:
        bericht_nr, volgnr: The 315 or 317, and which product of it (1 for a 317).
        beslistermijn: Last day to decide: 5 working days (OP274, OP346), 8 weeks once in onderzoek.
        woonplaatstermijn: Last day to refuse a 315 of iJw by the woonplaatsbeginsel: 2 weeks (OP359).
        besluit_nr: The 301 or 319 that decided; None while it is owed.
    """

    bericht_nr: int
    volgnr: int
    domein: str
    gemeente: str
    agb: str
    soort: str
    referentie_aanbieder: str
    status: str
    categorie: str | None
    code: str | None
    ontvangst_datum: date
    beslistermijn: date
    woonplaatstermijn: date | None
    besluit_nr: int | None
    besluit_datum: date | None

    def is_te_laat(self, vandaag: date) -> bool:
        """Whether the decision is owed and its last day has passed."""
        return self.besluit_nr is None and self.beslistermijn < vandaag
