"""What people are told without asking: new rejections while a page is open, and once each what began, ended or is nearly due."""

from app.notices.live import LiveAfkeuringen, TeVeelVensters
from app.notices.service import stand_van_afkeuringen

__all__ = ["LiveAfkeuringen", "TeVeelVensters", "stand_van_afkeuringen"]
