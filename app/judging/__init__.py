"""Controleniveau 2, 3 and 4: bevindingen, verdict, changes, boekingen and answer, in one transaction."""

from app.judging.service import verwerk_baan
from app.judging.service_vragen import controleer, opnieuw, wek_wachtenden

__all__ = ["controleer", "opnieuw", "verwerk_baan", "wek_wachtenden"]
