"""The rules about an Antwoord (319), and about the reference of a toewijzing that grants a request (301)."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.snapshot import EerderVerzoek, Kijk, VerzoekStatus
from app.domain.toewijzing import ToegewezenProduct
from app.domain.verzoek import AFGEWEZEN, IN_ONDERZOEK, Antwoord, Woonplaatsbeginsel
from app.standard.rules.binnen import find_repetitions
from tests.builders import (
    ANDERE_CLIENT_ID,
    CLIENT_ID,
    GEMEENTE,
    make_301,
    make_319,
    make_kijk,
    make_snapshot,
    make_toegewezen_product,
    make_toewijzing,
)
from tests.unit.standard.rules.gevallen import assert_fails, assert_holds, has_rule

ANDERE_GEMEENTE = Woonplaatsbeginsel(gemeente="0687")


def verzoek(status: VerzoekStatus = VerzoekStatus.OPEN, **changes: object) -> EerderVerzoek:
    """A request for one product that was accepted before."""
    fields = {
        "bericht_nr": 5,
        "volgnr": 1,
        "soort": "315",
        "gemeente": GEMEENTE,
        "client_id": CLIENT_ID,
        "referentie_aanbieder": "VR1",
        "status": status,
    }
    return EerderVerzoek(**{**fields, **changes})  # type: ignore[arg-type]


def antwoord(code: str, reden: str | None = None, woonplaatsbeginsel: Woonplaatsbeginsel | None = None) -> Antwoord:
    """What the gemeente says to VR1."""
    return Antwoord(
        referentie_aanbieder="VR1",
        verzoek_antwoord=code,
        reden_afwijzing_verzoek=reden,
        woonplaatsbeginsel=woonplaatsbeginsel,
        regelnummer=12,
    )


def kijk_on(status: VerzoekStatus | None = VerzoekStatus.OPEN) -> Kijk:
    """The Kijk on a 319 to a request that stands so, or to none."""
    return make_kijk(make_319(), verzoek=None if status is None else verzoek(status))


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        pytest.param("CD085", antwoord(AFGEWEZEN, "2"), antwoord(AFGEWEZEN), id="CD085"),
        pytest.param("CD085", antwoord(IN_ONDERZOEK), antwoord(AFGEWEZEN), id="CD085-in-onderzoek"),
        pytest.param("CD086", antwoord(IN_ONDERZOEK), antwoord(IN_ONDERZOEK, "2"), id="CD086"),
        pytest.param("CD086", antwoord(AFGEWEZEN, "2"), antwoord(IN_ONDERZOEK, "8"), id="CD086-afgewezen"),
    ],
)
def test_cd085_cd086_reden_goes_with_a_refusal(code: str, good: Antwoord, bad: Antwoord) -> None:
    """A refusal has a reason, an investigation has none; the same in both domeinen."""
    for domein in ("ijw", "iwmo"):
        assert_holds(code, good, make_kijk(make_319(domein=domein)))
        assert_fails(code, bad, make_kijk(make_319(domein=domein)))


def test_tr377_tr409_woonplaatsbeginsel_goes_with_reden_8() -> None:
    """With reason 8 the other gemeente is named, with any other or none it is not."""
    for good in (antwoord(AFGEWEZEN, "8", ANDERE_GEMEENTE), antwoord(AFGEWEZEN, "5"), antwoord(IN_ONDERZOEK)):
        assert_holds("TR377", good, kijk_on())
        assert_holds("TR409", good, kijk_on())

    assert_fails("TR377", antwoord(AFGEWEZEN, "8"), kijk_on())
    for bad in (antwoord(AFGEWEZEN, "5", ANDERE_GEMEENTE), antwoord(IN_ONDERZOEK, None, ANDERE_GEMEENTE)):
        assert_fails("TR409", bad, kijk_on())


def test_tr377_tr409_are_of_ijw_only() -> None:
    """iWmo has no woonplaatsbeginsel by rule."""
    for code in ("TR377", "TR409"):
        assert not has_rule(code, antwoord(AFGEWEZEN, "8"), make_kijk(make_319(domein="iwmo")))


@pytest.mark.parametrize(
    ("status", "codes_refusal", "codes_investigation"),
    [
        pytest.param(None, {"TR355"}, {"TR355"}, id="unknown"),
        pytest.param(VerzoekStatus.OPEN, set(), set(), id="open"),
        pytest.param(VerzoekStatus.IN_ONDERZOEK, set(), {"TR360"}, id="in-onderzoek"),
        pytest.param(VerzoekStatus.AFGEWEZEN, {"TR365"}, {"TR360", "TR365"}, id="afgewezen"),
        pytest.param(VerzoekStatus.TOEGEWEZEN, {"TR359"}, {"TR359"}, id="toegewezen"),
    ],
)
def test_tr355_tr359_tr360_tr365_what_may_be_answered(
    status: VerzoekStatus | None, codes_refusal: set[str], codes_investigation: set[str]
) -> None:
    """Per state of the request: which rules refuse VerzoekAntwoord 1, and which 2."""
    for answer, refusing in ((antwoord(AFGEWEZEN, "2"), codes_refusal), (antwoord(IN_ONDERZOEK), codes_investigation)):
        for code in ("TR355", "TR359", "TR360", "TR365"):
            if code in refusing:
                assert assert_fails(code, answer, kijk_on(status)).retourcode == f"9{code[2:]}"
            else:
                assert_holds(code, answer, kijk_on(status))


def granting(referentie: str | None = "VR1", **changes: object) -> ToegewezenProduct:
    """A line of a 301 with this reference."""
    return make_toegewezen_product(referentie_aanbieder=referentie, **changes)


def kijk_on_301(*producten: ToegewezenProduct, bekend: EerderVerzoek | None, **changes: object) -> Kijk:
    """The Kijk on a line of a 301 whose reference names this request, in a register without toewijzingen unless `snapshot` has them."""
    bericht = make_301(*producten)
    return make_kijk(
        bericht, **{"binnen": find_repetitions(bericht), "verzoek": bekend, "snapshot": make_snapshot(toewijzingen={}), **changes}
    )


def test_tr379_accepts_no_reference_and_that_of_an_undecided_request() -> None:
    """Whether a line without a reference honours a request after all is not to be seen."""
    assert_holds("TR379", granting(None), kijk_on_301(bekend=None))
    for status in (VerzoekStatus.OPEN, VerzoekStatus.IN_ONDERZOEK):
        assert_holds("TR379", granting(), kijk_on_301(granting(), bekend=verzoek(status)))


@pytest.mark.parametrize(
    ("bekend", "reden"),
    [
        pytest.param(None, "geen verzoek met die referentie", id="unknown"),
        pytest.param(verzoek(client_id=ANDERE_CLIENT_ID), "andere client", id="other-client"),
        pytest.param(verzoek(VerzoekStatus.TOEGEWEZEN), "al toegewezen", id="granted-before"),
        pytest.param(verzoek(VerzoekStatus.AFGEWEZEN), "al afgewezen", id="refused-before"),
    ],
)
def test_tr379_refuses_a_reference_that_decides_nothing(bekend: EerderVerzoek | None, reden: str) -> None:
    """The sentence says what is the matter with it."""
    bevinding = assert_fails("TR379", granting(), kijk_on_301(granting(), bekend=bekend))

    assert (bevinding.retourcode, bevinding.waarde) == ("9379", "VR1")
    assert reden in bevinding.melding


def test_tr379_grants_a_317_as_a_whole() -> None:
    """Every line of the 301 carries the reference of the 317; of a 315 each line may have its own, or none."""
    other, without = granting("VR2", toewijzing_nummer=2), granting(None, toewijzing_nummer=3)
    same = granting(toewijzing_nummer=4)

    assert_holds("TR379", granting(), kijk_on_301(granting(), same, bekend=verzoek(soort="317")))
    for mixed in (other, without):
        assert_fails("TR379", granting(), kijk_on_301(granting(), mixed, bekend=verzoek(soort="317")))
        assert_holds("TR379", granting(), kijk_on_301(granting(), mixed, bekend=verzoek()))


def test_tr379_accepts_what_is_sent_again() -> None:
    """The same Toewijzingsdatum and -tijd (IV013): with the reference of then, or that of the 317 that left the toewijzing as it was (IV093)."""
    sent, plain = make_snapshot(make_toewijzing(referentie_aanbieder="VR1")), make_snapshot(make_toewijzing())
    done = verzoek(VerzoekStatus.TOEGEWEZEN, soort="317")

    assert_holds("TR379", granting(), kijk_on_301(granting(), bekend=None, snapshot=sent))
    assert_holds("TR379", granting(), kijk_on_301(granting(), bekend=done, snapshot=plain))
    assert_fails("TR379", granting("VR2"), kijk_on_301(granting("VR2"), bekend=None, snapshot=sent))
    assert_fails("TR379", granting(toewijzingsdatum=date(2026, 3, 1)), kijk_on_301(bekend=done, snapshot=sent))
