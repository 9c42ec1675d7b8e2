"""What the generated months hold on purpose: mergers, a leaver, requests, subcontractors, a contract that ends, ceilings, a missing line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.bericht import Bericht
from app.domain.verzoek import AFGEWEZEN, IN_ONDERZOEK
from app.parties.generator import GegenereerdBericht, GeneratedRegion, generate
from app.parties.generator.contracteren import LICHT
from app.parties.generator.fusies import JANUARI, JULI, laatste, make_fusies
from app.parties.generator.zeeland import PLAATSEN
from app.parties.looptijd import einden

TOT = date(2026, 8, 31)
EEN_DAG = timedelta(days=1)


@pytest.fixture(scope="module")
def jaar() -> GeneratedRegion:
    """A year with 1 January and 1 July in it."""
    return generate(seed=3, gemeenten=6, aanbieders=8, clienten=240, maanden=12, tot=TOT)


def good(jaar: GeneratedRegion, *soorten: str) -> list[Bericht]:
    """Berichten of these kinds in which nothing is wrong."""
    return [each.bericht for each in jaar.berichten if each.bericht.soort in soorten and not each.zending.fouten]


@pytest.mark.parametrize(
    ("maand", "tot", "dag"),
    [
        (JANUARI, date(2026, 6, 30), date(2026, 1, 1)),
        (JULI, date(2026, 6, 30), date(2025, 7, 1)),
        (JULI, date(2026, 7, 1), date(2026, 7, 1)),
    ],
)
def test_last_first_day_of_a_month(maand: int, tot: date, dag: date) -> None:
    """The day itself counts; after it the year before."""
    assert laatste(maand, tot) == dag


def test_mergers_lie_in_the_months_and_pair_different_gemeenten() -> None:
    """Four gemeenten are enough for both; a day outside the months brings none, and so do three gemeenten."""
    both = make_fusies(PLAATSEN[:4], (date(2025, 9, 1), TOT))

    assert [fusie.datum for fusie in both] == [date(2026, 1, 1), date(2026, 7, 1)]
    assert len({plaats.code for fusie in both for plaats in (fusie.van, fusie.naar)}) == 4
    assert [fusie.datum for fusie in make_fusies(PLAATSEN[:4], (date(2026, 2, 1), TOT))] == [date(2026, 7, 1)]
    assert make_fusies(PLAATSEN[:3], (date(2025, 9, 1), TOT)) == ()


def test_a_gemeente_that_goes_over_is_followed_by_both_codes(jaar: GeneratedRegion) -> None:
    """It ends the day before; care of afterwards is claimed under its code and, ordered anew, under that of the successor."""
    ends = {each.code: each.geldig_tot for each in jaar.region.gemeenten}
    for herindeling in jaar.region.herindelingen:
        assert ends[herindeling.van] == herindeling.datum - EEN_DAG
        after = {
            bericht.header.ontvanger
            for bericht in good(jaar, "323")
            if bericht.declaratie and bericht.declaratie.declaratie_periode.begindatum >= herindeling.datum
        }
        assert {herindeling.van, herindeling.naar} <= after

    redenen = [product.reden_wijziging for each in good(jaar, "301") if each.client for product in each.client.toegewezen_producten]
    assert "11" in redenen


def test_a_gemeente_leaves_the_joint_purchase_of_light_care(jaar: GeneratedRegion) -> None:
    """Its light care ends there on the day before its own contract begins; other care and other gemeenten stay."""
    codes = {each.van for each in jaar.region.herindelingen}
    left = {
        (each.gemeente, each.zorgvorm, each.geldig_tot) for each in jaar.region.deelname if each.geldig_tot and each.gemeente not in codes
    }
    lokaal = next(each for each in jaar.region.contracten if each.contract.startswith("L"))

    assert {zorgvorm for _, zorgvorm, _ in left} == LICHT
    assert {(gemeente,) for gemeente, _, _ in left} == {lokaal.gemeenten}
    assert {dag for _, _, dag in left} == {lokaal.geldig_van - EEN_DAG}


def test_a_contract_ends_after_its_exercised_option(jaar: GeneratedRegion) -> None:
    """One option was exercised and counts, a later one was not; a claim after the end is labelled."""
    ((contract, einde),) = [(contract, einde) for contract, einde in einden(jaar.region).items() if einde is not None]
    options = {each.tot: each.uitgeoefend_op for each in jaar.region.contractopties}

    assert options[einde] is not None
    assert [tot for tot, exercised in options.items() if exercised is None and tot > einde]
    assert any(contract in fout.waarom and fout.retourcode == "0611" for fout in jaar.fouten)


def test_requests_are_granted_refused_and_looked_into(jaar: GeneratedRegion) -> None:
    """A 315 is granted by references per product, a 317 by one reference in every product; a 319 refuses, takes time, or names a gemeente."""
    asked = {product.referentie_aanbieder for each in good(jaar, "315") if each.client for product in each.client.aangevraagde_producten}
    changes = {each.client.verzoek.referentie_aanbieder for each in good(jaar, "317") if each.client and each.client.verzoek}
    granted: set[str] = set()
    for each in good(jaar, "301"):
        assert each.client is not None
        references = {product.referentie_aanbieder for product in each.client.toegewezen_producten}
        granted |= references - {None}  # type: ignore[arg-type]
        assert len(references) == 1 or not references & changes
    antwoorden = [each.antwoord for each in good(jaar, "319") if each.antwoord]
    refused = {each.referentie_aanbieder for each in antwoorden if each.verzoek_antwoord == AFGEWEZEN}

    assert granted | refused == asked | changes
    assert granted & refused == set()
    assert all(granted & each and refused & each for each in (asked, changes))
    assert {each.verzoek_antwoord for each in antwoorden} == {AFGEWEZEN, IN_ONDERZOEK}
    assert any(each.woonplaatsbeginsel for each in antwoorden)


def test_subcontractors_claim_themselves_or_not_at_all(jaar: GeneratedRegion) -> None:
    """Who claims itself sends declaraties without a contract of its own; for the other one the main contractor does."""
    per_vorm = {each.declareert: each.onderaannemer_agb for each in jaar.region.onderaannemers}
    senders = {each.header.afzender for each in good(jaar, "323")}

    assert per_vorm.keys() == {"eigen", "partner"}
    assert per_vorm["eigen"] in senders
    assert per_vorm["partner"] not in senders
    assert not {each.agb for each in jaar.region.contracten} & set(per_vorm.values())


def test_only_what_the_region_lacks_waits(jaar: GeneratedRegion) -> None:
    """The declaraties that wait are of one aanbieder and hold no other product than the one without a line; no fault is in them."""
    waiting: list[GegenereerdBericht] = [each for each in jaar.berichten if each.zending.wacht]
    missing = {(each.categorie, each.code) for each in jaar.nagekomen}
    held = {
        (prestatie.product_categorie, prestatie.product_code)
        for each in waiting
        if each.bericht.declaratie
        for client in each.bericht.declaratie.clienten
        for prestatie in client.prestaties
    }

    assert [each.bestand for each in waiting] == [each.bestand for each in jaar.wachtend]
    assert held == missing
    assert len({each.van for each in waiting}) == 1
    assert not any(each.zending.fouten for each in waiting)
    contract = jaar.nagekomen[0].contract
    assert not [each for each in jaar.region.tarieven if each.contract == contract and (each.categorie, each.code) in missing]
