"""Who is this: tokens of machines, accounts and sessions of people. What an `Actor` may see or do is decided where the data is."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NamedTuple

import structlog

from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietAangemeld, NietGevonden, OngeldigVerzoek
from app.domain.partij import REGIO, Actor, Rol, aanbieder, code_van, is_partij
from app.identity import store, wachtwoord
from app.identity.aanmelding import VRIJE_POGINGEN, is_geblokkeerd
from app.identity.geheim import digest, nieuw_geheim, nieuw_token
from app.identity.store import Account, TokenRegel
from app.identity.verbinding import verbinding

SESSIE_DUUR = timedelta(hours=12)
PARTIJEN_MAX = 500
TOKENS_PER_LIJST_MAX = 200
NAAM = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")
GEMEENTECODE = re.compile(r"[0-9]{4}")
LABEL_LENGTE_MAX = 100

log = structlog.get_logger(__name__)


class AanmeldenMislukt(NietAangemeld):
    """Deze naam en dit wachtwoord horen niet bij elkaar, of er is te vaak geprobeerd; wacht dan een kwartier."""


class Aanmelding(NamedTuple):
    """What a browser gets: the session token for its cookie (kept as a digest only) and the CSRF token for its forms."""

    sessie_token: str
    csrf: str

    def __repr__(self) -> str:
        return "Aanmelding(…)"


async def maak_token(wereld: Wereld, partijen: Collection[str], label: str) -> str:
    """A new bearer token for these parties; it is shown this once and kept as a digest.

    The party `regio`, alone, is the software in which the region keeps its contracts: it may read and change the region and nothing else.

    Raises:
        OngeldigVerzoek: No party, a party of another form, `regio` beside others, or a label that is empty or too long.
    """
    if not 0 < len(partijen) <= PARTIJEN_MAX:
        raise OngeldigVerzoek(f"Een token geldt voor 1 tot {PARTIJEN_MAX} partijen.")
    if set(partijen) != {REGIO}:
        _check_partijen(partijen)
    if not 0 < len(label.strip()) <= LABEL_LENGTE_MAX or not label.isprintable():
        raise OngeldigVerzoek(f"Een label heeft 1 tot {LABEL_LENGTE_MAX} zichtbare tekens.")
    token = nieuw_token()
    async with verbinding(wereld) as connection:
        await store.insert_token(connection, token_hash=digest(token), label=label.strip(), partijen=sorted(set(partijen)), nu=wereld.nu)
    return token


async def trek_token_in(wereld: Wereld, token_nr: int) -> None:
    """End a token, from this moment on; doing it twice changes nothing.

    Raises:
        NietGevonden: There is no token with this number.
    """
    async with verbinding(wereld) as connection:
        if not await store.revoke_token(connection, token_nr, wereld.nu):
            raise NietGevonden("Er is geen token met dit nummer.")


async def lijst_tokens(wereld: Wereld, *, na: int = 0, limit: int = TOKENS_PER_LIJST_MAX) -> tuple[TokenRegel, ...]:
    """Tokens in order of making, at most 200, those with a number after `na`; ended ones too."""
    async with verbinding(wereld) as connection:
        return await store.select_tokens(connection, na=na, limit=min(limit, TOKENS_PER_LIJST_MAX))


async def actor_van_token(wereld: Wereld, token: str) -> Actor:
    """The machine that shows this token: it acts for the parties of the token and sees the gemeenten among them.

    Asked anew each time (one query on a unique key), so that an ended token ends at once.

    Raises:
        NietAangemeld: There is no such token, or it has ended.
    """
    actor = await store.find_machine(wereld.pool, digest(token))
    if actor is None:
        raise NietAangemeld("Dit token is niet geldig of is ingetrokken.")
    return actor


async def maak_account(
    wereld: Wereld,
    naam: str,
    wachtwoord_: str,
    rollen: Collection[Rol | str],
    gemeenten: Collection[str] | None = None,
    partijen: Collection[str] = (),
) -> None:
    """A new account of a person.

    Args:
        naam: Login name; small letters, digits and `. _ @ + -`. Capitals are made small.
        rollen: At least one.
        gemeenten: Gemeentecodes whose berichten and money this person sees; None is all of the region.
        partijen: In whose name this person may send and acknowledge.
    Raises:
        OngeldigVerzoek: One of these is not well-formed, the password will not do, or a person of an aanbieder would see or be more than that.
        Conflict: The name is taken.
    """
    naam = naam.strip().lower()
    if not NAAM.fullmatch(naam):
        raise OngeldigVerzoek("Een naam heeft 2 tot 100 tekens: letters, cijfers en . _ @ + -")
    wachtwoord.check_nieuw(wachtwoord_, naam)
    check_rechten(rollen, gemeenten, partijen)
    nieuw = store.NieuwAccount(
        naam=naam,
        wachtwoord_hash=await wachtwoord.hash_wachtwoord(wachtwoord_),
        rollen=as_rollen(rollen),
        gemeenten=None if gemeenten is None else sorted(set(gemeenten)),
        partijen=sorted(set(partijen)),
    )
    async with verbinding(wereld) as connection:
        if not await store.insert_account(connection, nieuw, wereld.nu):
            raise Conflict("Er is al een account met deze naam.")


async def actor_van_account(wereld: Wereld, naam: str) -> Actor:
    """The person with this login name, for who works on the machine itself and says in whose name.

    Raises:
        NietGevonden: There is no such account.
    """
    async with verbinding(wereld) as connection:
        found = await store.find_account(connection, naam.strip().lower())
    if found is None:
        raise NietGevonden(f"Er is geen account {naam}.")
    return found


async def aanmelden(wereld: Wereld, naam: str, wachtwoord_: str) -> Aanmelding:
    """Start a session of twelve hours.

    Every attempt is counted before the password is looked at, so parallel guesses gain nothing. After five failures in a row attempts are
    refused unseen for 30 s, and after each next failure twice as long, up to 15 minutes. An unknown name, a wrong password and a delayed
    account get the same answer after the same work.

    Raises:
        AanmeldenMislukt: Name and password do not belong together, or it was tried too often.
        TeDruk: Too many people sign in at this moment.
    """
    bekend = await _count_attempt(wereld, naam.strip().lower())
    if not await wachtwoord.klopt(bekend.wachtwoord_hash if bekend else None, wachtwoord_) or bekend is None:
        if bekend and bekend.mislukte_pogingen + 1 >= VRIJE_POGINGEN:
            log.warning("sign_in_delayed", account_nr=bekend.account_nr, failures=bekend.mislukte_pogingen + 1)
        raise AanmeldenMislukt
    return await _start_session(wereld, bekend, wachtwoord_)


async def actor_van_sessie(wereld: Wereld, sessie_token: str) -> tuple[Actor, str]:
    """The person whose session this is, and the CSRF token that its forms must carry.

    Raises:
        NietAangemeld: No such session, or it is over.
    """
    async with verbinding(wereld) as connection:
        found = await store.find_person(connection, digest(sessie_token), wereld.nu)
    if found is None:
        raise NietAangemeld("Uw sessie is verlopen; meld u opnieuw aan.")
    return found


async def afmelden(wereld: Wereld, sessie_token: str) -> None:
    """End a session; one that is over already is fine."""
    async with verbinding(wereld) as connection:
        await store.delete_session(connection, digest(sessie_token))


async def _count_attempt(wereld: Wereld, naam: str) -> Account | None:
    """The account, when the attempt may go on; it is counted as a failure until it succeeds. None: unknown name, or too early."""
    if not NAAM.fullmatch(naam):
        return None
    async with verbinding(wereld) as connection:
        bekend = await store.lock_account(connection, naam)
        if bekend is None or is_geblokkeerd(bekend.mislukte_pogingen, bekend.geblokkeerd_op, wereld.nu):
            return None
        pogingen = bekend.mislukte_pogingen + 1
        since = wereld.nu if pogingen >= VRIJE_POGINGEN else None
        await store.set_failures(connection, bekend.account_nr, pogingen=pogingen, geblokkeerd_op=since)
    return bekend


async def _start_session(wereld: Wereld, bekend: Account, wachtwoord_: str) -> Aanmelding:
    aanmelding = Aanmelding(sessie_token=nieuw_geheim(), csrf=nieuw_geheim())
    fresh_hash = await wachtwoord.hash_wachtwoord(wachtwoord_) if wachtwoord.is_verouderd(bekend.wachtwoord_hash) else None
    nu = wereld.nu
    async with verbinding(wereld) as connection:
        await store.set_failures(connection, bekend.account_nr, pogingen=0, geblokkeerd_op=None)
        if fresh_hash:
            await store.set_hash(connection, bekend.account_nr, fresh_hash)
        await store.insert_session(
            connection,
            sessie_hash=digest(aanmelding.sessie_token),
            account_nr=bekend.account_nr,
            csrf=aanmelding.csrf,
            nu=nu,
            verloopt_op=nu + SESSIE_DUUR,
        )
    return aanmelding


def _check_partijen(partijen: Collection[str]) -> None:
    for partij in partijen:
        if not is_partij(partij) or partij == REGIO:
            raise OngeldigVerzoek(f"{partij[:40]!r} is geen partij; schrijf gemeente:0384 of aanbieder:42420001.")


def check_rechten(rollen: Collection[Rol | str], gemeenten: Collection[str] | None, partijen: Collection[str]) -> None:
    """What a person may be and see must go together.

    Raises:
        OngeldigVerzoek: One of these is not well-formed, or a person of an aanbieder would see or be more than that.
    """
    _check_partijen(partijen)
    if gemeenten is not None and not all(GEMEENTECODE.fullmatch(code) for code in gemeenten):
        raise OngeldigVerzoek("Een gemeentecode heeft vier cijfers.")
    _check_aanbieder(as_rollen(rollen), gemeenten, partijen)


def _check_aanbieder(rollen: Sequence[str], gemeenten: Collection[str] | None, partijen: Collection[str]) -> None:
    """Raise OngeldigVerzoek when a person of an aanbieder would act for another party too, or see a gemeente."""
    if Rol.AANBIEDER not in rollen:
        return
    own = [partij for partij in set(partijen) if partij == aanbieder(code_van(partij))]
    if len(rollen) != 1 or gemeenten is None or gemeenten or len(set(partijen)) != 1 or not own:
        raise OngeldigVerzoek(
            "Een account met de rol aanbieder hoort bij precies één aanbieder, ziet geen gemeenten en heeft geen andere rol."
        )


def as_rollen(rollen: Collection[Rol | str]) -> Sequence[str]:
    try:
        found = sorted({Rol(rol).value for rol in rollen})
    except ValueError as error:
        raise OngeldigVerzoek(f"Een rol is een van: {', '.join(Rol)}.") from error
    if not found:
        raise OngeldigVerzoek("Een account heeft ten minste een rol.")
    return found
