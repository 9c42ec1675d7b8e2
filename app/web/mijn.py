"""The pages of an aanbieder without software: its toewijzingen, and reporting that care started or stopped. Nothing is sent before it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.composing import (
    MERKEN,
    STANDEN,
    EigenBeeld,
    EigenKeuze,
    MeldingOngeldig,
    Meldsoort,
    Meldvoorstel,
    Meldzegel,
    Nummer,
    bekijk_melding,
    eigen_gemeente_namen,
    lijst_eigen_toewijzingen,
    omvang_zin,
    stopredenen,
    tel_eigen_werk,
    toon_eigen_toewijzing,
    verstuur_melding,
    zoek_eigen_client,
)
from app.domain.errors import DomainError, NietGevonden
from app.intake import Geweigerd
from app.mailbox import toon_bericht, wacht_op_oordeel
from app.standard import codelists
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute

WACHT_S = 4.0
STAND_WOORDEN: dict[str, tuple[str, str]] = {
    "nieuw": ("Nieuw", "let-op"),
    "gewijzigd": ("Gewijzigd", "let-op"),
    "niet_gestart": ("Nog niet gestart", "let-op"),
    "loopt": ("Loopt", "goed"),
    "onderbroken": ("Tijdelijk gestopt", "rustig"),
    "afgelopen": ("Afgelopen, stop nog niet gemeld", "let-op"),
    "gestopt": ("Gestopt", "rustig"),
    "komt": ("Gaat nog in", "rustig"),
    "verlopen": ("Afgelopen zonder start", "rustig"),
    "ingetrokken": ("Ingetrokken", "rustig"),
}
"""Word and tone of each mark and of where delivery stands, in the order of the filter."""
MELD_WOORDEN = {
    Meldsoort.START: "Start melden",
    Meldsoort.STOP: "Stop melden",
    Meldsoort.START_TERUG: "Start intrekken",
    Meldsoort.STOP_TERUG: "Stop intrekken",
}

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.AANBIEDER))]
Tekst = Annotated[str, Form(max_length=200)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
PAD = "/mijn/toewijzingen/{domein}/{gemeente}/{nummer}"


class MijnVraag(BaseModel):
    """The filter as it stands in the address; an empty field of the form is no filter."""

    model_config = ConfigDict(frozen=True)

    gemeente: str | None = Field(default=None, pattern="^[0-9]{4}$")
    domein: Literal["ijw", "iwmo"] | None = None
    stand: Literal[MERKEN + STANDEN] | None = None  # type: ignore[valid-type]
    nummer: int | None = Field(default=None, ge=0, le=999_999_999)
    na: str | None = Field(default=None, max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value not in ("", None)} if isinstance(data, dict) else data

    def as_query(self) -> dict[str, Any]:
        """The filter for a link."""
        return self.model_dump(mode="json", exclude_none=True, exclude={"na"})


def _nummer(
    domein: Literal["ijw", "iwmo"],
    gemeente: Annotated[str, Path(pattern="^[0-9]{4}$")],
    nummer: Annotated[int, Path(ge=0, le=999_999_999)],
) -> Nummer:
    return Nummer(domein=domein, gemeente=gemeente, nummer=nummer)


def _antwoorden(begindatum: Tekst = "", einddatum: Tekst = "", reden: Tekst = "") -> dict[str, str]:
    return {"begindatum": begindatum, "einddatum": einddatum, "reden": reden}


Welke = Annotated[Nummer, Depends(_nummer)]
Ingevuld = Annotated[dict[str, str], Depends(_antwoorden)]


async def start_van_aanbieder(bezoeker: Bezoeker) -> Response:
    """The start page: what needs this aanbieder."""
    return bezoeker.pagina("mijn_start.html", werk=await tel_eigen_werk(bezoeker.wereld, bezoeker.actor))


@router.get("/mijn")
async def overzicht(bezoeker: Lezer, vraag: Annotated[MijnVraag, Query()]) -> Response:
    """My toewijzingen, the last sent first."""
    return await _overzicht(bezoeker, vraag)


@router.post("/mijn/zoek")
async def zoek(bezoeker: Lezer, bsn: Annotated[str, Form(max_length=40)] = "", csrf: Tekst = "") -> Response:
    """Find a client by Bsn: in the body of a form, never in an address."""
    bezoeker.check_csrf(csrf)
    try:
        client_id = await zoek_eigen_client(bezoeker.wereld, bezoeker.actor, bsn)
    except DomainError as error:
        return await _overzicht(bezoeker, MijnVraag(), zoekfout=error)
    return _naar(f"/mijn/clienten/{client_id}")


@router.get("/mijn/clienten/{client_id}")
async def client(
    bezoeker: Lezer,
    client_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    na: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Every toewijzing of a client to me."""
    lijst = await lijst_eigen_toewijzingen(bezoeker.wereld, bezoeker.actor, EigenKeuze(client_id=client_id), na)
    if not lijst.items:
        raise NietGevonden("Deze cliënt bestaat niet, of u hebt er geen toewijzing van.")
    return bezoeker.pagina("mijn_client.html", lijst=lijst, client_id=client_id, standen=STAND_WOORDEN)


@router.get(PAD)
async def toewijzing(bezoeker: Lezer, welke: Welke, klaar: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None) -> Response:
    """One toewijzing with what followed and what can be reported; `klaar` is the bericht that was just sent."""
    beeld = await toon_eigen_toewijzing(bezoeker.wereld, bezoeker.actor, welke.domein, welke.gemeente, welke.nummer)
    sent = None if klaar is None else await toon_bericht(bezoeker.wereld, bezoeker.actor, klaar)
    return bezoeker.pagina("mijn_toewijzing.html", **_woorden(beeld), klaar=sent)


@router.get(f"{PAD}/{{soort}}")
async def formulier(bezoeker: Lezer, welke: Welke, soort: Meldsoort) -> Response:
    """The form of a report, or why it cannot be made."""
    beeld = await toon_eigen_toewijzing(bezoeker.wereld, bezoeker.actor, welke.domein, welke.gemeente, welke.nummer)
    return _formulier(bezoeker, Meldvoorstel(beeld=beeld, soort=soort), {})


@router.post(f"{PAD}/{{soort}}")
async def bekijk(bezoeker: Lezer, welke: Welke, soort: Meldsoort, antwoorden: Ingevuld, wijzig: Tekst = "", csrf: Tekst = "") -> Response:
    """What would be sent; what is wrong is said beside its field. With `wijzig` the form again, filled in."""
    bezoeker.check_csrf(csrf)
    if wijzig:
        beeld = await toon_eigen_toewijzing(bezoeker.wereld, bezoeker.actor, welke.domein, welke.gemeente, welke.nummer)
        return _formulier(bezoeker, Meldvoorstel(beeld=beeld, soort=soort), antwoorden)
    return _voorstel(bezoeker, await bekijk_melding(bezoeker.wereld, bezoeker.actor, welke, soort, antwoorden), antwoorden)


@router.post(f"{PAD}/{{soort}}/versturen")
async def verstuur(bezoeker: Lezer, welke: Welke, soort: Meldsoort, antwoorden: Ingevuld, zegel: Tekst = "", csrf: Tekst = "") -> Response:
    """Send it and show the toewijzing with the answer."""
    bezoeker.check_csrf(csrf)
    wereld, actor = bezoeker.wereld, bezoeker.actor
    seal = Meldzegel.van_tekst(zegel, wereld.vandaag)
    try:
        nr = await verstuur_melding(wereld, actor, welke, soort, antwoorden, seal)
    except MeldingOngeldig as error:
        return _voorstel(bezoeker, error.voorstel, antwoorden)
    except Geweigerd as error:
        return _voorstel(bezoeker, await bekijk_melding(wereld, actor, welke, soort, antwoorden, seal), antwoorden, fout=error)
    await wacht_op_oordeel(wereld, actor, nr, WACHT_S)
    return _naar(f"/mijn/toewijzingen/{welke.domein}/{welke.gemeente}/{welke.nummer}?klaar={nr}")


async def _overzicht(bezoeker: Bezoeker, vraag: MijnVraag, *, zoekfout: DomainError | None = None) -> Response:
    wereld, actor = bezoeker.wereld, bezoeker.actor
    keuze = EigenKeuze(domein=vraag.domein, gemeente=vraag.gemeente, nummer=vraag.nummer, stand=vraag.stand)
    response = bezoeker.pagina(
        "mijn.html",
        lijst=await lijst_eigen_toewijzingen(wereld, actor, keuze, vraag.na),
        gemeenten=await eigen_gemeente_namen(wereld, actor),
        vraag=vraag,
        waarden=vraag.as_query(),
        standen=STAND_WOORDEN,
        stand_van=wereld.nu,
        zoekfout=zoekfout,
    )
    response.status_code = 200 if zoekfout is None else zoekfout.status
    return response


def _woorden(beeld: EigenBeeld) -> dict[str, Any]:
    """What every page about one toewijzing shows."""
    versie = beeld.regel.versie
    return {
        "beeld": beeld,
        "r": beeld.regel,
        "v": versie,
        "pad": f"/mijn/toewijzingen/{versie.domein}/{versie.gemeente}/{versie.toewijzing_nummer}",
        "standen": STAND_WOORDEN,
        "meld_woorden": MELD_WOORDEN,
        "reden_woord": lambda code: codelists.meaning(versie.domein, "RedenBeeindiging", code) or code,
        "omvang_zin": omvang_zin,
    }


def _formulier(bezoeker: Bezoeker, voorstel: Meldvoorstel, waarden: Mapping[str, str], *, fout: DomainError | None = None) -> Response:
    beeld, soort = voorstel.beeld, voorstel.soort
    vandaag = bezoeker.wereld.vandaag
    response = bezoeker.pagina(
        "mijn_melden.html",
        **_woorden(beeld),
        soort=soort,
        optie=next(each for each in beeld.opties if each.soort is soort),
        waarden=waarden,
        fouten=voorstel.fouten,
        fout_bij={each.veld: each.melding for each in voorstel.fouten},
        redenen=stopredenen(beeld.regel.versie.domein, beeld.stand, vandaag),
        fout=fout,
    )
    response.status_code = 422 if voorstel.fouten or fout else 200
    return response


def _voorstel(bezoeker: Bezoeker, voorstel: Meldvoorstel, antwoorden: Mapping[str, str], *, fout: DomainError | None = None) -> Response:
    melding = voorstel.melding
    if not voorstel.verzendbaar or voorstel.xml is None or voorstel.zegel is None or melding is None:
        return _formulier(bezoeker, voorstel, antwoorden, fout=fout)
    response = bezoeker.pagina(
        "mijn_melding.html",
        **_woorden(voorstel.beeld),
        p=voorstel,
        soort=voorstel.soort,
        # As a field for days shows them again.
        antwoorden={
            "begindatum": melding.begindatum.isoformat(),
            "einddatum": "" if melding.einddatum is None else melding.einddatum.isoformat(),
            "reden": melding.reden or "",
        },
        xml=voorstel.xml.decode().replace("><", ">\n<"),
        fout=fout,
    )
    response.status_code = 200 if fout is None else 422
    return response


def _naar(pad: str) -> Response:
    return RedirectResponse(pad, status_code=303, headers=HEADERS)
