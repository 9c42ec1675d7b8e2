"""Advances, payments, final settlement, and the booking of the shares that solidarity computed."""

from app.settlement.betalingen import ALLES, BLOKKADE_ZIN, NIETS, Blokkade, RegelStatus, RunStatus, Specificatieregel, Verrekening
from app.settlement.camt_koppelen import BankregelStatus
from app.settlement.service_betalingen import (
    Bestand,
    exporteer_betaalrun,
    keur_betaalrun_goed,
    meld_geweigerd,
    stel_betalingen_voor,
    trek_betaalrun_in,
)
from app.settlement.service_betalingen_tonen import (
    RunInBeeld,
    Specificatie,
    lijst_betaalruns,
    lijst_betalingen,
    lijst_standen,
    toon_betaalrun,
    toon_specificatie,
)
from app.settlement.service_camt import Gelezen, lees_afschrift, lijst_afschriften, lijst_bankregels, los_bankregel_op
from app.settlement.store_betalingen import Betaalregel, Betaalrun, BetalingAanAanbieder, Gemeentestand
from app.settlement.store_camt import AfschriftInBeeld, BankregelInBeeld
from app.settlement.verevening import RunVerschil, boek_run, stel_verevening_vast, trek_verevening_in, verklaar_verschil

__all__ = [
    "ALLES",
    "BLOKKADE_ZIN",
    "NIETS",
    "AfschriftInBeeld",
    "BankregelInBeeld",
    "BankregelStatus",
    "Bestand",
    "Betaalregel",
    "Betaalrun",
    "BetalingAanAanbieder",
    "Blokkade",
    "Gelezen",
    "Gemeentestand",
    "RegelStatus",
    "RunInBeeld",
    "RunStatus",
    "RunVerschil",
    "Specificatie",
    "Specificatieregel",
    "Verrekening",
    "boek_run",
    "exporteer_betaalrun",
    "keur_betaalrun_goed",
    "lees_afschrift",
    "lijst_afschriften",
    "lijst_bankregels",
    "lijst_betaalruns",
    "lijst_betalingen",
    "lijst_standen",
    "los_bankregel_op",
    "meld_geweigerd",
    "stel_betalingen_voor",
    "stel_verevening_vast",
    "toon_betaalrun",
    "toon_specificatie",
    "trek_betaalrun_in",
    "trek_verevening_in",
    "verklaar_verschil",
]
