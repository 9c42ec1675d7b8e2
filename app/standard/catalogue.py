"""The 28 berichtsoorten of iJw 3.2 and iWmo 3.2: one table, from which everything else reads.

Owns what is true of a soort before any bericht is read: codes, direction, answer, namespaces, berichtklassen and their logical keys.
The structure inside a berichtklasse is in `schemas/`, the meaning of codes in `codelists/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

Domein = Literal["ijw", "iwmo"]
Kant = Literal["gemeente", "aanbieder"]

DOMEINEN: tuple[Domein, ...] = ("ijw", "iwmo")
RELEASE = "3.2"
BERICHT_VERSIE = "3"
BERICHT_SUBVERSIE = "2"

# IV034 asks for the version of the schema a bericht was made by. The official iJw schemas say 0.1.0, the iWmo ones and every published
# example 1.0.0. Our schemas are our own, so they carry the value that receivers have seen in the examples. It is never a reason to refuse.
XSD_VERSIE = "1.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class XsdVersie:
    """The pair that stands in Header/XsdVersie (IV034)."""

    basisschema: str
    bericht: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BerichtSoort:
    """One berichtsoort of one domein.

    Attributes:
        domein: `ijw` or `iwmo`.
        nummer: `301`.
        code: `JW301` or `WMO301`.
        naam: Dutch name, such as `toewijzing`.
        bericht_code: Value of Header/BerichtCode, such as `436`.
        van: The side that really sends it. For a retourbericht this is not the Afzender of the header (IV028).
        naar: The side that really receives it.
        is_retour: True for 302 306 308 316 318 320; a 325 is a bericht of its own.
        antwoord: Nummer of the answer the receiver owes, None when there is none.
        antwoord_termijn_werkdagen: Working days for that answer, counted from receipt (OP090, OP090x4).
        antwoord_op: Nummer of the bericht that this one answers; None when it answers none.
        namespace: Of the root element and the berichtklassen.
        basis_namespace: Of the elements inside shared types, such as Achternaam.
        klassen: The berichtklassen below the root, in order of the schema, Header included, wrappers (Clienten) not.
        sleutels: Logical key per berichtklasse, as paths relative to it; empty for retourberichten.
    """

    domein: Domein
    nummer: str
    code: str
    naam: str
    bericht_code: str
    van: Kant
    naar: Kant
    is_retour: bool
    antwoord: str | None
    antwoord_termijn_werkdagen: int | None
    antwoord_op: str | None
    namespace: str
    basis_namespace: str
    klassen: tuple[str, ...]
    sleutels: Mapping[str, tuple[str, ...]] = field(compare=False)
    xsd_versie: XsdVersie = XsdVersie(basisschema=XSD_VERSIE, bericht=XSD_VERSIE)

    @property
    def root(self) -> str:
        """Name of the root element with its namespace, as lxml writes it."""
        return f"{{{self.namespace}}}Bericht"

    @property
    def header_afzender_is(self) -> Kant:
        """Which side stands in Header/Afzender: of a retourbericht it is the addressee (IV028)."""
        return self.naar if self.is_retour else self.van

    @property
    def schema_file(self) -> str:
        """File of the schema below the folder with schemas: `ijw/3.2/JW301.xsd`."""
        return f"{self.domein}/{RELEASE}/{self.code}.xsd"


def richting(soort: BerichtSoort, afzender: str, ontvanger: str) -> tuple[str, str]:
    """Who really sent a bericht and to whom, from the two codes in its header.

    Source: IV028; a retourbericht repeats Afzender and Ontvanger of the bericht it answers.
    Returns:
        The pair (van, aan).
    """
    return (ontvanger, afzender) if soort.is_retour else (afzender, ontvanger)


def soort(domein: str, nummer: str) -> BerichtSoort:
    """The berichtsoort with this nummer (`301`); raises KeyError when there is none."""
    return _by_nummer()[domein, nummer]


def by_code(code: str) -> BerichtSoort:
    """The berichtsoort called `JW301` or `WMO301`; raises KeyError when there is none."""
    return _by_code()[code]


def by_namespace(namespace: str) -> BerichtSoort | None:
    """The berichtsoort whose root element stands in this namespace, None when it is not one of ours."""
    return _by_namespace().get(namespace)


def by_bericht_code(domein: str, code: str) -> BerichtSoort | None:
    """The berichtsoort with this BerichtCode in the header, None when the domein has no such code."""
    return _by_bericht_code().get((domein, code))


@cache
def alle() -> tuple[BerichtSoort, ...]:
    """All 28, by domein and nummer."""
    return tuple(_make(domein, nummer) for domein in DOMEINEN for nummer in NUMMERS)


# nummer: naam, BerichtCode in iJw and iWmo (list COD002 of Vektis), sender, answer, working days for the answer.
_TABLE: dict[str, tuple[str, str, str, Kant, str | None, int | None]] = {
    "301": ("toewijzing", "436", "414", "gemeente", "302", 3),
    "302": ("toewijzing retour", "437", "415", "aanbieder", None, None),
    "305": ("startbericht", "438", "418", "aanbieder", "306", 3),
    "306": ("startbericht retour", "439", "419", "gemeente", None, None),
    "307": ("stopbericht", "440", "420", "aanbieder", "308", 3),
    "308": ("stopbericht retour", "441", "421", "gemeente", None, None),
    "315": ("verzoek om toewijzing", "446", "444", "aanbieder", "316", 3),
    "316": ("verzoek om toewijzing retour", "447", "445", "gemeente", None, None),
    "317": ("verzoek om wijziging", "486", "480", "aanbieder", "318", 3),
    "318": ("verzoek om wijziging retour", "487", "481", "gemeente", None, None),
    "319": ("antwoord op verzoek", "488", "482", "gemeente", "320", 3),
    "320": ("antwoord op verzoek retour", "489", "483", "aanbieder", None, None),
    "323": ("declaratie", "490", "484", "aanbieder", "325", 10),
    "325": ("declaratie-antwoord", "491", "485", "gemeente", None, None),
}
NUMMERS: tuple[str, ...] = tuple(_TABLE)

_KLASSEN: dict[str, tuple[str, ...]] = {
    "301": ("Header", "Client", "Relatie", "Contact", "ToegewezenProduct"),
    "305": ("Header", "Client", "StartProduct"),
    "307": ("Header", "Client", "StopProduct"),
    "315": ("Header", "Client", "AangevraagdProduct"),
    "317": (
        "Header",
        "Client",
        "Verzoek",
        "OngewijzigdProduct",
        "TeWijzigenProduct",
        "NieuwProduct",
    ),
    "319": ("Header", "Antwoord", "Woonplaatsbeginsel"),
    "323": ("Header", "Declaratie", "Client", "Prestatie"),
    "325": ("Header", "DeclaratieAntwoord", "Client", "Prestatie"),
}

_PRODUCT = ("Product/Categorie", "Product/Code")
_REFERENTIE = (
    "ProductReferentie/ReferentieNummer",
    "ProductReferentie/VorigReferentieNummer",
)
_SLEUTELS: dict[str, dict[str, tuple[str, ...]]] = {
    "301": {
        "Client": ("Bsn",),
        "Relatie": ("Nummer",),
        "Contact": ("Soort",),
        "ToegewezenProduct": ("ToewijzingNummer",),
    },
    "305": {
        "Client": ("Bsn",),
        "StartProduct": ("ToewijzingNummer", *_PRODUCT, "Begindatum"),
    },
    "307": {
        "Client": ("Bsn",),
        "StopProduct": (
            "ToewijzingNummer",
            *_PRODUCT,
            "Begindatum",
            "RedenBeeindiging",
            "Einddatum",
        ),
    },
    "315": {"Client": ("Bsn",), "AangevraagdProduct": ("ReferentieAanbieder",)},
    "317": {
        "Client": ("Bsn",),
        "Verzoek": ("ReferentieAanbieder",),
        "OngewijzigdProduct": ("ToewijzingNummer",),
        "TeWijzigenProduct": ("ToewijzingNummer",),
        "NieuwProduct": (*_PRODUCT, "GewensteIngangsdatum"),
    },
    "319": {
        "Antwoord": ("ReferentieAanbieder", "VerzoekAntwoord"),
        "Woonplaatsbeginsel": ("Gemeente",),
    },
    "323": {
        "Declaratie": ("DeclaratieNummer",),
        "Client": ("Bsn",),
        "Prestatie": _REFERENTIE,
    },
    "325": {
        "DeclaratieAntwoord": ("DeclaratieNummer",),
        "Client": ("Bsn",),
        "Prestatie": _REFERENTIE,
    },
}


def _make(domein: Domein, nummer: str) -> BerichtSoort:
    """One row of the table as a value."""
    naam, ijw_code, iwmo_code, van, antwoord, termijn = _TABLE[nummer]
    code = f"{'JW' if domein == 'ijw' else 'WMO'}{nummer}"
    antwoord_op = next((other for other, row in _TABLE.items() if row[4] == nummer), None)
    is_retour = antwoord_op is not None and nummer != "325"
    return BerichtSoort(
        domein=domein,
        nummer=nummer,
        code=code,
        naam=naam,
        bericht_code=ijw_code if domein == "ijw" else iwmo_code,
        van=van,
        naar="aanbieder" if van == "gemeente" else "gemeente",
        is_retour=is_retour,
        antwoord=antwoord,
        antwoord_termijn_werkdagen=termijn,
        antwoord_op=antwoord_op,
        namespace=f"http://www.istandaarden.nl/{domein}/3_2/{code.lower()}/schema",
        basis_namespace=f"http://www.istandaarden.nl/{domein}/3_2/basisschema/schema",
        klassen=_in_domein(domein, _KLASSEN[antwoord_op if is_retour and antwoord_op else nummer]),
        sleutels=_sleutels(domein, nummer),
    )


def _sleutels(domein: Domein, nummer: str) -> dict[str, tuple[str, ...]]:
    """The logical keys of the berichtklassen that this domein has."""
    keys = _SLEUTELS.get(nummer, {})
    return {klasse: keys[klasse] for klasse in _in_domein(domein, tuple(keys))}


def _in_domein(domein: Domein, klassen: tuple[str, ...]) -> tuple[str, ...]:
    """Without Woonplaatsbeginsel in iWmo, where the Jeugdwet's rule on residence does not exist."""
    return tuple(klasse for klasse in klassen if domein == "ijw" or klasse != "Woonplaatsbeginsel")


@cache
def _by_nummer() -> dict[tuple[str, str], BerichtSoort]:
    return {(each.domein, each.nummer): each for each in alle()}


@cache
def _by_code() -> dict[str, BerichtSoort]:
    return {each.code: each for each in alle()}


@cache
def _by_namespace() -> dict[str, BerichtSoort]:
    return {each.namespace: each for each in alle()}


@cache
def _by_bericht_code() -> dict[tuple[str, str], BerichtSoort]:
    return {(each.domein, each.bericht_code): each for each in alle()}
