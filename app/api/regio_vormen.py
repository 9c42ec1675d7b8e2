"""The kinds of rows of the region on the wire: for each its address, and shapes made from the columns of its class.

A shape has the columns of the file under the same names. Amounts are whole cents, days `2026-01-31`, months `2026-01`; a fraction and a figure are
text, because they are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model
from pydantic import Field as PydanticField
from pydantic.alias_generators import to_camel

from app.api.shapes import AGB_PATTERN, GEMEENTE_PATTERN, MAAND_PATTERN, Lijst, Shape, as_maand
from app.parties.region import (
    PER_PERIODE,
    Aanbieder,
    Bankrekening,
    Bijdrage,
    Budget,
    Contract,
    Contractoptie,
    Deelname,
    Financiering,
    Gemeente,
    Herindeling,
    Maatstaf,
    Onderaannemer,
    PartijInstelling,
    Plafond,
    Productgroep,
    RegioProduct,
    Rij,
    Tarief,
    Voorschot,
    Zorgvorm,
)
from app.parties.sleutel import celwaarden

CURSOR_MAX = 1_400

WOORDEN: dict[type[Rij], tuple[str, str, str]] = {
    Gemeente: ("gemeente", "Gemeenten die meedoen", "Ook die zijn opgegaan in een andere gemeente."),
    Herindeling: ("herindeling", "Herindelingen van gemeenten", "Welk deel van welke gemeente waarin overging."),
    Aanbieder: ("aanbieder", "Aanbieders", "Met hun hoofdaannemer."),
    Zorgvorm: ("zorgvorm", "Zorgvormen", "Het niveau waarop kosten worden gedeeld."),
    Productgroep: ("productgroep", "Productgroepen", "Producten die bij elkaar horen, voor lijsten en rapporten."),
    RegioProduct: ("product", "Producten en hun zorgvorm", "Met de periode waarin dat geldt."),
    Contract: ("contract", "Contracten", "Van een aanbieder de eigen contracten, van een gemeente die voor haar gelden."),
    Contractoptie: ("contractoptie", "Opties om een contract te verlengen", "Een optie telt als zij is uitgeoefend."),
    Onderaannemer: ("onderaannemer", "Onderaannemers", "Wie voor een hoofdaannemer levert, en wie daarvan declareert."),
    Tarief: ("tarief", "Tarieven van contracten", "Wat een contract betaalt voor een eenheid van een product; null bij eenheid 83 (euro)."),
    Financiering: ("bekostiging", "Bekostiging van contracten per jaar", "Alleen voor gemeenten en de regio."),
    Plafond: (
        "contractplafond",
        "Plafonds van contracten per jaar",
        "Een plafond waarschuwt en keurt niets af. Alleen voor gemeenten en de regio.",
    ),
    Deelname: ("deelname", "Gezamenlijke inkoop", "Zonder een enkele rij doen alle gemeenten aan alles mee."),
    Budget: ("budget", "Budgetten per gemeente, jaar en zorgvorm", "Van een gemeente het eigen budget."),
    Maatstaf: ("maatstaf", "Maatstaven om kosten te verdelen", "Van een gemeente de eigen cijfers."),
    Voorschot: ("voorschot", "Voorschotten aan aanbieders", "Alleen voor de regio."),
    Bijdrage: ("bijdrage", "Bijdragen van gemeenten aan de regio", "Alleen voor de regio."),
    PartijInstelling: ("partij", "Instellingen van partijen", "Hoe een partij wordt bereikt. Alleen voor de regio."),
    Bankrekening: (
        "bankrekening",
        "Bankrekeningen van partijen",
        "Waarvan een gemeente betaalt en waarop een aanbieder wordt betaald. Alleen voor de regio.",
    ),
}
"""Per kind its word, and title and one sentence of its list."""

UITLEG: dict[str, str] = {
    "geldig_van": "eerste dag",
    "geldig_tot": "laatste dag; null: open einde",
    "gemeenten": "codes; `*`: alle gemeenten van de regio, elk zolang zij meedoet",
    "plafond_cent": "alleen zichtbaar voor gemeenten en de regio",
    "tarief_cent": "hele centen per eenheid; null of 1 bij eenheid 83",
    "contractpartner_agb": "hoofdaannemer onder wiens contracten deze aanbieder levert",
    "fractie": "deel dat overgaat: 1, 0.25 of 1/4",
    "tot": "laatste dag als de optie is uitgeoefend",
    "uitgeoefend_op": "null: niet uitgeoefend",
    "zorgvorm": "leeg waar het voor alle zorgvormen is",
    "declareert": "eigen: de onderaannemer declareert zelf; partner: de hoofdaannemer doet dat",
    "maand": "jaar en maand",
    "administratie_promille": "vergoeding van een contractpartner, in duizendsten",
    "termijnen": "in hoeveel gelijke delen het jaar wordt betaald: 1, 2, 4 of 12",
    "crisis": "de zorg begint voordat de toewijzing er is",
}
VOORBEELD: dict[str, Any] = {
    "agb": "42420001",
    "code": "45A04",
    "contract": "J1",
    "gemeente": "0664",
    "gemeenten": ["0664", "0687"],
    "maand": "2026-01",
    "zorgvorm": "jeugd_ambulant",
    "partij": "gemeente:0664",
    "waarde": "40100",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vormen:
    """The shapes of one kind of row.

    Attributes:
        rij: The columns.
        getoond: The columns, the key and the version.
        waarden: What is sent to put a row: the columns, those that a file may leave empty with that as default.
        lijst, historie: Of the rows, and of what happened to one.
        vraag: The filters of the list.
    """

    rij: type[BaseModel]
    getoond: type[BaseModel]
    waarden: type[BaseModel]
    lijst: type[BaseModel]
    historie: type[BaseModel]
    vraag: type[BaseModel]


class Gebeurd(Shape):
    """One moment in the life of a row: when, by whom, and under which number it is kept (`/regio/ladingen`)."""

    lading: str | None = PydanticField(description="null: van voor dit werd bijgehouden")
    op: datetime | None
    door: str | None


def vormen_van(soort: type[Rij]) -> Vormen:
    """The shapes of a kind of row."""
    naam = WOORDEN[soort][0].capitalize()
    doc = (soort.__doc__ or "").partition("\n")[0]
    hints = get_type_hints(soort)
    columns = {veld.name: (_type(veld.name, hints[veld.name]), _veld(veld.name)) for veld in fields(soort)}
    rij = _model(f"{naam}Rij", Shape, doc, columns)
    shown = {
        "sleutel": (str, PydanticField(description="onder welke naam deze rij een adres heeft")),
        "etag": (str, PydanticField(description="welke versie dit is; geef dit, tussen aanhalingstekens, als If-Match")),
    }
    getoond = _model(f"{naam}Shape", rij, doc, shown)
    gebeurd = _model(
        f"{naam}Gebeurtenis", Gebeurd, f"What happened to a {naam.lower()}.", {each: (rij | None, _veld(each)) for each in ("van", "naar")}
    )
    return Vormen(
        rij=rij,
        getoond=getoond,
        waarden=_model(f"{naam}Waarden", Shape, doc, _invoer(soort, hints)),
        lijst=_model(f"{naam}Lijst", Lijst[getoond], f"A page of rows of {soort.bestand}.", {}),  # type: ignore[valid-type] # made here
        historie=_model(f"{naam}Historie", Shape, "Oldest first.", {"items": (list[gebeurd], ...)}),  # type: ignore[valid-type] # made here
        vraag=_vraag(soort, naam, hints),
    )


def als_json(rij: Rij) -> dict[str, Any]:
    """The columns of a row as they go over the wire."""
    cells = celwaarden(rij)
    return {veld.name: _waarde(veld.name, getattr(rij, veld.name), cells[veld.name]) for veld in fields(rij)}


def als_cellen(waarden: Mapping[str, Any]) -> dict[str, str]:
    """Columns from over the wire as the cells of a file, so that one reader says what is wrong with either."""
    return {kolom: _cel(waarde) for kolom, waarde in waarden.items()}


def _model(naam: str, basis: type[BaseModel], doc: str, velden: Mapping[str, Any]) -> type[BaseModel]:
    return create_model(naam, __base__=basis, __doc__=doc, __module__=__name__, **velden)


def _invoer(soort: type[Rij], hints: Mapping[str, Any]) -> dict[str, Any]:
    """The columns to be sent; `sleutel` and `etag` may come back as they were given, and say nothing."""
    velden: dict[str, Any] = {
        veld.name: (_type(veld.name, hints[veld.name]), _veld(veld.name, **_standaard(veld))) for veld in fields(soort)
    }
    ignored = {each: (str | None, PydanticField(default=None, json_schema_extra={"readOnly": True})) for each in ("sleutel", "etag")}
    return velden | ignored


def _standaard(veld: Field[Any]) -> dict[str, Any]:
    return {} if veld.default is MISSING else {"default": veld.default}


def _vraag(soort: type[Rij], naam: str, hints: Mapping[str, Any]) -> type[BaseModel]:
    velden: dict[str, Any] = {
        kolom: (_type(kolom, hints[kolom]) | None, _veld(kolom, default=None, alias=to_camel(kolom))) for kolom in soort.sleutel
    }
    if soort is Contract:
        velden["aanbieder"] = (str | None, PydanticField(default=None, pattern=AGB_PATTERN, examples=["42420001"]))
        velden["domein"] = (hints["domein"] | None, PydanticField(default=None))
    if soort in PER_PERIODE:
        velden["op"] = (date | None, PydanticField(default=None, description="alleen wat op deze dag geldt"))
    velden["cursor"] = (
        str | None,
        PydanticField(default=None, description="`volgende` van de vorige bladzijde", max_length=CURSOR_MAX),
    )
    velden["limit"] = (int, PydanticField(default=200, description="hoeveel items een bladzijde heeft", ge=1, le=200))
    model = create_model(f"{naam}Vraag", __config__=ConfigDict(extra="forbid", populate_by_name=True), __module__=__name__, **velden)
    return model


def _type(kolom: str, hint: Any) -> Any:
    """How a column goes over the wire."""
    if kolom == "maand" or hint in (Fraction, Decimal):
        return str
    return list[str] if hint == tuple[str, ...] else hint


def _veld(kolom: str, **more: Any) -> Any:
    patterns = {"gemeente": GEMEENTE_PATTERN, "agb": AGB_PATTERN, "maand": MAAND_PATTERN}
    examples = [VOORBEELD[kolom]] if kolom in VOORBEELD else None
    return PydanticField(description=UITLEG.get(kolom), examples=examples, pattern=patterns.get(kolom), **more)


def _waarde(kolom: str, waarde: Any, cel: str) -> Any:
    if isinstance(waarde, Fraction | Decimal) or kolom == "maand":
        return as_maand(waarde) if kolom == "maand" else cel
    return list(waarde) if isinstance(waarde, tuple) else waarde


def _cel(waarde: Any) -> str:
    match waarde:
        case None:
            return ""
        case bool():
            return "ja" if waarde else "nee"
        case list():
            return " ".join(waarde)
        case date():
            return waarde.isoformat()
        case _:
            return str(waarde)
