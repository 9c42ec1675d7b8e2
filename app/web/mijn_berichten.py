"""The postvak of an aanbieder without software: what came in for it, what it sent, what each bericht means, and its XML."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app.composing import eigen_agb, eigen_gemeente_namen, toewijzingen_in, verwerk_bericht, wacht_op_antwoord
from app.domain.partij import aanbieder
from app.mailbox import (
    BerichtFilters,
    bevindingen_van,
    lees_postvak,
    lijst_berichten,
    make_cursor,
    toon_bericht,
    xml_van,
)
from app.standard.catalogue import NUMMERS, soort
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute

POSTVAK_MAX = 50
LIJST_MAX = 25
BEVINDINGEN_MAX = 25
UITLEG = {
    "301": "De gemeente wijst zorg aan u toe, of verandert wat zij eerder toewees.",
    "302": "Uw antwoord op een toewijzing.",
    "305": "U meldt dat de zorg is begonnen.",
    "306": "Het antwoord op uw startbericht.",
    "307": "U meldt dat de zorg is gestopt.",
    "308": "Het antwoord op uw stopbericht.",
    "315": "U vraagt de gemeente om een toewijzing.",
    "316": "Bevestigt of uw verzoek om toewijzing goed is ontvangen. Het besluit zelf komt later.",
    "317": "U vraagt de gemeente een toewijzing te wijzigen.",
    "318": "Bevestigt of uw verzoek om wijziging goed is ontvangen. Het besluit zelf komt later.",
    "319": "De gemeente antwoordt op uw verzoek.",
    "320": "Uw antwoord op het besluit over een verzoek.",
    "323": "Uw declaratie over een maand.",
    "325": "Het antwoord op uw declaratie: wat is toegekend en wat is afgewezen.",
}
"""What each bericht is, for somebody who has no software that knows."""
ANTWOORDEN = frozenset({"306", "308", "316", "318", "325"})
GOED = frozenset({"verwerkt", "klaar", "bezorgd", "beantwoord"})

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.AANBIEDER))]
BerichtNr = Annotated[int, Path(ge=1, le=2**63 - 1)]
Cursor = Annotated[str | None, Query(max_length=100)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@router.get("/mijn/berichten")
async def postvak(
    bezoeker: Lezer, soort_: Annotated[str | None, Query(alias="soort", pattern="^([0-9]{3})?$")] = None, na: Cursor = None
) -> Response:
    """What waits for me, and everything that went to and fro."""
    wereld, actor = bezoeker.wereld, bezoeker.actor
    eigen = aanbieder(eigen_agb(actor))
    gekozen = soort_ or None
    return bezoeker.pagina(
        "mijn_berichten.html",
        wachtend=await lees_postvak(wereld, actor, eigen, limit=POSTVAK_MAX),
        lijst=await lijst_berichten(wereld, actor, BerichtFilters(bericht=gekozen), na or None, limit=LIJST_MAX),
        na=na,
        gekozen=gekozen,
        waarden={} if gekozen is None else {"soort": gekozen},
        soorten=[(nummer, f"{nummer} {soort('ijw', nummer).naam}") for nummer in NUMMERS],
        stand_van=wereld.nu,
        **await _woorden(bezoeker),
    )


@router.get("/mijn/berichten/{bericht_nr}")
async def bericht(bezoeker: Lezer, bericht_nr: BerichtNr) -> Response:
    """One bericht: what it means, what was found in it, and what to do."""
    wereld, actor = bezoeker.wereld, bezoeker.actor
    item = await toon_bericht(wereld, actor, bericht_nr)
    eigen = aanbieder(eigen_agb(actor))
    # What an answer says is what was found in the bericht that it answers.
    over = await toon_bericht(wereld, actor, int(item.antwoord_op)) if item.antwoord_op and item.bericht in ANTWOORDEN else None
    beoordeeld = over or item
    wachtend = await lees_postvak(wereld, actor, eigen, make_cursor(bericht_nr - 1), limit=1)
    return bezoeker.pagina(
        "mijn_bericht.html",
        item=item,
        over=over,
        beoordeeld=beoordeeld,
        goed=beoordeeld.status in GOED,
        bevindingen=await bevindingen_van(wereld, actor, int(beoordeeld.id), limit=BEVINDINGEN_MAX),
        toewijzingen=await toewijzingen_in(wereld, actor, bericht_nr) if item.bericht == "301" else (),
        wacht=any(each.id == item.id for each in wachtend.items),
        te_beantwoorden=item.aan == eigen and wacht_op_antwoord(item),
        verstuurd=item.van == eigen,
        **await _woorden(bezoeker),
    )


@router.get("/mijn/berichten/{bericht_nr}/xml")
async def bericht_xml(bezoeker: Lezer, bericht_nr: BerichtNr) -> Response:
    """The bytes as they were sent."""
    inhoud = await xml_van(bezoeker.wereld, bezoeker.actor, bericht_nr)
    naam = f"bericht-{bericht_nr}.xml"
    return Response(inhoud, media_type="application/xml", headers={"Content-Disposition": f'attachment; filename="{naam}"'})


@router.post("/mijn/berichten/{bericht_nr}/verwerkt")
async def verwerkt(bezoeker: Lezer, bericht_nr: BerichtNr, csrf: Annotated[str, Form(max_length=200)] = "") -> Response:
    """I have it: a 301 or 319 is answered, and it leaves the postvak; doing it twice is the same as once."""
    bezoeker.check_csrf(csrf)
    await verwerk_bericht(bezoeker.wereld, bezoeker.actor, bericht_nr)
    return RedirectResponse("/mijn/berichten", status_code=303, headers=HEADERS)


async def _woorden(bezoeker: Bezoeker) -> dict[str, Any]:
    """What every page about berichten shows."""
    return {
        "uitleg": UITLEG,
        "gemeenten": await eigen_gemeente_namen(bezoeker.wereld, bezoeker.actor),
        "soort_naam": lambda item: soort(item.domein or "ijw", item.bericht).naam if item.bericht else "bericht",
    }
