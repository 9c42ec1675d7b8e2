"""What the berichten so far add up to: snapshot out, changes in."""

from app.register.sleutels import Sleutels, gemeente_van, identificatie_sleutel

__all__ = ["Sleutels", "gemeente_van", "identificatie_sleutel"]
