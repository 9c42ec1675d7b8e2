"""A document is read to the value it says, and every way it can be wrong gets one sentence with file, field and remedy."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.errors import NietGevonden
from app.solidarity.agreement import KeyTerm, Layer, Membership, NoClaim, Years
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.folder import read_agreement
from app.solidarity.history import Gap, KeptAmount, Merger
from app.solidarity.tomlform import read_document
from app.solidarity.tomltable import BYTES_MAX
from app.solidarity.tomlwriting import write_document
from tests.unit.solidarity.malformed import MALFORMED, SOUND, changed


def refusal(text: str) -> list[str]:
    """The sentences of a refused document."""
    with pytest.raises(RegelingOngeldig) as refused:
        read_document(text)
    return refused.value.melding.splitlines()


@pytest.mark.parametrize(("text", "path", "sentence"), [case[1:] for case in MALFORMED], ids=[case[0] for case in MALFORMED])
def test_malformed_document_gets_one_sentence_with_file_field_and_remedy(text: str, path: str, sentence: str) -> None:
    """Exactly one fault, so exactly one sentence: nothing else follows from it."""
    (melding,) = refusal(text)

    place = f"overeenkomst.toml, {path}: " if path else "overeenkomst.toml: "
    assert melding.startswith(place) or (path.startswith("kolom") and f", {path}: " in melding), melding
    assert sentence in melding
    assert melding.endswith(".")


def test_there_are_at_least_forty_ways_to_be_wrong() -> None:
    """And no two cases are the same document."""
    assert len({text for _, text, _, _ in MALFORMED}) == len(MALFORMED) >= 40


def test_the_sound_document_is_sound() -> None:
    """So each case above fails for its own reason."""
    document = read_document(SOUND)

    (arrangement,) = document.agreement.arrangements
    assert arrangement.members == (Membership(municipality="0664"), Membership(municipality="0687"))
    assert (arrangement.since, arrangement.until) == (date(2026, 1, 1), date(2028, 1, 1))
    assert document.measures == {"inwoners": "CBS", "rijksbudget": "circulaire"}


def test_all_faults_are_named_at_once() -> None:
    """Three in one document, in three places."""
    found = refusal(changed('"2026-1"', "1").replace('["AMB"]', '["AMB"]\nplafon = 1') + 'gewicht = "x"\n')

    assert [line.split(": ")[0].removeprefix("overeenkomst.toml, ") for line in found] == [
        "versie",
        "regeling[1].sleutel[1].gewicht",
        "regeling[1].plafon",
    ]


FULL = """
naam = "Alles"
regio = "R"
versie = "3"
geldig_van = 2026-01-01
geldig_tot = 2027-12-31
artikelen = { naam = "art. 1" }

[maatstaven.budget]
bron = "meicirculaire"
artikel = "art. 2 lid 1"
[maatstaven.budget.waarden]
2026 = { A = 1000000.50, B = 2000000 }
2027 = { A = 1000000, B = 2000000 }
[maatstaven.budget.per_zorgvorm.X]
2026 = { A = 5 }
[[maatstaven.budget.wijziging]]
gemeente = "A"
jaar = 2026
bedrag = -0.5
datum = 2026-05-31
reden = "meicirculaire"
artikel = "art. 2 lid 3"

[[regeling]]
code = "R1"
zorgvormen = ["X", "Y"]
pool = "zorgvorm"
leden = ["A", { gemeente = "B", van = 2026-07-01, tot = 2027-06-30 }]
inleg = "budget"
budgetmaatstaf = "budget"
lokaal_deel = "3%"
plafond = 1.1
terugvalmaatstaf = "budget"
artikelen = { plafond = "art. 7", leden = "art. 3" }
toelichting = "De eerste."

[regeling.reserve]
beginstand = 1234.56

[regeling.no_claim]
soort = "verschil"
drempel = 0.8
deel = "1/3"
betaald_door = "niet_ontvangers"
artikel = "art. 9"

[[regeling.sleutel]]
maatstaf = "kosten"
jaren_terug = [1, 3]
middeling = "gemiddeld_aandeel"
gewicht = "2/3"
artikel = "art. 4 lid 2"

[[regeling.sleutel]]
maatstaf = "budget"
gewicht = "1/3"

[[regeling.sleutel]]
rol = "dure"
maatstaf = "kosten"
jaren_terug = 1

[[regeling.laag]]
basis = "client"
ondergrens = 50000
bovengrens = 100000.25
aandeel = 0.5
sleutel = "dure"
vanaf_jaar = 2027

[[regeling.laag]]
basis = "afwijking"
kant = "overschrijding"
eenheid = "budget"
ondergrens = 0.05
aandeel = 1

[[regeling.ingehouden]]
gemeente = "A"
jaar = 2026
zorgvorm = "X"
bedrag = 100.10
reden = "ouderbijdrage"

[[herindeling]]
datum = 2025-01-01
van = "C"
naar = "A"

[[leemte]]
gemeente = "B"
maatstaf = "kosten"
jaar = 2025
"""


def test_every_field_is_read_to_the_value_it_says() -> None:
    """Euros become cents, last days become first days that no longer count, words become those of section 2."""
    document = read_document(FULL)

    (a,) = document.agreement.arrangements
    assert a.members[1] == Membership(municipality="B", since=date(2026, 7, 1), until=date(2027, 7, 1))
    assert (a.pool_by, a.inleg, a.local_share, a.cap, a.reserve) == ("category", "budget", Fraction(3, 100), Fraction(11, 10), True)
    assert a.no_claim == NoClaim(kind="gap", threshold=Fraction(4, 5), rate=Fraction(1, 3), paid_by="claimers")
    assert a.key_terms[0] == KeyTerm(measure="cost", lag_from=1, lag_to=3, averaging="mean_share", weight=Fraction(2, 3))
    assert a.key_terms[2] == KeyTerm(role="dure", measure="cost", lag_from=1, lag_to=1)
    assert a.layers == (
        Layer(
            basis="client",
            lower=Fraction(5_000_000),
            upper=Fraction(10_000_025),
            share=Fraction(1, 2),
            role="dure",
            years=Years(first=2027),
        ),
        Layer(basis="deviation", side="over", unit="pct", lower=Fraction(1, 20)),
    )
    assert document.history.reserve_cent == {"R1": 123_456}
    assert document.history.kept == (
        KeptAmount(arrangement="R1", year=2026, municipality="A", bedrag_cent=10_010, reason="ouderbijdrage", category="X"),
    )
    assert document.history.mergers == (Merger(date=date(2025, 1, 1), predecessor="C", successor="A"),)
    assert document.history.gaps == {Gap(municipality="B", measure="cost", year=2025)}


def test_each_parameter_carries_its_article() -> None:
    """Of itself, of the table around it, or none; the explanation of a regeling is kept too."""
    document = read_document(FULL)

    assert document.article("regeling[1].plafond") == "art. 7"
    assert document.article("regeling[1].sleutel[1].gewicht") == "art. 4 lid 2"
    assert document.article("regeling[1].no_claim.deel") == "art. 9"
    assert document.article("maatstaven.budget.wijziging[1].bedrag") == "art. 2 lid 3"
    assert document.article("regeling[1].sleutel[2].gewicht") is None
    assert document.notes == {"regeling[1]": "De eerste."}


def test_a_change_of_the_year_comes_on_top_of_the_value() -> None:
    """The value and its changes stay apart in the document and are one number for the calculator (C28)."""
    values = {(v.municipality, v.category, v.year): v.value for v in read_document(FULL).measure_values()}

    assert values["A", None, 2026] == 1_000_000
    assert values["A", "X", 2026] == 5


def test_a_change_of_nothing_is_refused() -> None:
    """The measure has values in that year, and this gemeente has none: most likely a misspelt code."""
    document = read_document(
        FULL.replace('[[maatstaven.budget.wijziging]]\ngemeente = "A"', '[[maatstaven.budget.wijziging]]\ngemeente = "Q"')
    )

    with pytest.raises(RegelingOngeldig, match="Q heeft in 2026 geen waarde die kan wijzigen"):
        document.measure_values()


def test_what_is_written_reads_back_equal_and_is_written_the_same_again() -> None:
    """One spelling for one agreement."""
    document = read_document(FULL)

    text = write_document(document)

    assert read_document(text) == document
    assert write_document(read_document(text)) == text


def test_names_of_the_document_are_no_names_of_ones_own() -> None:
    """A role `hoofd` or a measure `kosten` could not be told from the words of the document."""
    document = read_document(SOUND)
    (arrangement,) = document.agreement.arrangements
    for term in (KeyTerm(role="hoofd", measure="inwoners"), KeyTerm(measure="kosten")):
        (other,) = (
            type(arrangement)(code="R", since=arrangement.since, until=arrangement.until, categories=("X",), members=(), key_terms=(term,)),
        )
        clash = type(document)(
            name="n",
            region="r",
            version="v",
            since=other.since,
            until=other.until,
            agreement=type(document.agreement)(name="n", arrangements=(other,)),
        )

        with pytest.raises(ValueError, match="kies een andere naam"):
            write_document(clash)


def test_a_file_is_refused_by_its_own_name(tmp_path: Path) -> None:
    """Absent, not UTF-8, too large, and a fault inside: the name of the file is in the sentence."""
    path = tmp_path / "zeeland-2026.toml"
    with pytest.raises(NietGevonden, match=r"zeeland-2026\.toml bestaat niet"):
        read_agreement(path)
    for data, sentence in (
        (b'naam = "\xff"', "byte 9 is geen UTF-8"),
        (b"#" * (BYTES_MAX + 1), "het document is groter dan 5 MB"),
        (SOUND.replace("2026-1", "").encode(), "versie: dit veld ontbreekt of is leeg"),
    ):
        path.write_bytes(data)
        with pytest.raises(RegelingOngeldig) as refused:
            read_agreement(path)
        assert refused.value.melding.startswith("zeeland-2026.toml")
        assert sentence in refused.value.melding
