"""The door: bytes in and kept unaltered, sender known, controleniveau 1.

The names of `service` are looked up when they are used, because `solidair validate` must start without loading what a database needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.intake.validating import Oordeel, validate_bytes

if TYPE_CHECKING:
    from app.intake.service import Geweigerd, Ontvangst, ontvang

__all__ = ["Geweigerd", "Ontvangst", "Oordeel", "ontvang", "validate_bytes"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from app.intake import service

        return getattr(service, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
