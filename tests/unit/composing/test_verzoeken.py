"""The lines that grant a request, and what a decision needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.composing.toewijzen import Besluit
from app.composing.verzoeken import Besluitkeuze, Keus, Soort, answer_of, beside_317, grant_315, grant_317, read_keuze
from app.composing.zegel import Zegel, proef
from app.domain.errors import OngeldigVerzoek
from app.domain.snapshot import VerzoekStatus
from app.domain.toewijzing import Omvang
from app.domain.verzoek import NieuwProduct, OngewijzigdProduct
from tests.builders import NUMMER, make_aangevraagd_product, make_te_wijzigen, make_toewijzing, make_verzoek

VANDAAG = date(2026, 6, 3)
NU = Besluit(datum=VANDAAG, tijd="09:00:00")
NU_MET = {NUMMER: make_toewijzing()}
TIEN = Omvang(volume=10, eenheid="04", frequentie="2")


def test_a_granted_315_is_what_was_asked() -> None:
    """Its reference stands on the line; a new line has no reason (IV094, IV099)."""
    asked = make_aangevraagd_product("VR9")
    [line] = grant_315(asked, NU).lines([7])

    assert (line.toewijzing_nummer, line.referentie_aanbieder, line.reden_wijziging) == (7, "VR9", None)
    assert (line.product, line.omvang, line.ingangsdatum) == (asked.product, asked.omvang, asked.toewijzing_ingangsdatum)


@pytest.mark.parametrize(
    ("wijzigt", "soort", "einde", "reden", "nieuw"),
    [
        (make_te_wijzigen(), Soort.VERVANGT, date(2026, 6, 30), "12", 1),
        (make_te_wijzigen(omvang=TIEN, einddatum=date(2027, 3, 31)), Soort.WIJZIGT, date(2027, 3, 31), "12", 0),
        (make_te_wijzigen(gewenste_ingangsdatum=date(2026, 1, 1)), Soort.VERVANGT, date(2026, 1, 1), "13", 1),
        (
            make_te_wijzigen(gewenste_ingangsdatum=date(2027, 2, 1), einddatum=date(2027, 6, 30)),
            Soort.VERVANGT,
            date(2026, 12, 31),
            None,
            1,
        ),
    ],
    ids=["other omvang", "only longer", "from the first day", "after its end"],
)
def test_how_a_317_changes_a_toewijzing(wijzigt: object, soort: Soort, einde: date, reden: str | None, nieuw: int) -> None:
    """IV093: the same number when only the end moves, otherwise ended and begun anew."""
    verzoek = make_verzoek(te_wijzigen_producten=(wijzigt,))
    made = grant_317(verzoek, NU_MET, NU)

    assert beside_317(verzoek, NU_MET)[0].soort is soort
    assert (made.gewijzigd[0].einddatum, made.gewijzigd[0].reden_wijziging, len(made.nieuw)) == (einde, reden, nieuw)
    assert {each.referentie_aanbieder for each in made.lines(range(1, nieuw + 1))} == {"VW1"}


def test_a_total_keeps_its_number_with_another_volume() -> None:
    """Frequentie 6 changes from the first day on (OP257)."""
    was = make_toewijzing(omvang=Omvang(volume=40, eenheid="04", frequentie="6"))
    wijzigt = make_te_wijzigen(omvang=Omvang(volume=60, eenheid="04", frequentie="6"))
    made = grant_317(make_verzoek(te_wijzigen_producten=(wijzigt,)), {NUMMER: was}, NU)

    assert made.nieuw == ()
    assert made.gewijzigd[0].omvang == wijzigt.omvang


def test_what_stays_and_what_is_new_carry_the_reference_too() -> None:
    """All of it is one whole (IV093)."""
    huidig = {**NU_MET, 8: replace(NU_MET[NUMMER], toewijzing_nummer=8, code="45A05")}
    nieuw = NieuwProduct(gewenste_ingangsdatum=date(2026, 7, 1), einddatum=date(2026, 9, 30), budget=50_000)
    verzoek = make_verzoek(ongewijzigde_producten=(OngewijzigdProduct(toewijzing_nummer=8),), nieuwe_producten=(nieuw,))
    lines = grant_317(verzoek, huidig, NU).lines([21, 22])

    assert [(each.toewijzing_nummer, each.reden_wijziging) for each in lines] == [(NUMMER, "12"), (8, None), (21, None), (22, None)]
    assert {each.referentie_aanbieder for each in lines} == {"VW1"}
    assert (lines[1].toewijzingsdatum, lines[1].toewijzingstijd) == NU_MET[NUMMER].volgorde


def test_a_317_about_what_is_gone_cannot_be_granted() -> None:
    """It names the number."""
    with pytest.raises(OngeldigVerzoek, match=str(NUMMER)):
        grant_317(make_verzoek(), {}, NU)


@pytest.mark.parametrize(
    ("antwoorden", "status", "veld"),
    [
        ({}, VerzoekStatus.OPEN, "keus"),
        ({"keus": "deels"}, VerzoekStatus.OPEN, "keus"),
        ({"keus": "onderzoek"}, VerzoekStatus.IN_ONDERZOEK, "keus"),
        ({"keus": "afwijzen"}, VerzoekStatus.OPEN, "reden"),
        ({"keus": "afwijzen", "reden": "99"}, VerzoekStatus.OPEN, "reden"),
        ({"keus": "afwijzen", "reden": "8"}, VerzoekStatus.OPEN, "gemeente"),
    ],
)
def test_what_a_decision_lacks(antwoorden: dict[str, str], status: VerzoekStatus, veld: str) -> None:
    """At the field that can be mended."""
    found = read_keuze(antwoorden, "ijw", status, frozenset({"0687"}))

    assert isinstance(found, tuple)
    assert [each.veld for each in found] == [veld]


def test_only_the_woonplaatsbeginsel_of_ijw_names_a_gemeente() -> None:
    """TR377, TR409; iWmo has no such part."""
    answers = {"keus": "afwijzen", "reden": "8", "gemeente": "0687"}
    ijw = read_keuze(answers, "ijw", VerzoekStatus.OPEN, frozenset({"0687"}))
    iwmo = read_keuze(answers, "iwmo", VerzoekStatus.OPEN, frozenset({"0687"}))

    assert isinstance(ijw, Besluitkeuze)
    assert isinstance(iwmo, Besluitkeuze)
    assert answer_of(ijw, "VR1").woonplaatsbeginsel is not None
    assert answer_of(iwmo, "VR1").woonplaatsbeginsel is None
    with pytest.raises(ValueError, match="301"):
        answer_of(Besluitkeuze(keus=Keus.TOEWIJZEN), "VR1")


def test_a_seal_comes_back_as_it_went() -> None:
    """Of the same day only, and only in our form."""
    zegel = Zegel(identificatie="T00000000012", besluit=NU, nummers=(4, 5))

    assert Zegel.van_tekst(zegel.tekst, VANDAAG) == zegel
    for text, day in ((zegel.tekst, date(2026, 6, 4)), ("", VANDAAG), (zegel.tekst + "x", VANDAAG), (proef(NU, 1).tekst, VANDAAG)):
        with pytest.raises(OngeldigVerzoek):
            Zegel.van_tekst(text, day)
