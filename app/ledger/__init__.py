"""The books: rekening, boeking, saldo; commitments; and acts that book without a bericht."""

from app.ledger.boeking import Boeking, Rekening, boekingen_van
from app.ledger.gebeurtenissen import GEBEURTENISSEN, Gebeurtenis
from app.ledger.handeling import keur_goed, open_handeling
from app.ledger.rekeningschema import REKENINGSOORTEN, Rekeningsoort
from app.ledger.service import Controle, SaldoFilter, SaldoRegel, boekingen, fold, saldi, verify
from app.ledger.service_afsluiten import (
    Boekmaand,
    Soortsom,
    Vooruitblik,
    Wacht,
    blik_vooruit,
    boekmaanden,
    sluit_jaar,
    sluit_maand,
    volgende_te_sluiten,
)
from app.ledger.service_bijwerken import werk_verplichtingen_bij
from app.ledger.service_handeling import (
    boek_bijdragen,
    boek_lokaal,
    boek_organisatiekosten,
    boek_ouderbijdrage,
    boek_pgb_besteding,
    boek_pgb_voorschot,
    boek_termijnen,
    boek_verevening,
    boek_voorschotten,
)
from app.ledger.service_verificatie import Verificatie, laatste_verificatie, verifieer
from app.ledger.service_verplichtingen import VRIJVAL_MAANDEN, Vrijval, herreken_verplichtingen, laat_vrijvallen, toon_vrijval

__all__ = [
    "GEBEURTENISSEN",
    "REKENINGSOORTEN",
    "VRIJVAL_MAANDEN",
    "Boeking",
    "Boekmaand",
    "Controle",
    "Gebeurtenis",
    "Rekening",
    "Rekeningsoort",
    "SaldoFilter",
    "SaldoRegel",
    "Soortsom",
    "Verificatie",
    "Vooruitblik",
    "Vrijval",
    "Wacht",
    "blik_vooruit",
    "boek_bijdragen",
    "boek_lokaal",
    "boek_organisatiekosten",
    "boek_ouderbijdrage",
    "boek_pgb_besteding",
    "boek_pgb_voorschot",
    "boek_termijnen",
    "boek_verevening",
    "boek_voorschotten",
    "boekingen",
    "boekingen_van",
    "boekmaanden",
    "fold",
    "herreken_verplichtingen",
    "keur_goed",
    "laat_vrijvallen",
    "laatste_verificatie",
    "open_handeling",
    "saldi",
    "sluit_jaar",
    "sluit_maand",
    "toon_vrijval",
    "verifieer",
    "verify",
    "volgende_te_sluiten",
    "werk_verplichtingen_bij",
]
