"""The pages of requests of aanbieders (315, 317): the list by the day they are due, one of them, and deciding on it in two steps.

Nothing is sent before it is shown. After a decision the next request opens, so that the list can be worked through with Tab and Enter alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app.composing import (
    BesluitOngeldig,
    Besluitvoorstel,
    Keus,
    Soort,
    Verzoekbeeld,
    Zegel,
    begin_afwijkend,
    bekijk_besluit,
    gemeenten_van,
    hoeveel,
    omvang_zin,
    reasons,
    toon_verzoek,
    verstuur_besluit,
    volgend_verzoek,
    werklijst,
)
from app.domain.errors import DomainError
from app.intake import Geweigerd
from app.mailbox import toon_bericht, wacht_op_oordeel
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute

WACHT_S = 4.0
"""How long a page waits for judging after sending; then it goes on and says that it is not judged yet."""
KEUZEN = {
    Keus.TOEWIJZEN: "Toewijzen zoals gevraagd",
    Keus.ONDERZOEK: "In onderzoek: de gemeente heeft meer tijd nodig",
    Keus.AFWIJZEN: "Afwijzen",
}
SOORT_WOORDEN = {
    Soort.BLIJFT: ("Blijft gelijk", "rustig"),
    Soort.WIJZIGT: ("Wijzigt", "let-op"),
    Soort.VERVANGT: ("Eindigt en begint opnieuw", "let-op"),
    Soort.NIEUW: ("Nieuw", "goed"),
}
VERZOEK_STATUSSEN = {
    "open": ("Open", "let-op"),
    "in_onderzoek": ("In onderzoek", "let-op"),
    "toegewezen": ("Toegewezen", "goed"),
    "afgewezen": ("Afgewezen", "rustig"),
}

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.TOEGANG))]
Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Volgnr = Annotated[int, Path(ge=1, le=2**31 - 1)]
Klaar = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Tekst = Annotated[str, Form(max_length=200)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


def termijn_woord(werkdagen: int) -> str:
    """How long there is, in words."""
    if werkdagen < 0:
        return f"{-werkdagen} {'werkdag' if werkdagen == -1 else 'werkdagen'} te laat"
    return "vandaag" if werkdagen == 0 else f"nog {werkdagen} {'werkdag' if werkdagen == 1 else 'werkdagen'}"


def termijn_toon(werkdagen: int) -> str:
    """The tone of a term: late, soon, or quiet."""
    return "fout" if werkdagen < 0 else "let-op" if werkdagen <= 1 else "rustig"


WOORDEN: dict[str, Any] = {
    "keuzen": [(keus.value, naam) for keus, naam in KEUZEN.items()],
    "soort_woorden": SOORT_WOORDEN,
    "verzoek_statussen": VERZOEK_STATUSSEN,
    "termijn_woord": termijn_woord,
    "termijn_toon": termijn_toon,
    "omvang_zin": omvang_zin,
    "hoeveel": hoeveel,
}


@router.get("/toegang/verzoeken")
async def lijst(
    bezoeker: Lezer,
    gemeente: Annotated[str | None, Query(pattern="^([0-9]{4})?$")] = None,
    na: Annotated[str | None, Query(max_length=100)] = None,
    klaar: Klaar = None,
) -> Response:
    """What is to be decided, what is due first first."""
    gevonden = await werklijst(bezoeker.wereld, bezoeker.actor, na or None, gemeente or None)
    values = {"lijst": gevonden, "gemeente": gemeente or "", "gemeenten": await gemeenten_van(bezoeker.wereld, bezoeker.actor)}
    return bezoeker.pagina("toegang_verzoeken.html", **values, klaar=await _klaar(bezoeker, klaar), stand_van=bezoeker.wereld.nu, **WOORDEN)


@router.get("/toegang/verzoeken/{bericht_nr}-{volgnr}")
async def verzoek(bezoeker: Lezer, bericht_nr: Nummer, volgnr: Volgnr, klaar: Klaar = None) -> Response:
    """One request, and the form to decide on it."""
    beeld = await toon_verzoek(bezoeker.wereld, bezoeker.actor, bericht_nr, volgnr)
    return _verzoek(bezoeker, beeld, {}, klaar=await _klaar(bezoeker, klaar))


@router.post("/toegang/verzoeken/{bericht_nr}-{volgnr}")
async def bekijk(
    bezoeker: Lezer, bericht_nr: Nummer, volgnr: Volgnr, keus: Tekst = "", reden: Tekst = "", gemeente: Tekst = "", csrf: Tekst = ""
) -> Response:
    """What a decision would send; what is wrong is said beside its field."""
    bezoeker.check_csrf(csrf)
    antwoorden = {"keus": keus, "reden": reden, "gemeente": gemeente}
    voorstel = await bekijk_besluit(bezoeker.wereld, bezoeker.actor, bericht_nr, volgnr, antwoorden)
    return _voorstel(bezoeker, voorstel, antwoorden)


@router.post("/toegang/verzoeken/{bericht_nr}-{volgnr}/versturen")
async def verstuur(
    bezoeker: Lezer,
    bericht_nr: Nummer,
    volgnr: Volgnr,
    keus: Tekst = "",
    reden: Tekst = "",
    gemeente: Tekst = "",
    zegel: Annotated[str, Form(max_length=600)] = "",
    csrf: Tekst = "",
) -> Response:
    """Send it and go on to the next request; when it cannot be sent, the same page says why."""
    bezoeker.check_csrf(csrf)
    antwoorden = {"keus": keus, "reden": reden, "gemeente": gemeente}
    seal = Zegel.van_tekst(zegel, bezoeker.wereld.vandaag)
    try:
        nr = await verstuur_besluit(bezoeker.wereld, bezoeker.actor, bericht_nr, volgnr, antwoorden, seal)
    except BesluitOngeldig as error:
        return _voorstel(bezoeker, error.voorstel, antwoorden, fout=error)
    except Geweigerd as error:
        voorstel = await bekijk_besluit(bezoeker.wereld, bezoeker.actor, bericht_nr, volgnr, antwoorden, seal)
        return _voorstel(bezoeker, voorstel, antwoorden, fout=error)
    await wacht_op_oordeel(bezoeker.wereld, bezoeker.actor, nr, WACHT_S)
    volgend = await volgend_verzoek(bezoeker.wereld, bezoeker.actor, bericht_nr, volgnr)
    return _naar(f"/toegang/verzoeken{'' if volgend is None else f'/{volgend.id}'}?klaar={nr}")


@router.post("/toegang/verzoeken/{bericht_nr}-{volgnr}/anders")
async def anders(bezoeker: Lezer, bericht_nr: Nummer, volgnr: Volgnr, csrf: Tekst = "") -> Response:
    """Fill in a toewijzing that answers a 315 otherwise than it was asked."""
    bezoeker.check_csrf(csrf)
    nr = await begin_afwijkend(bezoeker.wereld, bezoeker.actor, bericht_nr, volgnr)
    return _naar(f"/toegang/concepten/{nr}")


def _verzoek(
    bezoeker: Bezoeker, beeld: Verzoekbeeld, waarden: Mapping[str, str], *, voorstel: Besluitvoorstel | None = None, klaar: Any = None
) -> Response:
    fouten = () if voorstel is None else voorstel.fouten
    response = bezoeker.pagina(
        "toegang_verzoek.html",
        beeld=beeld,
        kop=beeld.kop,
        waarden=waarden,
        fouten=fouten,
        fout_bij={each.veld: each.melding for each in fouten},
        beletsel=None if voorstel is None else voorstel.beletsel,
        redenen=list(reasons(beeld.kop.domein)),
        klaar=klaar,
        **WOORDEN,
    )
    response.status_code = 200 if voorstel is None else 422
    return response


def _voorstel(bezoeker: Bezoeker, voorstel: Besluitvoorstel, antwoorden: Mapping[str, str], *, fout: DomainError | None = None) -> Response:
    if voorstel.fouten or voorstel.beletsel or voorstel.keuze is None:
        return _verzoek(bezoeker, voorstel.beeld, antwoorden, voorstel=voorstel)
    response = bezoeker.pagina(
        "toegang_besluit.html",
        v=voorstel,
        beeld=voorstel.beeld,
        kop=voorstel.beeld.kop,
        antwoorden=antwoorden,
        redenen=dict(reasons(voorstel.beeld.kop.domein)),
        xml="" if voorstel.xml is None else voorstel.xml.decode().replace("><", ">\n<"),
        fout=fout,
        **WOORDEN,
    )
    response.status_code = 200 if fout is None and voorstel.verzendbaar else 422
    return response


async def _klaar(bezoeker: Bezoeker, nr: int | None) -> Any:
    """What was just sent, with where it stands."""
    return None if nr is None else await toon_bericht(bezoeker.wereld, bezoeker.actor, nr)


def _naar(pad: str) -> Response:
    return RedirectResponse(pad, status_code=303, headers=HEADERS)
