"""A line of a declaratie is judged by itself: what lines share while they are judged changes no verdict.

Clients in another order, and each client in a declaratie of its own, give the same judgement of each line, with the same findings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.oordeel import GeoordeeldePrestatie
from app.domain.snapshot import Snapshot
from app.domain.toewijzing import Omvang
from app.judging.beoordelen import beoordeel
from tests.builders import (
    ANDERE_BSN,
    BSN,
    CODE,
    GEMEENTE,
    VANDAAG,
    make_323,
    make_credit,
    make_debet,
    make_month,
    make_prestatie,
    make_snapshot,
    make_tariefregel,
    make_toewijzing,
)

ONBEKENDE_BSN = "999900031"
CLIENTEN = {BSN: 1, ANDERE_BSN: 2, ONBEKENDE_BSN: None}
TOTAAL, PER_WEEK, PER_MAAND = "6", "2", "4"
TWEEDE_CODE = "45A05"
LINE = re.compile(r"/Bericht/Declaratie/Clienten/Client\[(\d+)\](?:/Prestaties/Prestatie\[(\d+)\])?")

Oordelen = dict[str, tuple[object, ...]]


@dataclass(frozen=True)
class Regel:
    """A line to make: on which of the toewijzingen 1 to 5 (5 does not exist), over which month, and what is declared."""

    toewijzing: int
    maand: int
    volume: int
    tarief: int
    per_minuut: bool
    code: str
    te_veel_cent: int
    credit: bool


REGELS = st.builds(
    Regel,
    toewijzing=st.integers(1, 5),
    maand=st.integers(2, 5),
    volume=st.sampled_from([1, 8, 40, 60]),
    tarief=st.sampled_from([6000, 6000, 6100]),
    per_minuut=st.booleans(),
    code=st.sampled_from([CODE, CODE, TWEEDE_CODE]),
    te_veel_cent=st.sampled_from([0, 0, 1]),
    credit=st.sampled_from([False, False, True]),
)
PER_CLIENT = st.lists(
    st.tuples(st.sampled_from([0, 0, 0, 1, 1, 1, 2]), REGELS), max_size=12, unique_by=lambda each: (each[1].toewijzing, each[1].maand)
)
"""Lines with the index of their client; no two over the same toewijzing and month, which TR416 forbids in one bericht."""


def make_past(prestaties: Sequence[Prestatie]) -> Snapshot:
    """Four toewijzingen of two clients, a contract with three lines, and a granted debit for every second credit."""
    credits = [prestatie for prestatie in prestaties if prestatie.is_credit]
    named = {prestatie.product_referentie.vorig_referentie_nummer or "": prestatie for prestatie in credits[::2]}
    return make_snapshot(
        make_toewijzing(toewijzing_nummer=1, client_id=1, omvang=Omvang(volume=50, eenheid="04", frequentie=TOTAAL)),
        make_toewijzing(toewijzing_nummer=2, client_id=1, omvang=Omvang(volume=2, eenheid="04", frequentie=PER_WEEK), einddatum=None),
        make_toewijzing(toewijzing_nummer=3, client_id=2, omvang=Omvang(volume=30, eenheid="01", frequentie=PER_MAAND), budget=100_000),
        make_toewijzing(toewijzing_nummer=4, client_id=2, omvang=None, code=None),
        clienten={bsn: client_id for bsn, client_id in CLIENTEN.items() if client_id is not None},
        tarieven=[
            make_tariefregel(tarief_id=11),
            make_tariefregel(tarief_id=12, eenheid="01", tarief_cent=100),
            make_tariefregel(tarief_id=13, code=TWEEDE_CODE, tarief_cent=6100),
        ],
        debets={
            (GEMEENTE, vorig): make_debet(debit_of(credit, vorig), client_id=1 if credit.toewijzing_nummer < 3 else 2)
            for vorig, credit in named.items()
        },
    )


def debit_of(credit: Prestatie, referentie: str) -> Prestatie:
    """The debit that this credit undoes."""
    return make_prestatie(
        referentie,
        toewijzing_nummer=credit.toewijzing_nummer,
        product_code=credit.product_code,
        periode=credit.product_periode,
        geleverd_volume=credit.geleverd_volume,
        eenheid=credit.eenheid,
        product_tarief=credit.product_tarief,
        bedrag=credit.ingediend_bedrag.bedrag,
    )


def make_line(referentie: str, regel: Regel) -> Prestatie:
    """A prestatie that the bericht by itself has nothing against."""
    tarief = regel.tarief // 60 if regel.per_minuut else regel.tarief
    debet = make_prestatie(
        f"V{referentie}" if regel.credit else referentie,
        toewijzing_nummer=regel.toewijzing,
        product_code=regel.code,
        periode=make_month(2026, regel.maand),
        geleverd_volume=regel.volume,
        eenheid="01" if regel.per_minuut else "04",
        product_tarief=tarief,
        bedrag=regel.volume * tarief + regel.te_veel_cent,
    )
    return make_credit(referentie, debet) if regel.credit else debet


def judged(clienten: Sequence[DeclaratieClient], snapshot: Snapshot) -> Oordelen:
    """Per ReferentieNummer the judgement of the line without its place, and what was found on it or on its client."""
    oordeel = beoordeel(make_323(clienten=clienten), snapshot, vandaag=VANDAAG, bericht_nr=9)
    found: dict[tuple[int, int | None], list[tuple[object, ...]]] = {}
    for bevinding in oordeel.bevindingen:
        place = LINE.match(bevinding.pad)
        assert place is not None, bevinding
        key = int(place[1]) - 1, int(place[2]) - 1 if place[2] else None
        found.setdefault(key, []).append((bevinding.regel, bevinding.retourcode, bevinding.waarde, bevinding.melding))
    assert [line.regel for line in oordeel.prestaties] == list(range(1, len(oordeel.prestaties) + 1))
    return {
        clienten[line.client_index].prestaties[line.prestatie_index].product_referentie.referentie_nummer: (
            *without_place(line),
            found.get((line.client_index, line.prestatie_index)),
            found.get((line.client_index, None)),
        )
        for line in oordeel.prestaties
    }


def without_place(line: GeoordeeldePrestatie) -> tuple[object, ...]:
    """What was judged, without where the line stands."""
    return tuple(line)[3:]


@given(regels=PER_CLIENT, volgorde=st.permutations(range(3)))
def test_what_lines_share_changes_no_verdict(regels: list[tuple[int, Regel]], volgorde: list[int]) -> None:
    """Whatever the order of the clients, and also when each has a declaratie of its own."""
    clienten = [
        DeclaratieClient(
            bsn=bsn, prestaties=tuple(make_line(f"R{number}", regel) for number, (owner, regel) in enumerate(regels) if owner == index)
        )
        for index, bsn in enumerate(CLIENTEN)
    ]
    snapshot = make_past([prestatie for client in clienten for prestatie in client.prestaties])

    together = judged(clienten, snapshot)

    assert together == judged([clienten[index] for index in volgorde], snapshot)
    assert together == {referentie: line for client in clienten for referentie, line in judged([client], snapshot).items()}
    assert len(together) == len(regels)
