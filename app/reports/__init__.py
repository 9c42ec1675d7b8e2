"""Answers for readers: what came in, what was rejected and why, what it cost, and who settles what. Reads only."""

from app.reports.berichten import CSV_MAX, LIJST_MAX, BerichtenLijst, BerichtFilter, BerichtRegel, BevindingRegel
from app.reports.kosten import MAANDEN, KostenOverzicht, KostenRegel, VereveningRegel, VereveningRun
from app.reports.oorzaken import Oorzaak, Oplosser, advies, betekenis
from app.reports.regels import KEREN_MAX, Afgegaan
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
from app.reports.xmlweergave import XmlRegel, XmlWeergave, weergave

__all__ = [
    "CSV_MAX",
    "KEREN_MAX",
    "LIJST_MAX",
    "MAANDEN",
    "Afgegaan",
    "BerichtFilter",
    "BerichtPagina",
    "BerichtRegel",
    "BerichtenLijst",
    "BevindingRegel",
    "KostenOverzicht",
    "KostenRegel",
    "Oorzaak",
    "Oplosser",
    "Overzicht",
    "Uitval",
    "VereveningRegel",
    "VereveningRun",
    "XmlRegel",
    "XmlWeergave",
    "advies",
    "betekenis",
    "list_berichten",
    "list_partijen",
    "read_afgegaan",
    "read_bericht",
    "read_kosten",
    "read_overzicht",
    "read_uitval",
    "read_xml",
    "weergave",
]
