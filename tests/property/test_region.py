"""Generated regions: the same for the same seed, valid, back from a folder as they went in, and wrong only where they say so."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.adapters.xml import Accepted, Schemas, accept
from app.domain.bericht import Domein
from app.domain.oordeel import Oordeel, Verdict
from app.domain.partij import aanbieder, code_van
from app.domain.snapshot import Snapshot
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from app.parties import check_folder, check_region
from app.parties.beeld import beeld_van
from app.parties.folder import read_folder, write_files
from app.parties.generator import GegenereerdBericht, GeneratedRegion, generate, write_region
from app.parties.generator.personen import BSN_TOT, BSN_VAN
from app.standard.rules.bsn import is_bsn

TOT = date(2026, 6, 1)
RETOUR = ("302", "320")
VAN_GEMEENTE = ("301", "302", "319", "320")
"""With the aanbieder in Ontvanger: what gemeenten send, and what returns it (IV028)."""
REGIOS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "gemeenten": st.integers(1, 13),
        "aanbieders": st.integers(1, 15),
        "clienten": st.integers(1, 40),
        "maanden": st.integers(1, 5),
        "tot": st.dates(date(2023, 6, 1), date(2026, 6, 30)),
    }
)
# Without shrinking: a region of a hundred berichten is not made smaller in reasonable time, and the arguments are printed anyway.
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate])


@pytest.fixture(scope="module")
def regio() -> GeneratedRegion:
    """A region of the size of the demo."""
    return generate(seed=7, clienten=300, maanden=6, tot=TOT)


@FEW
@given(REGIOS)
def test_generated_region_goes_through_a_folder_unchanged(arguments: dict[str, object]) -> None:
    """Nothing in a generated region contradicts itself, and what is written to files reads back as the same region."""
    region = generate(**arguments).region  # type: ignore[arg-type]

    assert check_region(region) == ()
    assert check_folder(write_files(region)) == (region, ())


@FEW
@given(REGIOS)
def test_only_labelled_faults_are_refused_in_any_region(arguments: dict[str, object]) -> None:
    """Whatever the size and the seed: each labelled fault gets its code, and nothing else is refused."""
    assert list(surprises(generate(**arguments))) == []  # type: ignore[arg-type]


def test_only_labelled_faults_are_refused_in_a_region_of_demo_size(regio: GeneratedRegion) -> None:
    """In a region of some size every kind of fault is there."""
    expected = {
        "0001", "0611", "8017", "8021", "8187", "8214", "8848", "9019", "9056", "9063", "9069", "9074", "9321", "9322", "9326", "9333",
        "9338", "9340", "9341", "9346", "9347", "9349", "9355", "9360", "9369", "9374", "9379", "9384", "9385", "9387", "9388", "9389", "9390",
        "",
    }  # fmt: skip

    assert regio.wachtend
    assert {fout.retourcode for fout in regio.fouten} == expected
    assert list(surprises(regio)) == []


def test_every_bericht_is_valid_but_those_refused_at_the_door(regio: GeneratedRegion) -> None:
    """The schema accepts what is generated; what is labelled as a fault of the bytes is refused, and only that."""
    schemas = Schemas()
    labelled = {fout.bestand.partition("/")[2] for fout in regio.fouten if fout.regel in ("XSD", "OP192")}

    refused = {bericht.naam for bericht in regio.berichten if not isinstance(accept(bericht.inhoud, schemas), Accepted)}

    assert refused == labelled
    assert len(labelled) == 3


def test_header_says_who_sends(regio: GeneratedRegion) -> None:
    """The partij that sends is the one the door will read from the bericht (IV028)."""
    schemas = Schemas()
    for bericht in regio.berichten:
        if not any(fout.retourcode == "" for fout in bericht.zending.fouten):
            accepted = accept(bericht.inhoud, schemas)
            assert isinstance(accepted, Accepted)
            assert accepted.van == code_van(bericht.van)


def test_same_arguments_same_bytes(tmp_path: Path) -> None:
    """Two runs write the same files, byte for byte; another seed writes others."""
    digests = []
    for run, seed in enumerate((3, 3, 4)):
        write_region(generate(seed=seed, gemeenten=4, aanbieders=6, clienten=30, maanden=3, tot=TOT), tmp_path / str(run))
        digests.append(digest_of(tmp_path / str(run)))

    assert digests[0] == digests[1] != digests[2]


def test_outcome_of_a_seed_is_written_down(tmp_path: Path) -> None:
    """The bytes do not depend on machine, day or release of Python; a change of the generator changes this number knowingly."""
    write_region(generate(seed=1, gemeenten=3, aanbieders=4, clienten=20, maanden=2, tot=TOT), tmp_path)

    assert digest_of(tmp_path) == "5b4f96b2a72e76c8797588ffde2fda16796fe3e9a30b533c5b60a5dbbce905da"


def test_writing_again_leaves_nothing_of_before(tmp_path: Path) -> None:
    """A folder that held more berichten holds those of the last run only."""
    write_region(generate(seed=1, gemeenten=2, aanbieders=3, clienten=20, maanden=2, tot=TOT), tmp_path)
    small = generate(seed=1, gemeenten=2, aanbieders=3, clienten=5, maanden=1, tot=TOT)

    write_region(small, tmp_path)

    assert sorted(path.name for path in (tmp_path / "berichten").iterdir()) == [bericht.naam for bericht in small.berichten]
    assert check_folder(read_folder(tmp_path)) == (small.region, ())


def test_everybody_is_fictitious(regio: GeneratedRegion) -> None:
    """Every Bsn is a test Bsn that passes the 11-proef, but the one that is labelled not to."""
    bsns = set()
    for bericht in regio.berichten:
        if any(fout.regel == "CS002" for fout in bericht.zending.fouten):
            continue
        if bericht.bericht.client is not None:
            bsns.add(bericht.bericht.client.bsn)
        if bericht.bericht.declaratie is not None:
            bsns |= {client.bsn for client in bericht.bericht.declaratie.clienten}

    assert len(bsns) >= 300
    assert all(is_bsn(bsn) and BSN_VAN <= int(bsn) <= BSN_TOT for bsn in bsns)


def test_nothing_is_sent_after_the_fifth_of_the_next_month(regio: GeneratedRegion) -> None:
    """The demo stands on the fifth working day after the months, which is never earlier; only the labelled Dagtekening is later."""
    late = {
        bericht.naam
        for bericht in regio.berichten
        if bericht.bericht.header.bericht_identificatie.dagtekening > date(2026, 7, 5)
        and not any(fout.regel == "TR135" for fout in bericht.zending.fouten)
    }

    assert late == set()


def test_region_has_variety(regio: GeneratedRegion) -> None:
    """Both domains, requests, corrections, changes of toewijzingen, a 302 that refuses, minutes at an hour tariff, who delivers for another."""
    berichten = [each.bericht for each in regio.berichten if not each.zending.fouten]
    prestaties = [
        prestatie for each in berichten if each.declaratie for client in each.declaratie.clienten for prestatie in client.prestaties
    ]
    redenen = {product.reden_wijziging for each in berichten if each.client for product in each.client.toegewezen_producten}

    assert {(each.domein, each.soort) for each in berichten} >= {
        (domein, soort) for domein in ("ijw", "iwmo") for soort in ("301", "305", "307", "323")
    }
    assert redenen == {None, "04", "05", "11", "13"}
    assert any(each.header.retour_codes for each in berichten if each.soort == "302")
    assert sum(prestatie.is_credit for prestatie in prestaties) > 3
    assert {prestatie.eenheid for prestatie in prestaties} == {"01", "04", "14", "16", "82", "83"}
    assert any(each.contractpartner_agb for each in regio.region.aanbieders)


def surprises(regio: GeneratedRegion) -> Iterator[str]:
    """Where judging a region, lane by lane in memory and all on the day of the last bericht, departs from its labels."""
    vandaag = max(each.zending.dag for each in regio.berichten)
    lanes: defaultdict[tuple[Domein, str], list[tuple[int, GegenereerdBericht]]] = defaultdict(list)
    for nummer, each in enumerate(regio.berichten, start=1):
        header = each.bericht.header
        lanes[each.bericht.domein, header.ontvanger if each.bericht.soort in VAN_GEMEENTE else header.afzender].append((nummer, each))
    bsns = {each.bericht.client.bsn for each in regio.berichten if each.bericht.client}
    ids = {bsn: nummer for nummer, bsn in enumerate(sorted(bsns), start=1)}
    for (domein, agb), berichten in lanes.items():
        beeld = beeld_van(regio.region, domein, agb)
        snapshot = Snapshot(domein=domein, agb=agb, nieuwe_clienten=ids)
        snapshot = replace(
            snapshot, tarieven=beeld.tarieven, contracten=beeld.contracten, producten=beeld.producten, overgangen=beeld.overgangen
        )
        for nummer, each in berichten:
            if each.bericht.soort in RETOUR or any(fout.retourcode == "" for fout in each.zending.fouten):
                continue
            oordeel = beoordeel(each.bericht, snapshot, vandaag=vandaag, bericht_nr=nummer)
            snapshot = bijwerken(snapshot, oordeel, bericht_nr=nummer, van=each.van)
            yield from _departures(each, oordeel)


def _departures(each: GegenereerdBericht, oordeel: Oordeel) -> Iterator[str]:
    """Labels that did not come true, and codes nobody labelled."""
    fouten = each.zending.fouten
    expected = Verdict.WACHT_OP_CONTRACT if each.zending.wacht else Verdict.VERWERKT
    if not fouten and oordeel.verdict is not expected:
        yield f"{each.naam}: {oordeel.verdict} {[(item.regel, item.pad, item.melding) for item in oordeel.bevindingen]}"
    for fout in fouten:
        hits = [item for item in oordeel.bevindingen if item.regel == fout.regel and item.retourcode == fout.retourcode]
        if not any(item.pad.startswith(fout.pad) for item in hits):
            yield f"{each.naam}: {fout} not found in {[(item.regel, item.pad, item.melding) for item in oordeel.bevindingen]}"
    paden = tuple(fout.pad for fout in fouten)
    if fouten and each.bericht.soort == "323" and all("/Client[" in pad for pad in paden):
        for item in oordeel.bevindingen:
            if not item.pad.startswith(paden):
                yield f"{each.naam}: {item.regel} {item.pad} {item.melding} is no label"
        refused = sum(not line.toegekend for line in oordeel.prestaties)
        if refused != len(fouten):
            yield f"{each.naam}: {refused} lines refused, {len(fouten)} labelled"


def digest_of(folder: Path) -> str:
    """One number for all files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def test_partijen_are_those_of_the_region(regio: GeneratedRegion) -> None:
    """Who sends is a gemeente or an aanbieder of the region."""
    known = {each.partij for each in regio.region.partijen}

    assert {bericht.van for bericht in regio.berichten} <= known
    assert aanbieder("99000001") in known
