"""Berichten that people write here without seeing XML: composed from what they fill in, checked, and sent through the door of all berichten."""

from app.composing.store_nummers import next_identificatie, next_toewijzing_nummer
from app.composing.toewijzen import Besluit, Regel, compose_301, new_product, repeat_product, with_current

__all__ = [
    "Besluit",
    "Regel",
    "compose_301",
    "new_product",
    "next_identificatie",
    "next_toewijzing_nummer",
    "repeat_product",
    "with_current",
]
