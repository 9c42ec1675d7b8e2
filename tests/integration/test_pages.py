"""The pages on a real database: who may open what, whose berichten they show, and that nothing on them is taken for HTML."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.partij import SYSTEEM, Rol, aanbieder
from app.identity import maak_account
from app.ledger import verifieer
from app.settings import Settings
from app.web import SESSIE_COOKIE, maak_web
from tests.builders import AGB
from tests.fixtures.apps import pages_of
from tests.integration.pagina_rijen import BSN, NU, Pagina, Rij, Vondst, declaratie_xml, prestatie_pad, schrijf, vul

pytestmark = pytest.mark.slow

WACHTWOORD = "een-lang-wachtwoord"
ONS_SCRIPT = '<script src="/static/solidair.js" defer></script>'
"""The only script on a page."""
PAGINAS = ("/", "/berichten", "/berichten.csv", "/uitval", "/geld", "/geld/kosten.csv")


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The world of the pages, with the clock at the moment of the rows."""
    settings = Settings(mode="test", database_url=database, data_dir=tmp_path, nu=NU)
    async with open_wereld(settings, database) as found:
        yield found


@pytest.fixture
async def nrs(wereld: Wereld) -> Pagina:
    """The rows."""
    return await vul(wereld)


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in and does not follow redirects."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


def csrf_in(text: str) -> str:
    """The token in the first form of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found
    return found.group(1)


async def meld_aan(browser: httpx.AsyncClient, naam: str, wachtwoord: str = WACHTWOORD, naar: str = "/") -> httpx.Response:
    """Sign in through the form, as a person does."""
    formulier = await browser.get("/aanmelden", params={"naar": naar})
    hidden = re.search(r'name="naar" value="([^"]*)"', formulier.text)
    assert hidden
    data = {"naam": naam, "wachtwoord": wachtwoord, "csrf": csrf_in(formulier.text), "naar": hidden.group(1)}
    return await browser.post("/aanmelden", data=data)


async def als(
    wereld: Wereld, browser: httpx.AsyncClient, *rollen: Rol, gemeenten: tuple[str, ...] | None = None, partijen: tuple[str, ...] = ()
) -> None:
    """Make an account and sign in with it; a person of an aanbieder is of `AGB` unless said otherwise."""
    naam = "-".join(("proef", *rollen))
    if Rol.AANBIEDER in rollen:
        gemeenten, partijen = (), partijen or (aanbieder(AGB),)
    await maak_account(wereld, naam, WACHTWOORD, rollen, gemeenten, partijen)
    response = await meld_aan(browser, naam)
    assert response.status_code == 303


async def test_page_without_session_goes_to_the_form(browser: httpx.AsyncClient) -> None:
    for pad in (*PAGINAS, "/berichten/1", "/berichten/1/xml"):
        response = await browser.get(pad)

        assert response.status_code == 303, pad
        assert response.headers["location"].startswith("/aanmelden"), pad


async def test_session_that_is_over_goes_to_the_form(browser: httpx.AsyncClient) -> None:
    browser.cookies.set(SESSIE_COOKIE, "bestaat-niet")

    response = await browser.get("/geld?jaar=2026")

    assert response.status_code == 303
    assert response.headers["location"] == "/aanmelden?naar=%2Fgeld%3Fjaar%3D2026"


async def test_sign_in_sets_a_cookie_that_scripts_cannot_read_and_goes_where_one_was_going(
    wereld: Wereld, browser: httpx.AsyncClient
) -> None:
    await maak_account(wereld, "proef", WACHTWOORD, [Rol.UITVAL])

    response = await meld_aan(browser, "proef", naar="/uitval?periode=7")

    assert response.status_code == 303
    assert response.headers["location"] == "/uitval?periode=7"
    cookie = next(value for value in response.headers.get_list("set-cookie") if value.startswith(SESSIE_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_sign_in_behind_tls_marks_its_cookies_secure(wereld: Wereld) -> None:
    app = FastAPI()
    app.include_router(maak_web(lambda: wereld, secure_cookies=True)[0])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://solidair.test") as browser:
        response = await browser.get("/aanmelden")

    assert "Secure" in response.headers["set-cookie"]


async def test_sign_in_goes_nowhere_else(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await maak_account(wereld, "proef", WACHTWOORD, [Rol.UITVAL])

    for naar in ("https://elders.example", "//elders.example", "/\\elders.example", "/aanmelden", "elders"):
        formulier = await browser.get("/aanmelden")
        data = {"naam": "proef", "wachtwoord": WACHTWOORD, "csrf": csrf_in(formulier.text), "naar": naar}
        response = await browser.post("/aanmelden", data=data)

        assert response.headers["location"] == "/", naar


async def test_sign_in_with_a_wrong_password_says_so_and_keeps_the_name(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await maak_account(wereld, "proef", WACHTWOORD, [Rol.UITVAL])

    response = await meld_aan(browser, "proef", wachtwoord="een-ander-wachtwoord")

    assert response.status_code == 401
    assert "horen niet bij elkaar" in response.text
    assert 'value="proef"' in response.text
    assert "een-ander-wachtwoord" not in response.text
    assert SESSIE_COOKIE not in response.cookies


async def test_forms_without_their_token_are_refused(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    zonder = await browser.post("/aanmelden", data={"naam": "proef", "wachtwoord": WACHTWOORD, "csrf": "x"})
    await als(wereld, browser, Rol.UITVAL)
    verkeerd = await browser.post("/afmelden", data={"csrf": "x"})

    assert zonder.status_code == 403
    assert verkeerd.status_code == 403
    assert (await browser.get("/")).status_code == 200


async def test_form_that_is_too_big_is_refused(browser: httpx.AsyncClient) -> None:
    response = await browser.post("/aanmelden", data={"naam": "x" * 20_000})

    assert response.status_code == 413


async def test_sign_out_ends_the_session_on_the_server(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.UITVAL)
    token = browser.cookies[SESSIE_COOKIE]
    start = await browser.get("/")

    response = await browser.post("/afmelden", data={"csrf": csrf_in(start.text)})

    assert response.headers["location"] == "/aanmelden"
    browser.cookies.set(SESSIE_COOKIE, token)
    assert (await browser.get("/")).status_code == 303


async def test_each_role_opens_its_pages_and_no_others(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    berichten, uitval, geld = {"/", "/berichten", "/berichten.csv"}, {"/uitval"}, {"/geld", "/geld/kosten.csv"}
    expected = {
        Rol.INZAGE: berichten | uitval | geld,
        Rol.TOEGANG: berichten | uitval,
        Rol.UITVAL: berichten | uitval,
        Rol.CONTRACTBEHEER: berichten | uitval | geld,
        Rol.CONTROLLER: berichten | geld,
        Rol.AANBIEDER: {"/"},
        Rol.BEHEER: berichten | uitval | geld,
    }
    assert expected.keys() == set(Rol)

    for rol, open_paginas in expected.items():
        await als(wereld, browser, rol)
        statuses = {pad: (await browser.get(pad)).status_code for pad in PAGINAS}

        assert statuses == {pad: 200 if pad in open_paginas else 403 for pad in PAGINAS}, rol


async def test_pages_of_an_empty_installation_say_that_there_is_nothing(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.BEHEER)

    texts = {pad: (await browser.get(pad)).text for pad in ("/", "/berichten", "/berichten?soort=323", "/uitval", "/geld")}

    assert "Nog niets ontvangen" in texts["/"]
    assert "Nog geen berichten" in texts["/berichten"]
    assert "Geen berichten gevonden" in texts["/berichten?soort=323"]
    assert "Niets afgekeurd" in texts["/uitval"]
    assert "Geen kosten en geen budget" in texts["/geld"]


async def test_every_page_forbids_scripts_of_its_own_and_is_not_kept(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.BEHEER)

    for pad in (*PAGINAS, "/aanmelden", f"/berichten/{nrs.deels_afgekeurd}", f"/berichten/{nrs.deels_afgekeurd}/xml", "/berichten/999999"):
        response = await browser.get(pad)

        assert "default-src 'none'" in response.headers["content-security-policy"], pad
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in response.text.replace(ONS_SCRIPT, "")
        assert " style=" not in response.text


async def test_start_shows_what_needs_attention_and_that_the_books_are_right(
    wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina
) -> None:
    await als(wereld, browser, Rol.BEHEER)

    text = (await browser.get("/")).text

    assert "Stand van" in text
    assert "€\u00a017.345,00" in text
    assert "€\u00a015.000,00" in text
    assert "13,5% van wat is ingediend" in text
    assert "zijn nog niet nagerekend" in text
    assert 'href="/controles"' in text
    assert f'href="/berichten/{nrs.geparkeerd}"' in text


async def test_start_shows_when_the_books_are_wrong(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await wereld.pool.execute("update saldo set bedrag_cent = bedrag_cent + 1 where bedrag_cent = 500000")
    await verifieer(wereld, SYSTEEM)
    await als(wereld, browser, Rol.BEHEER)

    text = (await browser.get("/")).text

    assert "<strong>Klopt niet.</strong> De boeken van de hele regio" in text
    assert "volledige controle van de boeken klopte niet" in text


async def test_start_says_nothing_of_the_books_to_who_has_no_work_there(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.TOEGANG)

    assert "Kloppen de boeken" not in (await browser.get("/")).text


async def test_values_of_others_are_text_and_not_html(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    nr = await schrijf(
        wereld,
        Rij(identificatie="<img src=x>", status="geparkeerd", park_reden="<script>a</script>", xml="<Bericht><script>b</script></Bericht>"),
        Vondst(regel="TR1", retourcode=None, pad="/<u>", regelnummer=1, waarde='"><script>c', melding="<script>d</script>"),
    )
    await als(wereld, browser, Rol.BEHEER)

    texts = [(await browser.get(pad)).text for pad in ("/berichten", "/uitval", f"/berichten/{nr}", '/berichten?identificatie="><script>e')]

    for text in texts:
        assert "<script" not in text.replace(ONS_SCRIPT, "")
        assert "<img src=x" not in text
        assert "<b>Co" not in text
    assert "Zorg &lt;b&gt;Co&lt;/b&gt; &amp; Zonen" in texts[0]
    assert "&lt;script&gt;b&lt;/script&gt;" in texts[2]


async def test_berichten_of_another_gemeente_are_not_there(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.BEHEER, gemeenten=("0664",))

    assert (await browser.get(f"/berichten/{nrs.deels_afgekeurd}")).status_code == 200
    for pad in (f"/berichten/{nrs.ander}", f"/berichten/{nrs.ander}/xml", "/berichten/999999"):
        response = await browser.get(pad)
        assert response.status_code == 404
        assert "Terneuzen" not in response.text
    for pad in ("/", "/berichten?richting=alle", "/berichten.csv?richting=alle", "/uitval?periode=alles", "/geld", "/geld/kosten.csv"):
        text = (await browser.get(pad)).text
        assert "0715" not in text, pad
        assert "Terneuzen" not in text, pad


async def test_aanbieder_sees_only_its_own_berichten_and_no_money_of_gemeenten(
    wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina
) -> None:
    van, aan = "gemeente:0715", "aanbieder:42420002"
    stopped = await schrijf(wereld, Rij(soort="301", van=van, aan=aan, gemeente="0715", agb="42420002", status="afgekeurd"))
    await als(wereld, browser, Rol.INZAGE, gemeenten=(), partijen=(aan,))

    lijst = (await browser.get("/berichten?richting=alle")).text
    geld = (await browser.get("/geld")).text

    assert f'href="/berichten/{nrs.ander}"' in lijst
    assert "Scheldehuis" not in lijst
    assert f'href="/berichten/{nrs.deels_afgekeurd}"' not in lijst
    assert (await browser.get(f"/berichten/{nrs.ander}/xml")).status_code == 200
    assert (await browser.get(f"/berichten/{stopped}")).status_code == 404
    assert (await browser.get(f"/berichten/{nrs.deels_afgekeurd}")).status_code == 404
    assert "Geen kosten en geen budget" in geld


async def test_content_with_a_person_is_only_for_who_works_with_it(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    nr = await schrijf(wereld, Rij(identificatie="klein", xml=declaratie_xml(3)))

    for rol in (Rol.CONTROLLER, Rol.INZAGE, Rol.CONTRACTBEHEER):
        await als(wereld, browser, rol)
        pagina = await browser.get(f"/berichten/{nr}")
        xml = await browser.get(f"/berichten/{nr}/xml")

        assert pagina.status_code == 200
        assert BSN not in pagina.text
        assert "Niet voor uw rol" in pagina.text
        assert xml.status_code == 403
        assert BSN not in xml.text
    await als(wereld, browser, Rol.UITVAL)
    assert BSN in (await browser.get(f"/berichten/{nr}")).text


async def test_bericht_shows_each_bevinding_at_its_line(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.UITVAL)

    text = (await browser.get(f"/berichten/{nrs.deels_afgekeurd}")).text

    assert "Deels afgekeurd" in text
    assert "€\u00a012.345,00" in text
    assert f'href="/berichten/{nrs.antwoord}"' in text
    flagged = re.findall(r'xml__regel--fout"><span class="xml__nr">(\d+)</span>', text)
    assert flagged == ["66", "330", "490"]
    at_66 = text.index('<span class="xml__nr">66</span>')
    assert "resteert 6 uur" in text[at_66 : text.index('<span class="xml__nr">67</span>')]
    assert '<span class="xml__nr">200</span>' not in text


async def test_bericht_on_one_line_is_laid_out_with_the_bevinding_at_its_element(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    nr = await schrijf(
        wereld,
        Rij(status="deels_afgekeurd", xml=declaratie_xml(20, een_regel=True)),
        Vondst(regel="TR321", retourcode="9321", pad=prestatie_pad(7), regelnummer=1, melding="Te veel volume."),
    )
    await als(wereld, browser, Rol.UITVAL)

    text = (await browser.get(f"/berichten/{nr}")).text

    flagged = re.search(r'xml__regel--fout"><span class="xml__nr">\d+</span><code class="xml__tekst">([^\n]*)</code>', text)
    assert flagged
    assert flagged.group(1).strip() == "&lt;declaratie:GeleverdVolume&gt;7&lt;/declaratie:GeleverdVolume&gt;"


async def test_bericht_with_thousands_of_bevindingen_is_shown_in_pages(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    vondsten = [
        Vondst(regel="TR321", retourcode="9321", pad=prestatie_pad(n), regelnummer=14 + 4 * (n - 1), melding=f"Zin {n}.")
        for n in range(1, 451)
    ]
    nr = await schrijf(wereld, Rij(status="afgekeurd", xml=declaratie_xml(450)), *vondsten)
    await als(wereld, browser, Rol.UITVAL)

    first = (await browser.get(f"/berichten/{nr}")).text
    last = (await browser.get(f"/berichten/{nr}?na=400")).text

    assert "450 bevindingen" in first
    assert first.count('class="bevinding"') == 200
    assert f'href="/berichten/{nr}?na=200"' in first
    assert last.count('class="bevinding"') == 50
    assert first.count('class="xml__regel') <= 620


async def test_xml_is_downloaded_as_it_was_sent(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.UITVAL)

    response = await browser.get(f"/berichten/{nrs.deels_afgekeurd}/xml")

    assert response.content == declaratie_xml(150).encode()
    assert response.headers["content-type"] == "application/xml"
    assert response.headers["content-disposition"] == f'attachment; filename="JW323-{nrs.deels_afgekeurd}.xml"'


async def test_berichten_are_filtered_and_paged_without_loss(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    wanted = {await schrijf(wereld, Rij(soort="305", identificatie=f"P{n}", status="verwerkt")) for n in range(60)}
    await schrijf(wereld, Rij(soort="307", identificatie="anders"))
    await als(wereld, browser, Rol.UITVAL)

    seen: list[int] = []
    pad = "/berichten?soort=305&status=verwerkt&domein=&partij="
    while pad:
        text = (await browser.get(pad)).text
        seen += [int(nr) for nr in re.findall(r'<a href="/berichten/(\d+)">', text)]
        following = re.search(r'href="([^"]+)" rel="next"', text)
        pad = following.group(1).replace("&amp;", "&") if following else ""

    assert seen == sorted(wanted, reverse=True)


async def test_berichten_filter_finds_what_it_says(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.UITVAL)
    expected = {
        "status=deels_afgekeurd": {nrs.deels_afgekeurd},
        "retourcode=9338": {nrs.deels_afgekeurd},
        "regel=XSD": {nrs.geweigerd},
        "partij=gemeente:0715": {nrs.ander},
        "partij=aanbieder:42420002": {nrs.ander},
        "termijn=te_laat": {nrs.geparkeerd},
        "termijn=open&soort=305": {nrs.lopend},
        "identificatie=000000006": {nrs.lopend},
        "van=2026-07-07&tot=2026-07-07": {nrs.lopend, nrs.ander},
        "richting=uit&partij=gemeente:0664": {nrs.antwoord},
        "afzender=gemeente&soort=323": set(),
        "domein=iwmo": set(),
    }

    for vraag, gevonden in expected.items():
        text = (await browser.get(f"/berichten?{vraag}")).text

        assert {int(nr) for nr in re.findall(r'<a href="/berichten/(\d+)">', text)} == gevonden, vraag


async def test_question_that_is_not_well_formed_gets_a_sentence(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.UITVAL)

    for vraag in ("status=bestaat_niet", "van=gisteren", "voor=-1", "soort=999", "partij=';drop table bericht"):
        response = await browser.get(f"/berichten?{vraag}")

        assert response.status_code == 422
        assert f"Niet goed ingevuld: {vraag.partition('=')[0]}" in response.text


async def test_number_that_is_none_is_a_page_that_does_not_exist(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.UITVAL)

    for nr in ("abc", "0", "99999999999999999999"):
        assert (await browser.get(f"/berichten/{nr}")).status_code == 404


async def test_berichten_csv_holds_the_filtered_list_and_no_formulas(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    nr = await schrijf(wereld, Rij(identificatie="=1+1", status="deels_afgekeurd", ingediend_cent=-123_456, toegekend_cent=0))
    await als(wereld, browser, Rol.CONTROLLER)

    response = await browser.get("/berichten.csv?status=deels_afgekeurd")

    lines = response.text.splitlines()
    assert lines[0].startswith("\ufeffnummer;bericht;domein")
    assert [line.split(";")[0] for line in lines[1:]] == [str(nr), str(nrs.deels_afgekeurd)]
    assert ";'=1+1;" in lines[1]
    assert ";-1234,56;0,00;" in lines[1]
    assert ";12345,00;10000,00;TR322=9322 TR338=9338" in lines[2]


async def test_uitval_groups_by_cause_and_says_who_solves_it(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.UITVAL)

    alles = (await browser.get("/uitval")).text
    toegang = (await browser.get("/uitval?wie=toegang")).text

    assert alles.index("TR322 · 9322") < alles.index("TR338 · 9338")
    assert "Aanbieder (2)" in alles
    assert "Toegang (2)" in alles
    assert "€\u00a02.000,00" in alles
    assert alles.count(">De opbouw van het bericht klopt niet met het schema<") == 1
    assert "TR322" not in toegang
    assert "TR338 · 9338" in toegang


async def test_uitval_of_a_period_leaves_older_causes_out(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    vondst = Vondst(regel="TR346", retourcode="9346", pad="/Bericht", regelnummer=None, melding="Reken opnieuw.", bedrag_cent=5)
    await schrijf(wereld, Rij(status="afgekeurd", dagen_geleden=45), vondst)
    await als(wereld, browser, Rol.UITVAL)

    assert "TR346" not in (await browser.get("/uitval")).text
    assert "TR346" in (await browser.get("/uitval?periode=90")).text


async def test_geld_adds_folded_and_new_saldi_beside_budget_and_settlement(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.CONTROLLER)

    text = (await browser.get("/geld?jaar=2026")).text
    rows = (await browser.get("/geld/kosten.csv?jaar=2026")).text.splitlines()

    assert "2026;0664;Goes;10000,00;8000,00;-2000,00;-2500,00" in rows
    assert "2026;0715;Terneuzen;5000,00;12000,00;7000,00;2500,00" in rows
    assert "2026;0654;Borsele;0,00;12000,00;12000,00;" in rows
    assert "<svg" in text
    assert 'ontvangt <span class="bedrag">€\u00a02.500,00' in text
    assert 'betaalt <span class="bedrag">€\u00a02.500,00' in text
    assert "alle gemeenten van de regio samen <span" in text
    assert "wat de een betaalt, ontvangt de ander" in text
    assert (await browser.get("/geld/kosten.csv?per=zorgvorm")).text.splitlines()[1] == "2026;ambulant;Ambulante jeugdhulp;7500,00;;;"
    assert "2026;2026-06;juni;7500,00;;;" in (await browser.get("/geld/kosten.csv?per=maand")).text


async def test_geld_shows_a_settlement_that_does_not_add_up(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await wereld.pool.execute(
        "insert into verevening_run (gemaakt_op, gemaakt_door, jaar, model, invoer, uitkomst)"
        " select gemaakt_op, gemaakt_door, jaar, model, invoer, jsonb_set(uitkomst, '{0,settlement_cent}', '-249999') from verevening_run"
    )
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))

    text = (await browser.get("/geld")).text

    assert "<strong>Klopt niet:</strong>" in text
    assert "€\u00a00,01" in text


async def test_geld_of_a_run_or_year_without_figures(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.CONTROLLER)

    assert (await browser.get("/geld?run=999999")).status_code == 404
    assert "Geen kosten en geen budget" in (await browser.get("/geld?jaar=2031")).text


async def test_static_files_are_ours(browser: httpx.AsyncClient) -> None:
    css = await browser.get("/static/solidair.css")

    assert css.status_code == 200
    assert "http" not in css.text
    assert "@import" not in css.text


async def test_a_parked_bericht_is_judged_again_by_who_handles_uitval(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    """The button is there for that role, needs the token of the session, and puts the bericht back in line; once."""
    await als(wereld, browser, Rol.UITVAL)
    page = await browser.get(f"/berichten/{nrs.geparkeerd}")
    refused = await browser.post(f"/berichten/{nrs.geparkeerd}/opnieuw", data={"csrf": "x"})

    done = await browser.post(f"/berichten/{nrs.geparkeerd}/opnieuw", data={"csrf": csrf_in(page.text)})
    again = await browser.post(f"/berichten/{nrs.geparkeerd}/opnieuw", data={"csrf": csrf_in(page.text)})

    assert "Beoordeel opnieuw" in page.text
    assert refused.status_code == 403
    assert (done.status_code, done.headers["location"]) == (303, f"/berichten/{nrs.geparkeerd}")
    assert again.status_code == 409
    assert await wereld.pool.fetchval("select status from bericht where bericht_nr = $1", nrs.geparkeerd) == "ontvangen"
    assert await wereld.pool.fetchval("select count(*) from outbox where bericht_nr = $1", nrs.geparkeerd) == 1


async def test_a_reader_sees_no_button_and_may_not_replay(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    """Another role looks, but does not touch."""
    await als(wereld, browser, Rol.INZAGE)

    page = await browser.get(f"/berichten/{nrs.geparkeerd}")
    refused = await browser.post(f"/berichten/{nrs.geparkeerd}/opnieuw", data={"csrf": csrf_in(page.text)})

    assert "Beoordeel opnieuw" not in page.text
    assert refused.status_code == 403
