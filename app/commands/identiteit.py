"""`solidair token …` and `solidair account …`."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterable

from app.adapters.wereld import Wereld
from app.commands.wereld import with_wereld
from app.domain.errors import OngeldigVerzoek
from app.domain.partij import Rol, is_partij
from app.identity import (
    beeindig_account,
    lijst_accounts,
    lijst_tokens,
    maak_account,
    maak_token,
    trek_token_in,
    wijzig_account,
    zet_wachtwoord,
)


def run(arguments: argparse.Namespace) -> int:
    """Do the chosen action; a new token is printed alone, once."""
    actions = {
        "maak": _make_token,
        "intrek": _revoke,
        "lijst": _list,
        "account": _make_account,
        "account_lijst": _list_accounts,
        "account_wijzig": _change_account,
        "account_wachtwoord": _set_password,
        "account_beeindig": _end_account,
    }
    return actions[arguments.actie](arguments)


def _make_token(arguments: argparse.Namespace) -> int:
    if wrong := [partij for partij in arguments.partij if not is_partij(partij)]:
        raise OngeldigVerzoek(f"{wrong[0]} is geen partij; schrijf gemeente:0664 of aanbieder:42420001")
    label = arguments.label or " ".join(arguments.partij)

    async def work(wereld: Wereld) -> str:
        return await maak_token(wereld, arguments.partij, label)

    print(with_wereld(work))
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    async def work(wereld: Wereld) -> None:
        await trek_token_in(wereld, arguments.token_nr)

    with_wereld(work)
    print(f"token {arguments.token_nr} is ingetrokken")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    for token in with_wereld(lijst_tokens):
        print(
            f"{token.token_nr:>6}  {'ingetrokken' if token.ingetrokken_op else 'geldig':<12} {token.label:<40} {' '.join(token.partijen)}"
        )
    return 0


def _make_account(arguments: argparse.Namespace) -> int:
    _check_rollen(arguments.rollen)
    password = _read_password()

    async def work(wereld: Wereld) -> None:
        roles = frozenset(Rol(rol) for rol in arguments.rollen)
        gemeenten = None if arguments.gemeenten is None else frozenset(arguments.gemeenten)
        if gemeenten is None and Rol.AANBIEDER in roles:
            # Who is of an aanbieder sees no gemeente; leaving the option out means the whole region for the others.
            gemeenten = frozenset()
        await maak_account(wereld, arguments.naam, password, roles, gemeenten, arguments.partijen)

    with_wereld(work)
    print(f"account {arguments.naam} is gemaakt")
    return 0


def _list_accounts(_arguments: argparse.Namespace) -> int:
    async def work(wereld: Wereld) -> None:
        after = ""
        while page := await lijst_accounts(wereld, na=after):
            for each in page:
                sees = "alle gemeenten" if each.gemeenten is None else " ".join(each.gemeenten) or "geen gemeenten"
                state = "beëindigd" if each.beeindigd_op else "loopt"
                print(f"{each.naam:<30} {state:<10} {' '.join(each.rollen):<30} {sees:<20} {' '.join(each.partijen)}".rstrip())
            after = page[-1].naam

    with_wereld(work)
    return 0


def _change_account(arguments: argparse.Namespace) -> int:
    _check_rollen(arguments.rollen or ())

    async def work(wereld: Wereld) -> None:
        await wijzig_account(
            wereld,
            arguments.naam,
            rollen=arguments.rollen,
            gemeenten=arguments.gemeenten,
            alle_gemeenten=arguments.alle_gemeenten,
            partijen=arguments.partijen,
        )

    with_wereld(work)
    print(f"account {arguments.naam} is gewijzigd")
    return 0


def _set_password(arguments: argparse.Namespace) -> int:
    password = _read_password()

    async def work(wereld: Wereld) -> None:
        await zet_wachtwoord(wereld, arguments.naam, password)

    with_wereld(work)
    print(f"account {arguments.naam} heeft een nieuw wachtwoord; wie ermee was aangemeld, is afgemeld")
    return 0


def _end_account(arguments: argparse.Namespace) -> int:
    async def work(wereld: Wereld) -> None:
        await beeindig_account(wereld, arguments.naam)

    with_wereld(work)
    print(f"account {arguments.naam} is beëindigd")
    return 0


def _check_rollen(rollen: Iterable[str]) -> None:
    known = {rol.value for rol in Rol}
    if wrong := [rol for rol in rollen if rol not in known]:
        raise OngeldigVerzoek(f"{wrong[0]} is geen rol; kies uit {', '.join(sorted(known))}")


def _read_password() -> str:
    return getpass.getpass("wachtwoord: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
