"""The pages of booking without a bericht: what the plans ask, an order with its preview, acts with their transfers, the second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.domain.errors import DomainError, OngeldigVerzoek
from app.domain.partij import aanbieder, gemeente
from app.ledger import (
    MAG,
    NODIG,
    Boeking,
    HandelingRegel,
    Opdracht,
    OpdrachtSoort,
    Rekening,
    Uitkomst,
    boek_opdracht,
    boekingen,
    keur_opdracht_goed,
    lijst_handelingen,
    maandlijst,
    toon_handeling,
    toon_keuzes,
    toon_opdracht,
    toon_wachtende,
    trek_opdracht_in,
)
from app.reports import list_partijen
from app.web import rechten
from app.web.afrekeningen import lees_euro
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.herkomst import REKENINGEN
from app.web.pagina import HEADERS, PaginaRoute, query
from app.web.tabelbestand import Vorm, tabel_bestand
from app.web.woorden import jjjj_mm

BEGIN = "/geld/boekingen"
MAAND = "^20[0-9]{2}-(0[1-9]|1[0-2])$"
PAGE_SIZE = 25
CSV_MAX = 200
REGELS_MAX = 1000
WOORDEN: Mapping[OpdrachtSoort, tuple[str, str]] = {
    OpdrachtSoort.TERMIJNEN: ("Termijnen", "Van lumpsums, subsidies en gegarandeerde budgetten, zoals de contracten zeggen."),
    OpdrachtSoort.VOORSCHOTTEN: ("Voorschotten", "Wat aanbieders volgens het plan vooruit krijgen."),
    OpdrachtSoort.BIJDRAGEN: ("Bijdragen", "Wat gemeenten volgens het plan aan de regio bijdragen."),
    OpdrachtSoort.ORGANISATIEKOSTEN: ("Organisatiekosten", "Wat de inkooporganisatie in een maand kost, verdeeld over de gemeenten."),
    OpdrachtSoort.PGB_VOORSCHOT: ("Voorschot aan de SVB", "Wat een gemeente de SVB voor pgb's vooruit betaalde."),
    OpdrachtSoort.PGB_BESTEDING: ("Besteding van pgb's", "Wat de SVB over een zorgmaand verantwoordt."),
    OpdrachtSoort.OUDERBIJDRAGE: ("Ouderbijdragen", "Wat is ontvangen; het verlaagt de kosten van de zorgvorm."),
    OpdrachtSoort.LOKAAL: ("Lokale kosten", "Wat een gemeente zelf betaalt, buiten de gezamenlijke pot."),
    OpdrachtSoort.WOONPLAATS: ("Woonplaats", "Kosten gaan over naar de gemeente waar de cliënt zijn woonplaats heeft."),
}
"""What each kind is called, and what it is."""
BOEKSOORTEN: Mapping[str, str] = {
    "lumpsum_termijn": "Termijn lumpsum",
    "subsidie_termijn": "Termijn subsidie",
    "garantie_termijn": "Termijn gegarandeerd budget",
    "voorschot": "Voorschotten",
    "bijdrage": "Bijdragen",
    "organisatiekosten": "Organisatiekosten",
    "pgb_voorschot": "Voorschot aan de SVB",
    "pgb_besteding": "Besteding van pgb's",
    "ouderbijdrage": "Ouderbijdragen",
    "lokaal": "Lokale kosten",
    "woonplaats": "Woonplaats",
    "verevening": "Verevening",
}
REKENINGWOORDEN = {**REKENINGEN, "kas": "Kas van de regio"}
STATUSSEN = {"geboekt": ("Geboekt", "goed"), "wacht": ("Wacht op tweede persoon", "let-op"), "ingetrokken": ("Ingetrokken", "rustig")}
"""Word and tone of each status."""
VELDEN = ("maand", "gemeente", "naar", "zorg", "maatstaf", "bedrag", "toewijzing_nummer", "reden")
"""What the form of an order can hold."""
CSV_KOP = (
    "nummer", "soort", "waarvoor", "status", "gemaakt_op", "gemaakt_door", "goedgekeurd_op", "goedgekeurd_door", "reden", "boekingen", "bedrag",
)  # fmt: skip

Controller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.BOEKEN))]
Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Csrf = Annotated[str, Form(max_length=200)]
Tekst = Annotated[str, Form(max_length=600)]
Soort = Annotated[OpdrachtSoort | Literal[""], Query()]
Maand = Annotated[str, Query(pattern=f"{MAAND}|^$")]
Door = Annotated[str, Query(max_length=100)]
Status = Annotated[Literal["", "geboekt", "wacht", "ingetrokken"], Query()]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get(BEGIN)
async def overzicht(
    bezoeker: Controller,
    soort: Soort = "",
    maand: Maand = "",
    door: Door = "",
    status: Status = "",
    voor: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    maatstaf: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """What the plans ask, what can be booked, and the acts."""
    gekozen = {"soort": soort, "maand": maand, "door": door, "status": status}
    found = await _acts(bezoeker, gekozen, voor=voor, limit=PAGE_SIZE + 1)
    return bezoeker.pagina(
        "boeken.html",
        routine=await maandlijst(bezoeker.wereld, bezoeker.actor, maatstaf=maatstaf),
        keuzes=await toon_keuzes(bezoeker.wereld, bezoeker.actor),
        handelingen=found[:PAGE_SIZE],
        volgende=found[PAGE_SIZE - 1].nr if len(found) > PAGE_SIZE else None,
        gekozen=gekozen,
        **_WOORDEN,
    )


@router.get(f"{BEGIN}.{{vorm}}")
async def overzicht_bestand(
    bezoeker: Controller, vorm: Vorm, soort: Soort = "", maand: Maand = "", door: Door = "", status: Status = ""
) -> Response:
    """The acts as a file, the newest two hundred."""
    found = await _acts(bezoeker, {"soort": soort, "maand": maand, "door": door, "status": status}, voor=None, limit=CSV_MAX)
    return await tabel_bestand("boekingen-zonder-bericht", vorm, CSV_KOP, (_csv_rij(each) for each in found))


@router.get(f"{BEGIN}/nieuw")
async def nieuw(bezoeker: Controller, soort: Annotated[OpdrachtSoort, Query()]) -> Response:
    """The form of one kind."""
    return await _formulier(bezoeker, soort, {"maand": jjjj_mm(bezoeker.wereld.vandaag)})


@router.post(f"{BEGIN}/voorbeeld")
async def voorbeeld(request: Request, bezoeker: Controller, soort: Annotated[OpdrachtSoort, Form()], csrf: Csrf = "") -> Response:
    """What an order would book; nothing stays of it."""
    bezoeker.check_csrf(csrf)
    ingevuld = await _ingevuld(request)
    try:
        opdracht = _opdracht(soort, ingevuld)
        found = await toon_opdracht(bezoeker.wereld, bezoeker.actor, opdracht)
    except DomainError as error:
        return await _formulier(bezoeker, soort, ingevuld, fout=error)
    return await _toon_voorbeeld(bezoeker, soort, ingevuld, found)


@router.post(BEGIN)
async def boek(
    request: Request, bezoeker: Controller, soort: Annotated[OpdrachtSoort, Form()], gezien: Tekst = "", reden: Tekst = "", csrf: Csrf = ""
) -> Response:
    """Book what was shown; what cannot be is said above the preview."""
    bezoeker.check_csrf(csrf)
    ingevuld = await _ingevuld(request)
    try:
        opdracht = _opdracht(soort, ingevuld)
        made = await boek_opdracht(bezoeker.wereld, bezoeker.actor, opdracht, reden=reden, gezien=gezien)
    except DomainError as error:
        return await _formulier(bezoeker, soort, ingevuld, fout=error)
    return _naar(f"{BEGIN}/{made.stukken[0].nr}" if len(made.stukken) == 1 else BEGIN)


@router.get(f"{BEGIN}/{{nr}}")
async def toon(bezoeker: Controller, nr: Nummer) -> Response:
    """One act with its transfers, or what it would book."""
    return await _toon(bezoeker, nr)


@router.post(f"{BEGIN}/{{nr}}/goedkeuren")
async def keur_goed(bezoeker: Controller, nr: Nummer, csrf: Csrf = "") -> Response:
    """Agree as a second person: it books."""
    bezoeker.check_csrf(csrf)
    try:
        await keur_opdracht_goed(bezoeker.wereld, bezoeker.actor, nr)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return _naar(f"{BEGIN}/{nr}")


@router.post(f"{BEGIN}/{{nr}}/intrekken")
async def trek_in(bezoeker: Controller, nr: Nummer, reden: Tekst = "", csrf: Csrf = "") -> Response:
    """Withdraw an act that waits."""
    bezoeker.check_csrf(csrf)
    try:
        await trek_opdracht_in(bezoeker.wereld, bezoeker.actor, nr, reden=reden)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return _naar(f"{BEGIN}/{nr}")


_WOORDEN: dict[str, Any] = {"woorden": WOORDEN, "boeksoorten": BOEKSOORTEN, "statussen": STATUSSEN}


async def _acts(bezoeker: Bezoeker, gekozen: Mapping[str, str], *, voor: int | None, limit: int) -> tuple[HandelingRegel, ...]:
    return await lijst_handelingen(
        bezoeker.wereld,
        bezoeker.actor,
        soort=OpdrachtSoort(gekozen["soort"]) if gekozen["soort"] else None,
        maand=_maand(gekozen["maand"]) if gekozen["maand"] else None,
        door=gekozen["door"].strip() or None,
        status=gekozen["status"] or None,
        voor=voor,
        limit=limit,
    )


async def _formulier(bezoeker: Bezoeker, soort: OpdrachtSoort, ingevuld: Mapping[str, str], *, fout: DomainError | None = None) -> Response:
    keuzes = await toon_keuzes(bezoeker.wereld, bezoeker.actor)
    if fout is not None and fout.status in (403, 404):
        raise fout
    velden = (*NODIG[soort], *MAG.get(soort, ()))
    response = bezoeker.pagina(
        "boeken_nieuw.html",
        soort=soort,
        velden=velden,
        keuzes=keuzes,
        ingevuld={**dict.fromkeys(VELDEN, ""), **ingevuld},
        fout=fout,
        max_cent=bezoeker.wereld.vier_ogen_cent,
        **_WOORDEN,
    )
    response.status_code = 200 if fout is None else fout.status
    return response


async def _toon_voorbeeld(bezoeker: Bezoeker, soort: OpdrachtSoort, ingevuld: Mapping[str, str], found: Uitkomst) -> Response:
    namen = await _namen(bezoeker)
    return bezoeker.pagina(
        "boeken_voorbeeld.html",
        soort=soort,
        ingevuld=ingevuld,
        uitkomst=found,
        regels=[_regel(each, namen) for stuk in found.stukken for each in stuk.boekingen],
        max_cent=bezoeker.wereld.vier_ogen_cent,
        **_WOORDEN,
    )


async def _toon(bezoeker: Bezoeker, nr: int, *, fout: DomainError | None = None) -> Response:
    if fout is not None and fout.status in (403, 404):
        raise fout
    handeling = await toon_handeling(bezoeker.wereld, bezoeker.actor, nr)
    gelijk, regels, namen = True, [], await _namen(bezoeker)
    if handeling.status == "wacht":
        stuk, gelijk = await toon_wachtende(bezoeker.wereld, bezoeker.actor, nr)
        regels = [_regel(each, namen) for each in stuk.boekingen]
    elif handeling.status == "geboekt":
        regels = [_regel_van(row, namen) for row in await boekingen(bezoeker.wereld, bezoeker.actor, nr, limit=REGELS_MAX)]
    response = bezoeker.pagina("boeken_handeling.html", h=handeling, regels=regels, gelijk=gelijk, fout=fout, **_WOORDEN)
    response.status_code = 200 if fout is None else fout.status
    return response


def _regel(boeking: Boeking, namen: Mapping[str, str]) -> dict[str, object]:
    """A transfer that is not in the books, for the table."""
    return {
        "soort": boeking.soort,
        "debet": _rekening(boeking.debet, namen),
        "credit": _rekening(boeking.credit, namen),
        "zorgvorm": boeking.zorgvorm,
        "zorgmaand": boeking.zorgmaand,
        "boekdatum": boeking.boekdatum,
        "bedrag_cent": boeking.bedrag_cent,
    }


def _regel_van(row: Mapping[str, object], namen: Mapping[str, str]) -> dict[str, object]:
    """A transfer of the books, likewise."""
    sides = {side: _rekening([str(row[f"{side}_{part}"]) for part in ("soort", "gemeente", "agb")], namen) for side in ("debet", "credit")}
    return {**{name: row[name] for name in ("soort", "zorgvorm", "zorgmaand", "boekdatum", "bedrag_cent")}, **sides}


async def _namen(bezoeker: Bezoeker) -> dict[str, str]:
    """The names of the parties of the region."""
    return dict(await list_partijen(bezoeker.wereld, bezoeker.actor))


def _rekening(rekening: Rekening | Sequence[str], namen: Mapping[str, str]) -> str:
    """An account in words: what it is, and whose."""
    soort, code, agb = rekening
    owner = [namen.get(partij, whose) for whose, partij in ((code, gemeente(code)), (agb, aanbieder(agb))) if whose]
    return ", ".join((REKENINGWOORDEN.get(soort, soort.replace("_", " ").capitalize()), *owner))


async def _ingevuld(request: Request) -> dict[str, str]:
    """What a form of an order was filled with."""
    form = await request.form()
    return {name: value.strip() for name in VELDEN if isinstance(value := form.get(name, ""), str) and value.strip()}


def _opdracht(soort: OpdrachtSoort, ingevuld: Mapping[str, str]) -> Opdracht:
    """The order that a form asks for.

    Raises:
        OngeldigVerzoek: A month, an amount or a number that is none.
    """
    domein, _, zorgvorm = ingevuld.get("zorg", "").partition(":")
    nummer = ingevuld.get("toewijzing_nummer", "")
    if nummer and not (nummer.isascii() and nummer.isdecimal() and len(nummer) <= 9):
        raise OngeldigVerzoek("Een toewijzingnummer bestaat uit ten hoogste negen cijfers.")
    return Opdracht(
        soort=soort,
        maand=_maand(ingevuld.get("maand", "")),
        gemeente=ingevuld.get("gemeente", ""),
        naar=ingevuld.get("naar", ""),
        domein=domein,
        zorgvorm=zorgvorm,
        maatstaf=ingevuld.get("maatstaf", ""),
        bedrag_cent=lees_euro(ingevuld["bedrag"]) if "bedrag" in ingevuld else None,
        toewijzing_nummer=int(nummer) if nummer else None,
    )


def _maand(tekst: str) -> date:
    try:
        return date.fromisoformat(f"{tekst}-01")
    except ValueError as error:
        raise OngeldigVerzoek("Vul een maand in als 2026-06.") from error


def _csv_rij(h: HandelingRegel) -> tuple[object, ...]:
    def instant(value: Any) -> str:
        return "" if value is None else value.isoformat(timespec="seconds")

    who = (instant(h.gemaakt_op), h.gemaakt_door, instant(h.goedgekeurd_op), h.goedgekeurd_door)
    return (h.nr, h.soort, h.sleutel, h.status, *who, h.reden, h.aantal, euro_cel(h.bedrag_cent))


def _naar(pad: str, **waarden: object) -> Response:
    return RedirectResponse(f"{pad}{query(waarden)}", status_code=303, headers=HEADERS)
