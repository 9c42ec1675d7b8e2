"""The pages of payments: what is owed per gemeente, runs and their lines, statements of the bank, and the lines that wait for a person."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from app.domain.errors import DomainError, OngeldigVerzoek
from app.domain.iban import masked
from app.domain.partij import Rol
from app.settlement import (
    BLOKKADE_ZIN,
    RegelStatus,
    RunStatus,
    Specificatieregel,
    Verrekening,
    exporteer_betaalrun,
    keur_betaalrun_goed,
    lees_afschrift,
    lijst_afschriften,
    lijst_bankregels,
    lijst_betaalruns,
    lijst_standen,
    los_bankregel_op,
    meld_geweigerd,
    stel_betalingen_voor,
    toon_betaalrun,
    toon_specificatie,
    trek_betaalrun_in,
)
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.controle import LEES_S_MAX, InMemory
from app.web.csvbestand import euro_cel
from app.web.pagina import HEADERS, PaginaRoute, content_length
from app.web.tabelbestand import Vorm, tabel_bestand

AFSCHRIFT_BYTES_MAX = 11_000_000
"""A statement of 10 MB with the form around it."""
SPECIFICATIE_MAX = 20_000
RUN_STATUSSEN = {
    RunStatus.CONCEPT: ("Voorstel", "let-op"),
    RunStatus.GOEDGEKEURD: ("Goedgekeurd", "let-op"),
    RunStatus.VERZONDEN: ("Bij de bank", "let-op"),
    RunStatus.AFGEROND: ("Afgerond", "goed"),
    RunStatus.INGETROKKEN: ("Ingetrokken", "rustig"),
}
REGEL_STATUSSEN = {
    RegelStatus.GEBLOKKEERD: ("Niet betaald", "fout"),
    RegelStatus.VOORGESTELD: ("Voorgesteld", "let-op"),
    RegelStatus.ONDERWEG: ("Onderweg", "let-op"),
    RegelStatus.VERREKEND: ("Verrekend", "goed"),
    RegelStatus.BETAALD: ("Betaald", "goed"),
    RegelStatus.TERUGGEKOMEN: ("Teruggekomen", "fout"),
    RegelStatus.INGETROKKEN: ("Ingetrokken", "rustig"),
}
"""Word and tone of each status."""

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.GELD))]
Controller = Annotated[Bezoeker, Depends(bezoeker_met(Rol.CONTROLLER))]
Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Regel = Annotated[int, Path(ge=1, le=2**31 - 1)]
Csrf = Annotated[str, Form(max_length=200)]
Tekst = Annotated[str, Form(max_length=600)]
Cursor = Annotated[str | None, Query(max_length=100)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/geld/betalingen")
async def overzicht(bezoeker: Lezer, na: Cursor = None, regels_na: Cursor = None) -> Response:
    """What is owed, the runs, and what waits for a person."""
    return await _overzicht(bezoeker, na=na, regels_na=regels_na)


@router.post("/geld/betalingen")
async def stel_voor(
    bezoeker: Controller,
    gemeente: Tekst = "",
    reden: Tekst = "",
    uitvoeren_op: Tekst = "",
    procent: Tekst = "100",
    csrf: Csrf = "",
) -> Response:
    """Propose a run and show it; what cannot be is said above the form, which stays filled."""
    bezoeker.check_csrf(csrf)
    ingevuld = {"gemeente": gemeente, "reden": reden, "uitvoeren_op": uitvoeren_op, "procent": procent}
    try:
        nr = await stel_betalingen_voor(
            bezoeker.wereld,
            bezoeker.actor,
            gemeente,
            verrekening=Verrekening(procent=_getal(procent)),
            reden=reden,
            uitvoeren_op=_dag(uitvoeren_op),
        )
    except DomainError as error:
        return await _overzicht(bezoeker, fout=error, ingevuld=ingevuld)
    return _naar(f"/geld/betalingen/{nr}")


@router.post("/geld/betalingen/afschriften")
async def lees(request: Request, bezoeker: Controller) -> Response:
    """Read a statement of the bank."""
    csrf, data = await _read_form(request)
    bezoeker.check_csrf(csrf)
    try:
        await lees_afschrift(bezoeker.wereld, bezoeker.actor, data)
    except DomainError as error:
        return await _overzicht(bezoeker, afschriftfout=error)
    return _naar("/geld/betalingen#kop-afschriften")


@router.post("/geld/betalingen/afschriften/{nr}/{volgnr}")
async def los_op(bezoeker: Controller, nr: Nummer, volgnr: Regel, reden: Tekst = "", opdracht: Tekst = "", csrf: Csrf = "") -> Response:
    """Say what a line of a statement was."""
    bezoeker.check_csrf(csrf)
    try:
        await los_bankregel_op(bezoeker.wereld, bezoeker.actor, nr, volgnr, reden=reden, end_to_end_id=opdracht.strip() or None)
    except DomainError as error:
        return await _overzicht(bezoeker, afschriftfout=error)
    return _naar("/geld/betalingen#kop-regels")


@router.get("/geld/betalingen/{nr}")
async def toon(bezoeker: Lezer, nr: Nummer) -> Response:
    """One run."""
    return await _toon(bezoeker, nr)


@router.post("/geld/betalingen/{nr}/goedkeuren")
async def keur_goed(bezoeker: Controller, nr: Nummer, ibans: Tekst = "", csrf: Csrf = "") -> Response:
    """Approve it as a second person."""
    bezoeker.check_csrf(csrf)
    try:
        await keur_betaalrun_goed(bezoeker.wereld, bezoeker.actor, nr, ibans_gecontroleerd=bool(ibans))
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return _naar(f"/geld/betalingen/{nr}")


@router.post("/geld/betalingen/{nr}/intrekken")
async def trek_in(bezoeker: Controller, nr: Nummer, reden: Tekst = "", csrf: Csrf = "") -> Response:
    """Withdraw it."""
    bezoeker.check_csrf(csrf)
    try:
        await trek_betaalrun_in(bezoeker.wereld, bezoeker.actor, nr, reden=reden)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return _naar(f"/geld/betalingen/{nr}")


@router.post("/geld/betalingen/{nr}/bestand")
async def bestand(bezoeker: Controller, nr: Nummer, csrf: Csrf = "") -> Response:
    """The file for the bank; a form, because the first time it changes where the run is."""
    bezoeker.check_csrf(csrf)
    try:
        found = await exporteer_betaalrun(bezoeker.wereld, bezoeker.actor, nr)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    headers = {"Content-Disposition": f'attachment; filename="{found.naam}"', "Cache-Control": "no-store"}
    return Response(found.inhoud, media_type="application/xml", headers=headers)


@router.post("/geld/betalingen/{nr}/{regel}/geweigerd")
async def geweigerd(bezoeker: Controller, nr: Nummer, regel: Regel, reden: Tekst = "", csrf: Csrf = "") -> Response:
    """The bank did not carry out an order."""
    bezoeker.check_csrf(csrf)
    try:
        await meld_geweigerd(bezoeker.wereld, bezoeker.actor, nr, regel, reden=reden)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return _naar(f"/geld/betalingen/{nr}")


@router.get("/geld/betalingen/{nr}/regels.{vorm}")
async def regels_bestand(bezoeker: Lezer, nr: Nummer, vorm: Vorm) -> Response:
    """The lines of a run as a file, as the page shows them: of an account only the end."""
    kop = (
        "agb",
        "aanbieder",
        "status",
        "niet_betaald_omdat",
        "posten",
        "openstaand",
        "verrekend",
        "te_betalen",
        "betaald",
        "rekening",
        "kenmerk",
    )
    rijen = (
        (each.agb, each.naam, REGEL_STATUSSEN[each.status][0], BLOKKADE_ZIN[each.blokkade] if each.blokkade else None, each.posten,
         *(euro_cel(cents) for cents in (each.open_cent, each.verrekend_cent, each.bedrag_cent, each.betaald_cent)),
         masked(each.iban) if each.iban else None, each.end_to_end_id)
        for each in (await toon_betaalrun(bezoeker.wereld, bezoeker.actor, nr)).regels
    )  # fmt: skip
    return await tabel_bestand(f"betaalrun-{nr}", vorm, kop, rijen)


@router.get("/geld/betalingen/{nr}/{regel}/specificatie.{vorm}")
async def specificatie_bestand(bezoeker: Lezer, nr: Nummer, regel: Regel, vorm: Vorm) -> Response:
    """What one payment is made of, per declaratie, as the aanbieder gets it too."""
    lines: list[Specificatieregel] = []
    cursor, betaling = None, None
    while len(lines) < SPECIFICATIE_MAX:
        page = await toon_specificatie(bezoeker.wereld, bezoeker.actor, nr, regel, cursor=cursor)
        betaling, cursor = page.betaling, page.regels.volgende
        lines += page.regels.items
        if cursor is None:
            break
    assert betaling is not None
    kop = ("soort", "nummer", "domein", "declaratienummer", "van", "tot", "toegekend", "gecrediteerd", "bedrag")
    rows = [
        (each.soort, each.bericht_nr, each.domein, each.declaratie_nummer, each.van, each.tot,
         *(euro_cel(cents) for cents in (each.toegekend_cent, each.gecrediteerd_cent, each.bedrag_cent)))
        for each in lines
    ]  # fmt: skip
    empty = ("",) * (len(kop) - 2)
    rows += [("verrekend voorschot", *empty, euro_cel(-betaling.verrekend_cent)), ("betaling", *empty, euro_cel(betaling.bedrag_cent))]
    return await tabel_bestand(f"specificatie-{betaling.end_to_end_id or f'{nr}-{regel}'}", vorm, kop, rows)


async def _overzicht(
    bezoeker: Bezoeker,
    *,
    na: str | None = None,
    regels_na: str | None = None,
    fout: DomainError | None = None,
    afschriftfout: DomainError | None = None,
    ingevuld: dict[str, str] | None = None,
) -> Response:
    wereld, actor = bezoeker.wereld, bezoeker.actor
    response = bezoeker.pagina(
        "betalingen.html",
        standen=await lijst_standen(wereld, actor),
        runs=await lijst_betaalruns(wereld, actor, cursor=na, limit=25),
        afschriften=await lijst_afschriften(wereld, actor, limit=10),
        bankregels=await lijst_bankregels(wereld, actor, cursor=regels_na, limit=25),
        statussen=RUN_STATUSSEN,
        mag=actor.heeft(Rol.CONTROLLER),
        fout=fout,
        afschriftfout=afschriftfout,
        ingevuld=ingevuld or {"gemeente": "", "reden": "", "uitvoeren_op": "", "procent": "100"},
    )
    error = fout or afschriftfout
    response.status_code = 200 if error is None else error.status
    return response


async def _toon(bezoeker: Bezoeker, nr: int, *, fout: DomainError | None = None) -> Response:
    found = await toon_betaalrun(bezoeker.wereld, bezoeker.actor, nr)
    response = bezoeker.pagina(
        "betaling.html",
        run=found.run,
        regels=found.regels,
        gewijzigd=found.gewijzigd,
        statussen=RUN_STATUSSEN,
        regelstatussen=REGEL_STATUSSEN,
        blokkades=BLOKKADE_ZIN,
        masked=masked,
        mag=bezoeker.actor.heeft(Rol.CONTROLLER),
        fout=fout,
    )
    response.status_code = 200 if fout is None else fout.status
    return response


async def _read_form(request: Request) -> tuple[str, bytes]:
    """The token and the file of an upload, in memory.

    Raises:
        OngeldigVerzoek: Too big, too slow, or no such form.
    """
    if content_length(request) > AFSCHRIFT_BYTES_MAX:
        raise OngeldigVerzoek("Het bestand is groter dan 10 MB; vraag de bank om kortere afschriften.")
    try:
        async with asyncio.timeout(LEES_S_MAX):
            form = await InMemory(request.headers, request.stream(), max_files=1, max_fields=1, max_part_size=AFSCHRIFT_BYTES_MAX).parse()
    except (MultiPartException, TimeoutError) as error:
        raise OngeldigVerzoek("Het bestand is niet goed aangekomen; probeer het opnieuw.") from error
    try:
        chosen, csrf = form.get("bestand"), form.get("csrf")
        return csrf if isinstance(csrf, str) else "", await chosen.read() if isinstance(chosen, UploadFile) else b""
    finally:
        await form.close()


def _naar(pad: str) -> Response:
    return RedirectResponse(pad, status_code=303, headers=HEADERS)


def _getal(tekst: str) -> int:
    if not tekst.strip().isascii() or not tekst.strip().isdecimal():
        raise OngeldigVerzoek("Vul bij verrekenen een heel percentage van 0 tot en met 100 in.")
    return int(tekst)


def _dag(tekst: str) -> date | None:
    try:
        return date.fromisoformat(tekst.strip()) if tekst.strip() else None
    except ValueError as error:
        raise OngeldigVerzoek("Vul een dag in als 2026-06-30, of niets voor de eerste dag dat banken betalen.") from error
