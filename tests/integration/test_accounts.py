"""Managing accounts: listed, changed, another password, ended; by service and from the command line."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.cli import main
from app.domain.errors import Conflict, NietAangemeld, NietGevonden, OngeldigVerzoek
from app.domain.partij import Rol
from app.identity import (
    AanmeldenMislukt,
    aanmelden,
    actor_van_account,
    actor_van_sessie,
    beeindig_account,
    lijst_accounts,
    maak_account,
    wijzig_account,
    zet_wachtwoord,
)
from app.settings import Settings

WACHTWOORD, NIEUW = "een-lang-wachtwoord", "een-ander-wachtwoord"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world with one account."""
    async with open_wereld(Settings(mode="test", database_url=database, data_dir=tmp_path), database) as found:
        await maak_account(found, "jo", WACHTWOORD, [Rol.UITVAL], ["0664"])
        yield found


async def test_change_counts_at_once_and_leaves_the_rest(wereld: Wereld) -> None:
    """Who is signed in has the new rights on the next page."""
    signed_in = await aanmelden(wereld, "jo", WACHTWOORD)

    was = await wijzig_account(wereld, "Jo", rollen=["controller"])
    await wijzig_account(wereld, "jo", alle_gemeenten=True)
    actor, _ = await actor_van_sessie(wereld, signed_in.sessie_token)

    assert was.rollen == ("uitval",)
    assert (actor.rollen, actor.gemeenten) == (frozenset({Rol.CONTROLLER}), None)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"rollen": ["directeur"]},
        {"rollen": []},
        {"gemeenten": ["664"]},
        {"partijen": ["regio"]},
        {"rollen": ["aanbieder"]},
        {"gemeenten": ["0664"], "alle_gemeenten": True},
    ],
)
async def test_change_that_does_not_go_together_changes_nothing(wereld: Wereld, change: dict[str, list[str]]) -> None:
    before = await actor_van_account(wereld, "jo")

    with pytest.raises(OngeldigVerzoek):
        await wijzig_account(wereld, "jo", **change)  # type: ignore[arg-type]

    assert await actor_van_account(wereld, "jo") == before


async def test_another_password_signs_out(wereld: Wereld) -> None:
    """And ends the delay after failures."""
    signed_in = await aanmelden(wereld, "jo", WACHTWOORD)
    for _ in range(6):
        with pytest.raises(AanmeldenMislukt):
            await aanmelden(wereld, "jo", "verkeerd-wachtwoord")

    await zet_wachtwoord(wereld, "jo", NIEUW)

    with pytest.raises(NietAangemeld):
        await actor_van_sessie(wereld, signed_in.sessie_token)
    with pytest.raises(AanmeldenMislukt):
        await aanmelden(wereld, "jo", WACHTWOORD)
    assert (await aanmelden(wereld, "jo", NIEUW)).csrf
    with pytest.raises(OngeldigVerzoek):
        await zet_wachtwoord(wereld, "jo", "kort")


async def test_ended_account_is_over_and_its_name_is_not_free(wereld: Wereld) -> None:
    """What it did keeps its name; it is still in the list."""
    signed_in = await aanmelden(wereld, "jo", WACHTWOORD)

    await beeindig_account(wereld, "jo")

    with pytest.raises(NietAangemeld):
        await actor_van_sessie(wereld, signed_in.sessie_token)
    with pytest.raises(AanmeldenMislukt):
        await aanmelden(wereld, "jo", WACHTWOORD)
    with pytest.raises(Conflict):
        await maak_account(wereld, "jo", NIEUW, [Rol.BEHEER])
    for again in (beeindig_account(wereld, "jo"), zet_wachtwoord(wereld, "jo", NIEUW), wijzig_account(wereld, "jo", rollen=["beheer"])):
        with pytest.raises(NietGevonden):
            await again
    with pytest.raises(NietGevonden):
        await actor_van_account(wereld, "jo")
    (row,) = await lijst_accounts(wereld)
    assert (row.naam, row.beeindigd_op is not None) == ("jo", True)


def test_from_the_command_line(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Made, changed, another password, listed, ended; a role that is none is refused with the roles there are."""
    for name, value in {"MODE": "test", "DATABASE_URL": database, "DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(f"SOLIDAIR_{name}", value)

    def run(*arguments: str, given: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        return main(["account", *arguments])

    codes = [
        run("maak", "zorg", "--rol", "aanbieder", "--partij", "aanbieder:42420001", given=f"{WACHTWOORD}\n"),
        run("maak", "jo", "--rol", "uitval", given=f"{WACHTWOORD}\n"),
        run("wijzig", "jo", "--rol", "toegang", "--gemeente", "0664", "--partij", "gemeente:0664"),
        run("wachtwoord", "jo", given=f"{NIEUW}\n"),
        run("beeindig", "zorg"),
        run("lijst"),
        run("wijzig", "jo", "--rol", "directeur"),
    ]
    said = capsys.readouterr()

    assert codes == [0, 0, 0, 0, 0, 0, 1]
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "jo loopt toegang 0664 gemeente:0664" in lines
    assert "zorg beëindigd aanbieder geen gemeenten aanbieder:42420001" in lines
    assert "directeur is geen rol" in said.err

    async def signs_in() -> bool:
        async with open_wereld(Settings(mode="test", database_url=database, data_dir=tmp_path), database) as found:
            return bool(await aanmelden(found, "jo", NIEUW))

    assert asyncio.run(signs_in())
