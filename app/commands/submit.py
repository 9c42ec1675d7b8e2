"""`solidair submit FILE…`: send files and print what became of them.

Without `--url` straight on the database, as the sender that each file names; with it over HTTP with a token. Files of one lane go in the order
given, because the order within a lane has meaning; lanes go beside each other.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tqdm import tqdm

from app.adapters.wereld import Wereld
from app.adapters.xml import Accepted, Schemas, accept
from app.commands.wereld import read_settings, with_wereld
from app.domain.errors import OngeldigVerzoek
from app.domain.partij import Actor, aanbieder, gemeente
from app.intake import Geweigerd, ontvang
from app.mailbox.lists import toon_bericht
from workers.local import judge_all

PROGRESS_FILES_MIN = 20
LANES_AT_ONCE = 8
WAIT_S = 60
TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Zending:
    """One file with the lane it belongs to; `van` is the partij in its header, None when it cannot be read."""

    path: Path
    data: bytes
    van: str | None
    baan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomst:
    """What became of one file: its status, or the sentence with which it was refused."""

    path: Path
    bericht_nr: int | None
    status: str
    retourcodes: dict[str, int]
    melding: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "file": str(self.path),
            "id": None if self.bericht_nr is None else str(self.bericht_nr),
            "status": self.status,
            "retourcodes": self.retourcodes,
            "melding": self.melding,
        }


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a file was refused at the door."""
    settings = read_settings()
    schemas = Schemas(settings.xsd_dir)
    sendings = [read_file(path, schemas) for path in arguments.bestanden]
    if arguments.url:
        token = arguments.token or os.environ.get("SOLIDAIR_TOKEN")
        if not token:
            raise OngeldigVerzoek("geef bij --url een token, met --token of SOLIDAIR_TOKEN")
        outcomes = asyncio.run(_over_http(sendings, arguments.url, token))
    else:
        outcomes = with_wereld(
            lambda wereld: _on_database(wereld, sendings, settings.lot_size_max, has_broker=settings.amqp_url is not None)
        )
    _print(outcomes, as_json=arguments.as_json)
    return 1 if any(outcome.status == "geweigerd" for outcome in outcomes) else 0


def read_file(path: Path, schemas: Schemas) -> Zending:
    """A file with its lane; one that the door will refuse is a lane of its own.

    Raises:
        OngeldigVerzoek: The file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OngeldigVerzoek(f"{path}: {error.strerror}") from error
    accepted = accept(data, schemas)
    if not isinstance(accepted, Accepted):
        return Zending(path=path, data=data, van=None, baan=str(path))
    from_gemeente = accepted.soort.van == "gemeente"
    agb = accepted.aan if from_gemeente else accepted.van
    van = gemeente(accepted.van) if from_gemeente else aanbieder(accepted.van)
    return Zending(path=path, data=data, van=van, baan=f"{accepted.soort.domein}:{agb}")


def lanes_of(sendings: Iterable[Zending]) -> list[list[Zending]]:
    """The sendings per lane, in the order given."""
    lanes: dict[str, list[Zending]] = {}
    for sending in sendings:
        lanes.setdefault(sending.baan, []).append(sending)
    return list(lanes.values())


async def send_in_lanes(
    sendings: Sequence[Zending], send: Callable[[Zending], Awaitable[Uitkomst]], *, quiet: bool = False
) -> list[Uitkomst]:
    """Send every lane in order and at most eight lanes at a time; shows progress when there are many."""
    turn = asyncio.Semaphore(LANES_AT_ONCE)
    outcomes: dict[Path, Uitkomst] = {}
    with tqdm(
        total=len(sendings), unit="bericht", disable=quiet or len(sendings) < PROGRESS_FILES_MIN, file=sys.stderr, mininterval=0.5
    ) as bar:

        async def send_lane(lane: list[Zending]) -> None:
            async with turn:
                for sending in lane:
                    outcomes[sending.path] = await send(sending)
                    bar.update()

        await asyncio.gather(*(send_lane(lane) for lane in lanes_of(sendings)))
    return [outcomes[sending.path] for sending in sendings]


async def _on_database(wereld: Wereld, sendings: Sequence[Zending], lot_size_max: int, *, has_broker: bool) -> list[Uitkomst]:
    """Take in as the sender in the file, judge, and ask what became of it; with a broker the workers judge."""

    async def send(sending: Zending) -> Uitkomst:
        partijen = frozenset({sending.van}) if sending.van else frozenset[str]()
        try:
            received = await ontvang(wereld, Actor(naam="solidair submit", partijen=partijen), sending.data)
        except Geweigerd as refused:
            return Uitkomst(path=sending.path, bericht_nr=refused.bericht_nr, status="geweigerd", retourcodes={}, melding=refused.melding)
        return Uitkomst(path=sending.path, bericht_nr=received.bericht_nr, status=received.status, retourcodes={})

    outcomes = await send_in_lanes(sendings, send)
    if not has_broker:
        await judge_all(wereld, lot_size_max=lot_size_max)
    everyone = Actor(naam="solidair submit", gemeenten=None)
    return [await _final(wereld, everyone, outcome) for outcome in outcomes]


async def _final(wereld: Wereld, actor: Actor, outcome: Uitkomst) -> Uitkomst:
    if outcome.bericht_nr is None or outcome.status == "geweigerd":
        return outcome
    shown = await toon_bericht(wereld, actor, outcome.bericht_nr)
    return Uitkomst(path=outcome.path, bericht_nr=outcome.bericht_nr, status=shown.status, retourcodes=dict(shown.retourcodes))


async def _over_http(sendings: Sequence[Zending], url: str, token: str) -> list[Uitkomst]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_S) as client:
        return await send_in_lanes(sendings, lambda sending: send_over_http(client, sending, wait_s=WAIT_S))


async def send_over_http(client: httpx.AsyncClient, sending: Zending, *, wait_s: int, headers: dict[str, str] | None = None) -> Uitkomst:
    """Submit one file and wait for its outcome, at most `wait_s` seconds (0: do not wait).

    Raises:
        OngeldigVerzoek: The address does not answer.
    """
    try:
        answer = await client.post(f"/v1/berichten?wacht={wait_s}" if wait_s else "/v1/berichten", content=sending.data, headers=headers)
        content = answer.json()
    except httpx.HTTPError as error:
        raise OngeldigVerzoek(f"{client.base_url} antwoordt niet: {type(error).__name__}") from error
    except ValueError as error:
        raise OngeldigVerzoek(
            f"{client.base_url} antwoordt met iets anders dan JSON (HTTP {answer.status_code}); is dit Solidair?"
        ) from error
    if answer.is_success:
        return Uitkomst(
            path=sending.path, bericht_nr=int(content["id"]), status=content["status"], retourcodes=content.get("retourcodes") or {}
        )
    nr = content.get("id") or content.get("bericht_nr")
    melding = content.get("detail") or content.get("title") or f"HTTP {answer.status_code}"
    return Uitkomst(path=sending.path, bericht_nr=int(nr) if nr else None, status="geweigerd", retourcodes={}, melding=melding)


def _print(outcomes: Sequence[Uitkomst], *, as_json: bool) -> None:
    if as_json:
        by_status = dict(Counter(outcome.status for outcome in outcomes))
        print(json.dumps({"berichten": [outcome.as_dict() for outcome in outcomes], "status": by_status}, ensure_ascii=False, indent=2))
        return
    for outcome in outcomes:
        codes = " ".join(f"{code}×{count}" for code, count in sorted(outcome.retourcodes.items()))
        print(f"{outcome.path}: {outcome.status} {codes}{outcome.melding}".rstrip())
