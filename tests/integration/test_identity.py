"""Tokens, accounts and sessions on a real database: who gets in, as whom, and who no longer."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.composing.wie_aanbieder import eigen_agb
from app.domain.errors import Conflict, NietAangemeld, NietGevonden, OngeldigVerzoek
from app.domain.partij import Rol
from app.identity import (
    AanmeldenMislukt,
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
from app.identity.aanmelding import vertraging
from app.settings import Settings

pytestmark = pytest.mark.slow

WACHTWOORD = "een goed wachtwoord"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The world on a fresh database."""
    async with open_wereld(Settings(mode="test", data_dir=tmp_path), database) as opened:
        yield opened


def later(wereld: Wereld, **duration: int) -> Wereld:
    """The same world some time later."""
    now = wereld.clock
    return dataclasses.replace(wereld, clock=lambda: now() + timedelta(**duration))


async def test_a_token_acts_for_its_parties_and_sees_its_gemeenten(wereld: Wereld) -> None:
    """A token of a gemeente and an aanbieder is both, and sees the money of the gemeente only."""
    token = await maak_token(wereld, ["gemeente:0664", "aanbieder:42420001"], "toegang Goes")

    actor = await actor_van_token(wereld, token)

    assert actor.naam == "toegang Goes"
    assert actor.partijen == {"gemeente:0664", "aanbieder:42420001"}
    assert actor.gemeenten == frozenset({"0664"})
    assert actor.rollen == frozenset()


async def test_a_token_is_kept_as_its_digest_only(wereld: Wereld) -> None:
    """The database holds SHA-256 of 256 random bits or more, nowhere the token."""
    token = await maak_token(wereld, ["aanbieder:42420001"], "software")

    row = await wereld.pool.fetchrow("select * from toegangstoken")

    assert row is not None
    assert row["token_hash"] == hashlib.sha256(token.encode()).digest()
    assert token not in str(dict(row))
    assert len(token.removeprefix("sol_")) >= 43


@pytest.mark.parametrize("token", ["", "sol_", "sol_onbekend", "x" * 10_000, "\udcff"])
async def test_a_wrong_token_is_refused(wereld: Wereld, token: str) -> None:
    """Whatever is shown, an unknown token is one answer."""
    await maak_token(wereld, ["aanbieder:42420001"], "software")

    with pytest.raises(NietAangemeld):
        await actor_van_token(wereld, token)


async def test_a_revoked_token_ends_at_once(wereld: Wereld) -> None:
    """No cache keeps it alive; the other token goes on, and the list tells when it ended."""
    ended = await maak_token(wereld, ["aanbieder:42420001"], "oud")
    other = await maak_token(wereld, ["aanbieder:42420001"], "nieuw")
    await actor_van_token(wereld, ended)

    tokens = await lijst_tokens(wereld)
    await trek_token_in(wereld, tokens[0].token_nr)
    await trek_token_in(later(wereld, hours=1), tokens[0].token_nr)

    with pytest.raises(NietAangemeld):
        await actor_van_token(wereld, ended)
    assert (await actor_van_token(wereld, other)).naam == "nieuw"
    first, second = await lijst_tokens(wereld)
    assert first.ingetrokken_op is not None
    assert first.ingetrokken_op < wereld.nu
    assert second.ingetrokken_op is None
    assert await lijst_tokens(wereld, na=first.token_nr) == (second,)


async def test_an_unknown_token_number_cannot_be_revoked(wereld: Wereld) -> None:
    """Nothing to end is said, not ignored."""
    with pytest.raises(NietGevonden):
        await trek_token_in(wereld, 1)


@pytest.mark.parametrize(
    ("partijen", "label"),
    [
        ([], "x"),
        (["regio", "gemeente:0664"], "x"),
        (["gemeente:66"], "x"),
        (["aanbieder:42420001\n"], "x"),
        (["gemeente:0664"], " "),
        (["gemeente:0664"], "a\x00b"),
    ],
)
async def test_a_token_needs_parties_and_a_label(wereld: Wereld, partijen: list[str], label: str) -> None:
    """What is not well-formed makes no token."""
    with pytest.raises(OngeldigVerzoek):
        await maak_token(wereld, partijen, label)

    assert await lijst_tokens(wereld) == ()


async def test_a_person_signs_in_and_out(wereld: Wereld) -> None:
    """The session stands for the person with roles, gemeenten and parties; after signing out it is over."""
    await maak_account(wereld, "Jo.Toegang", WACHTWOORD, {Rol.TOEGANG, "inzage"}, ["0664"], ["gemeente:0664"])

    sessie_token, csrf = await aanmelden(wereld, "jo.toegang", WACHTWOORD)
    actor, csrf_of_session = await actor_van_sessie(wereld, sessie_token)
    await afmelden(wereld, sessie_token)

    assert csrf_of_session == csrf
    assert csrf != sessie_token
    assert actor.naam == "jo.toegang"
    assert actor.rollen == {Rol.TOEGANG, Rol.INZAGE}
    assert actor.gemeenten == frozenset({"0664"})
    assert actor.partijen == {"gemeente:0664"}
    with pytest.raises(NietAangemeld):
        await actor_van_sessie(wereld, sessie_token)


async def test_no_gemeenten_means_all_of_the_region_and_an_empty_list_means_none(wereld: Wereld) -> None:
    """None and empty are kept apart on the way through the database."""
    await maak_account(wereld, "regio", WACHTWOORD, [Rol.CONTROLLER])
    await maak_account(wereld, "niets", WACHTWOORD, [Rol.INZAGE], [])

    region, _ = await actor_van_sessie(wereld, (await aanmelden(wereld, "regio", WACHTWOORD)).sessie_token)
    nothing, _ = await actor_van_sessie(wereld, (await aanmelden(wereld, "niets", WACHTWOORD)).sessie_token)

    assert region.gemeenten is None
    assert nothing.gemeenten == frozenset()


async def test_secrets_are_not_in_the_database_nor_in_a_repr(wereld: Wereld) -> None:
    """The password is argon2id, the session a digest; printing the result shows neither."""
    await maak_account(wereld, "jo", WACHTWOORD, [Rol.INZAGE])
    aanmelding = await aanmelden(wereld, "jo", WACHTWOORD)

    stored = str([dict(row) for row in await wereld.pool.fetch("select * from account, sessie")])

    assert "$argon2id$" in stored
    assert WACHTWOORD not in stored
    assert aanmelding.sessie_token not in stored
    assert aanmelding.sessie_token not in repr(aanmelding)
    assert aanmelding.csrf not in repr(aanmelding)


async def test_a_session_ends_after_twelve_hours(wereld: Wereld) -> None:
    """The end is absolute: using the session does not move it. Signing in again clears what is over."""
    await maak_account(wereld, "jo", WACHTWOORD, [Rol.INZAGE])
    aanmelding = await aanmelden(wereld, "jo", WACHTWOORD)

    await actor_van_sessie(later(wereld, hours=11, minutes=59), aanmelding.sessie_token)

    with pytest.raises(NietAangemeld):
        await actor_van_sessie(later(wereld, hours=12, minutes=1), aanmelding.sessie_token)
    await aanmelden(later(wereld, hours=13), "jo", WACHTWOORD)
    assert await wereld.pool.fetchval("select count(*) from sessie") == 1


async def test_wrong_password_and_unknown_name_get_the_same_answer(wereld: Wereld) -> None:
    """Nobody learns which names exist."""
    await maak_account(wereld, "jo", WACHTWOORD, [Rol.INZAGE])

    answers = []
    for naam, wachtwoord in [("jo", "verkeerd"), ("niemand", WACHTWOORD), ("jo", "x" * 100_000), ("\x00", "\x00"), ("jo", "")]:
        with pytest.raises(AanmeldenMislukt) as refusal:
            await aanmelden(wereld, naam, wachtwoord)
        answers.append((refusal.value.melding, refusal.value.status))

    assert set(answers) == {(AanmeldenMislukt.__doc__, 401)}


async def test_after_five_failures_the_right_password_has_to_wait(wereld: Wereld) -> None:
    """The fifth failure delays by 30 s, the next one by a minute; success clears the count."""
    await maak_account(wereld, "jo", WACHTWOORD, [Rol.INZAGE])
    for _ in range(5):
        with pytest.raises(AanmeldenMislukt):
            await aanmelden(wereld, "jo", "verkeerd wachtwoord")

    with pytest.raises(AanmeldenMislukt):
        await aanmelden(later(wereld, seconds=20), "jo", WACHTWOORD)
    with pytest.raises(AanmeldenMislukt):
        await aanmelden(later(wereld, seconds=31), "jo", "verkeerd wachtwoord")
    with pytest.raises(AanmeldenMislukt):
        await aanmelden(later(wereld, seconds=80), "jo", WACHTWOORD)
    await aanmelden(later(wereld, seconds=100), "jo", WACHTWOORD)

    assert await wereld.pool.fetchval("select mislukte_pogingen from account") == 0


async def test_parallel_guesses_are_counted_one_by_one(wereld: Wereld) -> None:
    """Twelve guesses at once are not twelve looks at the password: five are counted, the rest is refused unseen."""
    await maak_account(wereld, "jo", WACHTWOORD, [Rol.INZAGE])

    outcomes = await asyncio.gather(*(aanmelden(wereld, "jo", f"gok nummer {n:03}") for n in range(12)), return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} == {AanmeldenMislukt}
    assert await wereld.pool.fetchval("select mislukte_pogingen from account") == 5


def test_the_delay_doubles_up_to_a_quarter_of_an_hour() -> None:
    """None for four failures, then 30, 60, 120, 240, 480 s and from then on 900 s."""
    assert [vertraging(count).seconds for count in (0, 4, 5, 6, 7, 9, 10, 1000)] == [0, 0, 30, 60, 120, 480, 900, 900]


@pytest.mark.parametrize(
    ("naam", "wachtwoord", "rollen", "gemeenten", "partijen"),
    [
        ("j", WACHTWOORD, ["inzage"], None, []),
        ("jo de vries", WACHTWOORD, ["inzage"], None, []),
        ("jo", "te kort", ["inzage"], None, []),
        ("jo-van-inzage", "Jo-van-inzage", ["inzage"], None, []),
        ("jo", WACHTWOORD, [], None, []),
        ("jo", WACHTWOORD, ["directeur"], None, []),
        ("jo", WACHTWOORD, ["inzage"], ["664"], []),
        ("jo", WACHTWOORD, ["inzage"], None, ["gemeente:664"]),
        ("jo", WACHTWOORD, ["aanbieder"], None, ["aanbieder:42420001"]),
        ("jo", WACHTWOORD, ["aanbieder"], ["0664"], ["aanbieder:42420001"]),
        ("jo", WACHTWOORD, ["aanbieder"], [], []),
        ("jo", WACHTWOORD, ["aanbieder"], [], ["gemeente:0664"]),
        ("jo", WACHTWOORD, ["aanbieder"], [], ["aanbieder:42420001", "aanbieder:42420002"]),
        ("jo", WACHTWOORD, ["aanbieder", "inzage"], [], ["aanbieder:42420001"]),
    ],
)
async def test_an_account_that_is_not_well_formed_is_refused(
    wereld: Wereld, naam: str, wachtwoord: str, rollen: list[str], gemeenten: list[str] | None, partijen: list[str]
) -> None:
    """Each refusal says what to change and makes nothing."""
    with pytest.raises(OngeldigVerzoek):
        await maak_account(wereld, naam, wachtwoord, rollen, gemeenten, partijen)

    assert await wereld.pool.fetchval("select count(*) from account") == 0


async def test_a_person_of_an_aanbieder_acts_for_that_one_only(wereld: Wereld) -> None:
    """And sees no gemeente."""
    await maak_account(wereld, "jo", WACHTWOORD, [Rol.AANBIEDER], [], ["aanbieder:42420001"])

    actor = await actor_van_account(wereld, "jo")

    assert (actor.partijen, actor.gemeenten) == (frozenset({"aanbieder:42420001"}), frozenset())
    assert eigen_agb(actor) == "42420001"


async def test_a_name_is_taken_once(wereld: Wereld) -> None:
    """Capitals make no other name, and the first account is untouched."""
    await maak_account(wereld, "jo", WACHTWOORD, [Rol.INZAGE])

    with pytest.raises(Conflict):
        await maak_account(wereld, "JO", "een ander wachtwoord", [Rol.BEHEER])

    assert (await aanmelden(wereld, "jo", WACHTWOORD)).csrf
