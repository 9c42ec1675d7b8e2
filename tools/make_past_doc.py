"""Write docs/rules-and-the-past.md: per rule what of the past it looks at, and who can see that.

What a rule declares comes from the register, who can see it from `facts.FEITEN`, what it really reads from running the cases in
tests/unit/standard/rules. A test says when the page is no longer what the rules do.

Run: python tools/make_past_doc.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.standard.rules import Regel
    from tests.unit.standard.rules.optekenen import Bekeken

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "rules-and-the-past.md"

INTRODUCTION = """\
# Rules and the past

Made by `python tools/make_past_doc.py`; do not edit. A bericht is never rejected on what its sender cannot know (OP095). So each rule declares the
facts of the past that it looks at (`kijkt_naar`), each fact says who can see it (`app/standard/rules/facts.py`), and the engine parks a bericht
rather than tell its sender a finding that rests on a fact hidden from it. [rules.md](rules.md) says what each rule holds.

A test runs every case of every rule and notes which fields of the past the rule and its sentence read. They must belong to the facts that it
declares; a fact that is declared and never read is an error too; and a rule of niveau 2 reads nothing but the bericht.
"""

FACTS = """\
## Facts

`gemeente` and `aanbieder` are the two partijen of the bericht: what another aanbieder was sent, or another client was granted, is in none of
these but `toewijzingnummers`. Nobody who sends a bericht can see `plafond` and `budget`, so no rule may look at them.

| fact | who can see it | rules that look at it |
|---|---|---|"""

RULES = """\
## Rules of niveau 3 and 4

`kijk` is what belongs to the part that is judged, `snapshot` what belongs to the bericht as a whole, `lijst` a list outside the berichten.

| code | berichten | where | facts | who can see all of them | what it reads |
|---|---|---|---|---|---|"""

NIVEAU_2 = """\
## Rules of niveau 2

These {functions} functions read nothing of the past, not even the day of receipt: {codes}.
"""


def document(bekeken: Bekeken) -> str:
    """The page as it should stand in the file.

    Args:
        bekeken: What every rule read (`optekenen.look_over_every_case`).
    """
    from app.standard.rules import BERICHTINHOUD, registered_rules
    from tests.unit.standard.rules.optekenen import who_can_see

    regels = sorted(registered_rules(), key=lambda each: (each.code, each.berichten, each.functie.__name__))
    alone = [regel for regel in regels if regel.niveau == BERICHTINHOUD]
    against = [regel for regel in regels if regel.niveau != BERICHTINHOUD]
    visible = who_can_see()
    facts = [
        _row([f"`{feit}`", _partijen(seen), _codes([regel for regel in regels if feit in regel.kijkt_naar]) or "none"])
        for feit, seen in visible.items()
    ]
    rules = [_row(_cells(regel, bekeken, visible)) for regel in against]
    last = NIVEAU_2.format(functions=len(alone), codes=_codes(alone))
    return "\n".join([INTRODUCTION, FACTS, *facts, "", RULES, *rules, "", last])


def _cells(regel: Regel, bekeken: Bekeken, visible: dict[str, frozenset[str]]) -> list[str]:
    """One rule."""
    seen = (
        frozenset.intersection(*(visible[feit] for feit in regel.kijkt_naar)) if regel.kijkt_naar else frozenset({"gemeente", "aanbieder"})
    )
    return [
        regel.code,
        " ".join(regel.berichten),
        f"`{regel.functie.__module__.rpartition('.')[2]}.{regel.functie.__name__}`",
        ", ".join(regel.kijkt_naar) or "none",
        _partijen(seen),
        " ".join(f"`{field}`" for field in sorted(bekeken.van(regel))) or "nothing",
    ]


def _partijen(seen: frozenset[str]) -> str:
    return ", ".join(rol for rol in ("gemeente", "aanbieder") if rol in seen) or "the region only"


def _codes(regels: list[Regel]) -> str:
    return " ".join(dict.fromkeys(regel.code for regel in regels))


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    """Write the file."""
    from tests.unit.standard.rules.optekenen import look_over_every_case

    TARGET.write_text(document(look_over_every_case()), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
