"""What the berichten so far add up to: snapshot out, changes in."""

from app.register.sleutels import Sleutels, afzender_van, gemeente_van, identificatie_sleutel

__all__ = ["Sleutels", "afzender_van", "gemeente_van", "identificatie_sleutel"]
