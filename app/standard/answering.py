"""The answer that a judged bericht gets: a retourbericht (302 306 308 316 318 320) or a declaratie-antwoord (325), as values.

Decides nothing about the bericht: what is wrong and where is in the Oordeel. Owns what each class of the answer carries then: its own
codes, 0200 (no remarks) or 0233 (not judged). An Oordeel that contradicts itself yields an error, never an answer that says less than was
found.

Source: IV028 and IV032 (retourberichten), IV087 and IV088 (325), OP065, CS325, TR342.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from app.domain.bedrag import totaal_met_dc
from app.domain.bericht import Bericht, BerichtIdentificatie, Header, XsdVersie
from app.domain.declaratie import Declaratie, DeclaratieAntwoord, DeclaratieClient, Prestatie
from app.domain.klassen import Berichtklasse
from app.domain.oordeel import Niveau, Oordeel, Verdict
from app.standard import catalogue
from app.standard.vorm import Inhoud, elementen

TECHNISCH_AFGEKEURD = ("0001",)
GEEN_OPMERKINGEN = ("0200",)
NIET_BEOORDEELD = ("0233",)
VOLLEDIG_TOEGEWEZEN = ("8001",)

IDENTIFICATIE_LENGTE_MAX = 12
HEADER_PAD = "/Bericht/Header"
DECLARATIE_PAD = "/Bericht/Declaratie"

K = TypeVar("K", bound=Berichtklasse)


class GeenAntwoord(ValueError):
    """This bericht has no answer, or its Oordeel does not say which."""


def antwoord(oordeel: Oordeel, *, identificatie: str, dagtekening: date) -> Bericht:
    """The answer of the kind that the catalogue names for this bericht.

    Args:
        oordeel: Of a bericht that was judged; one that waits for a contract has no answer yet.
        identificatie: Number of the answer, unique for who sends it, at most 12 characters.
        dagtekening: Day the answer is made.
    Raises:
        GeenAntwoord: This soort is not answered, the bericht waits, or the Oordeel contradicts itself.
    """
    nummer = catalogue.soort(oordeel.bericht.domein, oordeel.bericht.soort).antwoord
    if nummer == "325":
        return declaratie_antwoord(oordeel, identificatie=identificatie, dagtekening=dagtekening)
    return retourbericht(oordeel, identificatie=identificatie, dagtekening=dagtekening)


def retourbericht(oordeel: Oordeel, *, identificatie: str, dagtekening: date) -> Bericht:
    """The retourbericht: the header as it came, and on a rejection below it everything under it, each class with its retourcodes.

    Source: IV028; the header keeps Afzender and Ontvanger, only BerichtCode is that of the answer. XsltVersie stays empty: no XSLT is used.
    Args, Raises: As `antwoord`.
    """
    heen = oordeel.bericht
    soort = _answer_soort(oordeel, "retourbericht")
    codes = _header_codes(oordeel)
    header = replace(
        heen.header,
        bericht_code=soort.bericht_code,
        identificatie_retour=_checked(identificatie),
        dagtekening_retour=dagtekening,
        xslt_versie=None,
        xsd_versie_retour=_xsd_versie(soort),
        retour_codes=() if oordeel.niveau is None else codes,
        regelnummer=0,
    )
    body: dict[str, Any] = {}
    if oordeel.niveau is Niveau.KLASSE:
        body = _marked_fields(heen, "/Bericht", _Marking(oordeel.retourcodes, oordeel.niet_beoordeeld))
    return Bericht(domein=heen.domein, soort=soort.nummer, **{**body, "header": header})


def declaratie_antwoord(oordeel: Oordeel, *, identificatie: str, dagtekening: date) -> Bericht:
    """The 325: a header of its own, what was granted, and only the prestaties that were refused.

    Source: IV087. Afzender is the gemeente, Ontvanger the aanbieder.
    Args, Raises: As `antwoord`; also when the refused lines do not explain `toegekend_cent` (TR342).
    """
    heen = oordeel.bericht
    soort = _answer_soort(oordeel, "declaratie-antwoord")
    header = Header(
        bericht_code=soort.bericht_code,
        bericht_versie=heen.header.bericht_versie,
        bericht_subversie=heen.header.bericht_subversie,
        afzender=heen.header.ontvanger,
        ontvanger=heen.header.afzender,
        bericht_identificatie=BerichtIdentificatie(identificatie=_checked(identificatie), dagtekening=dagtekening),
        xsd_versie=_xsd_versie(soort),
        declaratie_identificatie=heen.header.bericht_identificatie,
        xsd_versie_declaratie=heen.header.xsd_versie,
        retour_codes=_header_codes(oordeel),
    )
    judged = oordeel.niveau in (None, Niveau.KLASSE)
    return Bericht(domein=heen.domein, soort=soort.nummer, header=header, declaratie_antwoord=_judgement(oordeel) if judged else None)


def _answer_soort(oordeel: Oordeel, wanted: str) -> catalogue.BerichtSoort:
    """The soort of the answer; refuses what has none, and an Oordeel whose parts do not fit together."""
    heen = oordeel.bericht
    nummer = catalogue.soort(heen.domein, heen.soort).antwoord
    if nummer is None or (nummer == "325") is not (wanted == "declaratie-antwoord"):
        raise GeenAntwoord(f"a {heen.soort} is not answered by a {wanted}")
    if oordeel.verdict is Verdict.WACHT_OP_CONTRACT:
        raise GeenAntwoord("the bericht waits for a contract and is not judged yet")
    if (oordeel.verdict is Verdict.VERWERKT) is not (oordeel.niveau is None):
        raise GeenAntwoord(f"verdict {oordeel.verdict} does not go with niveau {oordeel.niveau}")
    if oordeel.niveau is None and oordeel.retourcodes:
        raise GeenAntwoord("there are retourcodes but nothing is rejected")
    return catalogue.soort(heen.domein, nummer)


def _header_codes(oordeel: Oordeel) -> tuple[str, ...]:
    """What the header carries: 0001, the codes of the header itself, or 0200."""
    if oordeel.niveau is Niveau.TECHNISCH:
        return TECHNISCH_AFGEKEURD
    if oordeel.niveau is not Niveau.HEADER:
        return GEEN_OPMERKINGEN
    if not oordeel.retourcodes.get(HEADER_PAD):
        raise GeenAntwoord("the header is rejected without a retourcode")
    return _once(oordeel.retourcodes[HEADER_PAD])


class _Marking:
    """Gives each class its codes by path, and keeps which paths were asked for: a code with a wrong path must not disappear."""

    def __init__(self, retourcodes: Mapping[str, tuple[str, ...]], niet_beoordeeld: Collection[str]) -> None:
        self._retourcodes = retourcodes
        self._niet_beoordeeld = niet_beoordeeld
        self._unused = set(retourcodes)

    def codes(self, pad: str, parent_is_judged: bool) -> tuple[tuple[str, ...], bool]:
        """The codes of the class at `pad`, and whether it was judged, which holds for the classes below it as well."""
        is_judged = parent_is_judged and pad not in self._niet_beoordeeld
        self._unused.discard(pad)
        default = GEEN_OPMERKINGEN if is_judged else NIET_BEOORDEELD
        return _once(self._retourcodes.get(pad) or default), is_judged

    def finish(self) -> None:
        """Refuses a rejection of which something was not said, or that says nothing."""
        if self._unused:
            raise GeenAntwoord(f"retourcodes at classes that the bericht does not have: {', '.join(sorted(self._unused))}")
        if not any(self._retourcodes.values()):
            raise GeenAntwoord("the bericht is rejected without a retourcode")


def _marked_fields(heen: Bericht, pad: str, marking: _Marking) -> dict[str, Any]:
    """What stands beside the header of the bericht, as it came, with retourcodes at every class."""
    body = {}
    for element in elementen(Bericht):
        value = getattr(heen, element.veld)
        if value is not None and element.veld != "header":
            body[element.veld] = _marked(value, f"{pad}/{element.naam}", marking, parent_is_judged=True)
    marking.finish()
    return body


def _marked(value: K, pad: str, marking: _Marking, *, parent_is_judged: bool) -> K:
    """A class with its retourcodes, and so with every class in it."""
    codes, is_judged = marking.codes(pad, parent_is_judged)
    changes: dict[str, Any] = {"retour_codes": codes, "regelnummer": 0}
    klasse: type = type(value)
    for element in elementen(klasse):
        content = getattr(value, element.veld)
        below = f"{pad}/{element.naam}"
        if element.inhoud is Inhoud.LIJST:
            changes[element.veld] = tuple(
                _marked(item, f"{below}/{element.item}[{index}]", marking, parent_is_judged=is_judged)
                for index, item in enumerate(content, start=1)
            )
        elif isinstance(content, Berichtklasse):
            changes[element.veld] = _marked(content, below, marking, parent_is_judged=is_judged)
    return replace(value, **changes)


def _judgement(oordeel: Oordeel) -> DeclaratieAntwoord:
    """DeclaratieAntwoord: 8001 and everything, the codes of the declaratie and nothing, or 0200 and what the refused lines leave."""
    declaratie = oordeel.bericht.declaratie
    if declaratie is None:
        raise GeenAntwoord("the bericht has no Declaratie")
    ingediend = declaratie.totaal_ingediend_bedrag
    own_codes = oordeel.retourcodes.get(DECLARATIE_PAD)
    clienten: tuple[DeclaratieClient, ...] = ()
    codes: tuple[str, ...]
    if oordeel.niveau is None:
        codes, toegekend_cent = VOLLEDIG_TOEGEWEZEN, ingediend.cent
    elif own_codes:
        codes, toegekend_cent = _once(own_codes), 0
    else:
        clienten = _refused(declaratie, oordeel.retourcodes)
        codes = GEEN_OPMERKINGEN
        toegekend_cent = ingediend.cent - sum(line.ingediend_bedrag.cent for client in clienten for line in client.prestaties)
    if oordeel.toegekend_cent not in (None, toegekend_cent):
        raise GeenAntwoord(f"the refused lines leave {toegekend_cent} cents, the verdict grants {oordeel.toegekend_cent} (TR342)")
    return DeclaratieAntwoord(
        declaratie_nummer=declaratie.declaratie_nummer,
        totaal_ingediend_bedrag=ingediend,
        totaal_toegekend_bedrag=ingediend if codes == VOLLEDIG_TOEGEWEZEN else totaal_met_dc(toegekend_cent),
        clienten=clienten,
        retour_codes=codes,
    )


def _refused(declaratie: Declaratie, retourcodes: Mapping[str, tuple[str, ...]]) -> tuple[DeclaratieClient, ...]:
    """The clienten of which something was refused, each with its refused lines only."""
    refused = []
    unused = set(retourcodes)
    for index, client in enumerate(declaratie.clienten, start=1):
        pad = f"{DECLARATIE_PAD}/Clienten/Client[{index}]"
        line_paden = [f"{pad}/Prestaties/Prestatie[{nummer}]" for nummer in range(1, len(client.prestaties) + 1)]
        unused.discard(pad)
        unused.difference_update(line_paden)
        client_codes = retourcodes.get(pad)
        if client_codes:
            lines = tuple(_with_codes(line, NIET_BEOORDEELD) for line in client.prestaties)
        else:
            lines = _refused_lines(client, line_paden, retourcodes)
        if lines:
            refused.append(replace(client, prestaties=lines, retour_codes=_once(client_codes or GEEN_OPMERKINGEN), regelnummer=0))
    if unused or not refused:
        raise GeenAntwoord(f"retourcodes at classes that the declaratie does not have: {', '.join(sorted(unused)) or 'no line is refused'}")
    return tuple(refused)


def _refused_lines(client: DeclaratieClient, paden: list[str], retourcodes: Mapping[str, tuple[str, ...]]) -> tuple[Prestatie, ...]:
    """The lines that have a retourcode of their own."""
    return tuple(_with_codes(line, retourcodes[pad]) for line, pad in zip(client.prestaties, paden, strict=True) if retourcodes.get(pad))


def _with_codes(line: Prestatie, codes: tuple[str, ...]) -> Prestatie:
    """A line as it goes back in the answer."""
    return replace(line, retour_codes=_once(codes), regelnummer=0)


def _once(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Each code once, in the order found: two rules may give the same one."""
    return tuple(dict.fromkeys(codes))


def _checked(identificatie: str) -> str:
    """The number of the answer, when the schema can hold it (LDT_IdentificatieBericht)."""
    if not identificatie.strip() or len(identificatie) > IDENTIFICATIE_LENGTE_MAX:
        raise ValueError(f"an Identificatie has 1 to {IDENTIFICATIE_LENGTE_MAX} characters")
    return identificatie


def _xsd_versie(soort: catalogue.BerichtSoort) -> XsdVersie:
    """The versions of the schemas that the answer is made by."""
    return XsdVersie(basisschema_xsd_versie=soort.xsd_versie.basisschema, bericht_xsd_versie=soort.xsd_versie.bericht)
