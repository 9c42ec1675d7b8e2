"""The check before sending, on a database with a past: what it says is left, to whom, and that it leaves no trace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg.connection
import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.errors import Parkeren
from app.domain.partij import aanbieder, gemeente
from app.domain.periode import GeslotenPeriode, laatste_dag
from app.domain.toewijzing import Omvang
from app.identity import maak_token
from app.judging import service_vragen, verwerk_baan
from app.main import maak_app
from app.standard.writing import write
from tests.builders import (
    AGB,
    ANDERE_BSN,
    BSN,
    GEMEENTE,
    NUMMER,
    make_301,
    make_323,
    make_client,
    make_declaratie,
    make_prestatie,
    make_toegewezen_product,
)
from tests.end_to_end.werkbank import ANDERE_AGB, settings_for, status, stuur, wereld_with_region

pytestmark = pytest.mark.slow

XML = {"Content-Type": "application/xml"}
DERDE_BSN, NIEUWE_BSN = "999900031", "999900043"
VEERTIG_UUR = Omvang(volume=40, eenheid="04", frequentie="6")
VAN_EEN_ANDERE_CLIENT, VAN_EEN_ANDERE_AANBIEDER, ZONDER_TOTAAL, BESTAAT_NIET = 1002, 2001, 1003, 9999


class Balie(NamedTuple):
    """A running application with a past."""

    wereld: Wereld
    client: httpx.AsyncClient

    async def controleer(self, bericht: Bericht, partij: str = aanbieder(AGB), niveau: int = 4) -> httpx.Response:
        """What the check says to a partij."""
        token = await maak_token(self.wereld, [partij], "test")
        headers = {**XML, "Authorization": f"Bearer {token}"}
        return await self.client.post("/v1/berichten/controle", params={"niveau": niveau}, content=write(bericht), headers=headers)


def maand(month: int) -> GeslotenPeriode:
    """A month of 2026."""
    return GeslotenPeriode(begindatum=date(2026, month, 1), einddatum=laatste_dag(date(2026, month, 1)))


def declaratie(*prestaties: Prestatie, nummer: str = "D9", bsn: str = BSN) -> Bericht:
    """A 323 over May, not sent before."""
    client = DeclaratieClient(bsn=bsn, prestaties=prestaties)
    return make_323(declaratie=make_declaratie([client], declaratie_nummer=nummer), identificatie=f"I{nummer}")


def toewijzing(nummer: int, agb: str, bsn: str, changes: dict[str, Any]) -> Bericht:
    """A 301 of forty hours in all, unless said otherwise."""
    product = make_toegewezen_product(**{"toewijzing_nummer": nummer, "omvang": VEERTIG_UUR, **changes})
    return make_301(client=make_client(bsn=bsn, toegewezen_producten=(product,)), ontvanger=agb, identificatie=f"T{nummer}")


@pytest.fixture
async def balie(database: str, tmp_path: Path) -> AsyncIterator[Balie]:
    """Client 1 has forty hours of which April took 34; another client and another aanbieder have toewijzingen too."""
    async with wereld_with_region(database, tmp_path) as wereld:
        toewijzingen = [
            (NUMMER, AGB, BSN, {}),
            (VAN_EEN_ANDERE_CLIENT, AGB, ANDERE_BSN, {}),
            (ZONDER_TOTAAL, AGB, DERDE_BSN, {"einddatum": None, "omvang": Omvang(volume=60, eenheid="04", frequentie="4")}),
            (VAN_EEN_ANDERE_AANBIEDER, ANDERE_AGB, BSN, {}),
        ]
        berichten = [toewijzing(*each) for each in toewijzingen]
        april = make_prestatie("APRIL", geleverd_volume=34, periode=maand(4))
        first = declaratie(april, nummer="D1")
        nrs = [await stuur(wereld, bericht) for bericht in (*berichten, first)]
        for agb in (AGB, ANDERE_AGB):
            while await verwerk_baan(wereld, "ijw", agb, lot_size_max=50):
                pass
        assert [await status(wereld, nr) for nr in nrs] == [*["klaar"] * 4, "verwerkt"]
        app = maak_app(settings_for(tmp_path), wereld)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://solidair.test") as client:
            yield Balie(wereld, client)


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Every query with arguments that any connection runs meanwhile."""
    seen: list[str] = []
    original = asyncpg.connection.Connection._execute

    async def counting(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
        seen.append(query)
        return await original(self, query, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncpg.connection.Connection, "_execute", counting)
        yield seen


async def row_counts(wereld: Wereld) -> dict[str, int]:
    """Rows of every table, and how far every sequence is."""
    tables = await wereld.pool.fetch("select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public'")
    counts = {row["name"]: await wereld.pool.fetchval(f"select count(*) from {row['name']}") for row in tables}
    for row in await wereld.pool.fetch("select sequencename as name, coalesce(last_value, 0) as value from pg_sequences"):
        counts[row["name"]] = row["value"]
    return counts


async def test_tr322_says_what_is_left_of_the_toewijzing(balie: Balie) -> None:
    """What was granted before counts; the sender reads hours, as its toewijzing is in hours."""
    response = await balie.controleer(declaratie(make_prestatie("R1", geleverd_volume=10)))

    content = response.json()
    assert (response.status_code, content["valid"], content["beoordeeld_tot"]) == (200, False, 4)
    assert [(each["regel"], each["retourcode"], each["melding"]) for each in content["bevindingen"]] == [
        ("TR322", "9322", "Van 40 uur resteren 6 uur; u declareert 10 uur.")
    ]
    assert content["resterend"] == [
        {"toewijzing_nummer": NUMMER, "eenheid": "04", "toegestaan": 40, "verbruikt": 34, "in_dit_bericht": 10, "resterend": -4}
    ]
    assert content["resterend_afgekapt"] is False


async def test_lines_of_the_same_bericht_count_for_each_other(balie: Balie) -> None:
    """March takes four of the six hours, so May finds two; half hours are told in minutes."""
    march = make_prestatie("R1", geleverd_volume=4, periode=maand(3))
    may = make_prestatie("R2", geleverd_volume=150, eenheid="01", product_tarief=100)

    content = (await balie.controleer(declaratie(march, may))).json()

    found = [each["melding"] for each in content["bevindingen"] if each["regel"] == "TR322"]
    assert found == ["Van 40 uur resteren 2 uur; u declareert 2 uur en 30 minuten."]
    assert content["resterend"] == [
        {"toewijzing_nummer": NUMMER, "eenheid": "01", "toegestaan": 2400, "verbruikt": 2040, "in_dit_bericht": 390, "resterend": -30}
    ]


async def test_a_declaratie_that_is_right_says_what_remains_after_it(balie: Balie) -> None:
    """Valid, with the hours that are left; a toewijzing without end has no total and is not listed."""
    clienten = [
        DeclaratieClient(bsn=BSN, prestaties=(make_prestatie("R1", geleverd_volume=5),)),
        DeclaratieClient(bsn=DERDE_BSN, prestaties=(make_prestatie("R2", toewijzing_nummer=ZONDER_TOTAAL),)),
    ]

    content = (await balie.controleer(make_323(declaratie=make_declaratie(clienten, declaratie_nummer="D9")))).json()

    assert (content["valid"], content["bevindingen"]) == (True, [])
    assert [(each["toewijzing_nummer"], each["resterend"]) for each in content["resterend"]] == [(NUMMER, 1)]


async def test_a_sender_learns_nothing_about_what_was_not_sent_to_it(balie: Balie) -> None:
    """The toewijzing of another aanbieder, of the same client, looks like a number that does not exist."""
    answers = [
        (await balie.controleer(declaratie(make_prestatie("R1", toewijzing_nummer=nummer)))).text.replace(str(nummer), "NUMMER")
        for nummer in (BESTAAT_NIET, VAN_EEN_ANDERE_AANBIEDER)
    ]

    assert answers[0] == answers[1]
    assert '"resterend":[]' in answers[0]


async def test_what_is_left_is_told_of_the_client_it_belongs_to(balie: Balie) -> None:
    """Named for another client, a toewijzing of the sender itself is not listed either."""
    line = make_prestatie("R1", toewijzing_nummer=VAN_EEN_ANDERE_CLIENT)

    assert (await balie.controleer(declaratie(line, bsn=BSN))).json()["resterend"] == []
    rows = (await balie.controleer(declaratie(line, bsn=ANDERE_BSN))).json()["resterend"]
    assert [(each["toewijzing_nummer"], each["verbruikt"]) for each in rows] == [(VAN_EEN_ANDERE_CLIENT, 0)]


async def test_only_the_sender_checks_against_its_past(balie: Balie) -> None:
    """Another aanbieder, and the gemeente too, may check what the bericht alone says and no more."""
    bericht = declaratie(make_prestatie("R1", geleverd_volume=10))

    for partij in (aanbieder(ANDERE_AGB), gemeente(GEMEENTE)):
        refused = await balie.controleer(bericht, partij)
        allowed = (await balie.controleer(bericht, partij, niveau=2)).json()

        assert refused.status_code == 403
        assert "niveau 2" in refused.json()["detail"]
        assert (allowed["valid"], allowed["beoordeeld_tot"], allowed["resterend"]) == (True, 2, None)


async def test_a_gemeente_checks_its_own_301(balie: Balie) -> None:
    """A number that another aanbieder has already: the gemeente may know (TR332); nothing is left to tell of a 301."""
    product = make_toegewezen_product(toewijzing_nummer=VAN_EEN_ANDERE_AANBIEDER)

    content = (await balie.controleer(make_301(product, identificatie="NIEUW"), gemeente(GEMEENTE))).json()

    assert {each["regel"] for each in content["bevindingen"]} == {"TR332"}
    assert (content["beoordeeld_tot"], content["resterend"]) == (4, None)


async def test_checking_leaves_no_trace(balie: Balie) -> None:
    """No row in any table, no number taken from any sequence; the same bericht can be sent after it, and again be checked."""
    bericht = declaratie(make_prestatie("R1", geleverd_volume=10))
    token = await maak_token(balie.wereld, [aanbieder(AGB)], "test")
    headers = {**XML, "Authorization": f"Bearer {token}"}
    for data in (write(bericht), write(toewijzing(3001, AGB, NIEUWE_BSN, {}))):
        before = await row_counts(balie.wereld)
        for niveau in (1, 2, 4):
            await balie.client.post("/v1/berichten/controle", params={"niveau": niveau}, content=data, headers=headers)
        assert await row_counts(balie.wereld) == before


async def test_the_number_of_queries_does_not_grow_with_the_lines(balie: Balie) -> None:
    """One line and three hundred lines of fifty toewijzingen cost the same queries."""
    one = declaratie(make_prestatie("R1"))
    begin = date(2026, 5, 1)
    many = declaratie(
        *(
            make_prestatie(
                f"R{line}",
                toewijzing_nummer=1000 + line % 50,
                periode=GeslotenPeriode(begindatum=begin + timedelta(days=line // 50), einddatum=date(2026, 5, 31)),
            )
            for line in range(300)
        )
    )
    await balie.controleer(one)  # What is asked once per connection is asked now.

    with counted_queries() as few:
        await balie.controleer(one)
    with counted_queries() as lots:
        response = await balie.controleer(many)

    assert response.status_code == 200
    assert len(few) > 5
    assert len(lots) == len(few)


async def test_a_rule_that_cannot_be_judged_is_a_finding(balie: Balie, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never an approval, and no error either: the sender reads that the fault is ours."""

    def parked(*_args: object, **_kwargs: object) -> object:
        raise Parkeren("regel TR322 kon niet worden beoordeeld op Prestatie, regel 31: KeyError")

    monkeypatch.setattr(service_vragen, "beoordeel", parked)
    content = (await balie.controleer(declaratie(make_prestatie("R1")))).json()

    assert content["valid"] is False
    assert [each["regel"] for each in content["bevindingen"]] == ["NIET_BEOORDEELD"]
    assert "door een fout van Solidair: regel TR322" in content["bevindingen"][0]["melding"]


async def test_checks_at_the_same_time_wait_for_each_other(balie: Balie) -> None:
    """All are answered, and all the same."""
    bericht = declaratie(make_prestatie("R1", geleverd_volume=10))

    answers = await asyncio.gather(*(balie.controleer(bericht) for _ in range(6)))

    assert len({each.text for each in answers}) == 1
