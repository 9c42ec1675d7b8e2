"""The rules of iJw 3.2 and iWmo 3.2 that a receiver can check, one small pure function each, grouped by berichtklasse.

`header` and `client`, `contact` of every bericht about a client; `toegewezen_product` (301); `levering` (305, 307); `verzoek` and its three
companions (315, 317); `antwoord` (319); `declaratie`, `prestatie` and its three companions (323). The arithmetic they lean on is in
`volume` and `tarief`, how they are registered and evaluated in `engine`.
"""

from app.standard.rules import (
    antwoord,
    client,
    contact,
    declaratie,
    header,
    levering,
    prestatie,
    prestatie_tarief,
    prestatie_toewijzing,
    prestatie_volume,
    toegewezen_product,
    verzoek,
    verzoek_om_toewijzing,
    verzoek_om_wijziging,
    verzoek_toewijzing,
)
from app.standard.rules.engine import (
    BERICHTINHOUD,
    BERICHTOVERSTIJGEND,
    EXTERNE_BRON,
    TECHNISCH,
    Regel,
    evaluate,
    failed_rules,
    findings_of,
    make_bevinding,
    registered_rules,
    rules_for,
)
from app.standard.rules.toetsing import Toetsing

__all__ = [
    "BERICHTINHOUD",
    "BERICHTOVERSTIJGEND",
    "EXTERNE_BRON",
    "TECHNISCH",
    "Regel",
    "Toetsing",
    "antwoord",
    "client",
    "contact",
    "declaratie",
    "evaluate",
    "failed_rules",
    "findings_of",
    "header",
    "levering",
    "make_bevinding",
    "prestatie",
    "prestatie_tarief",
    "prestatie_toewijzing",
    "prestatie_volume",
    "registered_rules",
    "rules_for",
    "toegewezen_product",
    "verzoek",
    "verzoek_om_toewijzing",
    "verzoek_om_wijziging",
    "verzoek_toewijzing",
]
