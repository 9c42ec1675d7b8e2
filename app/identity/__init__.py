"""Who acts: bearer tokens of machines, accounts and sessions of people, made into an `Actor` at the edge."""

from app.identity.geheim import TOKEN_PREFIX
from app.identity.service import (
    SESSIE_DUUR,
    AanmeldenMislukt,
    Aanmelding,
    aanmelden,
    actor_van_account,
    actor_van_sessie,
    actor_van_token,
    afmelden,
    lijst_tokens,
    maak_account,
    maak_token,
    trek_token_in,
)
from app.identity.service_accounts import beeindig_account, lijst_accounts, wijzig_account, zet_wachtwoord
from app.identity.sessies import levende_sessies
from app.identity.store import TokenRegel
from app.identity.store_accounts import AccountRegel
from app.identity.wachtwoord import TeDruk

__all__ = [
    "SESSIE_DUUR",
    "TOKEN_PREFIX",
    "AanmeldenMislukt",
    "Aanmelding",
    "AccountRegel",
    "TeDruk",
    "TokenRegel",
    "aanmelden",
    "actor_van_account",
    "actor_van_sessie",
    "actor_van_token",
    "afmelden",
    "beeindig_account",
    "levende_sessies",
    "lijst_accounts",
    "lijst_tokens",
    "maak_account",
    "maak_token",
    "trek_token_in",
    "wijzig_account",
    "zet_wachtwoord",
]
