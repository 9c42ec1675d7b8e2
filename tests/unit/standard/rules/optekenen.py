"""What of the past the rules look at, noted while the cases of this folder run: per rule the fields of Kijk and Snapshot that it touched.

A `Kijk` and its `Snapshot` are replaced by ones that note which of their fields are read, by the rule itself and by the sentence of its finding;
the lists of the standard by ones that note that they were asked. Which fact of `facts.FEITEN` a field belongs to stands here, once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import wraps
from typing import Any
from unittest.mock import patch

from app.domain.klassen import Berichtklasse
from app.domain.partij import aanbieder, gemeente
from app.domain.snapshot import Kijk, Snapshot
from app.standard.codelists import is_gemeente
from app.standard.rules import Regel, header
from app.standard.rules.facts import FEITEN
from tests.builders import AGB, GEMEENTE, make_kijk
from tests.unit.standard.rules import alle, gevallen

VAN_HET_BERICHT = frozenset(
    {"kijk.van", "kijk.gemeente", "kijk.bericht", "kijk.binnen", "kijk.bsn", "kijk.snapshot", "snapshot.domein", "snapshot.agb"}
)
"""No past: what the bericht itself says, whose lane it is in, and the way to the Snapshot, of which each field is noted by itself."""

FEITEN_VAN_VELD: dict[str, frozenset[str]] = {
    "kijk.vandaag": frozenset({"vandaag"}),
    "kijk.client_id": frozenset({"clienten"}),
    "kijk.toewijzing": frozenset({"toewijzing"}),
    "kijk.is_verwijderd": frozenset({"toewijzing"}),
    "kijk.verzoek": frozenset({"verzoeken"}),
    "kijk.leveringen": frozenset({"leveringen"}),
    "kijk.debet": frozenset({"debet"}),
    "kijk.verbruik": frozenset({"verbruik"}),
    "kijk.besteed": frozenset({"verbruik"}),
    "kijk.is_tweede_debet": frozenset({"open_debets"}),
    "kijk.tarieven": frozenset({"tarieven"}),
    "kijk.zonder_contract_afwijzen": frozenset({"tarieven"}),
    "snapshot.clienten": frozenset({"clienten"}),
    "snapshot.nieuwe_clienten": frozenset({"clienten"}),
    "snapshot.gebruikte_identificaties": frozenset({"identificaties"}),
    # By number they are those of every aanbieder (TR332); a rule that keeps to what its sender was sent looks at less.
    "snapshot.toewijzingen": frozenset({"toewijzing", "toewijzingnummers", "toewijzingen_van_client", "gemeentelijst"}),
    "snapshot.nummers_van_client": frozenset({"toewijzingen_van_client"}),
    "snapshot.verzoeken": frozenset({"verzoeken"}),
    "snapshot.verzoek_referenties": frozenset({"verzoeken"}),
    "snapshot.onderhanden": frozenset({"verzoeken"}),
    "snapshot.leveringen": frozenset({"leveringen"}),
    "snapshot.declaratie_nummers": frozenset({"declaraties"}),
    "snapshot.laatste_declaratieperiode": frozenset({"declaraties"}),
    "snapshot.referentie_nummers": frozenset({"referentienummers"}),
    "snapshot.debets": frozenset({"debet"}),
    "snapshot.open_debets": frozenset({"open_debets"}),
    "snapshot.verbruik": frozenset({"verbruik"}),
    "snapshot.besteed": frozenset({"verbruik"}),
    "snapshot.goedgekeurd": frozenset({"goedgekeurd"}),
    "snapshot.tarieven": frozenset({"tarieven"}),
    "snapshot.contracten": frozenset({"tarieven"}),
    "snapshot.producten": frozenset({"tarieven"}),
    "snapshot.overgangen": frozenset({"tarieven"}),
    "lijst.gemeenten": frozenset({"gemeentelijst"}),
}
"""The facts that a field belongs to; a rule that reads it declares at least one of them."""

RUST_OOK_OP: dict[str, frozenset[str]] = {
    "kijk.toewijzing": frozenset({"clienten"}),
    "kijk.is_verwijderd": frozenset({"clienten"}),
    "kijk.leveringen": frozenset({"clienten"}),
}
"""Facts that a field was chosen by: the toewijzing of this client. A rule that reads it may declare them too."""

VRAGEN_EEN_LIJST = frozenset({"header"})
"""The modules of rules that ask a list outside the berichten; `_noting_lists` notes what they ask."""

KIJK_FIELDS = frozenset(field.name for field in fields(Kijk))
SNAPSHOT_FIELDS = frozenset(field.name for field in fields(Snapshot))


class _Bekeken(Kijk):
    """A Kijk that notes which of its fields are read."""

    noted: set[str]

    def __getattribute__(self, name: str) -> Any:
        if name in KIJK_FIELDS:
            object.__getattribute__(self, "noted").add(f"kijk.{name}")
        return object.__getattribute__(self, name)


class _Geraadpleegd(Snapshot):
    """A Snapshot that notes which of its fields are read, by its own methods too."""

    noted: set[str]

    def __getattribute__(self, name: str) -> Any:
        if name in SNAPSHOT_FIELDS:
            object.__getattribute__(self, "noted").add(f"snapshot.{name}")
        return object.__getattribute__(self, name)


def noting(kijk: Kijk, noted: set[str]) -> Kijk:
    """The same Kijk, which notes what of it and of its Snapshot is read."""
    snapshot = _Geraadpleegd(**{name: getattr(kijk.snapshot, name) for name in SNAPSHOT_FIELDS})
    object.__setattr__(snapshot, "noted", noted)
    bekeken = object.__new__(_Bekeken)
    bekeken.noted = noted
    for name in KIJK_FIELDS:
        setattr(bekeken, name, snapshot if name == "snapshot" else getattr(kijk, name))
    return bekeken


@dataclass(frozen=True, slots=True, kw_only=True)
class Bekeken:
    """Per function name of a rule: the fields that the rule read, and those that the sentence of its finding read."""

    door_regel: dict[str, set[str]]
    door_melding: dict[str, set[str]]

    def van(self, regel: Regel) -> frozenset[str]:
        """Every field of the past that the rule or its sentence read."""
        name = regel.functie.__name__
        return frozenset(self.door_regel.get(name, set()) | self.door_melding.get(name, set())) - VAN_HET_BERICHT


def look_over_every_case() -> Bekeken:
    """Run every case of this folder and note what each rule reads.

    Raises:
        AssertionError: A case does not hold.
    """
    found = Bekeken(door_regel=defaultdict(set), door_melding=defaultdict(set))
    with _noting_rules(found):
        for _, case in alle.every_case():
            case()
    return found


@contextmanager
def _noting_rules(found: Bekeken) -> Iterator[None]:
    """Meanwhile `assert_holds` and `assert_fails` find rules that note what they read."""
    find_rule = gevallen.find_rule

    def find_noting(code: str, klasse: Berichtklasse, kijk: Kijk) -> Regel:
        return noting_rule(find_rule(code, klasse, kijk), found)

    with patch.object(gevallen, "find_rule", find_noting):
        yield


def noting_rule(regel: Regel, found: Bekeken) -> Regel:
    """The same rule, which adds what it reads to `found`."""
    name = regel.functie.__name__

    @wraps(regel.functie)
    def functie(klasse: Any, kijk: Kijk) -> bool:
        noted = found.door_regel[name]
        with _noting_lists(noted):
            return regel.functie(klasse, noting(kijk, noted))

    def melding(klasse: Any, kijk: Kijk) -> str:
        noted = found.door_melding[name]
        with _noting_lists(noted):
            return regel.melding(klasse, noting(kijk, noted))

    return replace(regel, functie=functie, melding=melding)


@contextmanager
def _noting_lists(noted: set[str]) -> Iterator[None]:
    """Meanwhile the list of gemeenten notes that a rule asked it."""

    def noting_is_gemeente(code: str, dag: date) -> bool:
        noted.add("lijst.gemeenten")
        return is_gemeente(code, dag)

    with patch.object(header, "is_gemeente", noting_is_gemeente):
        yield


def who_can_see() -> dict[str, frozenset[str]]:
    """Per fact which of the two partijen of a bericht, `gemeente` and `aanbieder`, can see it: asked of `facts.FEITEN` itself."""
    views = {rol: replace(make_kijk(), van=partij) for rol, partij in (("gemeente", gemeente(GEMEENTE)), ("aanbieder", aanbieder(AGB)))}
    return {feit: frozenset(rol for rol, view in views.items() if view.van in sees(view)) for feit, sees in FEITEN.items()}
