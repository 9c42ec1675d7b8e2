"""The pages of the access team: its toewijzingen, and issuing one step by step; every step is saved, and nothing is sent before it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.composing import (
    STATUSSEN,
    VELDEN,
    NietVerzendbaar,
    Opstelling,
    Stap,
    ToewijzingFilter,
    Veldfout,
    begin_concept,
    bekijk_concept,
    bewaar_stap,
    gemeenten_van,
    heropen_concept,
    lijst_concepten,
    lijst_toewijzingen,
    lijst_vastgelopen,
    omvang_zin,
    toon_mogelijkheden,
    toon_toewijzing,
    verstuur_concept,
    verwijder_concept,
    zoek_client,
)
from app.composing import (
    Nummer as Toewijzingsleutel,
)
from app.domain.errors import DomainError, NietGevonden, OngeldigVerzoek
from app.domain.prognose import Sein
from app.intake import Geweigerd
from app.reports import PLAFONDS_MAX, PlafondVraag, list_partijen, read_plafonds
from app.standard import codelists
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute
from app.web.wijzigen import ACTIE_WOORDEN
from app.web.woorden import aanbieders_van, procent

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.TOEGANG))]
Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Csrf = Annotated[str, Form(max_length=200)]
Cursor = Annotated[str | None, Query(max_length=100)]

STATUS_WOORDEN: dict[str, tuple[str, str]] = {
    "verstuurd": ("Klaar voor de aanbieder", "rustig"),
    "opgehaald": ("Opgehaald, nog geen antwoord", "rustig"),
    "aanvaard": ("Aanvaard door de aanbieder", "goed"),
    "gestart": ("Zorg gestart", "goed"),
    "gestopt": ("Zorg gestopt", "rustig"),
    "afgelopen": ("Afgelopen", "rustig"),
    "geweigerd": ("Geweigerd door de aanbieder", "fout"),
    "ingetrokken": ("Ingetrokken", "rustig"),
}
"""Word and tone of each status; in the order of `STATUSSEN`."""
STAP_NAMEN = {
    Stap.CLIENT: "Cliënt",
    Stap.PERSOON: "Persoonsgegevens",
    Stap.ZORG: "Periode en aanbieder",
    Stap.OMVANG: "Product en omvang",
    Stap.CONTROLE: "Nakijken en versturen",
}
VASTGELOPEN = {
    "ontvangen": "Wordt beoordeeld",
    "afgekeurd": "Afgekeurd: niet verstuurd",
    "geparkeerd": "Geparkeerd: kon niet worden beoordeeld",
    "geweigerd": "Geweigerd aan de deur",
    "vastgehouden": "Vastgehouden",
}


class ToegangVraag(BaseModel):
    """The filter as it stands in the address; an empty field of the form is no filter."""

    model_config = ConfigDict(frozen=True)

    gemeente: str | None = Field(default=None, pattern="^[0-9]{4}$")
    domein: Literal["ijw", "iwmo"] | None = None
    status: Literal[STATUSSEN] | None = None  # type: ignore[valid-type]
    agb: str | None = Field(default=None, pattern="^[0-9]{8}$")
    nummer: int | None = Field(default=None, ge=0, le=999_999_999)
    na: str | None = Field(default=None, max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value not in ("", None)} if isinstance(data, dict) else data

    def as_query(self) -> dict[str, Any]:
        """The filter for a link."""
        return self.model_dump(mode="json", exclude_none=True, exclude={"na"})


@router.get("/toegang")
async def overzicht(bezoeker: Lezer, vraag: Annotated[ToegangVraag, Query()]) -> Response:
    """Drafts, what got stuck, and the toewijzingen of my gemeenten."""
    return await _overzicht(bezoeker, vraag)


@router.post("/toegang/zoek")
async def zoek(bezoeker: Lezer, bsn: Annotated[str, Form(max_length=40)] = "", csrf: Csrf = "") -> Response:
    """Find a client by Bsn: in the body of a form, never in an address."""
    bezoeker.check_csrf(csrf)
    try:
        client_id = await zoek_client(bezoeker.wereld, bezoeker.actor, bsn)
    except DomainError as error:
        return await _overzicht(bezoeker, ToegangVraag(), zoekfout=error)
    return _naar(f"/toegang/clienten/{client_id}")


@router.get("/toegang/clienten/{client_id}")
async def client(bezoeker: Lezer, client_id: Nummer, na: Cursor = None) -> Response:
    """Every toewijzing of a client under my gemeenten."""
    lijst = await lijst_toewijzingen(bezoeker.wereld, bezoeker.actor, ToewijzingFilter(client_id=client_id), na)
    if not lijst.items:
        raise NietGevonden("Deze cliënt bestaat niet, of niet voor u.")
    return bezoeker.pagina("toegang_client.html", lijst=lijst, client_id=client_id, toewijzingstatussen=STATUS_WOORDEN)


@router.get("/toegang/toewijzingen/{domein}/{gemeente}/{nummer}")
async def toewijzing(
    bezoeker: Lezer,
    domein: Literal["ijw", "iwmo"],
    gemeente: Annotated[str, Path(pattern="^[0-9]{4}$")],
    nummer: Annotated[int, Path(ge=0, le=999_999_999)],
) -> Response:
    """One toewijzing with what followed."""
    beeld = await toon_toewijzing(bezoeker.wereld, bezoeker.actor, domein, gemeente, nummer)
    sleutel = Toewijzingsleutel(domein=domein, gemeente=gemeente, nummer=nummer)
    # Of one that the aanbieder refused no version counts: there is nothing to change.
    kan = None if beeld.regel.status == "geweigerd" else await toon_mogelijkheden(bezoeker.wereld, bezoeker.actor, sleutel)
    return bezoeker.pagina(
        "toegang_toewijzing.html",
        beeld=beeld,
        kan=kan,
        actie_woorden=ACTIE_WOORDEN,
        toewijzingstatussen=STATUS_WOORDEN,
        omvang_zin=omvang_zin,
    )


@router.get("/toegang/nieuw")
async def nieuw(bezoeker: Lezer) -> Response:
    """The first step, before there is a draft."""
    return await _eerste(bezoeker, {}, ())


@router.post("/toegang/nieuw")
async def begin(request: Request, bezoeker: Lezer) -> Response:
    """Keep a draft and go on; what is wrong is shown beside the fields."""
    antwoorden = await _form(request, bezoeker)
    try:
        nr = await begin_concept(bezoeker.wereld, bezoeker.actor, antwoorden)
    except OngeldigVerzoek as error:
        return await _eerste(bezoeker, antwoorden, (Veldfout(veld="gemeente", melding=error.melding),))
    return await _verder(bezoeker, nr, Stap.CLIENT)


@router.get("/toegang/concepten/{nr}")
async def open_concept(bezoeker: Lezer, nr: Nummer) -> Response:
    """Where one left off: the first step that is not right yet."""
    concept, opstelling = await bekijk_concept(bezoeker.wereld, bezoeker.actor, nr)
    return _naar(f"/toegang/concepten/{nr}/{'verstuurd' if concept.bericht_nr else opstelling.open_stap.value}")


@router.get("/toegang/concepten/{nr}/verstuurd")
async def verstuurd(bezoeker: Lezer, nr: Nummer) -> Response:
    """What was sent, and where to follow it."""
    concept, opstelling = await bekijk_concept(bezoeker.wereld, bezoeker.actor, nr)
    if concept.bericht_nr is None:
        return _naar(f"/toegang/concepten/{nr}")
    return bezoeker.pagina("toegang_verstuurd.html", concept=concept, o=opstelling)


@router.post("/toegang/concepten/{nr}/versturen")
async def verstuur(bezoeker: Lezer, nr: Nummer, csrf: Csrf = "") -> Response:
    """Send it; when it cannot be, the page of the check says why."""
    bezoeker.check_csrf(csrf)
    try:
        await verstuur_concept(bezoeker.wereld, bezoeker.actor, nr)
    except (NietVerzendbaar, Geweigerd) as error:
        return await _controle(bezoeker, nr, fout=error)
    return _naar(f"/toegang/concepten/{nr}/verstuurd")


@router.post("/toegang/concepten/{nr}/verwijderen")
async def verwijder(bezoeker: Lezer, nr: Nummer, csrf: Csrf = "") -> Response:
    """Delete a draft."""
    bezoeker.check_csrf(csrf)
    await verwijder_concept(bezoeker.wereld, bezoeker.actor, nr)
    return _naar("/toegang#kop-concepten")


@router.post("/toegang/concepten/{nr}/heropenen")
async def heropen(bezoeker: Lezer, nr: Nummer, csrf: Csrf = "") -> Response:
    """A new draft of one that was stopped."""
    bezoeker.check_csrf(csrf)
    return _naar(f"/toegang/concepten/{await heropen_concept(bezoeker.wereld, bezoeker.actor, nr)}/controle")


@router.get("/toegang/concepten/{nr}/{stap}")
async def toon_stap(bezoeker: Lezer, nr: Nummer, stap: Stap, fouten: bool = False) -> Response:
    """A step of a draft; with `fouten` what is wrong is shown at once."""
    if stap is Stap.CONTROLE:
        return await _controle(bezoeker, nr)
    return await _stap(bezoeker, nr, stap, met_fouten=fouten)


@router.post("/toegang/concepten/{nr}/{stap}")
async def bewaar(request: Request, bezoeker: Lezer, nr: Nummer, stap: Stap) -> Response:
    """Save a step and go on, or stay when something is wrong."""
    antwoorden = await _form(request, bezoeker)
    await bewaar_stap(bezoeker.wereld, bezoeker.actor, nr, stap, _with_unchecked(stap, antwoorden))
    if "later" in antwoorden:
        return _naar("/toegang#kop-concepten")
    if "zoek" in antwoorden:
        return await _stap(bezoeker, nr, stap, met_fouten=False, zoek=antwoorden.get("zoek_aanbieder", ""))
    return await _verder(bezoeker, nr, stap)


async def _overzicht(bezoeker: Bezoeker, vraag: ToegangVraag, *, zoekfout: DomainError | None = None) -> Response:
    wereld, actor = bezoeker.wereld, bezoeker.actor
    filters = ToewijzingFilter(**vraag.model_dump(exclude={"na"}))
    gemeenten = await gemeenten_van(wereld, actor)
    partijen = await list_partijen(wereld, actor)
    response = bezoeker.pagina(
        "toegang.html",
        lijst=await lijst_toewijzingen(wereld, actor, filters, vraag.na),
        concepten=await lijst_concepten(wereld, actor),
        vastgelopen=await lijst_vastgelopen(wereld, actor),
        gemeenten=gemeenten,
        aanbieders=aanbieders_van(partijen),
        vraag=vraag,
        waarden=vraag.as_query(),
        toewijzingstatussen=STATUS_WOORDEN,
        vastgelopen_woorden=VASTGELOPEN,
        stap_namen=STAP_NAMEN,
        stand_van=wereld.nu,
        zoekfout=zoekfout,
    )
    response.status_code = 200 if zoekfout is None else zoekfout.status
    return response


async def _eerste(bezoeker: Bezoeker, antwoorden: Mapping[str, str], fouten: tuple[Veldfout, ...]) -> Response:
    gemeenten = await gemeenten_van(bezoeker.wereld, bezoeker.actor)
    if len(gemeenten) == 1:
        antwoorden = {"gemeente": next(iter(gemeenten)), **antwoorden}
    return _formulier(bezoeker, Stap.CLIENT, None, Opstelling(antwoorden=antwoorden), fouten, gemeenten=gemeenten)


async def _verder(bezoeker: Bezoeker, nr: int, stap: Stap) -> Response:
    """To the next step when this one is right, else the same step with what is wrong."""
    _, opstelling = await bekijk_concept(bezoeker.wereld, bezoeker.actor, nr)
    if opstelling.fouten.get(stap):
        return await _stap(bezoeker, nr, stap, met_fouten=True)
    steps = list(Stap)
    following = steps[min(steps.index(stap) + 1, len(steps) - 1)]
    return _naar(f"/toegang/concepten/{nr}/{following.value}")


async def _stap(bezoeker: Bezoeker, nr: int, stap: Stap, *, met_fouten: bool, zoek: str = "") -> Response:
    concept, opstelling = await bekijk_concept(bezoeker.wereld, bezoeker.actor, nr)
    if concept.bericht_nr is not None:
        return _naar(f"/toegang/concepten/{nr}/verstuurd")
    if stap is not Stap.CLIENT and opstelling.fouten.get(Stap.CLIENT):
        return _naar(f"/toegang/concepten/{nr}/client?fouten=1")
    if stap is Stap.OMVANG and opstelling.fouten.get(Stap.ZORG):
        return _naar(f"/toegang/concepten/{nr}/zorg?fouten=1")
    fouten = opstelling.fouten.get(stap, ()) if met_fouten else ()
    gemeenten = await gemeenten_van(bezoeker.wereld, bezoeker.actor)
    return _formulier(bezoeker, stap, nr, opstelling, fouten, gemeenten=gemeenten, zoek=zoek)


def _formulier(
    bezoeker: Bezoeker,
    stap: Stap,
    nr: int | None,
    opstelling: Opstelling,
    fouten: tuple[Veldfout, ...],
    *,
    gemeenten: Mapping[str, str],
    zoek: str = "",
) -> Response:
    own = VELDEN[stap]
    response = bezoeker.pagina(
        "toegang_stap.html",
        stap=stap,
        stappen=STAP_NAMEN,
        concept_nr=nr,
        o=opstelling,
        waarden=opstelling.antwoorden,
        fouten=fouten,
        fout_bij={each.veld: each.melding for each in fouten},
        # A fault of another step that this one brings out: the summary leads there.
        elders={each.veld: _stap_van(each.veld) for each in fouten if each.veld not in own},
        gemeenten=gemeenten,
        aanbieders=_gezocht(opstelling.aanbieders, zoek, opstelling.antwoorden.get("agb", "")),
        zoek=zoek,
        geslachten=_codes(opstelling, "Geslacht"),
        naamgebruik=[item for item in _codes(opstelling, "NaamGebruik") if item[0] in "1234"],
        relaties=_codes(opstelling, "SoortRelatie"),
    )
    response.status_code = 422 if fouten else 200
    return response


async def _controle(bezoeker: Bezoeker, nr: int, *, fout: DomainError | None = None) -> Response:
    concept, opstelling = await bekijk_concept(bezoeker.wereld, bezoeker.actor, nr, controleren=True)
    if concept.bericht_nr is not None:
        return _naar(f"/toegang/concepten/{nr}/verstuurd")
    if opstelling.open_stap is not Stap.CONTROLE:
        return _naar(f"/toegang/concepten/{nr}/{opstelling.open_stap.value}?fouten=1")
    gemeenten = await gemeenten_van(bezoeker.wereld, bezoeker.actor)
    response = bezoeker.pagina(
        "toegang_controle.html",
        stap=Stap.CONTROLE,
        stappen=STAP_NAMEN,
        concept_nr=nr,
        o=opstelling,
        plafonds=await _plafonds(bezoeker, opstelling),
        gemeenten=gemeenten,
        geslachten=dict(_codes(opstelling, "Geslacht")),
        relaties=dict(_codes(opstelling, "SoortRelatie")),
        xml="" if opstelling.xml is None else opstelling.xml.decode().replace("><", ">\n<"),
        fout=fout,
    )
    response.status_code = 200 if fout is None else fout.status
    return response


async def _plafonds(bezoeker: Bezoeker, opstelling: Opstelling) -> list[str]:
    """How far the ceilings of the contracts of this product are used, of those from 80% on."""
    if opstelling.regel is None or not opstelling.contracten:
        return []
    vraag = PlafondVraag(jaar=opstelling.regel.ingangsdatum.year)
    found = await read_plafonds(bezoeker.wereld, bezoeker.actor, vraag, limit=PLAFONDS_MAX)
    return [
        f"Van het plafond van contract {each.rij.contract}"
        f"{f' voor {each.rij.zorgvorm_naam}' if each.rij.zorgvorm else ''} is {procent(each.stand.promille)} toegekend."
        for each in found.items
        if each.rij.contract in opstelling.contracten and each.rij.zorgvorm in ("", opstelling.zorgvorm) and each.sein is not Sein.GEEN
    ]


async def _form(request: Request, bezoeker: Bezoeker) -> dict[str, str]:
    """The fields of a form of ours.

    Raises:
        NietToegestaan: It is not of this session.
    """
    form = await request.form(max_files=0, max_fields=60)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    bezoeker.check_csrf(fields.pop("csrf", ""))
    return fields


def _with_unchecked(stap: Stap, antwoorden: Mapping[str, str]) -> dict[str, str]:
    """The answers, with nothing for a choice that was not made: a browser leaves it out."""
    return {**dict.fromkeys(VELDEN.get(stap, ()), ""), **antwoorden}


def _gezocht(aanbieders: Mapping[str, str], zoek: str, gekozen: str) -> list[tuple[str, str]]:
    """The aanbieders whose name or AGB-code holds what is looked for, and the chosen one."""
    wanted = zoek.strip().casefold()
    return [(agb, naam) for agb, naam in aanbieders.items() if agb == gekozen or wanted in naam.casefold() or wanted in agb]


def _codes(opstelling: Opstelling, lijst: str) -> list[tuple[str, str]]:
    domein = opstelling.wie.domein if opstelling.wie else "ijw"
    return [(row.code, row.betekenis) for row in codelists.rows(domein, lijst)]


def _stap_van(veld: str) -> Stap:
    return next(stap for stap, names in VELDEN.items() if veld in names)


def _naar(pad: str) -> Response:
    return RedirectResponse(pad, status_code=303, headers=HEADERS)
