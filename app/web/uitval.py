"""The pages of uitval by cause: the causes, one cause with its berichten and notes, and one bericht with the line that is wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.errors import DomainError, NietGevonden, OngeldigVerzoek
from app.domain.oorzaak import LENGTE_MAX, OorzaakSleutel, Uitvalsoort
from app.domain.partij import Rol
from app.judging import (
    NOTITIE_MAX,
    OPNIEUW_MAX,
    OPVOLGERS,
    Regeluitleg,
    alle_opnieuw,
    markeer_opgelost,
    schrijf_notitie,
    uitleg_van,
    wijs_toe,
)
from app.notices import stand_van_afkeuringen
from app.reports import (
    OORZAKEN_MAX,
    Oplosser,
    Stand,
    UitvalBericht,
    UitvalFilter,
    UitvalOorzaak,
    Volgorde,
    advies_van,
    betekenis_van,
    gesorteerd,
    list_geparkeerd,
    list_partijen,
    list_uitval,
    read_oorzaak,
    read_uitvalbericht,
)
from app.standard.catalogue import NUMMERS, soort
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.matching import plek_van
from app.web.pagina import HEADERS, PaginaRoute, query
from app.web.tabelbestand import Vorm, tabel_bestand
from app.web.termijnwoorden import TERMIJN_WOORDEN
from app.web.woorden import OPLOSSERS, UITVALSOORTEN, datum_kort, partij_woord

PERIODEN: dict[str, tuple[str, int | None]] = {
    "7": ("7 dagen", 7),
    "30": ("30 dagen", 30),
    "90": ("90 dagen", 90),
    "365": ("een jaar", 365),
    "alles": ("alles", None),
}
STANDEN = {"open": "Open", "opgelost": "Opgelost", "alle": "Beide"}
VOLGORDEN = {Volgorde.GELD: "Meeste geld", Volgorde.TERMIJN: "Eerste termijn", Volgorde.AANTAL: "Meeste keren"}
BERICHT_NR_MAX = 2**63 - 1

Uitvaller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.UITVAL))]
Naam = Annotated[str, Path(max_length=LENGTE_MAX)]
BerichtNr = Annotated[int, Path(ge=1, le=BERICHT_NR_MAX)]
Csrf = Annotated[str, Form(max_length=200)]
Tekst = Annotated[str, Form(max_length=4_000)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


class UitvalVraag(BaseModel):
    """The filter as it stands in the address; an empty field of the form is no filter."""

    model_config = ConfigDict(frozen=True)

    periode: Literal["7", "30", "90", "365", "alles"] = "30"
    wie: Oplosser | None = None
    stand: Literal["open", "opgelost", "alle"] = "open"
    soort: Uitvalsoort | None = None
    bericht: str | None = Field(default=None, pattern="^(" + "|".join(NUMMERS) + ")$")
    gemeente: str | None = Field(default=None, pattern="^[0-9]{4}$")
    afzender: str | None = Field(default=None, pattern="^(gemeente:[0-9]{4}|aanbieder:[0-9]{8})$")
    volgorde: Volgorde = Volgorde.GELD

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value not in ("", None)} if isinstance(data, dict) else data

    def as_filter(self, vandaag: date) -> UitvalFilter:
        """The question for `reports`."""
        dagen = PERIODEN[self.periode][1]
        return UitvalFilter(
            vanaf=None if dagen is None else vandaag - timedelta(days=dagen - 1),
            gemeente=self.gemeente,
            afzender=self.afzender,
            soort=self.soort,
            bericht=self.bericht,
        )

    def as_query(self) -> dict[str, Any]:
        """The filter for a link, without what is the default."""
        return self.model_dump(mode="json", exclude_defaults=True)


Vraag = Annotated[UitvalVraag, Query()]


@router.get("/uitval")
async def uitval(bezoeker: Uitvaller, vraag: Vraag) -> Response:
    """Uitval by cause: what was rejected or refused, and what waits for a person."""
    since = await stand_van_afkeuringen(bezoeker.wereld)
    found = await list_uitval(bezoeker.wereld, bezoeker.actor, vraag.as_filter(bezoeker.wereld.vandaag))
    partijen = await list_partijen(bezoeker.wereld, bezoeker.actor)
    shown = _van_stand(found.oorzaken, vraag)
    return bezoeker.pagina(
        "uitval.html",
        live_sinds=since,
        uitval=found,
        oorzaken=gesorteerd((each for each in shown if vraag.wie in (None, each.oplosser)), vraag.volgorde),
        alle=len(shown),
        per_oplosser={each: sum(cause.oplosser is each for cause in shown) for each in Oplosser},
        vraag=vraag,
        waarden=vraag.as_query(),
        perioden=PERIODEN,
        standen=STANDEN,
        volgorden=VOLGORDEN,
        soorten_keuze=[(each.value, woord) for each, woord in UITVALSOORTEN.items()],
        berichten_keuze=[(nummer, f"{nummer} {soort('ijw', nummer).naam}") for nummer in NUMMERS],
        gemeenten_keuze=[(partij.partition(":")[2], naam) for partij, naam in partijen if partij.startswith("gemeente:")],
        partijen_keuze=[(partij, partij_woord(partij, naam)) for partij, naam in partijen],
        oorzaken_max=OORZAKEN_MAX,
        uitvalsoorten=UITVALSOORTEN,
    )


def _van_stand(oorzaken: tuple[UitvalOorzaak, ...], vraag: UitvalVraag) -> list[UitvalOorzaak]:
    return [each for each in oorzaken if vraag.stand == "alle" or each.stand is Stand(vraag.stand)]


_KOP = (
    "oorzaak",
    "betekenis",
    "soort",
    "advies",
    "wie_lost_op",
    "aantal",
    "berichten",
    "bedrag",
    "eerst",
    "laatst",
    "eerste_termijn",
    "afzenders",
    "eerste_afzenders",
    "stand",
    "opgepakt_door",
)


@router.get("/uitval.{vorm}")
async def uitval_bestand(bezoeker: Uitvaller, vorm: Vorm, vraag: Vraag) -> Response:
    """The causes of the page as a file, in the same order."""
    found = await list_uitval(bezoeker.wereld, bezoeker.actor, vraag.as_filter(bezoeker.wereld.vandaag))
    causes = (each for each in _van_stand(found.oorzaken, vraag) if vraag.wie in (None, each.oplosser))
    return await tabel_bestand("uitval", vorm, _KOP, [_rij(each) for each in gesorteerd(causes, vraag.volgorde)])


def _rij(oorzaak: UitvalOorzaak) -> tuple[object, ...]:
    return (
        str(oorzaak.sleutel),
        oorzaak.betekenis,
        UITVALSOORTEN[oorzaak.sleutel.soort],
        oorzaak.advies,
        OPLOSSERS[oorzaak.oplosser],
        oorzaak.aantal,
        oorzaak.berichten,
        euro_cel(oorzaak.bedrag_cent),
        datum_kort(oorzaak.eerst),
        datum_kort(oorzaak.laatst),
        datum_kort(oorzaak.termijn) if oorzaak.termijn else None,
        oorzaak.afzenders,
        ", ".join(partij_woord(partij, naam) for partij, naam in oorzaak.top),
        STANDEN[oorzaak.stand.value],
        oorzaak.opvolging.toegewezen_aan if oorzaak.opvolging else None,
    )


@router.get("/uitval/{naam}")
async def oorzaak(
    bezoeker: Uitvaller, naam: Naam, vraag: Vraag, voor: Annotated[int | None, Query(ge=1, le=BERICHT_NR_MAX)] = None
) -> Response:
    """One cause: what to do, who does it, what people wrote, and its berichten."""
    return await _oorzaak(bezoeker, naam, vraag, voor=voor)


async def _oorzaak(
    bezoeker: Bezoeker,
    naam: str,
    vraag: UitvalVraag,
    *,
    voor: int | None = None,
    fout: DomainError | None = None,
    fout_bij: str = "",
    tekst: str = "",
    aan: str = "",
) -> Response:
    if fout is not None and fout.status in (403, 404):
        raise fout
    sleutel = _sleutel(naam)
    found = await read_oorzaak(bezoeker.wereld, bezoeker.actor, sleutel, vraag.as_filter(bezoeker.wereld.vandaag), voor=voor)
    response = bezoeker.pagina(
        "uitval_oorzaak.html",
        p=found,
        o=found.oorzaak,
        naam=naam,
        vraag=vraag,
        waarden=vraag.as_query(),
        voor=voor,
        fout=fout,
        fout_bij=fout_bij,
        tekst=tekst,
        aan=aan,
        mag_opvolgen=bezoeker.actor.heeft(*OPVOLGERS),
        mag_opnieuw=bezoeker.actor.heeft(Rol.UITVAL) and sleutel.soort is Uitvalsoort.GEPARKEERD,
        mag_herbeoordelen=bezoeker.actor.heeft(*rechten.HERBEOORDELEN) and found.oorzaak.oplosser is Oplosser.CONTRACTBEHEER,
        periode_woord=PERIODEN[vraag.periode][0],
        notitie_max=NOTITIE_MAX,
        uitvalsoorten=UITVALSOORTEN,
    )
    response.status_code = 200 if fout is None else fout.status
    return response


@router.post("/uitval/{naam}/notities")
async def notitie(bezoeker: Uitvaller, naam: Naam, vraag: Vraag, tekst: Tekst = "", csrf: Csrf = "") -> Response:
    """Add a note; what cannot be kept is said above the form, which stays filled."""
    bezoeker.check_csrf(csrf)
    sleutel = await _zichtbaar(bezoeker, naam)
    try:
        await schrijf_notitie(bezoeker.wereld, bezoeker.actor, sleutel, tekst)
    except DomainError as error:
        return await _oorzaak(bezoeker, naam, vraag, fout=error, fout_bij="tekst", tekst=tekst)
    return _naar(f"/uitval/{naam}", vraag, "kop-notities")


@router.post("/uitval/{naam}/opvolging")
async def opvolging(
    bezoeker: Uitvaller,
    naam: Naam,
    vraag: Vraag,
    actie: Annotated[Literal["oppakken", "geven", "loslaten", "opgelost", "heropenen"], Form()],
    aan: Annotated[str, Form(max_length=100)] = "",
    csrf: Csrf = "",
) -> Response:
    """Take a cause up, give it to somebody, let it go, mark it as solved or open it again."""
    bezoeker.check_csrf(csrf)
    sleutel = await _zichtbaar(bezoeker, naam)
    wereld, actor = bezoeker.wereld, bezoeker.actor
    try:
        match actie:
            case "oppakken":
                await wijs_toe(wereld, actor, sleutel, actor.naam)
            case "geven":
                await wijs_toe(wereld, actor, sleutel, _ingevuld(aan))
            case "loslaten":
                await wijs_toe(wereld, actor, sleutel, None)
            case "opgelost" | "heropenen":
                await markeer_opgelost(wereld, actor, sleutel, opgelost=actie == "opgelost")
    except DomainError as error:
        return await _oorzaak(bezoeker, naam, vraag, fout=error, fout_bij="aan" if actie == "geven" else "", aan=aan)
    return _naar(f"/uitval/{naam}", vraag, "kop-opvolging")


def _ingevuld(naam: str) -> str:
    """Raises: OngeldigVerzoek: Nothing was filled in."""
    if not naam.strip():
        raise OngeldigVerzoek("Vul in aan wie u deze oorzaak geeft.")
    return naam.strip()


@router.get("/uitval/{naam}/opnieuw")
async def bekijk_opnieuw(bezoeker: Uitvaller, naam: Naam, vraag: Vraag) -> Response:
    """Which parked berichten would be judged again; nothing happens yet."""
    if not bezoeker.actor.heeft(Rol.UITVAL):
        raise NietGevonden("Alleen wie uitval behandelt kan berichten opnieuw laten beoordelen.")
    vraag_ = vraag.as_filter(bezoeker.wereld.vandaag)
    nrs = await list_geparkeerd(bezoeker.wereld, bezoeker.actor, _sleutel(naam), vraag_, OPNIEUW_MAX)
    found = await read_oorzaak(bezoeker.wereld, bezoeker.actor, _sleutel(naam), vraag_)
    return bezoeker.pagina("uitval_opnieuw.html", p=found, o=found.oorzaak, naam=naam, nrs=nrs, vraag=vraag, waarden=vraag.as_query())


@router.post("/uitval/{naam}/opnieuw")
async def doe_opnieuw(
    bezoeker: Uitvaller, naam: Naam, vraag: Vraag, nrs: Annotated[str, Form(max_length=OPNIEUW_MAX * 20)] = "", csrf: Csrf = ""
) -> Response:
    """Judge those again that were shown."""
    bezoeker.check_csrf(csrf)
    _sleutel(naam)
    done = await alle_opnieuw(bezoeker.wereld, bezoeker.actor, _nummers(nrs))
    return bezoeker.pagina("uitval_opnieuw_klaar.html", aantal=done, waarden=vraag.as_query())


def _nummers(tekst: str) -> list[int]:
    """Raises: OngeldigVerzoek: Something in it is no number of a bericht."""
    parts = tekst.split()
    if not all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in parts):
        raise OngeldigVerzoek("Ga terug, ververs de pagina en probeer het opnieuw.")
    return [int(part) for part in parts]


@router.get("/uitval/{naam}/{bericht_nr:int}")
async def bericht(
    bezoeker: Uitvaller, naam: Naam, bericht_nr: BerichtNr, vraag: Vraag, bevinding: Annotated[int | None, Query(ge=1, le=10**9)] = None
) -> Response:
    """One bericht of a cause: the line that is wrong, what was allocated and agreed, the answer, and the way to the next."""
    sleutel = _sleutel(naam)
    filter_ = vraag.as_filter(bezoeker.wereld.vandaag)
    found = await read_uitvalbericht(bezoeker.wereld, bezoeker.actor, sleutel, filter_, bericht_nr, bevinding)
    uitleg = await _uitleg(bezoeker, found)
    return bezoeker.pagina(
        "uitval_bericht.html",
        u=found,
        p=found.pagina,
        item=found.pagina.bericht,
        betekenis_=betekenis_van(sleutel, found.pagina.bericht.park_reden or ""),
        oplosser=advies_van(sleutel)[0],
        advies=advies_van(sleutel)[1],
        r=uitleg,
        mag_geld=bezoeker.actor.heeft(*rechten.GELD),
        naam=naam,
        vraag=vraag,
        waarden=vraag.as_query(),
        mag_opnieuw=bezoeker.actor.heeft(Rol.UITVAL) and found.pagina.bericht.status == "geparkeerd",
        herbeoordelen=_herbeoordelen(bezoeker, uitleg) if advies_van(sleutel)[0] is Oplosser.CONTRACTBEHEER else None,
        **TERMIJN_WOORDEN,
    )


async def _uitleg(bezoeker: Bezoeker, found: UitvalBericht) -> Regeluitleg | None:
    """How the chosen line matches; None when it is no line of a declaratie, or can no longer be read."""
    item = found.pagina.bericht
    plek = None if found.gekozen is None else plek_van(found.gekozen.pad)
    if plek is None or item.soort != "323" or item.richting != "in":
        return None
    try:
        return await uitleg_van(bezoeker.wereld, bezoeker.actor, item.bericht_nr, plek["prestatie"], client=plek["client"])
    except NietGevonden:
        return None


def _herbeoordelen(bezoeker: Bezoeker, uitleg: Regeluitleg | None) -> str | None:
    """The form to judge again, filled with the contract of the line and its period."""
    if uitleg is None or uitleg.uitleg.contract is None or not bezoeker.actor.heeft(*rechten.HERBEOORDELEN):
        return None
    periode = uitleg.prestatie.product_periode
    values = {"contract": uitleg.uitleg.contract, "van": periode.begindatum, "tot": periode.einddatum}
    return f"/herbeoordelen{query({'reden': 'Uitval: contract of tarief aangepast', **values})}"


def _sleutel(naam: str) -> OorzaakSleutel:
    """Raises: NietGevonden: It is no name of a cause."""
    found = OorzaakSleutel.lees(naam)
    if found is None:
        raise NietGevonden("Deze oorzaak bestaat niet.")
    return found


async def _zichtbaar(bezoeker: Bezoeker, naam: str) -> OorzaakSleutel:
    """The cause, which this person sees.

    Raises:
        NietGevonden: It is none, or nothing that the person sees has it.
    """
    sleutel = _sleutel(naam)
    await read_oorzaak(bezoeker.wereld, bezoeker.actor, sleutel, UitvalFilter(), limit=1)
    return sleutel


def _naar(pad: str, vraag: UitvalVraag, plek: str) -> Response:
    return RedirectResponse(f"{pad}{query(vraag.as_query())}#{plek}", status_code=303, headers=HEADERS)
