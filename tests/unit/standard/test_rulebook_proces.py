"""The rows of kind UP, OP and IV of the rulebook: complete, in sentences of our own, and pointing at what exists."""

from __future__ import annotations

import csv
import importlib
import importlib.util
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from importlib.resources import files
from pathlib import Path

import pytest

from app.standard.catalogue import DOMEINEN, NUMMERS
from app.standard.rules import registered_rules

KOP = ["code", "soort", "domeinen", "berichten", "staat", "zin", "waarom", "waar"]
SOORTEN = ("UP", "OP", "IV")
STATEN = {"afgedwongen", "schema", "proces", "niet_controleerbaar"}
AANTALLEN = {"ijw": {"UP": 17, "OP": 91, "IV": 38}, "iwmo": {"UP": 17, "OP": 23, "IV": 35}}
ZIN_LENGTE_MAX = 300
GELIJKENIS_MAX = 0.9
VERZOEKEN = frozenset(
    "TR347 TR349 TR350 TR351 TR352 TR353 TR357 TR361 TR373 TR374 TR377 TR379 TR380 TR383 TR386 TR409 TR410".split()  # noqa: SIM905
)
"""Rules about 315, 317 and 319, on which rows here rest already; a row is skipped, visibly, as long as its rule is not registered."""

Rij = dict[str, str]


def _bestand() -> str:
    return (files("app.standard.rulebook") / "proces.csv").read_text(encoding="utf-8")


def _rijen() -> list[Rij]:
    return list(csv.DictReader(_bestand().splitlines(), strict=True))


RIJEN = _rijen()
PER_RIJ = pytest.mark.parametrize("rij", RIJEN, ids=lambda rij: rij["code"])


def test_file_is_plain_csv_in_order() -> None:
    """The header is as agreed, lines end in LF, and rows go by kind and code, each code once in a domain."""
    places = [(domein, rij["code"]) for rij in RIJEN for domein in rij["domeinen"].split()]

    assert _bestand().splitlines()[0] == ",".join(KOP)
    assert "\r" not in _bestand()
    assert [(rij["soort"], rij["code"]) for rij in RIJEN] == sorted(
        ((rij["soort"], rij["code"]) for rij in RIJEN), key=lambda key: (SOORTEN.index(key[0]), key[1])
    )
    assert [place for place, count in Counter(places).items() if count > 1] == []


@PER_RIJ
def test_row_is_complete(rij: Rij) -> None:
    """Every field that a row needs is filled with what may stand there."""
    domeinen, berichten = rij["domeinen"].split(), rij["berichten"].split()

    assert list(rij) == KOP
    assert rij["soort"] in SOORTEN
    assert rij["code"].startswith(rij["soort"])
    assert domeinen == [domein for domein in DOMEINEN if domein in domeinen]
    assert domeinen
    assert set(berichten) <= set(NUMMERS)
    assert rij["staat"] in STATEN
    assert rij["waar"] or rij["staat"] == "niet_controleerbaar", "what is done has a place where it is done"


@PER_RIJ
def test_sentences_are_sentences(rij: Rij) -> None:
    """What the rule asks is one short sentence; why is said in full sentences."""
    zin, waarom = rij["zin"], rij["waarom"]

    assert 20 <= len(zin) <= ZIN_LENGTE_MAX
    assert zin.endswith(".")
    assert zin[0].isupper() or zin.startswith("'")
    assert ". " not in zin, "one sentence"
    assert waarom.endswith(".")
    assert not any(text != text.strip() or "  " in text for text in (zin, waarom))


@PER_RIJ
def test_references_exist(rij: Rij) -> None:
    """A dotted name can be imported; a code is that of a registered rule of a domain of the row."""
    known = {regel.code for regel in registered_rules() if set(rij["domeinen"].split()) & set(regel.domeinen)}

    for naam in rij["waar"].split():
        if "." in naam:
            _resolve(naam)
        elif naam in VERZOEKEN - known:
            pytest.skip(f"{naam} is not registered yet")
        else:
            assert naam in known, f"{naam} is not registered"


def test_a_name_that_does_not_exist_is_seen() -> None:
    """The check on references tells a name that exists from one that does not."""
    _resolve("app.standard.answering.retourbericht")
    with pytest.raises(AttributeError):
        _resolve("app.standard.answering.verzonnen")
    with pytest.raises(ModuleNotFoundError):
        _resolve("app.standard.verzonnen")


def test_rows_are_those_of_the_standard(standard_dir: Path) -> None:
    """Conformance: every UP, OP and IV of both domains is there, with the berichten that the standard lists for it."""
    ours = {(domein, rij["code"], rij["berichten"]) for rij in RIJEN for domein in rij["domeinen"].split()}
    theirs = {(domein, row["code"], _nummers(row["messages"])) for domein, row in _reference(standard_dir)}

    assert ours == theirs
    for domein, counts in AANTALLEN.items():
        assert Counter(code[:2] for each, code, _ in ours if each == domein) == counts


def test_sentences_are_our_own(standard_dir: Path) -> None:
    """Conformance: no sentence is that of the standard, or nearly so; facts carry over, sentences do not."""
    zinnen = {rij["code"]: rij["zin"] for rij in RIJEN}
    alike = [
        (domein, row["code"], line)
        for domein, row in _reference(standard_dir)
        for line in (row["text"], *row["text"].splitlines(), *row["explanation"].splitlines())
        if _is_alike(zinnen[row["code"]], line)
    ]

    assert alike == []


@pytest.mark.parametrize(
    ("zin", "line", "alike"),
    [
        ("Een bericht is nooit leeg.", "Een bericht is nooit leeg", True),
        ("Een bericht is nooit leeg.", "een bericht is  nooit leeg.", True),
        ("Een bericht is nooit leeg.", "Vul altijd iets in het bericht in.", False),
    ],
)
def test_near_copies_are_seen(zin: str, line: str, alike: bool) -> None:
    """The comparison sees a copy through small changes and leaves a sentence of our own alone."""
    assert _is_alike(zin, line) is alike


def _resolve(naam: str) -> object:
    """What a dotted name stands for: the longest part of it that is a module, then attributes; raises when there is no such thing."""
    parts = naam.split(".")
    found: object = importlib.import_module(parts[0])
    for index, part in enumerate(parts[1:], 1):
        if hasattr(found, "__path__") and importlib.util.find_spec(".".join(parts[: index + 1])):
            found = importlib.import_module(".".join(parts[: index + 1]))
        elif hasattr(found, "__path__") and not hasattr(found, part):
            raise ModuleNotFoundError(naam)
        else:
            found = getattr(found, part)
    return found


def _reference(standard_dir: Path) -> Iterator[tuple[str, Rij]]:
    """The rows of kind UP, OP and IV of the reference, with their domain."""
    for domein in DOMEINEN:
        with (standard_dir / f"{domein}-3.2" / "rules.csv").open(encoding="utf-8", newline="") as file:
            yield from ((domein, row) for row in csv.DictReader(file) if row["kind"] in SOORTEN)


def _nummers(messages: str) -> str:
    """`JW301 JW305` as `301 305`."""
    return " ".join(message.removeprefix("JW").removeprefix("WMO") for message in messages.split())


def _is_alike(zin: str, line: str) -> bool:
    """Whether a line of the standard is nearly the same as our sentence, whatever its case and spaces."""
    ours, theirs = (" ".join(text.lower().rstrip(".").split()) for text in (zin, line))
    matcher = SequenceMatcher(None, ours, theirs)
    return matcher.quick_ratio() > GELIJKENIS_MAX and matcher.ratio() > GELIJKENIS_MAX
