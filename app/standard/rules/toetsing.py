"""The same rules asked about many parts of one bericht: the 28 000 prestaties of a declaratie.

Two things make that cheaper than asking `failed_rules` each time, and neither changes an outcome. The rules are called in one expression,
`(a(klasse, kijk), b(klasse, kijk), …)`, which Python runs a quarter faster than a loop over them. And a rule that names the fields it follows from
(`Regel.volgt_uit`) is asked once for each combination of their values, for a declaratie has few different periods, eenheden and tarieven.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from app.domain.klassen import Berichtklasse
from app.domain.snapshot import Kijk
from app.standard.rules.engine import Functie, Regel, could_not_be_judged

Uitkomsten = tuple[bool, ...]
"""Per rule whether it holds."""


class Toetsing:
    """Asks rules about the parts of one bericht, one part after the other; lives no longer than that bericht is judged.

    Everything but the part itself that a rule with `volgt_uit` looks at must stay the same meanwhile: bericht, Binnen, Snapshot and day.
    """

    def __init__(self, regels: Sequence[Regel]) -> None:
        self._regels = regels
        each = [place for place, regel in enumerate(regels) if not regel.volgt_uit]
        once = [place for place, regel in enumerate(regels) if regel.volgt_uit]
        self._places = (*each, *once)
        self._ask_each = _one_function(tuple(regels[place].functie for place in each))
        self._ask_once = _one_function(tuple(regels[place].functie for place in once))
        fields = dict.fromkeys(field for regel in regels for field in regel.volgt_uit)
        self._values = attrgetter(*fields) if fields else _no_values
        self._answers: dict[object, Uitkomsten] = {}
        self._each_holds, self._once_holds = (True,) * len(each), (True,) * len(once)

    def failed(self, klasse: Berichtklasse, kijk: Kijk) -> Sequence[Regel]:
        """The rules that do not hold for this part, in order of registration; what `failed_rules` says of it.

        Raises:
            Parkeren: A rule raised; not being able to judge is never an approval.
        """
        try:
            values = self._values(klasse)
            once = self._answers.get(values)
            if once is None:
                once = self._answers[values] = self._ask_once(klasse, kijk)
            each = self._ask_each(klasse, kijk)
        except Exception as fout:
            raise could_not_be_judged(self._regels, klasse, kijk) from fout
        if each == self._each_holds and once == self._once_holds:
            return ()
        places = sorted([place for place, holds in zip(self._places, (*each, *once), strict=True) if not holds])
        return [self._regels[place] for place in places]


def _no_values(_: object) -> None:
    """The values of no fields."""


@cache
def _one_function(functies: tuple[Functie, ...]) -> Callable[[Any, Kijk], Uitkomsten]:
    """One function that says of each of these whether it holds.

    The text that is compiled consists of the words `rule_0`, `rule_1`, … and nothing else.
    """
    scope = {f"rule_{index}": functie for index, functie in enumerate(functies)}
    calls = "".join(f"{name}(klasse, kijk)," for name in scope)
    together: Callable[[Any, Kijk], Uitkomsten] = eval(f"lambda klasse, kijk: ({calls})", scope)  # noqa: S307 - see the docstring
    return together
