"""What `solidair bench` measures with: a region of one contract, a toewijzing for every prestatie, and one big declaratie that is granted in full.

Persons are fictitious: test-Bsns 999900006 and on. The same size and form give the same bytes.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from app.adapters.clock import AMSTERDAM
from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.bedrag import BedragMetDC, totaal_met_dc
from app.domain.bericht import Bericht, BerichtIdentificatie, Header, XsdVersie
from app.domain.declaratie import Declaratie, DeclaratieClient, Prestatie, ProductReferentie
from app.domain.partij import SYSTEEM, aanbieder
from app.domain.periode import GeslotenPeriode
from app.parties import laad_regio
from app.register.store import TOEWIJZING_COLUMNS, ensure_clients
from app.standard import catalogue
from app.standard.writing import write

NU = datetime(2026, 6, 3, 9, 0, tzinfo=AMSTERDAM)
"""Where the clock of a measurement starts: the month after the care."""
GEMEENTE, AGB = "0664", "42420001"
PARTIJ = aanbieder(AGB)
CATEGORIE, CODE, EENHEID = "45", "45A04", "04"
TARIEF_CENT, UREN = 6000, 40
BEDRAG_CENT = TARIEF_CENT * UREN
APRIL = GeslotenPeriode(begindatum=date(2026, 4, 1), einddatum=date(2026, 4, 30))
MEI = GeslotenPeriode(begindatum=date(2026, 5, 1), einddatum=date(2026, 5, 31))
PER_CLIENT_MIN = 4
WARM_LINES = 4
SOORT = catalogue.soort("ijw", "323")
BSN_FIRST, BSN_LAST = 999_900_006, 999_999_990
BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)

REGION = {
    "gemeenten.csv": f"code,naam,geldig_van,geldig_tot\n{GEMEENTE},Goes,2015-01-01,\n",
    "aanbieders.csv": f"agb,naam,contractpartner_agb\n{AGB},De Veste,\n",
    "zorgvormen.csv": "zorgvorm,naam,domein,stuurbaarheid\nambulant,Ambulante hulp,ijw,licht\n",
    "producten.csv": "domein,categorie,code,omschrijving,eenheid,zorgvorm,geldig_van,geldig_tot\n"
    f"ijw,{CATEGORIE},{CODE},Begeleiding,{EENHEID},ambulant,2020-01-01,\n",
    "contracten.csv": "contract,agb,domein,gemeenten,geldig_van,geldig_tot,uitvoeringsvariant,bekostiging,plafond_cent\n"
    f"J1,{AGB},ijw,*,2020-01-01,,inspanning,PxQ,\n",
    "tarieven.csv": "contract,categorie,code,eenheid,tarief_cent,geldig_van,geldig_tot\n"
    f"J1,{CATEGORIE},{CODE},{EENHEID},{TARIEF_CENT},2020-01-01,\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Geval:
    """One declaratie to measure with.

    Attributes:
        data: Its bytes.
        warm: A small declaratie over the month before, so that no process is measured while it starts.
        bsns: Bsn of every prestatie, in order; the toewijzing of prestatie n has number n, from 1.
        dicht: Without indentation and with short prefixes.
    """

    data: bytes
    warm: bytes
    bsns: Sequence[str]
    dicht: bool

    @property
    def prestaties(self) -> int:
        """How many lines it claims."""
        return len(self.bsns)

    @property
    def toegekend_cent(self) -> int:
        """What is granted when all goes well."""
        return self.prestaties * BEDRAG_CENT


def make_geval(size: int, *, dicht: bool) -> Geval:
    """A declaratie of about `size` bytes and never more; the number of prestaties follows from two small ones."""
    small, bigger = (len(_xml(_declaratie("DN1", MEI, _bsn_per_line(n)), dicht=dicht)) for n in (40, 80))
    # Numbers get longer as they grow; a percent less keeps the document below the limit of 25 MB.
    count = max(WARM_LINES, 40 + (size - small) * 40 // (bigger - small) * 99 // 100)
    bsns = _bsn_per_line(count)
    return Geval(
        data=_xml(_declaratie("DN1", MEI, bsns), dicht=dicht),
        warm=_xml(_declaratie("DN0", APRIL, bsns[:WARM_LINES]), dicht=dicht),
        bsns=bsns,
        dicht=dicht,
    )


def valid_bsns() -> list[str]:
    """Every Bsn of the test range that passes the 11-proef: 9 091 of them."""
    return [
        str(n)
        for n in range(BSN_FIRST, BSN_LAST + 1)
        if sum(int(digit) * weight for digit, weight in zip(str(n), BSN_WEIGHTS, strict=True)) % 11 == 0
    ]


def _bsn_per_line(count: int) -> list[str]:
    """Whose each prestatie is: at least four of one client in a row, more when there are not enough test-Bsns."""
    bsns = valid_bsns()
    each = max(PER_CLIENT_MIN, math.ceil(count / len(bsns)))
    return [bsns[index // each] for index in range(count)]


def make_declaratie(nummer: str, bsns: Sequence[str], *, first: int) -> bytes:
    """A declaratie over May with a prestatie for each Bsn, on the toewijzingen from number `first` on."""
    return _xml(_declaratie(nummer, MEI, bsns, first=first), dicht=True)


def _declaratie(nummer: str, maand: GeslotenPeriode, bsns: Sequence[str], *, first: int = 1) -> Bericht:
    lines: dict[str, list[Prestatie]] = {}
    for number, bsn in enumerate(bsns, first):
        lines.setdefault(bsn, []).append(_prestatie(number, maand))
    header = Header(
        bericht_code=SOORT.bericht_code,
        afzender=AGB,
        ontvanger=GEMEENTE,
        bericht_identificatie=BerichtIdentificatie(identificatie=nummer, dagtekening=NU.date()),
        xsd_versie=XsdVersie(basisschema_xsd_versie="1.0.0", bericht_xsd_versie="1.0.0"),
    )
    inhoud = Declaratie(
        declaratie_nummer=nummer,
        declaratie_periode=maand,
        declaratie_dagtekening=NU.date(),
        totaal_ingediend_bedrag=totaal_met_dc(len(bsns) * BEDRAG_CENT),
        clienten=tuple(DeclaratieClient(bsn=bsn, prestaties=tuple(own)) for bsn, own in lines.items()),
    )
    return Bericht(domein="ijw", soort="323", header=header, declaratie=inhoud)


def _prestatie(number: int, maand: GeslotenPeriode) -> Prestatie:
    return Prestatie(
        product_referentie=ProductReferentie(referentie_nummer=f"R{maand.begindatum.month}{number}"),
        toewijzing_nummer=number,
        product_categorie=CATEGORIE,
        product_code=CODE,
        product_periode=maand,
        geleverd_volume=UREN,
        eenheid=EENHEID,
        product_tarief=TARIEF_CENT,
        ingediend_bedrag=BedragMetDC(bedrag=BEDRAG_CENT, debet_credit="D"),
    )


def _xml(bericht: Bericht, *, dicht: bool) -> bytes:
    """Indented with prefixes as the published examples; or dense: the namespace of the bericht without prefix, the other one of one letter."""
    if not dicht:
        return write(bericht, indent=True)
    data = write(bericht)
    return data.replace(b"xmlns:jw323=", b"xmlns=").replace(b"xmlns:ijw=", b"xmlns:b=").replace(b"jw323:", b"").replace(b"ijw:", b"b:")


async def load_geval(wereld: Wereld, geval: Geval, folder: Path, region: Mapping[str, str] = REGION) -> None:
    """Fill an empty database: the region, a client for each Bsn, and a toewijzing of ten hours a week for each prestatie."""
    await asyncio.to_thread(_write_region, folder, region)
    await laad_regio(wereld.pool, folder, nu=wereld.nu, actor=SYSTEEM)
    await ensure_clients(wereld.pool, wereld.kluis, geval.bsns, wereld.nu)
    client_ids = await _client_ids(wereld, geval.bsns)
    async with transaction(wereld.pool) as connection:
        bericht_nr = await connection.fetchval("select nextval('bericht_nr_seq')")
        rows = [_toewijzing_row(number, bericht_nr, client_ids[bsn]) for number, bsn in enumerate(geval.bsns, 1)]
        await connection.copy_records_to_table("toewijzing_versie", records=rows, columns=TOEWIJZING_COLUMNS)
    await wereld.pool.execute("analyze")


def _write_region(folder: Path, region: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in region.items():
        (folder / name).write_text(text, encoding="utf-8")


async def _client_ids(wereld: Wereld, bsns: Sequence[str]) -> Mapping[str, int]:
    by_key = {wereld.kluis.pseudoniem(bsn): bsn for bsn in bsns}
    rows = await wereld.pool.fetch("select bsn_hmac, client_id from client where bsn_hmac = any($1::bytea[])", list(by_key))
    return {by_key[row["bsn_hmac"]]: row["client_id"] for row in rows}


def _toewijzing_row(number: int, bericht_nr: int, client_id: int) -> tuple[object, ...]:
    """In the order of TOEWIJZING_COLUMNS: ten hours (04) a week (2), the whole of 2026."""
    return (
        "ijw", GEMEENTE, number, bericht_nr, number, AGB, client_id, CATEGORIE, CODE, date(2025, 12, 15), "10:00:00", date(2026, 1, 1),
        date(2026, 12, 31), None, 10, EENHEID, "2", None, None,
    )  # fmt: skip
