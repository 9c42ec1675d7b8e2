"""What the page of a check shows: the verdict in one sentence, findings by cause, what is left, and the XML with its lines marked. Pure.

The file is the visitor's own, so values that stored findings hide are shown here; nothing of it is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.bericht import Bericht
from app.domain.bevinding import Bevinding
from app.intake import Oordeel
from app.judging import Controle, Resterend, with_values
from app.reports import BevindingRegel, XmlWeergave, betekenis, weergave
from app.web.woorden import DOMEINEN, datum, euro_of_streep, getal, partij_woord

PER_OORZAAK_MAX = 25
"""Findings shown of one cause; the count always tells how many there are."""
BEVINDINGEN_MAX = 400
RESTEREND_MAX = 100
EURO = "83"
EENHEDEN = {"01": "minuten", "04": "uren", "14": "etmalen", "16": "dagdelen", "82": "stuks", EURO: "euro", "84": "stuks"}
"""WJ756 in the plural."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Oorzaakgroep:
    """All findings with one regel and retourcode; `getoond` are the first of them."""

    regel: str
    retourcode: str | None
    betekenis: str
    aantal: int
    getoond: tuple[BevindingRegel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resterendregel:
    """One toewijzing of the table of what is left, in words."""

    toewijzing_nummer: int
    eenheid: str
    toegestaan: str
    verbruikt: str
    in_dit_bericht: str
    resterend: str
    te_veel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Blad:
    """The outcome of a check as the page shows it.

    Attributes:
        zin: The verdict in one sentence; `goed` colours it.
        bereik: What was and was not looked at.
        feiten: Label and value of what the file says about itself.
        groepen: Causes, the most frequent first.
        xml: None when the file is no text, or is not to be shown.
    """

    goed: bool
    zin: str
    bereik: str
    feiten: tuple[tuple[str, str], ...]
    groepen: tuple[Oorzaakgroep, ...]
    resterend: tuple[Resterendregel, ...]
    resterend_meer: bool
    xml: XmlWeergave | None


def make_blad(data: bytes, controle: Controle, namen: Mapping[str, str]) -> Blad:
    """The page of one checked file.

    Args:
        data: The file.
        namen: Name of each partij that the visitor may know.
    """
    oordeel = with_values(data, controle.oordeel)
    groepen = group_by_cause(oordeel)
    shown = sorted((each for groep in groepen for each in groep.getoond), key=lambda each: each.volgnr)
    resterend = controle.resterend or ()
    return Blad(
        goed=oordeel.valid,
        zin=_verdict(oordeel, namen),
        bereik=_scope(oordeel),
        feiten=_facts(oordeel, controle.bericht, namen),
        groepen=groepen,
        resterend=tuple(_in_words(row) for row in resterend[:RESTEREND_MAX]),
        resterend_meer=controle.resterend_afgekapt or len(resterend) > RESTEREND_MAX,
        xml=weergave(data.removeprefix(BYTE_ORDER_MARK), shown) if is_text(data) else None,
    )


def group_by_cause(oordeel: Oordeel) -> tuple[Oorzaakgroep, ...]:
    """The findings by regel and retourcode, most frequent first, then in the order of the file. Their volgnr counts down the page."""
    found: dict[tuple[str, str | None], list[Bevinding]] = defaultdict(list)
    for bevinding in oordeel.bevindingen:
        found[bevinding.regel, bevinding.retourcode].append(bevinding)
    groepen: list[Oorzaakgroep] = []
    used = 0
    for (regel, retourcode), bevindingen in sorted(found.items(), key=lambda item: -len(item[1])):
        # Every cause has at least one example, however many causes there are.
        room = max(1, min(PER_OORZAAK_MAX, BEVINDINGEN_MAX - used))
        getoond = tuple(_numbered(volgnr, each) for volgnr, each in enumerate(bevindingen[:room], used + 1))
        used += len(getoond)
        groepen.append(
            Oorzaakgroep(
                regel=regel,
                retourcode=retourcode,
                betekenis=betekenis(regel, retourcode or ""),
                aantal=len(bevindingen),
                getoond=getoond,
            )
        )
    return tuple(groepen)


def is_text(data: bytes) -> bool:
    """Whether a file can be shown as lines: it begins as XML does and holds no null byte near its beginning."""
    begin = data[:4096].removeprefix(BYTE_ORDER_MARK)
    return begin.lstrip().startswith(b"<") and b"\0" not in begin


def _numbered(volgnr: int, bevinding: Bevinding) -> BevindingRegel:
    return BevindingRegel(
        volgnr=volgnr,
        regel=bevinding.regel,
        retourcode=bevinding.retourcode,
        pad=bevinding.pad,
        regelnummer=bevinding.regelnummer,
        waarde=bevinding.waarde,
        melding=bevinding.melding,
    )


def _verdict(oordeel: Oordeel, namen: Mapping[str, str]) -> str:
    accepted = oordeel.accepted
    if oordeel.valid and accepted is not None:
        van, aan = _parties(oordeel, namen)
        return f"Dit bericht is goed: {accepted.soort.code} {accepted.soort.naam} van {van} aan {aan}."
    if oordeel.bericht is None:
        return "Dit is geen bericht van iJw of iWmo 3.2 dat wij kunnen lezen."
    total, causes = len(oordeel.bevindingen), len({(each.regel, each.retourcode) for each in oordeel.bevindingen})
    faults = "1 fout" if total == 1 else f"{getal(total)} fouten"
    if oordeel.stopped_early:
        faults = f"ten minste {faults}"
    kinds = "" if total == 1 else f" in {causes} {'soort' if causes == 1 else 'soorten'}"
    return f"Deze {oordeel.bericht} is niet goed: {faults}{kinds}."


def _scope(oordeel: Oordeel) -> str:
    if oordeel.bericht is None:
        return "Hieronder staat waarom niet."
    if oordeel.accepted is None:
        return "De opbouw klopt niet. Zolang dat zo is, zijn de inhoud en eerdere berichten niet gecontroleerd."
    if oordeel.beoordeeld_tot == 1:
        return "De opbouw is gecontroleerd. De inhoud van dit bericht hebben wij niet kunnen controleren."
    if oordeel.beoordeeld_tot == 2:
        return "Opbouw en inhoud zijn gecontroleerd. Of het bericht past bij eerdere berichten en contracten, is niet gecontroleerd."
    return "Opbouw, inhoud, eerdere berichten en contracten zijn gecontroleerd. Er is niets verstuurd."


def _parties(oordeel: Oordeel, namen: Mapping[str, str]) -> tuple[str, str]:
    """Who really sends it and to whom, with their names."""
    accepted = oordeel.accepted
    assert accepted is not None
    van, aan = f"{accepted.soort.van}:{accepted.van}", f"{accepted.soort.naar}:{accepted.aan}"
    return partij_woord(van, namen.get(van)), partij_woord(aan, namen.get(aan))


def _facts(oordeel: Oordeel, bericht: Bericht | None, namen: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    accepted = oordeel.accepted
    if accepted is None:
        return ()
    van, aan = _parties(oordeel, namen)
    facts = [
        ("Bericht", f"{accepted.soort.code} {accepted.soort.naam}"),
        ("Wet", DOMEINEN[accepted.soort.domein]),
        ("Van", van),
        ("Aan", aan),
        ("Identificatie", accepted.identificatie_retour or accepted.identificatie),
        ("Dagtekening", datum(accepted.dagtekening)),
    ]
    return tuple(facts + ([] if bericht is None else _counts(bericht)))


def _counts(bericht: Bericht) -> list[tuple[str, str]]:
    """How much is in it, and the money of a declaratie."""
    client, declaratie = bericht.client, bericht.declaratie
    if declaratie is not None:
        prestaties = sum(len(each.prestaties) for each in declaratie.clienten)
        return [
            ("Cliënten", getal(len(declaratie.clienten))),
            ("Prestaties", getal(prestaties)),
            ("Totaal", euro_of_streep(declaratie.totaal_ingediend_bedrag.cent)),
        ]
    if client is None:
        return []
    parts = (
        ("Toegewezen producten", client.toegewezen_producten),
        ("Startproducten", client.start_producten),
        ("Stopproducten", client.stop_producten),
        ("Aangevraagde producten", client.aangevraagde_producten),
    )
    return [("Cliënten", "1"), *((label, getal(len(found))) for label, found in parts if found)]


def _in_words(row: Resterend) -> Resterendregel:
    def amount(value: int) -> str:
        return euro_of_streep(value) if row.eenheid == EURO else getal(value)

    return Resterendregel(
        toewijzing_nummer=row.toewijzing_nummer,
        eenheid=EENHEDEN.get(row.eenheid, "eenheden"),
        toegestaan=amount(row.toegestaan),
        verbruikt=amount(row.verbruikt),
        in_dit_bericht=amount(row.in_dit_bericht),
        resterend=amount(row.resterend),
        te_veel=row.resterend < 0,
    )
