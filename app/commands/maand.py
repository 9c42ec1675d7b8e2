"""A month as an argument of a command."""

from __future__ import annotations

from datetime import date

from app.domain.errors import OngeldigVerzoek


def read_month(text: str) -> date:
    """The first day of the month `JJJJ-MM`.

    Raises:
        OngeldigVerzoek: It is no month.
    """
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise OngeldigVerzoek(f"{text} is geen maand; schrijf bijvoorbeeld 2026-06") from error
