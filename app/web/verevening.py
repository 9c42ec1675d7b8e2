"""The pages of runs of the verevening: the list with a form for a new one, and one run with its life, its rows and why it differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response

from app.adapters.werkblad import Blad, Cel, Euro, maak_werkmap
from app.domain.errors import Conflict, DomainError, NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.settlement import RunVerschil, boek_run, stel_verevening_vast, trek_verevening_in, verklaar_verschil
from app.solidarity.service import (
    Herhaling,
    Keuze,
    Model,
    OpgeslagenRun,
    gemeentenamen,
    herhaal_run,
    lijst_runs,
    overeenkomsten,
    read_run,
    vereven,
    vereven_overeenkomst,
)
from app.solidarity.sjablonen import template_text, templates
from app.solidarity.tomlform import read_document
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.grafiek import Meting, breed_en_smal
from app.web.pagina import HEADERS, PaginaRoute
from app.web.tabelbestand import tabel_bestand

RUNS_PER_BLAD = 50
DOCUMENT_TEKENS_MAX = 100_000
KOP = ("berekening", "jaar", "regeling", "pool", "gemeente", "eigen_kosten", "bijdrage", "verevening")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATUSSEN = {
    "concept": ("Concept", "let-op"),
    "vastgesteld": ("Vastgesteld", "rustig"),
    "geboekt": ("Geboekt", "goed"),
    "ingetrokken": ("Ingetrokken", "rustig"),
}
MODELLEN = {
    "waarborg": "Waarborg: alles gedeeld naar een maatstaf",
    "vlaktaks": "Vlaktaks: gedeeld naar eigen kosten van de jaren ervoor",
    "profijt": "Profijt: ieder draagt zijn eigen kosten",
}

Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.GELD))]
Controller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.VEREVENING))]
Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Csrf = Annotated[str, Form(max_length=200)]
Tekst = Annotated[str, Form(max_length=600)]


class DocumentRoute(PaginaRoute):
    """A form that may carry a document of an agreement."""

    form_bytes_max = 4 * DOCUMENT_TEKENS_MAX


router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
met_document = APIRouter(route_class=DocumentRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GemeenteRegel:
    """One gemeente in a run, all pools together; amounts in cents."""

    code: str
    naam: str
    eigen_kosten_cent: int
    bijdrage_cent: int
    verevening_cent: int
    te_boeken_cent: int


@router.get("/geld/verevening")
async def overzicht(
    bezoeker: Lezer,
    voor: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    sjabloon: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """What was computed, and the form for a new run; with the text of a template in it when one is asked for."""
    ingevuld = None if sjabloon is None else {**_leeg(bezoeker), "document": template_text(sjabloon)}
    return await _overzicht(bezoeker, voor=voor, ingevuld=ingevuld)


@met_document.post("/geld/verevening")
async def bereken(
    bezoeker: Controller,
    jaar: Annotated[str, Form(max_length=10)] = "",
    keuze: Tekst = "",
    maatstaf: Tekst = "inwoners",
    document: Annotated[str, Form(max_length=DOCUMENT_TEKENS_MAX)] = "",
    csrf: Csrf = "",
) -> Response:
    """Compute a concept; what cannot be computed is said above the form, which stays filled."""
    bezoeker.check_csrf(csrf)
    ingevuld = {"jaar": jaar, "keuze": keuze, "maatstaf": maatstaf, "document": document}
    try:
        nr = await _bereken(bezoeker, ingevuld)
    except DomainError as error:
        return await _overzicht(bezoeker, fout=error, ingevuld=ingevuld)
    return _naar(nr)


@router.get("/geld/verevening/{nr}")
async def toon(bezoeker: Lezer, nr: Nummer) -> Response:
    """A run: who did what, per gemeente, per pool, and why it differs from what was booked before."""
    return await _toon(bezoeker, nr)


@router.get("/geld/verevening/{nr}/regels.csv")
async def regels_csv(bezoeker: Lezer, nr: Nummer) -> Response:
    """The rows of the gemeenten that the visitor sees."""
    run = await read_run(bezoeker.wereld, bezoeker.actor, nr)
    rijen = [
        (nr, run.jaar, row.get("arrangement", ""), row.get("pool", ""), row["municipality"], *map(euro_cel, _amounts(row)))
        for row in _eigen_regels(run, bezoeker.actor)
    ]
    return await tabel_bestand(f"verevening-{nr}", "csv", KOP, rijen)


@router.get("/geld/verevening/{nr}/regels.xlsx")
async def regels_xlsx(bezoeker: Lezer, nr: Nummer) -> Response:
    """The same rows as a workbook, with a sheet per gemeente added up."""
    run = await read_run(bezoeker.wereld, bezoeker.actor, nr)
    rows: list[tuple[Cel, ...]] = [
        (nr, run.jaar, str(row["arrangement"]), str(row["pool"]), str(row["municipality"]), *map(Euro, _amounts(row)))
        for row in _eigen_regels(run, bezoeker.actor)
    ]
    sums: list[tuple[Cel, ...]] = [
        (each.code, each.naam, *map(Euro, (each.eigen_kosten_cent, each.bijdrage_cent, each.verevening_cent, each.te_boeken_cent)))
        for each in _per_gemeente(run, await gemeentenamen(bezoeker.wereld), bezoeker.actor)
    ]
    kop = ("gemeente", "naam", "eigen_kosten", "bijdrage", "verevening", "te_boeken")
    headers = {"Content-Disposition": f'attachment; filename="verevening-{nr}.xlsx"'}
    content = maak_werkmap([Blad("per gemeente", kop, sums), Blad("regels", KOP, rows)])
    return Response(content, media_type=XLSX, headers=headers)


@router.get("/geld/verevening/{nr}/bestand/{naam}")
async def bestand(bezoeker: Lezer, nr: Nummer, naam: Annotated[str, Path(pattern=r"^[a-z_]{1,30}\.(csv|toml)$")]) -> Response:
    """A result byte for byte as it was kept, or the agreement; of the whole region, so for who sees the whole region."""
    run = await read_run(bezoeker.wereld, bezoeker.actor, nr)
    text = run.document if naam == "overeenkomst.toml" else run.bestanden.get(naam)
    if text is None or (bezoeker.actor.gemeenten is not None and naam != "overeenkomst.toml"):
        raise NietGevonden(f"Verevening {nr} heeft voor u geen bestand {naam}.")
    headers = {"Content-Disposition": f'attachment; filename="verevening-{nr}-{naam}"'}
    return Response(text, media_type="text/plain; charset=utf-8" if naam.endswith(".toml") else "text/csv; charset=utf-8", headers=headers)


@router.post("/geld/verevening/{nr}/vaststellen")
async def vaststellen(bezoeker: Controller, nr: Nummer, csrf: Csrf = "") -> Response:
    """Fix it, as another controller than who made it."""
    bezoeker.check_csrf(csrf)
    try:
        await stel_verevening_vast(bezoeker.wereld, bezoeker.actor, nr)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return _naar(nr)


@router.post("/geld/verevening/{nr}/boeken")
async def boeken(bezoeker: Controller, nr: Nummer, reden: Tekst = "", csrf: Csrf = "") -> Response:
    """Book it."""
    bezoeker.check_csrf(csrf)
    try:
        if await boek_run(bezoeker.wereld, bezoeker.actor, nr, reden=reden) is None and not await _is_geboekt(bezoeker, nr):
            raise Conflict(f"Verevening {nr} is niet geboekt.")
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return _naar(nr)


@router.post("/geld/verevening/{nr}/intrekken")
async def intrekken(bezoeker: Controller, nr: Nummer, csrf: Csrf = "") -> Response:
    """Withdraw it."""
    bezoeker.check_csrf(csrf)
    try:
        await trek_verevening_in(bezoeker.wereld, bezoeker.actor, nr)
    except DomainError as error:
        return await _toon(bezoeker, nr, fout=error)
    return _naar(nr)


@router.post("/geld/verevening/{nr}/herhalen")
async def herhalen(bezoeker: Lezer, nr: Nummer, csrf: Csrf = "") -> Response:
    """Make it again from its stored input and say whether every byte is the same."""
    bezoeker.check_csrf(csrf)
    try:
        return await _toon(bezoeker, nr, herhaling=await herhaal_run(bezoeker.wereld, bezoeker.actor, nr))
    except OngeldigVerzoek as error:
        return await _toon(bezoeker, nr, fout=error)


async def _is_geboekt(bezoeker: Bezoeker, nr: int) -> bool:
    return (await read_run(bezoeker.wereld, bezoeker.actor, nr)).kop.status == "geboekt"


async def _bereken(bezoeker: Bezoeker, ingevuld: dict[str, str]) -> int:
    """The run that a form asks for."""
    jaar = ingevuld["jaar"].strip()
    if not (jaar.isascii() and jaar.isdigit() and 2000 <= int(jaar) <= 2100):
        raise OngeldigVerzoek("Vul het zorgjaar in met vier cijfers.")
    text = ingevuld["document"].strip("\r\n")
    if not text and (known := dict(await overeenkomsten(bezoeker.wereld, bezoeker.actor))).get(ingevuld["keuze"]):
        text = known[ingevuld["keuze"]]
    if text:
        text = text.replace("\r\n", "\n") if text.endswith("\n") else text.replace("\r\n", "\n") + "\n"
        return (await vereven_overeenkomst(bezoeker.wereld, bezoeker.actor, read_document(text), int(jaar), tekst=text)).run_nr
    if ingevuld["keuze"] not in MODELLEN:
        raise OngeldigVerzoek("Kies een model of een overeenkomst, of plak een document.")
    keuze = Keuze(jaar=int(jaar), model=Model(ingevuld["keuze"]), maatstaf=ingevuld["maatstaf"].strip() or "inwoners")
    return (await vereven(bezoeker.wereld, bezoeker.actor, keuze)).run_nr


async def _overzicht(
    bezoeker: Bezoeker, *, voor: int | None = None, fout: DomainError | None = None, ingevuld: dict[str, str] | None = None
) -> Response:
    runs = await lijst_runs(bezoeker.wereld, bezoeker.actor, voor=voor, limit=RUNS_PER_BLAD)
    response = bezoeker.pagina(
        "verevening.html",
        runs=runs,
        volgende=runs[-1].run_nr if len(runs) == RUNS_PER_BLAD else None,
        overeenkomsten=[naam for naam, _ in await overeenkomsten(bezoeker.wereld, bezoeker.actor) if not _van_model(naam)],
        modellen=MODELLEN,
        statussen=STATUSSEN,
        mag=_mag(bezoeker.actor),
        fout=fout,
        sjablonen=templates(),
        ingevuld=ingevuld or _leeg(bezoeker),
    )
    response.status_code = 200 if fout is None else fout.status
    return response


def _leeg(bezoeker: Bezoeker) -> dict[str, str]:
    return {"jaar": str(bezoeker.wereld.vandaag.year), "keuze": "waarborg", "maatstaf": "inwoners", "document": ""}


def _van_model(naam: str) -> bool:
    return naam.split(" ", 1)[0] in MODELLEN


async def _toon(bezoeker: Bezoeker, nr: int, *, fout: DomainError | None = None, herhaling: Herhaling | None = None) -> Response:
    run = await read_run(bezoeker.wereld, bezoeker.actor, nr)
    namen = await gemeentenamen(bezoeker.wereld)
    gemeenten = _per_gemeente(run, namen, bezoeker.actor)
    response = bezoeker.pagina(
        "verevening_run.html",
        run=run,
        kop=run.kop,
        toestand=STATUSSEN[run.kop.status],
        gemeenten=gemeenten,
        regels=_eigen_regels(run, bezoeker.actor),
        namen=namen,
        som_cent=sum(run.te_boeken.values()),
        afwijkend=any(each.te_boeken_cent != each.verevening_cent for each in gemeenten),
        verschil=await _verschil(bezoeker, run),
        grafiek_verevening=breed_en_smal([Meting(naam=each.naam, waarde_cent=each.te_boeken_cent) for each in gemeenten]),
        bestanden=sorted(run.bestanden) if bezoeker.actor.gemeenten is None else [],
        mag=_mag(bezoeker.actor),
        maker=bezoeker.actor.naam == run.kop.gemaakt_door,
        fout=fout,
        herhaling=herhaling,
    )
    response.status_code = 200 if fout is None else fout.status
    return response


async def _verschil(bezoeker: Bezoeker, run: OpgeslagenRun) -> RunVerschil | None:
    """Why it differs; None of a run from before everything was kept, of the first of its year, and of one that was withdrawn."""
    if run.kop.invoer_sha256 is None or run.kop.status == "ingetrokken":
        return None
    try:
        found = await verklaar_verschil(bezoeker.wereld, bezoeker.actor, run.run_nr)
    except OngeldigVerzoek:  # The run before it is of before everything was kept: it says so itself when it is opened.
        return None
    return None if found.vorige is None else _eigen_verschil(found, bezoeker.actor)


def _eigen_verschil(found: RunVerschil, actor: Actor) -> RunVerschil:
    """The amounts and lines of the gemeenten that the visitor sees; a line about a gemeente begins with its code."""
    if actor.gemeenten is None:
        return found
    own = actor.gemeenten

    def of(amounts: Mapping[str, int]) -> dict[str, int]:
        return {code: cents for code, cents in amounts.items() if code in own}

    diff = found.verschil
    redenen = tuple(
        replace(
            each,
            toelichting=tuple(line for line in each.toelichting if not line[:4].isdigit() or line[:4] in own),
            per_gemeente=of(each.per_gemeente),
        )
        for each in diff.redenen
    )
    return replace(found, verschil=replace(diff, oud=of(diff.oud), nieuw=of(diff.nieuw), redenen=redenen))


def _mag(actor: Actor) -> bool:
    return actor.heeft(Rol.CONTROLLER) and actor.gemeenten is None


def _eigen_regels(run: OpgeslagenRun, actor: Actor) -> list[dict[str, object]]:
    empty = {"arrangement": "", "pool": "", "own_cost_cent": 0, "contribution_cent": 0}
    return [{**empty, **row} for row in run.regels if actor.gemeenten is None or row["municipality"] in actor.gemeenten]


def _amounts(row: dict[str, object]) -> tuple[int, int, int]:
    own, share, settlement = (row.get(name, 0) for name in ("own_cost_cent", "contribution_cent", "settlement_cent"))
    assert isinstance(own, int)
    assert isinstance(share, int)
    assert isinstance(settlement, int)
    return own, share, settlement


def _per_gemeente(run: OpgeslagenRun, namen: dict[str, str], actor: Actor) -> list[GemeenteRegel]:
    """All pools together, by name; who only answers for another has a row too."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in run.regels:
        for index, cents in enumerate(_amounts(dict(row))):
            sums[row["municipality"]][index] += cents
    codes = [code for code in sums.keys() | run.te_boeken.keys() if actor.gemeenten is None or code in actor.gemeenten]
    return sorted(
        (
            GemeenteRegel(
                code=code,
                naam=namen.get(code, code),
                eigen_kosten_cent=sums[code][0],
                bijdrage_cent=sums[code][1],
                verevening_cent=sums[code][2],
                te_boeken_cent=run.te_boeken.get(code, 0),
            )
            for code in codes
        ),
        key=lambda each: (each.naam, each.code),
    )


def _naar(nr: int) -> Response:
    return RedirectResponse(f"/geld/verevening/{nr}", status_code=303, headers=HEADERS)


router.include_router(met_document)
