"""The laboratory page: two to four agreements side by side over years of the books, for who decides and who is asked to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from app.adapters.werkblad import Blad, Cel, Euro, maak_werkmap
from app.domain.errors import DomainError, OngeldigVerzoek
from app.reports import CasussenOverzicht, top_casussen
from app.solidarity.document import Overeenkomst
from app.solidarity.modellen import is_model
from app.solidarity.service import jaren, overeenkomsten, vergelijk_uit_grootboek
from app.solidarity.sjablonen import template_text, templates
from app.solidarity.tomlform import read_document
from app.solidarity.vergelijken import VariantUitkomst, Verandering, Vergelijking
from app.solidarity.vergelijken_rapport import KOP, rijen
from app.solidarity.vergelijken_woorden import ZONDER_INWONERS, samenvatting, zin_afronding, zin_over, zin_signaal
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.grafiek import Grafiek, Meting, breed_en_smal
from app.web.pagina import PaginaRoute
from app.web.tabelbestand import tabel_bestand

KEUZES_MAX = 4
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEWAARD = "bewaard: "
"""Before the name of an agreement that a run was made by."""
MODELLEN = {
    "profijt": "Profijt: ieder draagt zijn eigen kosten",
    "waarborg": "Waarborg naar inwoners",
    "waarborg:jeugdigen": "Waarborg naar jeugdigen",
    "waarborg:rijksbudget": "Waarborg naar rijksbudget",
    "vlaktaks:3": "Vlaktaks over drie jaren terug",
    "quotum:0.5": "De helft gedeeld naar inwoners",
    "stoploss:100000": "Per cliënt gedeeld boven € 100.000",
}

Controller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.VEREVENING))]
Keuzes = Annotated[list[str] | None, Query(max_length=KEUZES_MAX)]
Jaar = Annotated[str, Query(pattern=r"^(\d{4})?$")]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kolom:
    """One agreement as the page shows it."""

    uitkomst: VariantUitkomst
    samenvatting: tuple[str, ...]
    signalen: tuple[str, ...]
    afronding: str
    veranderingen: dict[str, Verandering]
    zinnen: tuple[str, ...]
    grafiek: tuple[Grafiek, Grafiek]


@router.get("/geld/vergelijken")
async def vergelijken(bezoeker: Controller, overeenkomst: Keuzes = None, van: Jaar = "", tot: Jaar = "") -> Response:
    """The form, and what was asked; an agreement that does not fit is said above the form."""
    bekend = await jaren(bezoeker.wereld)
    gekozen = [each for each in overeenkomst or [] if each]
    fout: DomainError | None = None
    found: Vergelijking | None = None
    if gekozen:
        try:
            found = await _vergelijk(bezoeker, gekozen, van, tot)
        except OngeldigVerzoek as error:
            fout = error
    response = bezoeker.pagina(
        "vergelijken.html",
        gekozen=[*gekozen, *[""] * (KEUZES_MAX - len(gekozen))] if gekozen else ["profijt", "waarborg", "", ""],
        jaren=bekend,
        van=van or (str(bekend[0]) if bekend else ""),
        tot=tot or (str(bekend[-1]) if bekend else ""),
        modellen=MODELLEN,
        sjablonen=templates(),
        bewaard=[f"{BEWAARD}{naam}" for naam, _ in await overeenkomsten(bezoeker.wereld, bezoeker.actor)],
        vergelijking=found,
        kolommen=_kolommen(found) if found else (),
        marges=_marges(found) if found else {},
        casussen=await _casussen(bezoeker, found),
        zonder_inwoners=ZONDER_INWONERS,
        download=_download(gekozen, van, tot),
        fout=fout,
    )
    response.status_code = 200 if fout is None else fout.status
    return response


@router.get("/geld/vergelijken.csv")
async def vergelijken_csv(bezoeker: Controller, overeenkomst: Keuzes = None, van: Jaar = "", tot: Jaar = "") -> Response:
    """The table of the page as a file."""
    found = await _vergelijk(bezoeker, [each for each in overeenkomst or [] if each], van, tot)
    return await tabel_bestand("vergelijking", "csv", KOP, ((*row[:3], *map(euro_cel, row[3:])) for row in rijen(found)))


@router.get("/geld/vergelijken.xlsx")
async def vergelijken_xlsx(bezoeker: Controller, overeenkomst: Keuzes = None, van: Jaar = "", tot: Jaar = "") -> Response:
    """The same as a workbook, with a sheet of what an extra euro costs in thousandths."""
    found = await _vergelijk(bezoeker, [each for each in overeenkomst or [] if each], van, tot)
    rows: list[tuple[Cel, ...]] = [(*row[:3], *(None if cents is None else Euro(cents) for cents in row[3:])) for row in rijen(found)]
    names = [each.naam for each in found.uitkomsten]
    shares: list[tuple[Cel, ...]] = [
        (*place, *(promille for pair in parts for promille in pair)) for place, parts in _marges(found).items()
    ]
    kop = ("gemeente", "zorgvorm", *(f"{name} {when}" for name in names for when in ("nu", "later")))
    content = maak_werkmap([Blad("vergelijking", KOP, rows), Blad("extra euro in promille", kop, shares)])
    headers = {"Content-Disposition": 'attachment; filename="vergelijking.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


async def _vergelijk(bezoeker: Bezoeker, gekozen: list[str], van: str, tot: str) -> Vergelijking:
    """What the form asks for.

    Raises:
        OngeldigVerzoek: The years are turned round, an agreement is not known, or it does not fit.
    """
    years = None
    if van and tot:
        if int(tot) < int(van):
            raise OngeldigVerzoek("Het laatste jaar ligt voor het eerste; wissel ze om.")
        years = range(int(van), int(tot) + 1)
    used = dict(await overeenkomsten(bezoeker.wereld, bezoeker.actor)) if any(each.startswith(BEWAARD) for each in gekozen) else {}
    return await vergelijk_uit_grootboek(bezoeker.wereld, bezoeker.actor, [_keuze(each, used) for each in gekozen], years)


def _keuze(naam: str, bewaard: dict[str, str]) -> str | Overeenkomst:
    if naam.startswith(BEWAARD) and (text := bewaard.get(naam.removeprefix(BEWAARD))) is not None:
        return read_document(text)
    if is_model(naam):
        return naam
    if naam in templates():
        return read_document(template_text(naam), naam)
    raise OngeldigVerzoek("Deze overeenkomst is er niet; kies er een uit de lijst.")


def _kolommen(found: Vergelijking) -> tuple[Kolom, ...]:
    return tuple(_kolom(found, each) for each in found.uitkomsten)


def _kolom(found: Vergelijking, uitkomst: VariantUitkomst) -> Kolom:
    changes = found.veranderingen(uitkomst)
    is_base = uitkomst is found.uitkomsten[0]
    return Kolom(
        uitkomst=uitkomst,
        samenvatting=samenvatting(found, uitkomst),
        signalen=tuple(zin_signaal(found, each) for each in uitkomst.signalen),
        afronding=zin_afronding(uitkomst),
        veranderingen={each.gemeente: each for each in changes},
        zinnen=() if is_base else tuple(zin_over(found, uitkomst, each) for each in changes),
        grafiek=breed_en_smal([Meting(naam=found.naam(each.gemeente), waarde_cent=each.verschil_cent) for each in changes]),
    )


def _marges(found: Vergelijking) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Per gemeente and zorgvorm the share of an extra euro in thousandths under each agreement: now and later."""
    rows: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for uitkomst in found.uitkomsten:
        for each in uitkomst.marges:
            rows.setdefault((found.naam(each.gemeente), found.vorm(each.zorgvorm)), []).append(
                (int(each.nu * 1000), int(each.later * 1000))
            )
    return dict(sorted(rows.items()))


async def _casussen(bezoeker: Bezoeker, found: Vergelijking | None) -> CasussenOverzicht | None:
    """The most expensive cases of the last compared year, for who wants to know what is behind a gemeente."""
    return None if found is None else await top_casussen(bezoeker.wereld, bezoeker.actor, found.achtergrond.jaren[-1], None)


def _download(gekozen: list[str], van: str, tot: str) -> list[tuple[str, str]]:
    return [*(("overeenkomst", each) for each in gekozen), ("van", van), ("tot", tot)]
