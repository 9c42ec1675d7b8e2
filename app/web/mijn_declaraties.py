"""Declaring for an aanbieder without software: a form or a file, shown before it is sent, and afterwards what became of every line."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException

from app.composing import (
    EENHEDEN,
    Aan,
    DeclaratieOngeldig,
    Declaratievoorstel,
    Declaratiezegel,
    Opgave,
    Rijfout,
    Uitkomstregel,
    als_csv,
    bekijk_declaratie,
    bestemmingen,
    lees_csv,
    lees_opgaven,
    lijst_declaraties,
    opnieuw_in_te_dienen,
    schrijf_opgaven,
    toon_declarabel,
    toon_declaratie,
    verstuur_declaratie,
)
from app.domain.errors import DomainError, OngeldigVerzoek
from app.domain.periode import maand_van
from app.intake import Geweigerd
from app.standard import codelists
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.controle import LEES_S_MAX, InMemory
from app.web.csvbestand import euro_cel
from app.web.pagina import HEADERS, PaginaRoute, query
from app.web.tabelbestand import CSV, Vorm, tabel_bestand

BEGIN = "/mijn/declaraties"
FORM_MAX = 60
"""Toewijzingen in the form on the page; with more the file is the way."""
VELDEN_MAX = 4 * FORM_MAX + 20
BESTAND_BYTES_MAX = 500_000
MAANDEN_TERUG = 24
MAAND = "^20[0-9]{2}-(0[1-9]|1[0-2])$"
AAN = "^(ijw|iwmo):[0-9]{4}$"


class FormulierRoute(PaginaRoute):
    """A route that takes many lines, or a file with them."""

    form_bytes_max = BESTAND_BYTES_MAX


Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.AANBIEDER))]
Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Maand = Annotated[str, Query(pattern=f"{MAAND}|^$")]
AanWie = Annotated[str, Query(pattern=f"{AAN}|^$")]
MaandVeld = Annotated[str, Form(pattern=MAAND)]
AanVeld = Annotated[str, Form(pattern=AAN)]
Csrf = Annotated[str, Form(max_length=200)]
router = APIRouter(route_class=FormulierRoute, include_in_schema=False)


@router.get(BEGIN)
async def overzicht(bezoeker: Lezer, na: Annotated[str | None, Query(max_length=100)] = None) -> Response:
    """What was declared, newest first, and the beginning of a new one."""
    lijst = await lijst_declaraties(bezoeker.wereld, bezoeker.actor, cursor=na)
    return bezoeker.pagina("mijn_declaraties.html", lijst=lijst, bladert=na is not None, maanden=_maanden(bezoeker))


@router.get(f"{BEGIN}/nieuw")
async def nieuw(
    bezoeker: Lezer,
    maand: Maand = "",
    aan: AanWie = "",
    uit: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    toewijzing: Annotated[int | None, Query(ge=0, le=999_999_999)] = None,
) -> Response:
    """First to whom, then the lines; `uit` fills in the refused lines of an earlier declaratie, `toewijzing` shows only that one."""
    maand = maand or _vorige_maand(bezoeker)
    if not aan:
        found = await bestemmingen(bezoeker.wereld, bezoeker.actor, _dag(maand))
        if len(found) != 1:
            return bezoeker.pagina(
                "mijn_declaratie_aan.html", maand=maand, maanden=_maanden(bezoeker), bestemmingen=found, toewijzing=toewijzing
            )
        aan = f"{found[0].domein}:{found[0].gemeente}"
    opgaven = opnieuw_in_te_dienen(await toon_declaratie(bezoeker.wereld, bezoeker.actor, uit)) if uit is not None else ()
    return await _formulier(bezoeker, _aan(maand, aan), opgaven, alleen=toewijzing)


@router.get(f"{BEGIN}/formulier.csv")
async def formulier_csv(bezoeker: Lezer, maand: Annotated[str, Query(pattern=MAAND)], aan: Annotated[str, Query(pattern=AAN)]) -> Response:
    """The form to fill in as a file, with everything in it but the volume."""
    wanted = _aan(maand, aan)
    text = als_csv(await toon_declarabel(bezoeker.wereld, bezoeker.actor, wanted))
    name = f"declaratie-{wanted.gemeente}-{wanted.domein}-{maand}.csv"
    return Response(text, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post(f"{BEGIN}/voorbeeld")
async def voorbeeld(request: Request, bezoeker: Lezer) -> Response:
    """What the lines of the form would become; nothing is sent."""
    form = await request.form(max_fields=VELDEN_MAX, max_files=0)
    bezoeker.check_csrf(_tekst(form, "csrf"))
    aan = _aan_van(form)
    try:
        opgaven = lees_opgaven(_tekst(form, "regels")) if "regels" in form else _opgaven(form)
        voorstel = await bekijk_declaratie(bezoeker.wereld, bezoeker.actor, aan, opgaven)
    except OngeldigVerzoek as error:
        return await _formulier(bezoeker, aan, () if "regels" in form else _opgaven(form), fout=error)
    if voorstel.fouten or "wijzig" in form:
        return await _formulier(bezoeker, aan, voorstel.opgaven, voorstel=voorstel)
    return _toon_voorbeeld(bezoeker, voorstel)


@router.post(f"{BEGIN}/bestand")
async def bestand(request: Request, bezoeker: Lezer) -> Response:
    """The same for a file; while a row is wrong, nothing of it goes on."""
    form = await _lees_bestand(request)
    bezoeker.check_csrf(form.csrf)
    aan = form.aan
    try:
        declarabel = {each.nummer: each for each in await toon_declarabel(bezoeker.wereld, bezoeker.actor, aan)}
        opgaven, rijen, rijfouten = lees_csv(_decoded(form.bestand), declarabel)
        if rijfouten:
            return await _formulier(bezoeker, aan, (), rijfouten=rijfouten)
        voorstel = await bekijk_declaratie(bezoeker.wereld, bezoeker.actor, aan, opgaven)
    except OngeldigVerzoek as error:
        return await _formulier(bezoeker, aan, (), fout=error)
    if voorstel.fouten:
        wrong = tuple(Rijfout(rij=rijen[each.plek], kolom=_KOLOM[each.veld], melding=each.melding) for each in voorstel.fouten)
        return await _formulier(bezoeker, aan, (), rijfouten=wrong)
    return _toon_voorbeeld(bezoeker, voorstel)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bestand:
    """The form with a file."""

    csrf: str
    aan: Aan
    bestand: bytes = field(repr=False)


async def _lees_bestand(request: Request) -> _Bestand:
    """The form, in memory: the file names clients.

    Raises:
        OngeldigVerzoek: It did not arrive whole, or names no gemeente.
    """
    parser = InMemory(request.headers, request.stream(), max_files=1, max_fields=4, max_part_size=BESTAND_BYTES_MAX)
    try:
        async with asyncio.timeout(LEES_S_MAX):
            form = await parser.parse()
    except (MultiPartException, TimeoutError) as error:
        raise OngeldigVerzoek("Het bestand is niet goed aangekomen. Probeer het opnieuw.") from error
    try:
        chosen = form.get("bestand")
        data = await chosen.read() if isinstance(chosen, UploadFile) else b""
        return _Bestand(csrf=_tekst(form, "csrf"), aan=_aan_van(form), bestand=data)
    finally:
        await form.close()


_KOLOM = {"volume": "volume", "prijs": "product", "crediteer": "draai_terug"}


@router.post(BEGIN)
async def verstuur(
    bezoeker: Lezer,
    maand: MaandVeld,
    aan: AanVeld,
    regels: Annotated[str, Form(max_length=BESTAND_BYTES_MAX)],
    zegel: Annotated[str, Form(max_length=100)],
    csrf: Csrf = "",
) -> Response:
    """Send what the preview showed; what cannot be sent any more is shown again with the reason."""
    bezoeker.check_csrf(csrf)
    wanted, opgaven = _aan(maand, aan), lees_opgaven(regels)
    try:
        seal = Declaratiezegel.van_tekst(zegel, bezoeker.wereld.vandaag)
        nr = await verstuur_declaratie(bezoeker.wereld, bezoeker.actor, wanted, opgaven, seal)
    except DeclaratieOngeldig as error:
        if error.voorstel.fouten:
            return await _formulier(bezoeker, wanted, opgaven, voorstel=error.voorstel)
        return _toon_voorbeeld(bezoeker, error.voorstel, fout=error)
    except (OngeldigVerzoek, Geweigerd) as error:
        return await _formulier(bezoeker, wanted, opgaven, fout=error)
    return RedirectResponse(f"{BEGIN}/{nr}", status_code=303, headers=HEADERS)


@router.get(f"{BEGIN}/{{nr}}")
async def toon(bezoeker: Lezer, nr: Nummer) -> Response:
    """A declaratie: what was claimed and granted, and of every line why."""
    beeld = await toon_declaratie(bezoeker.wereld, bezoeker.actor, nr)
    refused = [each for each in beeld.regels if not each.toegekend]
    return bezoeker.pagina(
        "mijn_declaratie.html",
        kop=beeld.kop,
        regels=beeld.regels,
        meldingen=beeld.meldingen,
        algemeen=beeld.algemeen,
        afgewezen=len(refused),
        opnieuw=_opnieuw_pad(beeld.kop.bericht_nr, beeld.kop.domein, beeld.kop.gemeente, refused),
        hoeveel=_hoeveel,
        redenen=_redenen,
    )


@router.get(f"{BEGIN}/{{nr}}/regels.{{vorm}}")
async def regels_bestand(bezoeker: Lezer, nr: Nummer, vorm: Vorm) -> Response:
    """The lines of a declaratie as a file."""
    beeld = await toon_declaratie(bezoeker.wereld, bezoeker.actor, nr)
    return await tabel_bestand(f"declaratie-{nr}", vorm, _KOP, (_rij(each, beeld.meldingen.get(each.regel, ())) for each in beeld.regels))


_KOP = (
    "regel", "toewijzing", "referentienummer", "vorig_referentienummer", "soort", "product", "van", "tot", "volume", "eenheid", "tarief",
    "ingediend", "toegekend", "uitkomst", "waarom",
)  # fmt: skip


def _rij(each: Uitkomstregel, meldingen: Sequence[str]) -> tuple[object, ...]:
    cents = -each.bedrag_cent if each.is_credit else each.bedrag_cent
    why = " ".join([*_redenen(each), *(() if each.toegekend else meldingen)])
    return (
        each.regel, each.toewijzing_nummer, each.referentie_nummer, each.vorig_referentie_nummer, "credit" if each.is_credit else "debet",
        f"{each.categorie} {each.code}", each.begindatum, each.einddatum, each.volume, EENHEDEN[each.eenheid][1], euro_cel(each.tarief_cent),
        euro_cel(cents), euro_cel(cents if each.toegekend else 0), "toegekend" if each.toegekend else "afgewezen", why,
    )  # fmt: skip


async def _formulier(
    bezoeker: Bezoeker,
    aan: Aan,
    opgaven: Sequence[Opgave],
    *,
    alleen: int | None = None,
    voorstel: Declaratievoorstel | None = None,
    rijfouten: Sequence[Rijfout] = (),
    fout: DomainError | None = None,
) -> Response:
    everything = await toon_declarabel(bezoeker.wereld, bezoeker.actor, aan)
    filled: dict[int, Opgave] = {}
    for each in opgaven:
        filled.setdefault(each.nummer, each)
    # What was filled in stays in sight, also when it is far down the list.
    wanted = [each for each in everything if alleen in (None, each.nummer)]
    shown = sorted(wanted, key=lambda each: (each.nummer not in filled, each.nummer))[:FORM_MAX]
    faults = {each.nummer: each for each in voorstel.fouten} if voorstel else {}
    response = bezoeker.pagina(
        "mijn_declaratie_nieuw.html",
        aan=aan,
        aan_waarde=f"{aan.domein}:{aan.gemeente}",
        gemeente=await _gemeentenaam(bezoeker, aan),
        rijen=sorted(shown, key=lambda each: (each.naam.casefold(), each.nummer)),
        aantal=len(everything),
        form_max=FORM_MAX,
        ingevuld=filled,
        fouten=faults,
        rijfouten=rijfouten,
        fout=fout,
        alleen=alleen,
        hoeveel=_hoeveel,
    )
    response.status_code = 422 if faults or rijfouten else 200 if fout is None else fout.status
    return response


def _toon_voorbeeld(bezoeker: Bezoeker, voorstel: Declaratievoorstel, *, fout: DomainError | None = None) -> Response:
    good = voorstel.goede_opgaven
    return bezoeker.pagina(
        "mijn_declaratie_voorbeeld.html",
        v=voorstel,
        aan_waarde=f"{voorstel.aan.domein}:{voorstel.aan.gemeente}",
        regels_tekst=schrijf_opgaven(voorstel.opgaven),
        goede_tekst=schrijf_opgaven(good) if good and len(good) < len([each for each in voorstel.opgaven if not each.is_leeg]) else "",
        goede_aantal=len(good),
        hoeveel=_hoeveel,
        fout=fout,
    )


async def _gemeentenaam(bezoeker: Bezoeker, aan: Aan) -> str:
    found = await bestemmingen(bezoeker.wereld, bezoeker.actor, aan.maand)
    return next((each.naam for each in found if (each.domein, each.gemeente) == (aan.domein, aan.gemeente)), aan.gemeente)


def _opgaven(form: FormData) -> tuple[Opgave, ...]:
    """The lines of the form on the page: `volume-<nummer>`, `prijs-<nummer>`, and a tick per earlier line that is undone."""
    found: list[Opgave] = []
    for name, value in form.multi_items():
        kind, _, rest = name.partition("-")
        if kind != "volume" or not isinstance(value, str) or not (rest.isascii() and rest.isdecimal() and len(rest) <= 9):
            continue
        undone = [each for each in form.getlist(f"crediteer-{rest}") if isinstance(each, str)]
        found.append(
            Opgave(nummer=int(rest), prijs=_tekst(form, f"prijs-{rest}"), volume=value.strip()[:40], crediteer="".join(undone[:1])[:20])
        )
        found.extend(Opgave(nummer=int(rest), crediteer=each[:20]) for each in undone[1:])
    return tuple(found)


def _aan_van(form: FormData) -> Aan:
    maand, aan = _tekst(form, "maand"), _tekst(form, "aan")
    domein, _, code = aan.partition(":")
    if domein not in ("ijw", "iwmo") or not (code.isascii() and code.isdecimal() and len(code) == 4):
        raise OngeldigVerzoek("Kies eerst de gemeente en de wet.")
    return _aan(maand, aan)


def _aan(maand: str, aan: str) -> Aan:
    domein, _, code = aan.partition(":")
    return Aan(domein="iwmo" if domein == "iwmo" else "ijw", gemeente=code, maand=_dag(maand))


def _dag(maand: str) -> date:
    try:
        return date.fromisoformat(f"{maand}-01")
    except ValueError as error:
        raise OngeldigVerzoek("Kies een maand.") from error


def _tekst(form: FormData, naam: str) -> str:
    value = form.get(naam, "")
    return value if isinstance(value, str) else ""


def _decoded(data: bytes) -> str:
    """A file as text: UTF-8, or what an old spreadsheet writes.

    Raises:
        OngeldigVerzoek: It is empty, or no text.
    """
    if not data:
        raise OngeldigVerzoek("Kies een bestand.")
    if data.startswith((b"PK", b"\xd0\xcf")):
        raise OngeldigVerzoek("Dit is een werkmap. Bewaar het blad als CSV en stuur dat bestand.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _maanden(bezoeker: Bezoeker) -> list[date]:
    """The first day of each month that can be chosen, newest first."""
    found = [maand_van(bezoeker.wereld.vandaag)]
    while len(found) < MAANDEN_TERUG:
        found.append(maand_van(found[-1] - timedelta(days=1)))
    return found


def _vorige_maand(bezoeker: Bezoeker) -> str:
    return f"{_maanden(bezoeker)[1]:%Y-%m}"


def _hoeveel(volume: int, eenheid: str) -> str:
    """`8 uur`; euros are in cents."""
    if eenheid == "83":
        return f"€ {volume // 100:,}".replace(",", ".") + f",{volume % 100:02d}"
    return f"{volume:,} ".replace(",", ".") + EENHEDEN[eenheid][volume != 1]


_GOED = ("0200", "8001")


def _redenen(each: Uitkomstregel) -> list[str]:
    """Why a line was refused, in the words of the list of retourcodes."""
    known = {code: codelists.retourcode(code) for code in each.retour_codes if code not in _GOED}
    return [f"{row.betekenis} ({code})" if row else f"Retourcode {code}" for code, row in known.items()]


def _opnieuw_pad(nr: int, domein: str, gemeente: str, refused: Sequence[Uitkomstregel]) -> str | None:
    """Where the refused debits can be filled in again: by the month of the first of them."""
    debits = [each for each in refused if not each.is_credit]
    if not debits:
        return None
    maand = maand_van(min(each.begindatum for each in debits))
    return f"{BEGIN}/nieuw{query({'maand': f'{maand:%Y-%m}', 'aan': f'{domein}:{gemeente}', 'uit': nr})}"
