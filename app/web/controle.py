"""The page where a person checks a file before it is sent. Nothing of the file is stored or logged; it lives as long as the answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.domain.errors import NietToegestaan
from app.domain.partij import Rol
from app.judging import Controle, controleer
from app.reports import list_partijen
from app.web.bezoeker import Bezoeker, bezoeker_met, omgeving
from app.web.controleblad import Blad, make_blad
from app.web.pagina import PaginaRoute, content_length
from app.web.woorden import partij_woord

BESTAND_BYTES_MAX = 25_000_000
"""OP179."""
UPLOAD_BYTES_MAX = BESTAND_BYTES_MAX + 20_000
"""A file of the largest size, and the rest of the form around it."""
LEES_BYTES_MAX = 100_000_000
"""An upload up to here is read to its end and dropped, because a browser shows no answer before it has sent everything; a bigger one is not."""
LEES_S_MAX = 300
GEPLAKT_TERUG_MAX = 200_000
"""Pasted text up to so many characters comes back in the form, to be mended and checked again."""

ALLEEN_BESTAND, OOK_EERDER = "2", "4"
TE_GROOT = "Dit bestand is groter dan 25 MB; dat is het meeste dat een bericht mag zijn (OP179). Splits het in kleinere berichten."
GEEN_BESTAND = "Kies een bestand, of plak de XML van een bericht."
NIET_AANGEKOMEN = "Het bestand is niet goed aangekomen. Kies het opnieuw."
TE_TRAAG = "Het bestand was na vijf minuten nog niet binnen. Probeer het opnieuw over een snellere verbinding."


class BestandRoute(PaginaRoute):
    """A route that takes a file; the page itself says when it is too big."""

    form_bytes_max = LEES_BYTES_MAX


router = APIRouter(route_class=BestandRoute, include_in_schema=False)
Iedereen = Annotated[Bezoeker, Depends(bezoeker_met(*Rol))]


class InMemory(MultiPartParser):
    """The parser of forms, without a temporary file: what is in a bericht never touches the disk."""

    spool_max_size = UPLOAD_BYTES_MAX


@router.get("/controle")
async def toon(bezoeker: Iedereen) -> Response:
    """The form."""
    return _page(bezoeker)


@router.post("/controle")
async def controleer_bestand(request: Request, bezoeker: Iedereen) -> Response:
    """Check the file of the form and show what was found."""
    try:
        async with asyncio.timeout(LEES_S_MAX):
            if content_length(request) > UPLOAD_BYTES_MAX:
                await _drop(request)
                return _page(bezoeker, fout=TE_GROOT, status=413)
            form = await _read_form(request)
    except MultiPartException:
        return _page(bezoeker, fout=NIET_AANGEKOMEN, status=400)
    except TimeoutError:
        return _page(bezoeker, fout=TE_TRAAG, status=408)
    bezoeker.check_csrf(form.csrf)
    data = form.bestand or form.geplakt.encode()
    if not data:
        return _page(bezoeker, niveau=form.niveau, fout=GEEN_BESTAND, status=422)
    async with omgeving(request).controles:
        blad, let_op = await _check(bezoeker, data, form.niveau)
    naam, geplakt = (form.naam, "") if form.bestand else ("", form.geplakt)
    return _page(bezoeker, niveau=form.niveau, naam=naam, geplakt=geplakt, blad=blad, let_op=let_op)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulier:
    """The form as sent; `bestand` and its `naam` are empty when no file was chosen."""

    csrf: str
    niveau: str
    geplakt: str
    naam: str
    bestand: bytes


async def _read_form(request: Request) -> Formulier:
    """The form, in memory.

    Raises:
        MultiPartException: The body is not such a form.
    """
    form = await InMemory(request.headers, request.stream(), max_files=1, max_fields=3, max_part_size=UPLOAD_BYTES_MAX).parse()
    try:
        chosen = form.get("bestand")
        return Formulier(
            csrf=_text(form, "csrf"),
            niveau=OOK_EERDER if _text(form, "niveau") == OOK_EERDER else ALLEEN_BESTAND,
            geplakt=_text(form, "xml").strip(),
            naam=(chosen.filename or "bestand zonder naam") if isinstance(chosen, UploadFile) else "",
            bestand=await chosen.read() if isinstance(chosen, UploadFile) else b"",
        )
    finally:
        await form.close()


async def _check(bezoeker: Bezoeker, data: bytes, niveau: str) -> tuple[Blad, str]:
    """The outcome as a page, and why less was checked than was asked."""
    let_op = ""
    wereld, actor = bezoeker.wereld, bezoeker.actor
    try:
        controle: Controle = await controleer(wereld, actor, data, niveau=int(niveau))
    except NietToegestaan:
        let_op = "U werkt niet namens de afzender van dit bericht. Daarom is alleen dit bestand gecontroleerd."
        controle = await controleer(wereld, actor, data, niveau=int(ALLEEN_BESTAND))
    namen = dict(await list_partijen(wereld, actor))
    return await asyncio.to_thread(make_blad, data, controle, namen), let_op


def _page(bezoeker: Bezoeker, *, status: int = 200, **values: Any) -> Response:
    """The page with the form, and the outcome when there is one."""
    geplakt = values.pop("geplakt", "")
    filled = {
        "blad": None,
        "fout": "",
        "let_op": "",
        "naam": "",
        "niveau": OOK_EERDER,
        "geplakt": geplakt if len(geplakt) <= GEPLAKT_TERUG_MAX else "",
        "namens": [partij_woord(partij) for partij in sorted(bezoeker.actor.partijen)],
        **values,
    }
    response = bezoeker.pagina("controle.html", **filled)
    response.status_code = status
    return response


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


async def _drop(request: Request) -> None:
    """Read a body that is too big to its end, keeping nothing."""
    async for _ in request.stream():
        pass
