"""Write docs/rules.md from the register of rules in app/standard/rules; a test says when it is no longer what the program enforces.

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
    from app.standard.rules import Regel

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "rules.md"

INTRODUCTION = """\
# Rules that are enforced

Made by `python tools/make_rules_doc.py` from the register in `app/standard/rules`; do not edit. A rule is one pure function under its code. What it
found is a finding with rule, retourcode, path, line and a Dutch sentence that says what to change.

Before these come the checks of controleniveau 1, at the door: size, encoding, well-formed, no DTD, and the XSD of the bericht, which also holds the
restricties (RS) of the standard. They have no retourcode: the sender gets an error and there is no retourbericht (IV032, IV088). Niveau 2 is judged
first; only when it was passed come 3 and 4, of the header first and then of what stands below it.

| niveau | what it compares with | outcome of a finding |
|---|---|---|
| 2 | the bericht itself | 0001 on the header, nothing else is judged |
| 3 | earlier berichten | its own code on the berichtklasse; a 323 is refused per prestatie, any other bericht as a whole |
| 4 | a list or a contract | as niveau 3 |

In the column "of": `D` a debit prestatie only, `C` a credit only, `1` a new start or stop only, `3` the deletion of one only; `ijw` or `iwmo` when a
rule is of one domain. A code stands more than once when it is about more than one berichtklasse. The same rules run in the check before sending.
"""

NIVEAUS = {2: "Niveau 2: the bericht itself", 3: "Niveau 3: against earlier berichten", 4: "Niveau 4: against a list or a contract"}


def document() -> str:
    """The page as it should stand in the file."""
    from app.standard.rules import registered_rules

    per_niveau: dict[int, list[Regel]] = defaultdict(list)
    for regel in registered_rules():
        per_niveau[regel.niveau].append(regel)
    codes = {regel.code for regel in registered_rules()}
    parts = [INTRODUCTION, f"{len(codes)} codes, {len(registered_rules())} functions.\n"]
    for niveau in sorted(per_niveau):
        parts.append(f"## {NIVEAUS[niveau]}\n")
        parts.append(
            "| code | retourcode | berichten | berichtklasse and element | of | what holds | where |\n|---|---|---|---|---|---|---|"
        )
        parts.extend(row(regel) for regel in sorted(per_niveau[niveau], key=lambda each: (each.code, each.berichten)))
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


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
