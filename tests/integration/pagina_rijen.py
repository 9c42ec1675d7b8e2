"""A small region with berichten, books and a settlement, written straight into the tables: what the pages are shown on in tests.

The figures are round on purpose, so that a test can name what a page must say. All persons are fictitious.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.adapters.wereld import Wereld
from app.mailbox.inbox import kenmerk

NU = datetime(2026, 7, 7, 7, 0, tzinfo=UTC)
VANDAAG = date(2026, 7, 7)
BSN = "999900006"

GEMEENTEN = {
    "0654": "Borsele",
    "0664": "Goes",
    "0677": "Hulst",
    "0678": "Kapelle",
    "0687": "Middelburg",
    "1695": "Noord-Beveland",
    "0703": "Reimerswaal",
    "1676": "Schouwen-Duiveland",
    "1714": "Sluis",
    "0715": "Terneuzen",
    "0716": "Tholen",
    "0717": "Veere",
    "0718": "Vlissingen",
}
AANBIEDERS = {"42420001": "Jeugdzorg Het Scheldehuis", "42420002": "Zorg <b>Co</b> & Zonen", "42420003": "Praktijk De Duinen"}
ZORGVORMEN = {"ambulant": "Ambulante jeugdhulp", "verblijf": "Verblijf", "dagbehandeling": "Dagbehandeling"}


@dataclass(kw_only=True)
class Rij:
    """One bericht to write; what is not named is filled with something plausible."""

    soort: str = "323"
    domein: str | None = "ijw"
    van: str = "aanbieder:42420001"
    aan: str | None = "gemeente:0664"
    gemeente: str | None = "0664"
    agb: str | None = "42420001"
    identificatie: str = "0001"
    status: str = "verwerkt"
    richting: str = "in"
    dagen_geleden: int = 1
    termijn_dagen: int | None = None
    termijn_wie: str = "regio"
    ingediend_cent: int | None = None
    toegekend_cent: int | None = None
    aantal_regels: int | None = None
    antwoord_op: int | None = None
    park_reden: str | None = None
    xml: str | None = None


@dataclass(kw_only=True)
class Vondst:
    """One bevinding to write, with the money of its line."""

    regel: str
    retourcode: str | None
    pad: str
    regelnummer: int | None
    melding: str
    waarde: str | None = None
    bedrag_cent: int = 0


@dataclass(frozen=True, kw_only=True)
class Pagina:
    """The bericht_nrs that tests and screenshots ask for."""

    deels_afgekeurd: int
    antwoord: int
    geweigerd: int
    geparkeerd: int
    lopend: int
    ander: int


def declaratie_xml(prestaties: int, *, een_regel: bool = False) -> str:
    """A 323 that looks as one does: the header, one client, and so many prestaties of three lines each."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<declaratie:Bericht xmlns:declaratie="http://www.istandaarden.nl/ijw/3_2/declaratie/schema">',
        "  <declaratie:Header>",
        "    <declaratie:BerichtCode>490</declaratie:BerichtCode>",
        "    <declaratie:Afzender>42420001</declaratie:Afzender>",
        "    <declaratie:Ontvanger>0664</declaratie:Ontvanger>",
        "  </declaratie:Header>",
        "  <declaratie:Clienten>",
        "    <declaratie:Client>",
        f"      <declaratie:Bsn>{BSN}</declaratie:Bsn>",
        "      <declaratie:Prestaties>",
    ]
    for number in range(1, prestaties + 1):
        lines += [
            "        <declaratie:Prestatie>",
            f"          <declaratie:ReferentieNummer>P{number:05d}</declaratie:ReferentieNummer>",
            f"          <declaratie:GeleverdVolume>{number}</declaratie:GeleverdVolume>",
            "        </declaratie:Prestatie>",
        ]
    lines += ["      </declaratie:Prestaties>", "    </declaratie:Client>", "  </declaratie:Clienten>", "</declaratie:Bericht>"]
    return "".join(line.strip() for line in lines) if een_regel else "\n".join(lines)


async def vul(wereld: Wereld) -> Pagina:
    """Write everything; the numbers of the berichten that matter."""
    await _regio(wereld)
    nrs = await _berichten(wereld)
    await _boeken(wereld)
    return nrs


async def _regio(wereld: Wereld) -> None:
    pool = wereld.pool
    await pool.executemany("insert into gemeente (code, naam, geldig_van) values ($1, $2, '2010-01-01')", list(GEMEENTEN.items()))
    await pool.executemany("insert into aanbieder (agb, naam) values ($1, $2)", list(AANBIEDERS.items()))
    await pool.executemany("insert into zorgvorm (zorgvorm, naam, domein) values ($1, $2, 'ijw')", list(ZORGVORMEN.items()))


async def schrijf(wereld: Wereld, rij: Rij, *vondsten: Vondst) -> int:
    """One bericht with its bytes and bevindingen."""
    inhoud = (rij.xml or f"<Bericht><!-- {rij.soort} {rij.identificatie} --></Bericht>").encode()
    sha256 = hashlib.sha256(inhoud + rij.identificatie.encode()).digest()
    versie, stored = wereld.kluis.bewaar(inhoud, kenmerk(sha256))
    ontvangen = NU - timedelta(days=rij.dagen_geleden, minutes=25 if rij.richting == "in" else 20)
    judged = None if rij.status in ("ontvangen", "geweigerd") or rij.richting == "uit" else ontvangen + timedelta(minutes=2)
    nr: int = await wereld.pool.fetchval(
        """
        insert into bericht (richting, domein, soort, van, aan, gemeente, agb, identificatie, dagtekening, sha256, grootte, status, ontvangen_op,
                             ontvangst_datum, beoordeeld_op, termijn, ingediend_cent, toegekend_cent, aantal_regels, antwoord_op_nr, park_reden,
                             termijn_wie, ingediend_door)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $9, $14, $15, $16, $17, $18, $19, $20, $21, 'proef')
        returning bericht_nr
        """,
        rij.richting,
        rij.domein,
        rij.soort,
        rij.van,
        rij.aan,
        rij.gemeente,
        rij.agb,
        rij.identificatie,
        VANDAAG - timedelta(days=rij.dagen_geleden),
        sha256,
        len(inhoud),
        rij.status,
        ontvangen,
        judged,
        None if rij.termijn_dagen is None else VANDAAG + timedelta(days=rij.termijn_dagen),
        rij.ingediend_cent,
        rij.toegekend_cent,
        rij.aantal_regels,
        rij.antwoord_op,
        rij.park_reden,
        None if rij.termijn_dagen is None else rij.termijn_wie,
    )
    await wereld.pool.execute("insert into bericht_inhoud values ($1, $2, $3)", nr, versie, stored)
    if rij.antwoord_op is not None:
        answered = "update bericht set antwoord_nr = $1, termijn_voldaan_op = $3 where bericht_nr = $2"
        await wereld.pool.execute(answered, nr, rij.antwoord_op, ontvangen.date())
        await wereld.pool.execute("insert into postvak values ($1, $2, $3, null)", rij.aan, nr, ontvangen)
    await _bevindingen(wereld, nr, vondsten)
    return nr


async def _bevindingen(wereld: Wereld, nr: int, vondsten: tuple[Vondst, ...]) -> None:
    causes: dict[tuple[str, str], list[int]] = {}
    for volgnr, v in enumerate(vondsten, 1):
        await wereld.pool.execute(
            "insert into bevinding values ($1, $2, $3, $4, $5, $6, $7, $8)",
            nr,
            volgnr,
            v.regel,
            v.retourcode,
            v.pad,
            v.regelnummer,
            v.waarde,
            v.melding,
        )
        cause = causes.setdefault((v.regel, v.retourcode or ""), [0, 0])
        cause[0] += 1
        cause[1] += v.bedrag_cent
    await wereld.pool.executemany(
        "insert into bericht_oorzaak values ($1, $2, $3, $4, $5)", [(nr, *key, count, cents) for key, (count, cents) in causes.items()]
    )


def prestatie_pad(number: int) -> str:
    """The path of GeleverdVolume of the n-th prestatie of `declaratie_xml`."""
    return f"/Bericht/Clienten/Client/Prestaties/Prestatie[{number}]/GeleverdVolume"


async def _berichten(wereld: Wereld) -> Pagina:
    volume = "Van de toegewezen 40 uur resteert 6 uur; declareer hoogstens 360 minuten of vraag uitbreiding met een JW317."
    deels = await schrijf(
        wereld,
        Rij(
            status="deels_afgekeurd",
            identificatie="000000002",
            termijn_dagen=9,
            ingediend_cent=1_234_500,
            toegekend_cent=1_000_000,
            aantal_regels=150,
            xml=declaratie_xml(150),
        ),
        Vondst(regel="TR322", retourcode="9322", pad=prestatie_pad(14), regelnummer=66, waarde="14", melding=volume, bedrag_cent=100_000),
        Vondst(regel="TR322", retourcode="9322", pad=prestatie_pad(80), regelnummer=330, waarde="80", melding=volume, bedrag_cent=100_000),
        Vondst(
            regel="TR338",
            retourcode="9338",
            pad=prestatie_pad(120),
            regelnummer=490,
            melding="Toewijzingnummer 70012 is niet bekend bij gemeente Goes; gebruik het nummer uit het JW301-bericht.",
            bedrag_cent=34_500,
        ),
    )
    antwoord = await schrijf(
        wereld,
        Rij(
            soort="325",
            richting="uit",
            van="gemeente:0664",
            aan="aanbieder:42420001",
            status="klaar",
            identificatie="S000000002",
            antwoord_op=deels,
        ),
    )
    ander = await schrijf(
        wereld,
        Rij(
            identificatie="000000003",
            van="aanbieder:42420002",
            agb="42420002",
            aan="gemeente:0715",
            gemeente="0715",
            ingediend_cent=500_000,
            toegekend_cent=500_000,
            aantal_regels=12,
            dagen_geleden=0,
        ),
    )
    await schrijf(
        wereld,
        Rij(
            soort="325",
            richting="uit",
            van="gemeente:0715",
            aan="aanbieder:42420002",
            gemeente="0715",
            agb="42420002",
            status="klaar",
            antwoord_op=ander,
        ),
    )
    geweigerd = await schrijf(
        wereld,
        Rij(
            status="geweigerd", identificatie="000000004", domein="ijw", xml='<?xml version="1.0"?>\n<Bericht>\n  <Header>&bom;</Header>\n'
        ),
        Vondst(
            regel="XSD",
            retourcode=None,
            pad="/Bericht/Header",
            regelnummer=3,
            waarde="&bom;",
            melding="Het bericht bevat een entiteit; laat die weg en schrijf de tekst voluit.",
        ),
    )
    geparkeerd = await schrijf(
        wereld,
        Rij(
            soort="307",
            status="geparkeerd",
            identificatie="000000005",
            termijn_dagen=-1,
            dagen_geleden=5,
            park_reden="Kon niet worden beoordeeld: onverwachte fout (zie kenmerk).",
        ),
    )
    lopend = await schrijf(wereld, Rij(soort="305", status="ontvangen", identificatie="000000006", termijn_dagen=2, dagen_geleden=0))
    await schrijf(
        wereld,
        Rij(
            status="wacht_op_contract",
            identificatie="000000007",
            termijn_dagen=6,
            ingediend_cent=912_000,
            aantal_regels=31,
            dagen_geleden=3,
        ),
    )
    await schrijf(
        wereld,
        Rij(
            soort="301",
            van="gemeente:0664",
            aan="aanbieder:42420001",
            status="afgekeurd_door_ontvanger",
            identificatie="000000008",
            dagen_geleden=4,
        ),
    )
    return Pagina(deels_afgekeurd=deels, antwoord=antwoord, geweigerd=geweigerd, geparkeerd=geparkeerd, lopend=lopend, ander=ander)


async def _boeken(wereld: Wereld) -> None:
    """Cost of 15 000 euro, half in folded saldi and half in deltas: Goes 10 000 and Terneuzen 5 000, as granted above; budgets for all."""
    pool = wereld.pool
    for gemeente, agb, cents in (("0664", "42420001", 1_000_000), ("0715", "42420002", 500_000)):
        cost = await pool.fetchval("insert into rekening (soort, gemeente) values ('kosten', $1) returning rekening_nr", gemeente)
        owed = await pool.fetchval(
            "insert into rekening (soort, gemeente, agb) values ('crediteur', $1, $2) returning rekening_nr", gemeente, agb
        )
        for rekening, sign in ((cost, 1), (owed, -1)):
            await pool.execute(
                "insert into saldo values ($1, 'ijw', 'ambulant', '2026-05-01', '2026-06-01', $2)", rekening, sign * cents // 2
            )
            await pool.execute(
                "insert into saldo_delta (rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent) "
                "values ($1, 'ijw', 'verblijf', '2026-06-01', '2026-07-01', $2)",
                rekening,
                sign * cents // 2,
            )
    await pool.executemany(
        "insert into budget (gemeente, jaar, zorgvorm, bedrag_cent, bron) values ($1, 2026, '', $2, 'begroting')",
        [(code, 800_000 if code == "0664" else 1_200_000) for code in GEMEENTEN],
    )
    rows = [
        {
            "arrangement": "jeugd-2026",
            "pool": "alle",
            "municipality": code,
            "own_cost_cent": own,
            "contribution_cent": own + settlement,
            "settlement_cent": settlement,
        }
        for code, own, settlement in (("0664", 1_000_000, -250_000), ("0715", 500_000, 250_000))
    ]
    await pool.execute(
        "insert into verevening_run (gemaakt_op, gemaakt_door, jaar, model, invoer, uitkomst) "
        "values ($1, 'controller', 2026, 'waarborg', '{}'::jsonb, $2::text::jsonb)",
        NU,
        json.dumps(rows),
    )
