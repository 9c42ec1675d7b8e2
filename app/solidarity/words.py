"""The words of an agreement as a document (`overeenkomst.toml`) beside those of section 2 and its CSV form.

A controller reads and writes Dutch; the calculator and the CSV form keep the words of section 2. This file alone translates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from app.domain.periode import slotdag
from app.solidarity.agreement import COST, Arrangement
from app.solidarity.naming import Naming, Spot

POOLS: Final = {"regeling": "arrangement", "zorgvorm": "category"}
DEPOSITS: Final = {"geen": "none", "budget": "budget", "premie": "premium", "historie": "history"}
AVERAGINGS: Final = {"som": "sum", "gemiddeld_aandeel": "mean_share"}
BASES: Final = {"client": "client", "afwijking": "deviation", "kosten": "cost"}
SIDES: Final = {"overschrijding": "over", "onderschrijding": "under", "beide": "both"}
UNITS: Final = {"euro": "eur", "budget": "pct"}
REFUNDS: Final = {"verschil": "gap", "vast": "flat"}
PAYERS: Final = {"allen": "all", "niet_ontvangers": "claimers"}
ROLES: Final = {"hoofd": "key", "rest": "rest", "premie": "premium"}
"""The roles with a meaning of their own; every other role keeps the name that a laag gives it."""
MEASURES: Final = {"kosten": COST}
"""The special measure; every other measure keeps its name."""

_COLUMNS: Final = {
    "arrangement": "code",
    "valid_from": "geldig_van",
    "valid_to": "geldig_tot",
    "categories": "zorgvormen",
    "pool_by": "pool",
    "budget_measure": "budgetmaatstaf",
    "local_share": "lokaal_deel",
    "rest": "reserve",
    "cap_pct": "plafond",
    "fallback_measure": "terugvalmaatstaf",
    "no_claim_type": "no_claim",
    "no_claim_rate": "no_claim.deel",
    "members": "leden",
    "key": "sleutel",
    "layers": "laag",
    "spread": "spreiding",
    "kept": "ingehouden",
    "municipality": "gemeente",
    "from": "van",
    "to": "tot",
    "role": "rol",
    "measure": "maatstaf",
    "lag_from": "jaren_terug",
    "lag_to": "jaren_terug",
    "weight": "gewicht",
    "side": "kant",
    "unit": "eenheid",
    "lower": "ondergrens",
    "upper": "bovengrens",
    "share": "aandeel",
    "year_from": "vanaf_jaar",
    "year_to": "tot_en_met_jaar",
}
"""Columns of section 2.14 and the fields of the document; a name that is not here is the same in both."""

_WORDS: Final = {
    english: dutch
    for words in (POOLS, DEPOSITS, AVERAGINGS, BASES, SIDES, UNITS, REFUNDS, PAYERS, ROLES, MEASURES)
    for dutch, english in words.items()
}


def dutch(words: Mapping[str, str], english: str) -> str:
    """The word of the document for one of section 2; a name of one's own stays as it is."""
    return next((word for word, meaning in words.items() if meaning == english), english)


class DocumentNaming(Naming):
    """The names of the document; places are paths such as `regeling[2].sleutel[1].gewicht`, counted from 1.

    Args:
        file: Name of the document, first in every place.
        shared_members: Numbers (from 0) of the regelingen that have the members of the whole document.
    """

    def __init__(self, file: str, shared_members: Sequence[int] = ()) -> None:
        self.file = file
        self.shared = frozenset(shared_members)

    def field(self, column: str) -> str:
        """The field of the document for a column of section 2.14."""
        return _COLUMNS.get(column, column)

    def word(self, value: str) -> str:
        """The word of the document for a fixed word of section 2.14."""
        return _WORDS.get(value, value)

    def end(self, until: date) -> str:
        """The last day that counts: periods in the document include it."""
        return slotdag(until).isoformat()

    def place(self, number: int, arrangement: Arrangement, spot: Spot) -> str:
        """The path of a place in the regeling with this number (from 0)."""
        own = spot.column != "members" or number not in self.shared
        path = f"regeling[{number + 1}]." if own else ""
        path += self.field(spot.column)
        path += "" if spot.index is None else f"[{spot.index + 1}]"
        path += "" if spot.field is None else f".{self.field(spot.field)}"
        return f"{self.file}, {path}"

    def merger(self, index: int, label: str) -> str:
        """The path of a merger."""
        return f"{self.file}, herindeling[{index + 1}]"
