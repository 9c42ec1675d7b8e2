"""Bank accounts: the form and check digits of an IBAN (ISO 13616, mod 97 of ISO 7064), and how one is shown where it is not needed in full.

An IBAN of a practitioner is personal data: it stands in the region, in payment files and on the pages of a controller, never in a log.
"""

from __future__ import annotations

import re

IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?")
LENGTE = {"NL": 18, "BE": 16, "DE": 22, "FR": 27, "LU": 20}
"""Characters of an IBAN of a country; of one that is not here only the form and the check digits are known."""
MOD = 97
BEGIN_ZICHTBAAR, CIJFERS_ZICHTBAAR = 8, 4


def compact(text: str) -> str:
    """An IBAN as it is stored: without the spaces of paper, in capitals."""
    return "".join(text.split()).upper()


def is_iban(iban: str) -> bool:
    """Whether a compact IBAN has the form and length of its country, and its check digits are right."""
    if not IBAN.fullmatch(iban) or len(iban) != LENGTE.get(iban[:2], len(iban)):
        return False
    return _rest(iban[4:] + iban[:4]) == 1


def is_bic(bic: str) -> bool:
    """Whether a text has the form of a BIC (ISO 9362)."""
    return BIC.fullmatch(bic) is not None


def make_iban(land: str, rekening: str) -> str:
    """The IBAN of an account number of a country, with its check digits."""
    return f"{land}{98 - _rest(f'{rekening}{land}00'):02d}{rekening}"


def masked(iban: str) -> str:
    """Country, check digits, bank and last four characters: enough to tell two accounts apart, not to use one."""
    return f"{iban[:BEGIN_ZICHTBAAR]}…{iban[-CIJFERS_ZICHTBAAR:]}"


def _rest(text: str) -> int:
    """The number that a text spells (A is 10, Z is 35), modulo 97."""
    return int("".join(str(int(character, 36)) for character in text)) % MOD
