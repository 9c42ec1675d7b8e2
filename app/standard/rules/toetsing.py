"""The same rules asked about many parts of one bericht: the 28 000 prestaties of a declaratie.

Nearly every part is in order, so the quick question comes first: do all rules hold? It costs little more than the rules themselves, for two
reasons. The rules are called in one expression (`a(klasse, kijk) and b(klasse, kijk) and …`), which Python runs a quarter faster than a loop over
them. And a rule that names the fields it follows from (`Regel.volgt_uit`) is asked once for each combination of their values, for a declaratie
has few different periods, eenheden and tarieven. Only for a part that is not in order is every rule asked by itself, to find out which fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import attrgetter

from app.domain.klassen import Berichtklasse
from app.domain.snapshot import Kijk
from app.standard.rules.engine import Functie, Regel, failed_rules, niet_eenduidig


class Toetsing:
    """Asks rules about the parts of one bericht, one part after the other; lives no longer than that bericht is judged.

    Everything but the part itself that a rule with `volgt_uit` looks at must stay the same meanwhile: bericht, Binnen, Snapshot and day.
    """

    def __init__(self, regels: Sequence[Regel]) -> None:
        fields = dict.fromkeys(field for regel in regels for field in regel.volgt_uit)
        self._regels = regels
        self._values = attrgetter(*fields) if fields else _nothing
        self._held: set[object] = set()
        self._once = _conjunction(tuple(regel.functie for regel in regels if regel.volgt_uit))
        self._each = _conjunction(tuple(regel.functie for regel in regels if not regel.volgt_uit))

    def failed(self, klasse: Berichtklasse, kijk: Kijk) -> Sequence[Regel]:
        """The rules that do not hold for this part, in order of registration.

        Raises:
            Parkeren: A rule raised, or held when it was asked again; not being able to judge is never an approval.
        """
        try:
            values = self._values(klasse)
            if values in self._held or self._once(klasse, kijk):
                self._held.add(values)
                if self._each(klasse, kijk):
                    return ()
        except Exception:  # noqa: BLE001, S110 - failed_rules meets the same error and parks the bericht with the code of the rule
            pass
        failed = failed_rules(self._regels, klasse, kijk)
        if not failed:
            raise niet_eenduidig(klasse)
        return failed


def _nothing(_: object) -> None:
    """The values of no fields."""


@cache
def _conjunction(functies: tuple[Functie, ...]) -> Functie:
    """One function that says whether all of these hold; asks no further after the first that does not.

    The text that is compiled consists of the words `rule_0`, `rule_1`, … and nothing else.
    """
    scope = {f"rule_{index}": functie for index, functie in enumerate(functies)}
    calls = " and ".join(f"{name}(klasse, kijk)" for name in scope) or "True"
    conjunction: Functie = eval(f"lambda klasse, kijk: {calls}", scope)  # noqa: S307 - see the docstring
    return conjunction
