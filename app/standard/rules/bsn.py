"""The 11-proef of a Bsn (CS002)."""

from __future__ import annotations

from operator import mul

GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def is_bsn(text: str) -> bool:
    """Whether nine digits pass the 11-proef: the sum of digit × 9, 8, … 2, −1 divides by 11; nine zeros are no Bsn."""
    if len(text) != len(GEWICHTEN) or not (text.isascii() and text.isdigit()) or text == "000000000":
        return False
    total: int = sum(map(mul, map(int, text), GEWICHTEN))
    return total % 11 == 0
