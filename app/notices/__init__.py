"""What people are told without asking: new rejections while a page is open, and once each what began, ended or is nearly due."""

from app.notices.live import LiveAfkeuringen, TeVeelVensters
from app.notices.melding import Melding, Meldingsoort
from app.notices.service import stand_van_afkeuringen
from app.notices.service_meldingen import Meldingen, lees_alles, lees_melding, lijst_meldingen, maak_meldingen, tel_ongelezen
from app.notices.teller import OngelezenTeller

__all__ = [
    "LiveAfkeuringen",
    "Melding",
    "Meldingen",
    "Meldingsoort",
    "OngelezenTeller",
    "TeVeelVensters",
    "lees_alles",
    "lees_melding",
    "lijst_meldingen",
    "maak_meldingen",
    "stand_van_afkeuringen",
    "tel_ongelezen",
]
