"""Answers for readers: what came in, what was rejected and why, what it cost, and who settles what. Reads only."""

from app.reports.berichten import CSV_MAX, LIJST_MAX, BerichtenLijst, BerichtFilter, BerichtRegel, BevindingRegel
from app.reports.casussen import CasussenOverzicht, GemeenteCasussen
from app.reports.controles import Controles, Invariant
from app.reports.kosten import MAANDEN, Basis, KostenOverzicht, KostenRegel, VereveningRegel, VereveningRun
from app.reports.oorzaken import Oorzaak, Oplosser, advies, betekenis
from app.reports.plafonds import (
    PLAFONDS_MAX,
    Aflopend,
    Plafond,
    PlafondPagina,
    PlafondRij,
    PlafondVraag,
    Wachtend,
)
from app.reports.regels import KEREN_MAX, Afgegaan
from app.reports.risico import SCHOKKEN_PROMILLE, Deelwijze, GemeenteRisico, RisicoOverzicht
from app.reports.service import (
    BerichtPagina,
    Overzicht,
    Uitval,
    list_berichten,
    list_partijen,
    read_afgegaan,
    read_bericht,
    read_kosten,
    read_overzicht,
    read_uitval,
    read_xml,
)
from app.reports.service_casussen import top_casussen
from app.reports.service_controles import read_controles
from app.reports.service_plafonds import read_plafonds
from app.reports.service_risico import read_risico
from app.reports.service_termijnen import list_termijnen, list_verzoeken, read_termijnen
from app.reports.service_uitleg import UitlegPagina, read_uitleg
from app.reports.termijnen import (
    GROEP_MAX,
    Telling,
    Termijn,
    TermijnenPagina,
    TermijnFilter,
    TermijnStand,
    VerzoekFilter,
    VerzoekRegel,
    Wat,
    Wie,
)
from app.reports.xmlweergave import XmlRegel, XmlWeergave, weergave

__all__ = [
    "CSV_MAX",
    "GROEP_MAX",
    "KEREN_MAX",
    "LIJST_MAX",
    "MAANDEN",
    "PLAFONDS_MAX",
    "SCHOKKEN_PROMILLE",
    "Afgegaan",
    "Aflopend",
    "Basis",
    "BerichtFilter",
    "BerichtPagina",
    "BerichtRegel",
    "BerichtenLijst",
    "BevindingRegel",
    "CasussenOverzicht",
    "Controles",
    "Deelwijze",
    "GemeenteCasussen",
    "GemeenteRisico",
    "Invariant",
    "KostenOverzicht",
    "KostenRegel",
    "Oorzaak",
    "Oplosser",
    "Overzicht",
    "Plafond",
    "PlafondPagina",
    "PlafondRij",
    "PlafondVraag",
    "RisicoOverzicht",
    "Telling",
    "Termijn",
    "TermijnFilter",
    "TermijnStand",
    "TermijnenPagina",
    "UitlegPagina",
    "Uitval",
    "VereveningRegel",
    "VereveningRun",
    "VerzoekFilter",
    "VerzoekRegel",
    "Wachtend",
    "Wat",
    "Wie",
    "XmlRegel",
    "XmlWeergave",
    "advies",
    "betekenis",
    "list_berichten",
    "list_partijen",
    "list_termijnen",
    "list_verzoeken",
    "read_afgegaan",
    "read_bericht",
    "read_controles",
    "read_kosten",
    "read_overzicht",
    "read_plafonds",
    "read_risico",
    "read_termijnen",
    "read_uitleg",
    "read_uitval",
    "read_xml",
    "top_casussen",
    "weergave",
]
