"""Write docs/rules.md: the rulebook (app/standard/rulebook), and the functions registered in app/standard/rules by what they compare with.

A test says when it is no longer what the program says.

Run: python tools/make_rules_doc.py
"""

from __future__ import annotations

import inspect
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.standard.rulebook import Regelgroep, Staat
    from app.standard.rules import Regel

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "rules.md"

INTRODUCTION = """\
# Rules

Made by `python tools/make_rules_doc.py` from `app/standard/rulebook` and the register in `app/standard/rules`; do not edit. Every row of the rules of
iJw 3.2 and iWmo 3.2 has a state. `solidair rules` prints the same list, with `--json` every place, function and test; the page Regels also says when
each rule last fired. What a rule asks is said in our own words, in Dutch, as on the page.

| state | who sees to it |
|---|---|
| afgedwongen | a function under the code of the rule, for each berichtklasse it is about; its finding says where and what to change |
| schema | the XSD at the door: an error to the sender, no retourbericht (IV032, IV088); tested just inside and just outside each bound |
| proces | how Solidair works: it writes the 325 itself, keeps terms, orders versions; the column says where |
| niet controleerbaar | nobody who only receives berichten can see it; the column says why |

A code may have more than one state: one for the berichten that come in, another for the 325 that Solidair writes itself.
"""

FUNCTIONS = """\
## The functions

Controleniveau 1 comes first, at the door: size, encoding, well-formed, no DTD, and the XSD. Niveau 2 is judged next; only when it was passed come 3
and 4, of the header first and then of what stands below it. The same functions run in the check before sending.

| niveau | what it compares with | outcome of a finding |
|---|---|---|
| 2 | the bericht itself | 0001 on the header, nothing else is judged |
| 3 | earlier berichten | its own code on the berichtklasse; a 323 is refused per prestatie, any other bericht as a whole |
| 4 | a list or a contract | as niveau 3 |

In the column "of": `D` a debit prestatie only, `C` a credit only, `1` a new start or stop only, `3` the deletion of one only; `ijw` or `iwmo` when a
function is of one domain. A code stands more than once when it is about more than one berichtklasse.
"""

NIVEAUS = {2: "Niveau 2: the bericht itself", 3: "Niveau 3: against earlier berichten", 4: "Niveau 4: against a list or a contract"}
WHERE_MAX = 4
"""Places in the code that a row of the rulebook names; the others are counted."""


def document() -> str:
    """The page as it should stand in the file."""
    return "\n".join([INTRODUCTION, *counts(), "", *codes(), FUNCTIONS, *functions()]).rstrip() + "\n"


def counts() -> list[str]:
    """How many rows of each domein have each state."""
    from app.standard.rulebook import Staat, regelboek, tel_staten

    staten = [staat for staat in Staat if staat is not Staat.OPEN]
    lines = ["| | rows | codes | " + " | ".join(map(word, staten)) + " |", "|---|" + "---|" * (2 + len(staten))]
    for domein in ("ijw", "iwmo"):
        own = [rij for rij in regelboek() if rij.domein == domein]
        numbers = (len(own), len({rij.code for rij in own}), *(tel_staten(own)[staat] for staat in staten))
        lines.append(f"| {domein} | " + " | ".join(map(str, numbers)) + " |")
    return lines


def codes() -> list[str]:
    """Every code of the standard, in a table per kind."""
    from app.standard.rulebook import SOORTEN, per_code, regelboek

    parts = []
    groepen = per_code(regelboek())
    for soort, naam in SOORTEN.items():
        parts += [
            f"## {soort}: {naam.lower()}",
            "",
            "| code | of | rows | state | retourcode | tests | what it asks | by what, or why not |",
            "|---|---|---|---|---|---|---|---|",
            *(code_row(groep) for groep in groepen if groep.soort == soort),
            "",
        ]
    return parts


def code_row(groep: Regelgroep) -> str:
    """One line of the rulebook."""
    shown = [linked(naam) for naam in groep.functies[:WHERE_MAX]]
    more = len(groep.functies) - len(shown)
    by = ", ".join(shown) + (f" and {more} more" if more else "")
    by = by if groep.soort != "RS" else ""
    cells = (
        groep.code,
        " ".join(groep.domeinen),
        str(len(groep.rijen)),
        ", ".join(word(staat) for staat in groep.staten),
        groep.retourcode,
        str(len(groep.proeven.alle)),
        groep.zin,
        " ".join(part for part in (*(groep.redenen if groep.soort != "RS" else ()), by) if part),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def word(staat: Staat) -> str:
    """A state as a reader reads it."""
    return staat.value.replace("_", " ")


def linked(naam: str) -> str:
    """A dotted name as a link to its file; the code of a rule as it is."""
    parts = naam.split(".")
    for end in range(len(parts), 0, -1):
        stem = "/".join(parts[:end])
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            if (ROOT / path).is_file():
                return f"[`{'.'.join(parts[max(end - 1, 0) :])}`](../{path})"
    return naam


def functions() -> list[str]:
    """Every registered function, in a table per controleniveau."""
    from app.standard.rules import registered_rules

    per_niveau: dict[int, list[Regel]] = defaultdict(list)
    for regel in registered_rules():
        per_niveau[regel.niveau].append(regel)
    parts = [f"{len({regel.code for regel in registered_rules()})} codes, {len(registered_rules())} functions.\n"]
    for niveau in sorted(per_niveau):
        parts.append(f"### {NIVEAUS[niveau]}\n")
        parts.append(
            "| code | retourcode | berichten | berichtklasse and element | of | what holds | where |\n|---|---|---|---|---|---|---|"
        )
        parts.extend(row(regel) for regel in sorted(per_niveau[niveau], key=lambda each: (each.code, each.berichten)))
        parts.append("")
    return parts


def row(regel: Regel) -> str:
    """One line of a table."""
    place = ", ".join(klasse.__name__.replace("DeclaratieClient", "Client") for klasse in regel.klassen)
    element = f"{place}: {regel.element}" if regel.element else place
    variant = " ".join([*([regel.alleen] if regel.alleen else []), *(regel.domeinen if len(regel.domeinen) == 1 else ())])
    where = f"`{regel.functie.__module__.rpartition('.')[2]}.{regel.functie.__name__}`"
    cells = (regel.code, regel.retourcode, " ".join(regel.berichten), element, variant, sentence(regel), where)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def sentence(regel: Regel) -> str:
    """The first paragraph of the docstring, on one line."""
    first = inspect.getdoc(regel.functie) or ""
    return re.sub(r"\s+", " ", first.split("\n\n", maxsplit=1)[0]).strip()


def main() -> int:
    """Write the file."""
    TARGET.write_text(document(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
