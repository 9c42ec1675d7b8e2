"""The rows of the region over HTTP, on a real database: every kind is listed, shown, put, ended and remembered; nobody undoes another unseen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, get_args

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.api.regio_ladingen import Rijsoort
from app.api.regio_namen import PAD, SOORT
from app.bootstrap import open_wereld
from app.domain.partij import SYSTEEM, Actor, Rol
from app.identity import maak_token
from app.main import maak_app
from app.parties import RijVraag, bewaar_regio, laad_regio, lijst_rijen
from app.parties.generator import generate
from app.parties.region import TABELLEN, Contract, Rij, kolommen
from app.parties.zichtbaar import ZICHTBARE_SOORTEN, getoond, zichtbaar
from app.settings import Settings
from tests.unit.parties.mappen import GOED

REGIO = "regio"
GOES, VLISSINGEN = "gemeente:0664", "gemeente:0718"
PARTNER, ONDER, VREEMD = "aanbieder:99000001", "aanbieder:99000003", "aanbieder:99000099"
NIEUW = {"If-None-Match": "*"}
TARIEF = "J1,45,45A04,04,2026-01-01"


class Api(NamedTuple):
    """A running application with a region, and a client of it."""

    wereld: Wereld
    client: httpx.AsyncClient

    async def vraag(self, methode: str, pad: str, *, wie: str = REGIO, kop: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        """What a request of this party comes to."""
        token = await maak_token(self.wereld, [wie], f"software van {wie}")
        return await self.client.request(methode, f"/v1{pad}", headers={"Authorization": f"Bearer {token}", **(kop or {})}, **more)

    async def toon(self, pad: str, *, wie: str = REGIO, **params: Any) -> Any:
        """What stands at an address."""
        response = await self.vraag("GET", pad, wie=wie, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    async def etag(self, pad: str) -> str:
        """The version that counts now, as a header has it."""
        return (await self.vraag("GET", pad)).headers["ETag"]

    async def ladingen(self) -> int:
        """How often the region was changed."""
        found: int = await self.wereld.pool.fetchval("select count(*) from regio_lading")
        return found


@pytest.fixture
async def leeg(database: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The application on a fresh database, on 3 July 2026."""
    settings = Settings(mode="test", data_dir=tmp_path, nu=datetime(2026, 7, 3, 9))  # noqa: DTZ001 - local time in the Netherlands
    async with open_wereld(settings, database) as wereld:
        transport = httpx.ASGITransport(app=maak_app(settings, wereld))
        async with httpx.AsyncClient(transport=transport, base_url="http://solidair.test") as client:
            yield Api(wereld, client)


@pytest.fixture
async def api(leeg: Api, tmp_path: Path) -> Api:
    """The same with the good region in it."""
    folder = tmp_path / "regio"
    folder.mkdir()
    for naam, text in GOED.items():
        (folder / naam).write_text(text, encoding="utf-8")
    await laad_regio(leeg.wereld.pool, folder, nu=leeg.wereld.nu, actor=SYSTEEM)
    return leeg


class Geval(NamedTuple):
    """A new row of a kind, what is changed in it, and whether ending it leaves its past."""

    pad: str
    sleutel: str
    waarden: dict[str, Any]
    wijziging: dict[str, Any]
    blijft: bool


VAN = "2026-01-01"
GEVALLEN = [
    Geval(
        "gemeenten", "0715,2015-01-01", {"code": "0715", "naam": "Terneuzen", "geldig_van": "2015-01-01"}, {"jeugdregio": "Zeeland"}, True
    ),
    Geval("herindelingen", "2028-01-01,0687,0664", {"datum": "2028-01-01", "van": "0687", "naar": "0664", "fractie": "1"}, {}, False),
    Geval("aanbieders", "99000009", {"agb": "99000009", "naam": "Nieuw"}, {"contractpartner_agb": "99000001"}, False),
    Geval("zorgvormen", "crisis", {"zorgvorm": "crisis", "naam": "C", "domein": "ijw", "crisis": True}, {"niveau": "regionaal"}, False),
    Geval("productgroepen", "verblijf", {"groep": "verblijf", "naam": "Verblijf", "domein": "ijw"}, {"naam": "Wonen"}, False),
    Geval(
        "producten",
        "ijw,45,45A99,2026-01-01",
        {
            "domein": "ijw",
            "categorie": "45",
            "code": "45A99",
            "omschrijving": "",
            "eenheid": "04",
            "zorgvorm": "jeugd_ambulant",
            "geldig_van": VAN,
        },
        {"groep": "begeleiding"},
        True,
    ),
    Geval(
        "contracten",
        "J~202~2F3",
        {"contract": "J 2/3", "agb": "99000003", "domein": "ijw", "gemeenten": ["0664", "0687"], "geldig_van": VAN},
        {"plafond_cent": 900, "gemeenten": ["0664"]},
        True,
    ),
    Geval("contractopties", "J1,2030-12-31", {"contract": "J1", "tot": "2030-12-31"}, {}, False),
    Geval(
        "onderaannemers",
        "99000001,99000003,W1,2026-01-01",
        {"hoofdaannemer_agb": "99000001", "onderaannemer_agb": "99000003", "contract": "W1", "declareert": "eigen", "geldig_van": VAN},
        {"geldig_tot": "2027-01-01"},
        True,
    ),
    Geval(
        "tarieven",
        "W1,02,02A01,04,2026-08-01",
        {"contract": "W1", "categorie": "02", "code": "02A01", "eenheid": "04", "tarief_cent": 6000, "geldig_van": "2026-08-01"},
        {"tarief_cent": 6100},
        False,
    ),
    Geval("bekostigingen", "W1,,2026", {"contract": "W1", "jaar": 2026, "vorm": "pxq"}, {"termijnen": 4}, False),
    Geval("contractplafonds", "W1,,2026", {"contract": "W1", "jaar": 2026, "bedrag_cent": 100}, {"bedrag_cent": 200}, False),
    Geval(
        "deelname",
        "0687,jeugd_ambulant,2026-01-01",
        {"gemeente": "0687", "zorgvorm": "jeugd_ambulant", "geldig_van": VAN},
        {"geldig_tot": "2030-12-31"},
        True,
    ),
    Geval("budgetten", "0687,2026,", {"gemeente": "0687", "jaar": 2026, "bedrag_cent": 5}, {"bron": "begroting"}, False),
    Geval(
        "maatstaven",
        "inwoners,0687,,2026",
        {"maatstaf": "inwoners", "gemeente": "0687", "jaar": 2026, "waarde": "50100"},
        {"waarde": "50100.5"},
        False,
    ),
    Geval(
        "voorschotten",
        "99000001,0664,2026-02",
        {"agb": "99000001", "gemeente": "0664", "maand": "2026-02", "bedrag_cent": 5},
        {"bedrag_cent": 6},
        False,
    ),
    Geval("bijdragen", "0664,2026-02", {"gemeente": "0664", "maand": "2026-02", "bedrag_cent": 5}, {"bedrag_cent": 6}, False),
    Geval("partijen", "gemeente:0687", {"partij": "gemeente:0687", "kopie": True}, {"antwoordt": "zelf"}, False),
]


def test_every_kind_of_row_has_its_case_and_its_name() -> None:
    """None of the eighteen kinds is forgotten."""
    assert {geval.pad for geval in GEVALLEN} == set(SOORT) == set(get_args(Rijsoort))
    assert set(PAD) == set(TABELLEN)


@pytest.mark.parametrize("geval", GEVALLEN, ids=[geval.pad for geval in GEVALLEN])
async def test_a_row_is_made_shown_changed_ended_and_remembered(api: Api, geval: Geval) -> None:
    """From nothing to nothing (or to its past), each step with the version it is based on, each kept with who did it."""
    pad = f"/{geval.pad}/{geval.sleutel}"

    made = await api.vraag("PUT", pad, json=geval.waarden, kop=NIEUW)
    again = await api.vraag("PUT", pad, json=geval.waarden, kop=NIEUW)
    shown = await api.vraag("GET", pad)
    listed = await api.toon(f"/{geval.pad}", **{kolom: shown.json()[kolom] for kolom in SOORT[geval.pad].sleutel})
    unchanged = await api.vraag("PUT", pad, json=shown.json(), kop={"If-Match": made.headers["ETag"]})
    changed = await api.vraag("PUT", pad, json=shown.json() | geval.wijziging, kop={"If-Match": unchanged.headers["ETag"]})
    historie = await api.toon(f"{pad}/historie")
    ended = await api.vraag("DELETE", pad, kop={"If-Match": changed.headers["ETag"]})

    assert made.status_code == 201, made.text
    assert made.headers["Location"] == f"/v1{pad}"
    assert geval.waarden.items() <= made.json().items()
    assert again.status_code == 412
    assert again.headers["ETag"] == made.headers["ETag"] == f'"{made.json()["etag"]}"'
    assert shown.json() == made.json()
    assert listed == {"items": [made.json()], "volgende": None}
    assert (unchanged.status_code, unchanged.headers["ETag"]) == (200, made.headers["ETag"])
    assert changed.status_code == 200, changed.text
    assert geval.wijziging.items() <= changed.json().items()
    assert (changed.headers["ETag"] == made.headers["ETag"]) is (not geval.wijziging)
    assert [each["van"] is None for each in historie["items"]] == [True, False][: 1 + bool(geval.wijziging)]
    assert {each["door"] for each in historie["items"]} == {"software van regio"}
    assert geval.wijziging.items() <= historie["items"][-1]["naar"].items()
    assert ended.status_code == (200 if geval.blijft else 204), ended.text
    if geval.blijft:
        assert ended.json()["geldig_tot"] == "2026-07-02"
        assert (await api.toon(pad))["geldig_tot"] == "2026-07-02"
    else:
        assert (await api.vraag("GET", pad)).status_code == 404
    last = (await api.toon(f"{pad}/historie"))["items"][-1]
    assert (last["van"]["geldig_tot"] != last["naar"]["geldig_tot"]) if geval.blijft else last["naar"] is None


async def test_an_option_that_is_taken_out_keeps_its_days(api: Api) -> None:
    """It is cut to another last day, which is another key; the answer says where it is now."""
    await api.vraag("PATCH", "/regio", json={"wijzigingen": [
        {"actie": "put", "soort": "contracten", "sleutel": "K1", "etag": None, "waarden": {
            "contract": "K1", "agb": "99000003", "domein": "ijw", "gemeenten": ["*"], "geldig_van": "2025-01-01", "geldig_tot": "2025-12-31"}},
        {"actie": "put", "soort": "contractopties", "sleutel": "K1,2026-12-31", "etag": None, "waarden": {
            "contract": "K1", "tot": "2026-12-31", "uitgeoefend_op": "2025-10-01"}},
    ]})  # fmt: skip

    ended = await api.vraag("DELETE", "/contractopties/K1,2026-12-31", kop={"If-Match": "*"})

    assert ended.status_code == 200, ended.text
    assert ended.headers["Content-Location"] == "/v1/contractopties/K1,2026-07-02"
    assert ended.json()["sleutel"] == "K1,2026-07-02"


@pytest.mark.parametrize(
    ("methode", "pad", "kop", "status"),
    [
        ("PUT", TARIEF, {}, 428),
        ("DELETE", TARIEF, {}, 428),
        ("PUT", TARIEF, {"If-Match": '"een-andere"'}, 412),
        ("DELETE", TARIEF, {"If-Match": '"een-andere"'}, 412),
        ("PUT", TARIEF, {"If-Match": "zonder aanhalingstekens"}, 400),
        ("PUT", TARIEF, {"If-Match": "*", "If-None-Match": "*"}, 400),
        ("PUT", TARIEF, {"If-None-Match": '"x"'}, 400),
        ("PUT", "J1,45,45A04,04,2029-01-01", {"If-Match": "*"}, 412),
        ("DELETE", "J1,45,45A04,04,2029-01-01", {"If-Match": "*"}, 404),
        ("GET", "J1,45,45A04,04,2026-1-1", {}, 404),
        ("GET", "J1,45,45A04,04,2026-01-01,", {}, 404),
    ],
)
async def test_a_change_says_what_it_is_based_on(api: Api, methode: str, pad: str, kop: dict[str, str], status: int) -> None:
    """Without a version 428, with another 412, with something else 400; and nothing changes."""
    before = await api.toon(f"/tarieven/{TARIEF}")

    body = {"json": before | {"tarief_cent": 1, "geldig_van": pad.rpartition(",")[2]}} if methode == "PUT" else {}
    response = await api.vraag(methode, f"/tarieven/{pad}", kop=kop, **body)

    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert await api.toon(f"/tarieven/{TARIEF}") == before
    assert await api.ladingen() == 1


async def test_a_weak_etag_or_one_of_before_does_not_match_and_one_of_several_does(api: Api) -> None:
    """RFC 9110, 13.1.1; and a row that was changed and changed back is another version."""
    pad = f"/tarieven/{TARIEF}"
    row, etag = await api.toon(pad), await api.etag(pad)

    weak = await api.vraag("PUT", pad, json=row | {"tarief_cent": 1}, kop={"If-Match": f"W/{etag}"})
    there = await api.vraag("PUT", pad, json=row | {"tarief_cent": 1}, kop={"If-Match": f'"x", {etag}'})
    back = await api.vraag("PUT", pad, json=row, kop={"If-Match": there.headers["ETag"]})

    assert [weak.status_code, there.status_code, back.status_code] == [412, 200, 200]
    assert back.headers["ETag"] != etag


async def test_of_two_who_change_the_same_row_one_is_told(api: Api) -> None:
    """At the same time, from the same version: one 200 and one 412 with the version that won."""
    pad = f"/tarieven/{TARIEF}"
    row, etag = await api.toon(pad), await api.etag(pad)

    answers = await asyncio.gather(
        *(api.vraag("PUT", pad, json=row | {"tarief_cent": cent}, kop={"If-Match": etag}) for cent in (9400, 9500))
    )

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 412)
    assert lost.headers["ETag"] == won.headers["ETag"]
    assert lost.json()["rijen"] == [
        {
            "soort": "tarieven",
            "sleutel": TARIEF,
            "waarde": won.json()["etag"],
            "melding": "Deze rij is intussen gewijzigd; haal haar opnieuw op.",
        }
    ]
    assert (await api.toon(pad))["tarief_cent"] == won.json()["tarief_cent"]


async def test_a_change_that_contradicts_the_region_names_every_row_by_its_key(api: Api) -> None:
    """Overlap, a reference that leads nowhere and a cell that cannot be read: 422 with key, column and value; nothing is stored."""
    tarief = {"contract": "J1", "categorie": "45", "code": "45A04", "eenheid": "04", "tarief_cent": 9500, "geldig_van": "2026-07-01"}

    overlap = await api.vraag("PUT", "/tarieven/J1,45,45A04,04,2026-07-01", json=tarief, kop=NIEUW)
    nowhere = await api.vraag("PUT", "/tarieven/J9,45,45A04,04,2026-07-01", json=tarief | {"contract": "J9"}, kop=NIEUW)
    unread = await api.vraag("PUT", "/tarieven/J1,45,45A04,04,2029-01-01", json=tarief | {"eenheid": "??", "tarief_cent": -1}, kop=NIEUW)
    named = await api.vraag("DELETE", "/zorgvormen/jeugd_ambulant", kop={"If-Match": "*"})

    assert [each.status_code for each in (overlap, nowhere, unread, named)] == [422] * 4
    assert overlap.json()["rijen"] == [
        {
            "soort": "tarieven",
            "sleutel": "J1,45,45A04,04,2026-07-01",
            "kolom": "geldig_van",
            "waarde": "2026-07-01",
            "melding": f"Deze periode overlapt met die van rij {TARIEF}; laat die eindigen op de dag voor geldig_van van deze rij.",
        }
    ]
    assert [(each["sleutel"], each["kolom"], each["waarde"]) for each in nowhere.json()["rijen"]] == [
        ("J9,45,45A04,04,2026-07-01", "contract", "J9")
    ]
    assert [(each["kolom"], each["waarde"]) for each in unread.json()["rijen"]] == [("eenheid", "??"), ("tarief_cent", "-1")]
    assert {each["soort"] for each in named.json()["rijen"]} >= {"producten"}
    assert await api.ladingen() == 1


async def test_values_of_another_form_are_400_and_other_keys_422(api: Api) -> None:
    """The shape of a kind is held at the door; a key is not changed in place."""
    row = await api.toon(f"/tarieven/{TARIEF}")

    form = await api.vraag("PUT", f"/tarieven/{TARIEF}", json=row | {"tarief_cent": "veel", "kleur": "rood"}, kop={"If-Match": "*"})
    moved = await api.vraag("PUT", f"/tarieven/{TARIEF}", json=row | {"geldig_van": "2026-02-01"}, kop={"If-Match": "*"})

    assert form.status_code == 400
    assert {each["veld"] for each in form.json()["fouten"]} == {"tarief_cent", "kleur"}
    assert moved.status_code == 422
    assert moved.json()["rijen"][0]["sleutel"] == TARIEF


async def test_what_has_ended_stays(api: Api) -> None:
    """Taking out a tariff of last year does nothing, and that is said."""
    response = await api.vraag("DELETE", "/tarieven/J1,45,45A04,04,2025-01-01", kop={"If-Match": "*"})

    assert response.status_code == 409
    assert await api.ladingen() == 1


async def test_several_rows_change_together_or_not_at_all(api: Api) -> None:
    """A tariff that follows another: the old one is cut and the new one put in one load; with one fault neither is."""
    old = await api.toon(f"/tarieven/{TARIEF}")
    new = {name: old[name] for name in ("contract", "categorie", "code", "eenheid")} | {"tarief_cent": 9900, "geldig_van": "2026-08-01"}
    cut = {"actie": "put", "soort": "tarieven", "sleutel": TARIEF, "etag": old["etag"], "waarden": old | {"geldig_tot": "2026-07-31"}}
    add = {"actie": "put", "soort": "tarieven", "sleutel": "J1,45,45A04,04,2026-08-01", "etag": None, "waarden": new}
    gone = {"actie": "delete", "soort": "budgetten", "sleutel": "0664,2026,", "etag": "*"}

    stale = await api.vraag("PATCH", "/regio", json={"wijzigingen": [cut, add | {"etag": "*"}, gone | {"etag": "x"}]})
    alone = await api.vraag("PATCH", "/regio", json={"wijzigingen": [add, gone]})
    twice = await api.vraag("PATCH", "/regio", json={"wijzigingen": [cut, cut]})
    wrong = await api.vraag("PATCH", "/regio", json={"wijzigingen": [add | {"waarden": {"contract": 5}}, gone | {"actie": "put"}]})
    before = await api.ladingen()
    done = await api.vraag("PATCH", "/regio", json={"wijzigingen": [cut, add, gone]})

    assert [each.status_code for each in (stale, alone, twice, wrong, done)] == [412, 422, 422, 422, 200]
    assert [each["sleutel"] for each in stale.json()["rijen"]] == ["J1,45,45A04,04,2026-08-01", "0664,2026,"]
    assert before == 1
    assert [(each["is_nieuw"], each["rij"] and each["rij"]["geldig_tot"]) for each in done.json()["items"][:2]] == [
        (False, "2026-07-31"),
        (True, None),
    ]
    assert done.json()["items"][2]["rij"] is None
    assert done.json()["items"][1]["rij"] == await api.toon("/tarieven/J1,45,45A04,04,2026-08-01")


async def test_who_changed_what_when(api: Api) -> None:
    """Every change is a load with its counts, and row by row from what to what; the first one is the folder."""
    row = await api.toon(f"/tarieven/{TARIEF}")
    await api.vraag("PUT", f"/tarieven/{TARIEF}", json=row | {"tarief_cent": 9400}, kop={"If-Match": "*"})

    page = await api.toon("/regio/ladingen", limit=1)
    older = await api.toon("/regio/ladingen", cursor=page["volgende"])
    (last,), (first,) = page["items"], older["items"]
    (change,) = (await api.toon(f"/regio/ladingen/{last['id']}/wijzigingen"))["items"]
    rows = await api.toon(f"/regio/ladingen/{first['id']}/wijzigingen", limit=7)
    everything = list(rows["items"])
    while rows["volgende"]:
        rows = await api.toon(f"/regio/ladingen/{first['id']}/wijzigingen", limit=7, cursor=rows["volgende"])
        everything += rows["items"]

    assert (last["door"], first["door"]) == ("software van regio", "systeem")
    assert last["verschil"] == {"tarieven": {"nieuw": 0, "gewijzigd": 1, "beeindigd": 0, "vervallen": 0, "blijft": 3}}
    assert (change["soort"], change["sleutel"]) == ("tarieven", TARIEF)
    assert (change["van"]["tarief_cent"], change["naar"]["tarief_cent"]) == (9300, 9400)
    assert len(everything) == sum(text.count("\n") - 1 for text in GOED.values())
    assert len({(each["soort"], each["sleutel"]) for each in everything}) == len(everything)
    assert [each["sleutel"] for each in (await api.toon(f"/regio/ladingen/{first['id']}/wijzigingen", soort="zorgvormen"))["items"]] == [
        "jeugd_ambulant",
        "wmo_begeleiding",
    ]
    assert await api.toon(f"/regio/ladingen/{last['id']}") == last
    assert (await api.vraag("GET", "/regio/ladingen/999")).status_code == 404
    assert (await api.vraag("GET", "/regio/ladingen/x/wijzigingen")).status_code == 404


async def test_a_row_of_another_does_not_exist_and_only_the_region_changes(api: Api) -> None:
    """Somebody else's contract, budget or tariff is 404; a change and the history are 403 for who is not of the region."""
    shown = {
        ("/contracten/J1", ONDER): 200,
        ("/contracten/W1", ONDER): 404,
        ("/contracten/J1", VREEMD): 404,
        ("/contracten/J1", VLISSINGEN): 404,
        ("/tarieven/W1,02,02A01,16,2025-01-01", ONDER): 404,
        ("/tarieven/W1,02,02A01,16,2025-01-01", PARTNER): 200,
        ("/budgetten/0664,2026,", GOES): 200,
        ("/budgetten/0664,2026,", VLISSINGEN): 404,
        ("/contractplafonds/J1,jeugd_ambulant,2026", PARTNER): 404,
        ("/contractplafonds/J1,jeugd_ambulant,2026", GOES): 200,
        ("/partijen/gemeente:0664", GOES): 404,
        ("/voorschotten/99000001,0664,2026-01", PARTNER): 404,
        (f"/tarieven/{TARIEF}/historie", PARTNER): 403,
        ("/regio/ladingen", GOES): 403,
        ("/regio/ladingen/1", GOES): 403,
        ("/regio/ladingen/1/wijzigingen", GOES): 403,
        ("/berichten", REGIO): 403,
        ("/grootboek/saldi", REGIO): 403,
    }

    found = {(pad, wie): (await api.vraag("GET", pad, wie=wie)).status_code for pad, wie in shown}
    partner, gemeente = await api.toon("/contracten/J1", wie=PARTNER), await api.toon("/contracten/J1", wie=GOES)
    row = await api.toon(f"/tarieven/{TARIEF}", wie=PARTNER)
    put = [await api.vraag("PUT", f"/tarieven/{TARIEF}", wie=wie, json=row, kop={"If-Match": "*"}) for wie in (PARTNER, GOES)]
    away = await api.vraag("DELETE", "/contracten/W1", wie=ONDER, kop={"If-Match": "*"})
    patch = await api.vraag(
        "PATCH", "/regio", wie=GOES, json={"wijzigingen": [{"actie": "delete", "soort": "tarieven", "sleutel": TARIEF, "etag": "*"}]}
    )

    assert found == shown
    assert (partner["plafond_cent"], gemeente["plafond_cent"]) == (None, 120000000)
    # The etag of what an aanbieder sees may not tell what it does not see.
    assert partner["etag"] != gemeente["etag"] == (await api.toon("/contracten/J1"))["etag"]
    assert [each.status_code for each in (*put, away, patch)] == [403, 403, 404, 403]
    assert await api.ladingen() == 1


ACTOREN = {
    "region": SYSTEEM,
    "gemeente": Actor(naam="g", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"})),
    "person of two gemeenten": Actor(naam="p", gemeenten=frozenset({"0664", "0687"}), rollen=frozenset({Rol.INZAGE})),
    "nobody": Actor(naam="n"),
}


async def alle(wereld: Wereld, actor: Actor, soort: type[Rij], vraag: RijVraag = RijVraag(), limit: int = 200) -> list[Any]:  # noqa: B008
    """Every row of the pages of a list."""
    rows, cursor = list[Any](), None
    while True:
        page = await lijst_rijen(wereld.pool, actor, soort, vraag, cursor, limit)
        rows += [each.rij for each in page.items]
        cursor = page.volgende
        if cursor is None:
            return rows


async def test_lists_show_what_the_rule_in_memory_shows(leeg: Api) -> None:
    """For every kind of row and every kind of reader, over a generated region: the query and `zichtbaar` agree, on pages of any size."""
    region = generate(seed=5, gemeenten=5, aanbieders=12, clienten=10, maanden=14, tot=date(2026, 6, 1)).region
    await bewaar_regio(leeg.wereld.pool, region, nu=leeg.wereld.nu, actor=SYSTEEM)
    codes = [each.code for each in region.gemeenten]
    actoren = dict(ACTOREN) | {each.agb: Actor(naam=each.agb, partijen=frozenset({f"aanbieder:{each.agb}"})) for each in region.aanbieders}
    actoren |= {f"gemeente {code}": Actor(naam=code, gemeenten=frozenset({code})) for code in codes}
    actoren["both"] = Actor(
        naam="b", partijen=frozenset({f"aanbieder:{region.aanbieders[0].agb}", f"gemeente:{codes[0]}"}), gemeenten=frozenset({codes[0]})
    )

    for naam, actor in actoren.items():
        seen = zichtbaar(region, actor)
        for soort in TABELLEN:
            expected = seen.rijen(soort) if actor.gemeenten is None or soort in ZICHTBARE_SOORTEN else ()
            rows = await alle(leeg.wereld, actor, soort)
            assert set(rows) == {getoond(rij, actor) for rij in expected}, (naam, soort)
            assert len(rows) == len(expected), (naam, soort)
    contracten = await alle(leeg.wereld, SYSTEEM, Contract)
    assert await alle(leeg.wereld, SYSTEEM, Contract, limit=3) == contracten
    assert len(contracten) == len(region.contracten) > 3


async def test_op_gives_what_is_valid_on_a_day(api: Api) -> None:
    """Rows with a period are filtered by it; a contract is valid as long as its exercised options say."""
    assert [each["tarief_cent"] for each in (await api.toon("/tarieven", op="2025-06-01", contract="J1", code="45A04"))["items"]] == [9000]
    assert [each["code"] for each in (await api.toon("/gemeenten", op="2027-01-01"))["items"]] == ["0664", "0687"]
    for dag in ("2024-12-31", "2025-01-01", "2027-12-31", "2028-12-31", "2029-01-01"):
        expected = [
            nummer
            for nummer, van, tot in (("J1", "2025-01-01", "2028-12-31"), ("W1", "2025-01-01", "9999-12-31"))
            if van <= dag <= tot
        ]  # fmt: skip
        assert [each["contract"] for each in (await api.toon("/contracten", op=dag))["items"]] == expected


@pytest.mark.parametrize(
    ("pad", "params"),
    [
        ("/tarieven", {"op": "morgen"}),
        ("/tarieven", {"kleur": "rood"}),
        ("/tarieven", {"categorie": "vijfenveertig"}),
        ("/contracten", {"aanbieder": "1"}),
        ("/budgetten", {"gemeente": "66"}),
        ("/tarieven", {"limit": 201}),
        ("/tarieven", {"cursor": "onzin"}),
        ("/tarieven", {"cursor": "MDY2NCwyMDI2LA"}),
        ("/regio/ladingen/1/wijzigingen", {"cursor": "bmE6OTk5OTk5OTk5OTk5OTk"}),
        ("/budgetten", {"op": "2026-01-01"}),
    ],
)
async def test_a_wrong_filter_or_cursor_is_refused(api: Api, pad: str, params: dict[str, Any]) -> None:
    """A filter that a list has not, a value that no row has, and a cursor that is not of this list."""
    response = await api.vraag("GET", pad, params=params)

    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"


async def test_filters_are_written_as_the_design_rules_say_and_as_the_columns_are_called(api: Api) -> None:
    """Query names in lowerCamelCase in the document; the name of the column works too."""
    document = (await api.client.get("/v1/openapi.json")).json()
    operations = [each for methods in document["paths"].values() for each in methods.values()]

    names = {each["name"] for operation in operations for each in operation.get("parameters", ()) if each["in"] == "query"}
    camel = await api.toon("/tarieven", geldigVan="2026-01-01")
    column = await api.toon("/tarieven", geldig_van="2026-01-01")

    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*", name)] == []
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert [each["sleutel"] for each in camel["items"]] == [TARIEF]
    assert column == camel


@pytest.mark.parametrize("geval", GEVALLEN, ids=[geval.pad for geval in GEVALLEN])
async def test_the_document_says_how_each_kind_is_kept(leeg: Api, geval: Geval) -> None:
    """Every kind has its five calls with its own shapes, and says what a change may come to."""
    document = (await leeg.client.get("/v1/openapi.json")).json()
    one = document["paths"][f"/{geval.pad}/{{sleutel}}"]
    body = one["put"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = document["components"]["schemas"][body]

    assert set(one) == {"get", "put", "delete"}
    assert {"get"} == set(document["paths"][f"/{geval.pad}"]) == set(document["paths"][f"/{geval.pad}/{{sleutel}}/historie"])
    assert {"200", "201", "403", "412", "422", "428"} <= set(one["put"]["responses"])
    assert {"200", "204", "404", "409", "412", "428"} <= set(one["delete"]["responses"])
    assert set(schema["required"]) <= set(geval.waarden)
    assert set(schema["properties"]) == set(kolommen(SOORT[geval.pad])) | {"sleutel", "etag"}
