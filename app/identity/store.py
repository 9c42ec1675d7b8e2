"""Rows of `toegangstoken`, `account` and `sessie`; times and digests are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.database import TRANSIENT, Pool
from app.adapters.tables import account, sessie, toegangstoken
from app.domain.errors import Unavailable
from app.domain.partij import REGIO, Actor, Rol, code_van


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRegel:
    """One bearer token as an administrator sees it; the token itself is not kept."""

    token_nr: int
    label: str
    partijen: tuple[str, ...]
    aangemaakt_op: datetime
    ingetrokken_op: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NieuwAccount:
    """An account to be made. `gemeenten` None: all of the region."""

    naam: str
    wachtwoord_hash: str = field(repr=False)
    rollen: Sequence[str]
    gemeenten: Sequence[str] | None
    partijen: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What signing in needs to know of an account. `geblokkeerd_op` is the instant of the last failure that counts for a delay."""

    account_nr: int
    wachtwoord_hash: str = field(repr=False)
    mislukte_pogingen: int
    geblokkeerd_op: datetime | None


async def insert_token(connection: AsyncConnection, *, token_hash: bytes, label: str, partijen: Sequence[str], nu: datetime) -> None:
    """Keep a new token."""
    values = {"token_hash": token_hash, "label": label, "partijen": list(partijen), "aangemaakt_op": nu}
    await connection.execute(insert(toegangstoken).values(values))


async def revoke_token(connection: AsyncConnection, token_nr: int, nu: datetime) -> bool:
    """End a token; one that has ended keeps its first instant. False when there is none with this number."""
    keep = toegangstoken.c.ingetrokken_op
    result = await connection.execute(
        update(toegangstoken)
        .where(toegangstoken.c.token_nr == token_nr, keep.is_(None))
        .values(ingetrokken_op=nu)
        .returning(toegangstoken.c.token_nr)
    )
    if result.first() is not None:
        return True
    return (await connection.execute(select(toegangstoken.c.token_nr).where(toegangstoken.c.token_nr == token_nr))).first() is not None


async def select_tokens(connection: AsyncConnection, *, na: int, limit: int) -> tuple[TokenRegel, ...]:
    """Tokens in order of making, those after number `na`."""
    columns = (
        toegangstoken.c.token_nr,
        toegangstoken.c.label,
        toegangstoken.c.partijen,
        toegangstoken.c.aangemaakt_op,
        toegangstoken.c.ingetrokken_op,
    )
    rows = await connection.execute(select(*columns).where(toegangstoken.c.token_nr > na).order_by(toegangstoken.c.token_nr).limit(limit))
    return tuple(
        TokenRegel(
            token_nr=row.token_nr,
            label=row.label,
            partijen=tuple(row.partijen),
            aangemaakt_op=row.aangemaakt_op,
            ingetrokken_op=row.ingetrokken_op,
        )
        for row in rows
    )


async def find_machine(pool: Pool, token_hash: bytes) -> Actor | None:
    """Who a valid token stands for; straight on asyncpg, because every bericht passes here."""
    query = "select label, partijen from toegangstoken where token_hash = $1 and ingetrokken_op is null"
    try:
        row = await pool.fetchrow(query, token_hash)
    except TRANSIENT as error:
        raise Unavailable(f"de database kan dit nu niet: {type(error).__name__}") from error
    if row is None:
        return None
    if REGIO in row["partijen"]:
        return Actor(naam=row["label"], partijen=frozenset({REGIO}), gemeenten=None, rollen=frozenset({Rol.CONTRACTBEHEER}))
    gemeenten = frozenset(code_van(partij) for partij in row["partijen"] if partij.startswith("gemeente:"))
    return Actor(naam=row["label"], partijen=frozenset(row["partijen"]), gemeenten=gemeenten)


async def insert_account(connection: AsyncConnection, nieuw: NieuwAccount, nu: datetime) -> bool:
    """Keep a new account; False when the name is taken."""
    statement = (
        pg_insert(account)
        .values(**asdict(nieuw), aangemaakt_op=nu, mislukte_pogingen=0)
        .on_conflict_do_nothing(index_elements=[account.c.naam])
        .returning(account.c.account_nr)
    )
    return (await connection.execute(statement)).first() is not None


async def lock_account(connection: AsyncConnection, naam: str) -> Account | None:
    """The account of this name that did not end, locked until the transaction ends, so that parallel guesses are counted one by one."""
    columns = (account.c.account_nr, account.c.wachtwoord_hash, account.c.mislukte_pogingen, account.c.geblokkeerd_op)
    row = (
        await connection.execute(select(*columns).where(account.c.naam == naam, account.c.beeindigd_op.is_(None)).with_for_update())
    ).first()
    return None if row is None else Account(**row._mapping)


async def find_account(connection: AsyncConnection, naam: str) -> Actor | None:
    """The person with this login name, whose account did not end; None without one."""
    a = account.c
    row = (
        await connection.execute(select(a.naam, a.rollen, a.gemeenten, a.partijen).where(a.naam == naam, a.beeindigd_op.is_(None)))
    ).first()
    if row is None:
        return None
    gemeenten = None if row.gemeenten is None else frozenset(row.gemeenten)
    return Actor(naam=row.naam, partijen=frozenset(row.partijen), gemeenten=gemeenten, rollen=frozenset(map(Rol, row.rollen)))


async def set_failures(connection: AsyncConnection, account_nr: int, *, pogingen: int, geblokkeerd_op: datetime | None) -> None:
    """Remember how many times in a row signing in failed, and since when it is delayed."""
    values = {"mislukte_pogingen": pogingen, "geblokkeerd_op": geblokkeerd_op}
    await connection.execute(update(account).where(account.c.account_nr == account_nr).values(values))


async def set_hash(connection: AsyncConnection, account_nr: int, wachtwoord_hash: str) -> None:
    """Replace the hash of the same password by one with the parameters of today."""
    await connection.execute(update(account).where(account.c.account_nr == account_nr).values(wachtwoord_hash=wachtwoord_hash))


async def insert_session(
    connection: AsyncConnection, *, sessie_hash: bytes, account_nr: int, csrf: str, nu: datetime, verloopt_op: datetime
) -> None:
    """Keep a session and forget those of the same account that are over."""
    await connection.execute(delete(sessie).where(sessie.c.account_nr == account_nr, sessie.c.verloopt_op <= nu))
    values = {"sessie_hash": sessie_hash, "account_nr": account_nr, "csrf": csrf, "aangemaakt_op": nu, "verloopt_op": verloopt_op}
    await connection.execute(insert(sessie).values(values))


async def delete_session(connection: AsyncConnection, sessie_hash: bytes) -> None:
    """Forget a session."""
    await connection.execute(delete(sessie).where(sessie.c.sessie_hash == sessie_hash))


async def find_person(connection: AsyncConnection, sessie_hash: bytes, nu: datetime) -> tuple[Actor, str] | None:
    """Who a running session belongs to, and its CSRF token."""
    query = (
        select(account.c.naam, account.c.rollen, account.c.gemeenten, account.c.partijen, sessie.c.csrf)
        .join(account, account.c.account_nr == sessie.c.account_nr)
        .where(sessie.c.sessie_hash == sessie_hash, sessie.c.verloopt_op > nu, account.c.beeindigd_op.is_(None))
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    person = Actor(
        naam=row.naam,
        partijen=frozenset(row.partijen),
        gemeenten=None if row.gemeenten is None else frozenset(row.gemeenten),
        rollen=frozenset(Rol(rol) for rol in row.rollen),
    )
    return person, row.csrf
