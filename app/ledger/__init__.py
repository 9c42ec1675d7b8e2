"""The books: rekening, boeking, saldo; commitments; and acts that book without a bericht."""

from app.ledger.boeking import Boeking, Rekening, boekingen_van
from app.ledger.gebeurtenissen import GEBEURTENISSEN, Gebeurtenis
from app.ledger.handeling import keur_goed, open_handeling
from app.ledger.opdracht import MAG, NODIG, Opdracht, OpdrachtSoort, Stuk, Uitkomst
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
    boek_woonplaats,
)
from app.ledger.service_handelingen_tonen import Maandlijst, Maandtaak, lijst_handelingen, maandlijst, toon_handeling, toon_keuzes
from app.ledger.service_opdracht import boek_opdracht, keur_opdracht_goed, toon_opdracht, toon_wachtende, trek_opdracht_in
from app.ledger.service_verificatie import Verificatie, laatste_verificatie, verifieer
from app.ledger.service_verplichtingen import VRIJVAL_MAANDEN, Vrijval, herreken_verplichtingen, laat_vrijvallen, toon_vrijval
from app.ledger.store_voorstel import HandelingRegel, Keuzes

__all__ = [
    "GEBEURTENISSEN",
    "MAG",
    "NODIG",
    "REKENINGSOORTEN",
    "VRIJVAL_MAANDEN",
    "Boeking",
    "Boekmaand",
    "Controle",
    "Gebeurtenis",
    "HandelingRegel",
    "Keuzes",
    "Maandlijst",
    "Maandtaak",
    "Opdracht",
    "OpdrachtSoort",
    "Rekening",
    "Rekeningsoort",
    "SaldoFilter",
    "SaldoRegel",
    "Soortsom",
    "Stuk",
    "Uitkomst",
    "Verificatie",
    "Vooruitblik",
    "Vrijval",
    "Wacht",
    "blik_vooruit",
    "boek_bijdragen",
    "boek_lokaal",
    "boek_opdracht",
    "boek_organisatiekosten",
    "boek_ouderbijdrage",
    "boek_pgb_besteding",
    "boek_pgb_voorschot",
    "boek_termijnen",
    "boek_verevening",
    "boek_voorschotten",
    "boek_woonplaats",
    "boekingen",
    "boekingen_van",
    "boekmaanden",
    "fold",
    "herreken_verplichtingen",
    "keur_goed",
    "keur_opdracht_goed",
    "laat_vrijvallen",
    "laatste_verificatie",
    "lijst_handelingen",
    "maandlijst",
    "open_handeling",
    "saldi",
    "sluit_jaar",
    "sluit_maand",
    "toon_handeling",
    "toon_keuzes",
    "toon_opdracht",
    "toon_vrijval",
    "toon_wachtende",
    "trek_opdracht_in",
    "verifieer",
    "verify",
    "volgende_te_sluiten",
    "werk_verplichtingen_bij",
]
