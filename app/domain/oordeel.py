"""The outcome of judging one bericht: bevindingen with their place, the verdict, and what follows from it for register and ledger.

Judging is a function of (bericht, Snapshot, day of receipt); these values are all it yields. `judging` stores them in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from app.domain.bericht import Bericht
from app.domain.bevinding import Bevinding
from app.domain.snapshot import EerderVerzoek, Levering, Toewijzing, VerzoekStatus


class Verdict(StrEnum):
    """What becomes of the bericht; the values are statuses of `bericht`."""

    VERWERKT = "verwerkt"
    DEELS_AFGEKEURD = "deels_afgekeurd"
    AFGEKEURD = "afgekeurd"
    WACHT_OP_CONTRACT = "wacht_op_contract"


class Niveau(StrEnum):
    """Where in the answer a rejection stands (IV028, IV087)."""

    TECHNISCH = "technisch"
    """Header 0001 only (controleniveau 2)."""
    HEADER = "header"
    """A code of niveau 3 or 4 on the header; nothing else in the answer."""
    KLASSE = "klasse"
    """Codes on Client, Declaratie or a class below it; header 0200."""


class GeoordeeldePrestatie(NamedTuple):
    """One line of a 323 with its judgement; a tuple, because 45 000 of them are made for one bericht.

    `regel` counts the prestaties of the bericht from 1, in order of the XML; `client_index` and `prestatie_index` are positions in the
    tuples `clienten` and `prestaties`, from 0. `zorgvorm`, `gemeente_drager` and `tarief_id` are filled when it is granted: what it is
    booked on. `debet_bericht_nr` and `debet_regel` name the debit that a granted credit undoes, `debet_volgnr` its booking.
    `wacht_op_contract`: nothing is wrong with the line, but no contract line exists for its product (DESIGN section 5).
    """

    regel: int
    client_index: int
    prestatie_index: int
    client_id: int | None
    toegekend: bool
    retour_codes: tuple[str, ...] = ()
    zorgvorm: str = ""
    gemeente_drager: str = ""
    tarief_id: int | None = None
    debet_bericht_nr: int | None = None
    debet_regel: int | None = None
    wacht_op_contract: bool = False
    debet_volgnr: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Oordeel:
    """All that judging a bericht yields.

    Attributes:
        verdict: What becomes of the bericht.
        niveau: Where the rejection stands; None when nothing is rejected.
        bevindingen: Every rule that does not hold, with path, line, value and sentence; those inside a rejected class too.
        retourcodes: Per path of a berichtklasse (`/Bericht/Client/StartProducten/StartProduct[2]`, `/Bericht/Header`) its codes, for the answer.
            A class that is not named here gets 0200 when judged, 0233 when not (`niet_beoordeeld`).
        niet_beoordeeld: Paths of classes that were not judged because a class above was rejected.
        toewijzingen: New versions (301).
        leveringen: New starts and stops (305, 307).
        vervallen_leveringen: Accepted ones that StatusAanlevering 3 deletes, as (bericht_nr, volgnr).
        verzoeken: New requests (315, 317).
        verzoek_besluiten: What a 301 or 319 decides on requests: reference to the status it gives them.
        prestaties: Every line of a 323; empty when the declaratie was rejected as a whole (header, Declaratie), for then no line was judged.
            Of a 323 that waits for a contract nothing may be booked, whatever its lines say: it is judged anew.
        ingediend_cent, toegekend_cent: Signed totals of a 323; None for other types.
    """

    bericht: Bericht
    verdict: Verdict
    niveau: Niveau | None = None
    bevindingen: tuple[Bevinding, ...] = ()
    retourcodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    niet_beoordeeld: frozenset[str] = frozenset()
    toewijzingen: tuple[Toewijzing, ...] = ()
    leveringen: tuple[Levering, ...] = ()
    vervallen_leveringen: tuple[tuple[int, int], ...] = ()
    verzoeken: tuple[EerderVerzoek, ...] = ()
    verzoek_besluiten: Mapping[str, VerzoekStatus] = field(default_factory=dict)
    prestaties: tuple[GeoordeeldePrestatie, ...] = ()
    ingediend_cent: int | None = None
    toegekend_cent: int | None = None

    @property
    def telt_als_verzonden(self) -> bool:
        """Whether the bericht counts as sent: not when it was rejected as a whole (OP286; for a 323 a code on header or Declaratie, IV087)."""
        if self.verdict is not Verdict.AFGEKEURD:
            return True
        return self.bericht.soort == "323" and self.niveau is Niveau.KLASSE and "/Bericht/Declaratie" not in self.retourcodes
