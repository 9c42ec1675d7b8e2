"""How a rule is tested: `assert_holds` and `assert_fails` find it by code for this class in this bericht, as judging does, and run it.

Both remember which function they ran with which outcome, so that `test_completeness.py` can ask whether each rule has both cases.
"""

from __future__ import annotations

from app.domain.bevinding import Bevinding
from app.domain.declaratie import Prestatie
from app.domain.klassen import Berichtklasse
from app.domain.levering import StartProduct, StopProduct
from app.domain.snapshot import Kijk
from app.standard.rules import Regel, make_bevinding, rules_for
from tests.builders import ANDERE_BSN, BSN

OUTCOMES: set[tuple[str, bool]] = set()
"""(name of the function, whether it held) of every case run so far."""


def assert_holds(code: str, klasse: Berichtklasse, kijk: Kijk) -> None:
    """The rule holds for this part of the bericht."""
    regel = find_rule(code, klasse, kijk)
    OUTCOMES.add((regel.functie.__name__, True))
    assert regel.functie(klasse, kijk), f"{code} does not hold: {regel.melding(klasse, kijk)}"


def assert_fails(code: str, klasse: Berichtklasse, kijk: Kijk) -> Bevinding:
    """The rule does not hold, and its finding is a whole sentence without personal data, at a path below the class."""
    regel = find_rule(code, klasse, kijk)
    OUTCOMES.add((regel.functie.__name__, False))
    assert not regel.functie(klasse, kijk), f"{code} holds"
    bevinding = make_bevinding(regel, klasse, kijk, "/Bericht/X")
    assert (bevinding.regel, bevinding.retourcode) == (code, regel.retourcode)
    assert bevinding.melding[0].isupper()
    assert bevinding.melding.endswith(".")
    shown = f"{bevinding.melding} {bevinding.waarde}"
    assert BSN not in shown
    assert ANDERE_BSN not in shown
    assert "None" not in shown.removesuffix(" None")
    return bevinding


def find_rule(code: str, klasse: Berichtklasse, kijk: Kijk) -> Regel:
    """The rule that judging would use for this class, by its code."""
    bericht = kijk.bericht
    variant = variant_of(klasse)
    regels = [
        regel
        for inhoud in (True, False)
        for regel in rules_for(bericht.domein, bericht.soort, type(klasse), inhoud=inhoud, variant=variant)
        if regel.code == code
    ]
    assert len(regels) == 1, f"{code} judges {type(klasse).__name__} of {bericht.domein} {bericht.soort} {len(regels)} times"
    return regels[0]


def has_rule(code: str, klasse: Berichtklasse, kijk: Kijk) -> bool:
    """Whether the rule judges this variant of the class at all."""
    bericht = kijk.bericht
    return any(
        regel.code == code
        for inhoud in (True, False)
        for regel in rules_for(bericht.domein, bericht.soort, type(klasse), inhoud=inhoud, variant=variant_of(klasse))
    )


def variant_of(klasse: Berichtklasse) -> str | None:
    """D or C of a Prestatie, StatusAanlevering of a start or stop."""
    if isinstance(klasse, Prestatie):
        return klasse.ingediend_bedrag.debet_credit
    return klasse.status_aanlevering if isinstance(klasse, (StartProduct, StopProduct)) else None
