"""Changes of the region over HTTP, on a real database: every kind of row is put, ended and remembered; nobody undoes another unseen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest

from app.api.regio_ladingen import Rijsoort
from app.api.regio_namen import PAD, SOORT
from app.parties.region import TABELLEN, kolommen
from tests.integration.regio_rijen import NIEUW, TARIEF, Api, regio_op
from tests.unit.parties.mappen import GOED


@pytest.fixture
async def api(database: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The good region."""
    async with regio_op(database, tmp_path) as opened:
        yield opened


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
    Geval(
        "bankrekeningen",
        "gemeente:0687",
        {"partij": "gemeente:0687", "iban": "NL65TEST9900000687", "tenaamstelling": "Gemeente Middelburg"},
        {"bic": "TESTNL2A"},
        False,
    ),
]


def test_every_kind_of_row_has_its_case_and_its_name() -> None:
    """None of the nineteen kinds is forgotten."""
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


@pytest.mark.parametrize("geval", GEVALLEN, ids=[geval.pad for geval in GEVALLEN])
async def test_the_document_says_how_each_kind_is_kept(api: Api, geval: Geval) -> None:
    """Every kind has its five calls with its own shapes, and says what a change may come to."""
    document = (await api.client.get("/v1/openapi.json")).json()
    one = document["paths"][f"/{geval.pad}/{{sleutel}}"]
    body = one["put"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = document["components"]["schemas"][body]

    assert set(one) == {"get", "put", "delete"}
    assert {"get"} == set(document["paths"][f"/{geval.pad}"]) == set(document["paths"][f"/{geval.pad}/{{sleutel}}/historie"])
    assert {"200", "201", "403", "412", "422", "428"} <= set(one["put"]["responses"])
    assert {"200", "204", "404", "409", "412", "428"} <= set(one["delete"]["responses"])
    assert set(schema["required"]) <= set(geval.waarden)
    assert set(schema["properties"]) == set(kolommen(SOORT[geval.pad])) | {"sleutel", "etag"}
