"""Advances, payments, final settlement, and the booking of the shares that solidarity computed."""

from app.settlement.afrekening import INHOUD, TELT, Boekregel, Maat, Oorzaak, Oorzaakregel, Status, Verschil
from app.settlement.betalingen import ALLES, BLOKKADE_ZIN, NIETS, Blokkade, RegelStatus, RunStatus, Specificatieregel, Verrekening
from app.settlement.camt_koppelen import BankregelStatus
from app.settlement.service_afrekening import (
    bied_afrekening_aan,
    geef_akkoord,
    maak_afrekening,
    maak_bezwaar,
    ontvang_terugbetaling,
    stel_afrekening_vast,
    trek_afrekening_in,
    vernieuw_afrekening,
)
from app.settlement.service_afrekening_tonen import AfrekeningInBeeld, Staat, lijst_afrekeningen, toon_afrekening, toon_staat
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
from app.settlement.store_afrekening import Afrekening, Clientregel, Stem, Versie
from app.settlement.store_betalingen import Betaalregel, Betaalrun, BetalingAanAanbieder, Gemeentestand
from app.settlement.store_camt import AfschriftInBeeld, BankregelInBeeld
from app.settlement.verevening import RunVerschil, boek_run, stel_verevening_vast, trek_verevening_in, verklaar_verschil

__all__ = [
    "ALLES",
    "BLOKKADE_ZIN",
    "INHOUD",
    "NIETS",
    "TELT",
    "Afrekening",
    "AfrekeningInBeeld",
    "AfschriftInBeeld",
    "BankregelInBeeld",
    "BankregelStatus",
    "Bestand",
    "Betaalregel",
    "Betaalrun",
    "BetalingAanAanbieder",
    "Blokkade",
    "Boekregel",
    "Clientregel",
    "Gelezen",
    "Gemeentestand",
    "Maat",
    "Oorzaak",
    "Oorzaakregel",
    "RegelStatus",
    "RunInBeeld",
    "RunStatus",
    "RunVerschil",
    "Specificatie",
    "Specificatieregel",
    "Staat",
    "Status",
    "Stem",
    "Verrekening",
    "Verschil",
    "Versie",
    "bied_afrekening_aan",
    "boek_run",
    "exporteer_betaalrun",
    "geef_akkoord",
    "keur_betaalrun_goed",
    "lees_afschrift",
    "lijst_afrekeningen",
    "lijst_afschriften",
    "lijst_bankregels",
    "lijst_betaalruns",
    "lijst_betalingen",
    "lijst_standen",
    "los_bankregel_op",
    "maak_afrekening",
    "maak_bezwaar",
    "meld_geweigerd",
    "ontvang_terugbetaling",
    "stel_afrekening_vast",
    "stel_betalingen_voor",
    "stel_verevening_vast",
    "toon_afrekening",
    "toon_betaalrun",
    "toon_specificatie",
    "toon_staat",
    "trek_afrekening_in",
    "trek_betaalrun_in",
    "trek_verevening_in",
    "verklaar_verschil",
    "vernieuw_afrekening",
]
