"""The page of a check, as a browser without JavaScript uses it: what it shows, to whom, and that nothing of a file stays behind."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from app.adapters.wereld import Wereld
from app.domain.partij import Rol
from app.standard.writing import write
from app.web import controle
from tests.builders import AGB, BSN, GEMEENTE, make_301, make_323, make_client, make_prestatie, make_toegewezen_product
from tests.end_to_end.werkbank import stuur, wereld_with_region
from tests.fixtures.apps import app_of
from tests.integration.test_controle import row_counts
from tests.integration.test_pages import ONS_SCRIPT, WACHTWOORD, als, csrf_in, meld_aan

pytestmark = pytest.mark.slow

GOED = write(make_323(), indent=True)
FOUT = write(make_301(client=make_client(bsn="999900007", toegewezen_producten=(make_toegewezen_product(),))), indent=True)


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A region with one toewijzing of ten hours a week, sent but not judged."""
    async with wereld_with_region(database, tmp_path) as found:
        await stuur(found, make_301())
        yield found


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the whole application, limits of the outermost layer included."""
    transport = httpx.ASGITransport(app=app_of(wereld))
    async with httpx.AsyncClient(transport=transport, base_url="http://solidair.test", headers={"Accept": "text/html"}) as client:
        yield client


async def controleer(browser: httpx.AsyncClient, data: bytes = b"", *, csrf: str | None = None, **fields: str) -> httpx.Response:
    """Fill in the form and send it as a browser does: without `data` no file is chosen, which is sent as an empty file without a name."""
    token = csrf_in((await browser.get("/controle")).text) if csrf is None else csrf
    values = {"csrf": token, "xml": "", "niveau": "2", **fields}
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in values.items()]
    naam = "bericht <b>.xml" if data else ""
    parts.insert(1, f'Content-Disposition: form-data; name="bestand"; filename="{naam}"\r\nContent-Type: text/xml\r\n\r\n'.encode() + data)
    body = b"".join(b"--grens\r\n" + part + b"\r\n" for part in parts) + b"--grens--\r\n"
    return await browser.post("/controle", content=body, headers={"Content-Type": "multipart/form-data; boundary=grens"})


def verdict(response: httpx.Response) -> str:
    """The sentence at the top."""
    found = re.search(r'class="uitkomst__zin">([^<]+)<', response.text)
    assert found, response.text[:2000]
    return found.group(1)


async def test_every_role_finds_the_page_and_nobody_else(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """It stands in the navigation; without a session the way leads to the form, and nothing that was sent is read."""
    assert (await browser.get("/controle")).headers["location"] == "/aanmelden?naar=%2Fcontrole"
    sent = await browser.post("/controle", files={"bestand": ("a.xml", GOED, "text/xml")})
    assert (sent.status_code, sent.headers["location"]) == (303, "/aanmelden")
    for rol in Rol:
        await als(wereld, browser, rol)
        page = await browser.get("/controle")
        assert page.status_code == 200
        assert 'href="/controle" aria-current="page">Bestand controleren' in page.text
        assert 'enctype="multipart/form-data"' in page.text


async def test_a_right_file_is_told_so_in_one_sentence(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Who, to whom, how much; the name of the file is text."""
    await als(wereld, browser, Rol.TOEGANG, gemeenten=(GEMEENTE,))

    page = await controleer(browser, GOED)

    assert (page.status_code, verdict(page)) == (200, "Dit bericht is goed: JW323 declaratie van De Veste (42420001) aan Goes (0664).")
    assert "<dt>Prestaties</dt><dd>1</dd>" in page.text
    assert "€\u00a0480,00" in page.text
    assert "bericht &lt;b&gt;.xml" in page.text
    assert "Wat er mis is" not in page.text


async def test_each_fault_leads_to_its_line_and_back(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Sentence, path, value and line; every link on the page has its place."""
    await als(wereld, browser, Rol.TOEGANG, gemeenten=(GEMEENTE,))

    page = await controleer(browser, FOUT)

    assert verdict(page) == "Deze JW301 is niet goed: 1 fout."
    assert "Bsn 999900007 doorstaat de elfproef niet." in page.text
    assert "/<wbr>Bericht/<wbr>Client/<wbr>Bsn" in page.text
    line = FOUT.decode().splitlines().index("\t\t<jw301:Bsn>999900007</jw301:Bsn>") + 1
    assert f'<a href="#regel-bevinding-1">Regel {line}</a>' in page.text
    places = set(re.findall(r'id="([^"]+)"', page.text))
    assert set(re.findall(r'href="#([^"]+)"', page.text)) <= places
    assert {"bevinding-1", "regel-bevinding-1"} <= places


async def test_pasted_xml_is_checked_and_comes_back(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """White space around it does not matter; a chosen file goes before it."""
    await als(wereld, browser, Rol.TOEGANG, gemeenten=(GEMEENTE,))

    pasted = await controleer(browser, xml=f"\r\n  {FOUT.decode()}")
    both = await controleer(browser, GOED, xml=FOUT.decode())

    assert verdict(pasted) == "Deze JW301 is niet goed: 1 fout."
    assert '<details class="plakken" open>' in pasted.text
    assert "&lt;jw301:Bsn&gt;999900007&lt;/jw301:Bsn&gt;" in pasted.text
    assert verdict(both).startswith("Dit bericht is goed: JW323")
    assert "999900007" not in both.text


async def test_who_works_for_the_sender_checks_against_the_past(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Only then the choice is offered; a bericht of another sender is checked on its own, and that is said."""
    bericht = write(make_323(make_prestatie("R1", toewijzing_nummer=7)), indent=True)
    await als(wereld, browser, Rol.TOEGANG, gemeenten=(GEMEENTE,))
    assert 'type="radio"' not in (await browser.get("/controle")).text
    asked = await controleer(browser, bericht, niveau="4")
    await als(wereld, browser, Rol.INZAGE, gemeenten=(), partijen=(f"aanbieder:{AGB}",))
    assert "Voor berichten van aanbieder 42420001" in (await browser.get("/controle")).text
    own = await controleer(browser, bericht, niveau="4")
    alone = await controleer(browser, bericht, niveau="2")

    assert verdict(asked).startswith("Dit bericht is goed")
    assert "U werkt niet namens de afzender" in asked.text
    assert verdict(own).startswith("Deze JW323 is niet goed: 1 fout")
    assert verdict(alone).startswith("Dit bericht is goed")
    assert "U werkt niet namens" not in own.text + alone.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7 \x00\x01", "geen goed gevormde XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "Het bestand bevat een DOCTYPE."),
        (b"<a><b></a>", "geen goed gevormde XML"),
        (b"<a>\xe9</a>", "UTF-8"),
        (b"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (GOED[: len(GOED) // 2], "geen goed gevormde XML"),
    ],
)
async def test_what_is_no_bericht_is_told_why(wereld: Wereld, browser: httpx.AsyncClient, data: bytes, sentence: str) -> None:
    """A page with a sentence, never an error, and never taken for HTML."""
    await als(wereld, browser, Rol.INZAGE)

    page = await controleer(browser, data)

    assert page.status_code == 200
    assert sentence in page.text
    assert "<script" not in page.text.replace(ONS_SCRIPT, "")


async def test_nothing_chosen_is_asked_for(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The form again, with what is missing."""
    await als(wereld, browser, Rol.INZAGE)

    page = await controleer(browser, xml="   ")

    assert page.status_code == 422
    assert controle.GEEN_BESTAND in page.text


async def test_more_than_25_mb_is_refused_with_a_page(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Just too big: the finding of the door. Bigger: read to its end, kept nowhere. Far too big: not read at all."""
    await als(wereld, browser, Rol.INZAGE)

    just = await controleer(browser, b"<a>" + b" " * 25_000_000)
    bigger = await controleer(browser, b"<a>" + b" " * 26_000_000)
    read = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield b" "

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "200000000"}
    far = await browser.post("/controle", content=stream(), headers=headers)

    assert just.status_code == 200
    assert "OP179" in just.text
    assert (bigger.status_code, controle.TE_GROOT in bigger.text) == (413, True)
    assert (far.status_code, read) == (413, 0)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"--y\r\n"),
        ("application/xml", GOED),
        (
            "multipart/form-data; boundary=x",
            b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' for _ in range(9)) + b"--x--",
        ),
    ],
)
async def test_a_form_that_is_not_ours_is_a_page(wereld: Wereld, browser: httpx.AsyncClient, content_type: str, body: bytes) -> None:
    """400 with a sentence, or 403 when it has no token."""
    await als(wereld, browser, Rol.INZAGE)

    page = await browser.post("/controle", content=body, headers={"Content-Type": content_type})

    assert page.status_code in (400, 403)
    assert "<h1" in page.text


async def test_a_form_of_another_session_is_refused(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """As every form: the token is that of the session."""
    await als(wereld, browser, Rol.INZAGE)
    other = csrf_in((await browser.get("/controle")).text)
    await als(wereld, browser, Rol.TOEGANG)

    for token in (other, "", "é"):
        page = await controleer(browser, GOED, csrf=token)
        assert page.status_code == 403
        assert "De Veste" not in page.text


async def test_nothing_of_a_file_stays_behind(wereld: Wereld, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row, no line in the log with a Bsn, no file on disk, also when the file is big; and the page may not be cached."""
    await als(wereld, browser, Rol.INZAGE, partijen=(f"aanbieder:{AGB}",))
    before = await row_counts(wereld)

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a file was written")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with capture_logs() as logs:
        for data in (GOED, FOUT, GOED + b" " * 3_000_000):
            page = await controleer(browser, data, niveau="4")
            assert page.status_code == 200
            assert page.headers["cache-control"] == "no-store"

    assert await row_counts(wereld) == before
    assert not [entry for entry in logs if BSN in str(entry) or "999900007" in str(entry)]


async def test_checks_take_turns(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """More at the same time than fit: all are answered."""
    await als(wereld, browser, Rol.INZAGE)
    token = csrf_in((await browser.get("/controle")).text)

    pages = await asyncio.gather(*(controleer(browser, GOED, csrf=token) for _ in range(6)))

    assert {page.status_code for page in pages} == {200}


async def test_sign_in_leads_back_to_the_page(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Who follows a link to it signs in and is there."""
    await als(wereld, browser, Rol.INZAGE)

    assert (await meld_aan(browser, "proef-inzage", WACHTWOORD, "/controle")).headers["location"] == "/controle"
