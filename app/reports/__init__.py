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
from app.reports.service_grenzen import GrenzenOverzicht, read_grenzen
from app.reports.service_plafonds import read_plafonds
from app.reports.service_risico import read_risico
from app.reports.service_termijnen import list_termijnen, list_verzoeken, read_termijnen
from app.reports.service_uitleg import UitlegPagina, read_uitleg
from app.reports.service_uitputting import read_uitputting
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
from app.reports.uitputting import Onvolledig, Per, Uitputting, UitputtingRij
from app.reports.uitputting_bestand import als_csv
from app.reports.uitputting_tabel import Kolom, Soort, Tabel, overzicht, veranderd, verloop
from app.reports.uitputting_verschil import WAARDOOR_WOORDEN, Waardoor
from app.reports.uitputting_zinnen import KOPPEN, TOELICHTING, ervaring_zin, maandnaam, ondertitel, onvolledig_zin, sein, tempo
from app.reports.xmlweergave import XmlRegel, XmlWeergave, weergave

__all__ = [
    "CSV_MAX",
    "GROEP_MAX",
    "KEREN_MAX",
    "KOPPEN",
    "LIJST_MAX",
    "MAANDEN",
    "PLAFONDS_MAX",
    "SCHOKKEN_PROMILLE",
    "TOELICHTING",
    "WAARDOOR_WOORDEN",
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
    "GrenzenOverzicht",
    "Invariant",
    "Kolom",
    "KostenOverzicht",
    "KostenRegel",
    "Onvolledig",
    "Oorzaak",
    "Oplosser",
    "Overzicht",
    "Per",
    "Plafond",
    "PlafondPagina",
    "PlafondRij",
    "PlafondVraag",
    "RisicoOverzicht",
    "Soort",
    "Tabel",
    "Telling",
    "Termijn",
    "TermijnFilter",
    "TermijnStand",
    "TermijnenPagina",
    "UitlegPagina",
    "Uitputting",
    "UitputtingRij",
    "Uitval",
    "VereveningRegel",
    "VereveningRun",
    "VerzoekFilter",
    "VerzoekRegel",
    "Waardoor",
    "Wachtend",
    "Wat",
    "Wie",
    "XmlRegel",
    "XmlWeergave",
    "advies",
    "als_csv",
    "betekenis",
    "ervaring_zin",
    "list_berichten",
    "list_partijen",
    "list_termijnen",
    "list_verzoeken",
    "maandnaam",
    "ondertitel",
    "onvolledig_zin",
    "overzicht",
    "read_afgegaan",
    "read_bericht",
    "read_controles",
    "read_grenzen",
    "read_kosten",
    "read_overzicht",
    "read_plafonds",
    "read_risico",
    "read_termijnen",
    "read_uitleg",
    "read_uitputting",
    "read_uitval",
    "read_xml",
    "sein",
    "tempo",
    "top_casussen",
    "veranderd",
    "verloop",
    "weergave",
]
