"""What a gemeente pays its aanbieders now: open items, advances set off against them, and what stands in the way. Pure.

An open item (`Post`) is what a bericht or act owes an aanbieder, or takes back, and what no payment had before. An aanbieder is paid the sum of
its items less the advance that is set off: credits lower it, and one that owes money is not paid; its items stay open and count next time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from app.domain.bedrag import round_half_up

HONDERD = 100
OVERBOEKING_CENT_MAX = 99_999_999_999
"""The highest amount of a SEPA transfer: € 999.999.999,99."""


class RunStatus(StrEnum):
    """Where a payment run is."""

    CONCEPT = "concept"
    GOEDGEKEURD = "goedgekeurd"
    VERZONDEN = "verzonden"
    AFGEROND = "afgerond"
    INGETROKKEN = "ingetrokken"


class RegelStatus(StrEnum):
    """Where a line of a run is."""

    GEBLOKKEERD = "geblokkeerd"
    VOORGESTELD = "voorgesteld"
    ONDERWEG = "onderweg"
    VERREKEND = "verrekend"
    """Wholly set off against an advance, or against credits: there is nothing to pay."""
    BETAALD = "betaald"
    TERUGGEKOMEN = "teruggekomen"
    INGETROKKEN = "ingetrokken"


BINDT = frozenset({RegelStatus.VOORGESTELD, RegelStatus.ONDERWEG, RegelStatus.VERREKEND, RegelStatus.BETAALD})
"""Lines whose items are in no other payment."""


class Blokkade(StrEnum):
    """Why an aanbieder is not paid."""

    GEEN = ""
    GEEN_IBAN = "geen_iban"
    SCHULD = "schuld"
    TE_HOOG = "te_hoog"


BLOKKADE_ZIN: Mapping[Blokkade, str] = {
    Blokkade.GEEN: "",
    Blokkade.GEEN_IBAN: "Geen IBAN bekend: vul de rekening van deze aanbieder in bankrekeningen.csv in en maak een nieuw voorstel.",
    Blokkade.SCHULD: "De aanbieder is per saldo geld schuldig; dat blijft staan tot nieuwe declaraties het goedmaken of hij terugbetaalt.",
    Blokkade.TE_HOOG: "Het bedrag is hoger dan één SEPA-overboeking kan zijn.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verrekening:
    """How much of the advances is set off, the choice of a controller.

    Attributes:
        procent: At most this part of what an aanbieder is owed: 100 is all of it, 0 nothing; half a cent is rounded up.
        maximum_cent: Per AGB-code at most this amount.
    """

    procent: int = HONDERD
    maximum_cent: Mapping[str, int] = field(default_factory=dict)


ALLES, NIETS = Verrekening(), Verrekening(procent=0)


class Post(NamedTuple):
    """What a bericht or act owes an aanbieder in cents; negative: what it takes back."""

    agb: str
    bericht_nr: int
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekening:
    """A bank account."""

    iban: str
    tenaamstelling: str
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voorstelregel:
    """What one aanbieder gets; amounts in cents.

    Attributes:
        agb: The aanbieder.
        open_cent: The sum of its items, negative when it owes.
        verrekend_cent: Of that, set off against the advance.
        bedrag_cent: To pay; with a blokkade nothing.
        blokkade: Why it is not paid, if so: then its items stay open.
        rekening: Where to; None when it is not known.
        posten: What `open_cent` is made of; empty with a blokkade.
    """

    agb: str
    open_cent: int
    verrekend_cent: int
    bedrag_cent: int
    blokkade: Blokkade
    rekening: Rekening | None
    posten: tuple[Post, ...]


def stel_voor(
    posten: Iterable[Post], voorschotten: Mapping[str, int], rekeningen: Mapping[str, Rekening], verrekening: Verrekening
) -> tuple[Voorstelregel, ...]:
    """What each aanbieder with open items gets, in order of AGB-code.

    Args:
        posten: Open items of one gemeente.
        voorschotten: Per AGB-code the advance that is not set off yet and in no other proposal, in cents.
        rekeningen: Per AGB-code its bank account.
        verrekening: How much of the advances to set off.
    """
    per_agb: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posten:
        per_agb[post.agb].append(post)
    return tuple(_stel_regel_voor(agb, per_agb[agb], voorschotten.get(agb, 0), rekeningen.get(agb), verrekening) for agb in sorted(per_agb))


def _stel_regel_voor(
    agb: str, posten: Sequence[Post], voorschot_cent: int, rekening: Rekening | None, verrekening: Verrekening
) -> Voorstelregel:
    open_cent = sum(post.bedrag_cent for post in posten)
    verrekend = verreken(agb, open_cent, voorschot_cent, verrekening)
    bedrag = open_cent - verrekend
    blokkade = _blokkade(bedrag, rekening)
    return Voorstelregel(
        agb=agb,
        open_cent=open_cent,
        verrekend_cent=0 if blokkade else verrekend,
        bedrag_cent=0 if blokkade else bedrag,
        blokkade=blokkade,
        rekening=rekening,
        posten=() if blokkade else tuple(posten),
    )


def verreken(agb: str, open_cent: int, voorschot_cent: int, verrekening: Verrekening) -> int:
    """How much of an advance is set off: never more than is owed, nor than the advance."""
    if open_cent <= 0 or voorschot_cent <= 0:
        return 0
    part = round_half_up(Fraction(open_cent * verrekening.procent, HONDERD))
    return min(part, voorschot_cent, verrekening.maximum_cent.get(agb, part))


def _blokkade(bedrag_cent: int, rekening: Rekening | None) -> Blokkade:
    if bedrag_cent < 0:
        return Blokkade.SCHULD
    if bedrag_cent > OVERBOEKING_CENT_MAX:
        return Blokkade.TE_HOOG
    if bedrag_cent and rekening is None:
        return Blokkade.GEEN_IBAN
    return Blokkade.GEEN


def run_status(statussen: Iterable[RegelStatus]) -> RunStatus:
    """Where an approved run is once it was sent: finished when nothing of it is under way."""
    return RunStatus.VERZONDEN if RegelStatus.ONDERWEG in set(statussen) else RunStatus.AFGEROND


def end_to_end_id(gemeente: str, run_nr: int, regel: int) -> str:
    """The reference of one transfer, for ever (at most 35 characters)."""
    return f"SOL{gemeente}-{run_nr}-{regel}"


def batch_kenmerk(gemeente: str, run_nr: int) -> str:
    """The reference of the batch of a run (MsgId and PmtInfId)."""
    return f"SOL{gemeente}-{run_nr}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Specificatieregel:
    """One line that an aanbieder can match: what a declaratie (or act) was granted and credited, in cents.

    Attributes:
        soort: `declaratie`, or the soort of the act it came from.
        bericht_nr: Of the 323, or the number of the act.
        domein, declaratie_nummer, van, tot: Of the declaratie; empty and None of an act.
        toegekend_cent: Granted in this payment.
        gecrediteerd_cent: Taken back in this payment, positive.
    """

    soort: str
    bericht_nr: int
    domein: str
    declaratie_nummer: str
    van: date | None
    tot: date | None
    toegekend_cent: int
    gecrediteerd_cent: int

    @property
    def bedrag_cent(self) -> int:
        """What it adds to the payment."""
        return self.toegekend_cent - self.gecrediteerd_cent
