"""Take the pictures of docs/screenshots from a running Solidair, with headless Chromium at desktop and phone width, and write docs/gallery.md.

    python tools/make_screenshots.py http://127.0.0.1:8400 NAAM < bestand-met-wachtwoord

The password is read from standard input, so that it stands in no history; the access team and the aanbieder of the demo have the same. Which pages
there are is in `tools/gallery.py`; what is checked on the page of a check are the samples of tests/conformance. A page that answers with an error, or
must be scrolled sideways, ends the run: no picture of a fault is stored. Needs Chromium and the packages playwright and pillow.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.gallery import BEELDEN, Beeld  # noqa: E402 - found only after the line above when run as a program

SIZES = {"1280": (1280, 960), "390": (390, 844)}
BYTES_MAX = 150_000
COLOURS = 128
FLAGS = ("--lang=nl-NL", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update")
GECONTROLEERD = {f"controle-{nummer}": ROOT / "tests/conformance" / f"jw{nummer}" / "inhoud_niet_goed.xml" for nummer in ("301", "323")}
"""Pictures of the page of a check with an outcome on it, and the file that is checked."""


class PageFailed(Exception):
    """A page did not answer with 200, is too wide, or its picture is too big."""


def main() -> int:
    """Sign in, take every page at every width, write the list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("naam")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--alleen", nargs="*", metavar="BEELD", help="only these; the list is written for all")
    arguments = parser.parse_args()
    password = sys.stdin.readline().rstrip("\n")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        for width, size in SIZES.items():
            take_all(playwright, arguments, password, width, size)
    (ROOT / "docs" / "gallery.md").write_text(gallery(BEELDEN), encoding="utf-8")
    return 0


def gallery(beelden: Iterable[Beeld]) -> str:
    """The list as Markdown."""
    lines = ["# Gallery", "", "Every page, on a synthetic region. Made by `tools/make_screenshots.py`; all persons are fictitious.", ""]
    for beeld in beelden:
        pictures = " ".join(f"[{width}](screenshots/{beeld.naam}-{width}.png)" for width in SIZES)
        lines += [f"## `{beeld.pad.partition('?')[0]}` {beeld.naam}", "", f"{beeld.zin} {pictures}", ""]
        lines += [f"![{beeld.naam}](screenshots/{beeld.naam}-1280.png)", ""]
    return "\n".join(lines)


def take_all(playwright: Playwright, arguments: argparse.Namespace, password: str, width: str, size: tuple[int, int]) -> None:
    """Every page at one width."""
    browser = playwright.chromium.launch(executable_path=arguments.chromium, args=list(FLAGS), env={**os.environ, "LANGUAGE": "nl"})
    wanted = set(arguments.alleen or [beeld.naam for beeld in BEELDEN] + list(GECONTROLEERD))
    for wie in dict.fromkeys(beeld.wie for beeld in BEELDEN if beeld.naam in wanted or (not beeld.wie and wanted & set(GECONTROLEERD))):
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]}, locale="nl-NL", timezone_id="Europe/Amsterdam", reduced_motion="reduce"
        )
        open_page(page, f"{arguments.url}/aanmelden")
        if not wie and "aanmelden" in wanted:
            store(page, arguments, f"aanmelden-{width}")
        sign_in(page, arguments.url, wie or arguments.naam, password)
        for naam, file in GECONTROLEERD.items() if not wie else ():
            if naam in wanted:
                check_file(page, arguments.url, file)
                store(page, arguments, f"{naam}-{width}")
        for beeld in BEELDEN:
            if beeld.wie == wie and beeld.naam in wanted and beeld.naam != "aanmelden":
                find(page, arguments.url, beeld)
                store(page, arguments, f"{beeld.naam}-{width}")
        page.close()
    browser.close()


def sign_in(page: Page, url: str, naam: str, password: str) -> None:
    """On the page for it; ends on the start page."""
    page.get_by_label("Naam").fill(naam)
    page.get_by_label("Wachtwoord").fill(password)
    page.get_by_role("button", name="Aanmelden").click()
    page.wait_for_url(f"{url}/")


def find(page: Page, url: str, beeld: Beeld) -> None:
    """Open the page, through its list where it is a page of one thing."""
    open_page(page, url + beeld.pad)
    for keuze in beeld.keuze:
        link = page.locator(keuze)
        if not link.count():
            raise PageFailed(f"{beeld.pad} has nothing to show for {beeld.naam}")
        open_page(page, url + str(link.first.get_attribute("href")))


def check_file(page: Page, url: str, file: Path) -> None:
    """Check a file on the page; what comes back stands on the screen."""
    open_page(page, f"{url}/controle")
    page.get_by_label("Bestand met een bericht").set_input_files(file)
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Controleer", exact=True).click()
    if answer.value.status != 200:
        raise PageFailed(f"{file} was not checked")


def open_page(page: Page, url: str) -> None:
    """Go there; anything but 200 is an error. The page is left first: another place on the same page would not be loaded anew."""
    page.goto("about:blank")
    response = page.goto(url)
    if response is None or response.status != 200:
        raise PageFailed(f"{url} answered {response.status if response else 'nothing'}")


def store(page: Page, arguments: argparse.Namespace, name: str) -> None:
    """One picture of the first screen, in few colours; the document may not be wider than the window."""
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        raise PageFailed(f"{page.url} is wider than its window at {name}")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    if len(buffer.getvalue()) > BYTES_MAX:
        raise PageFailed(f"{name} is {len(buffer.getvalue())} bytes, more than {BYTES_MAX}")
    (arguments.out / f"{name}.png").write_bytes(buffer.getvalue())
    print(f"{name}.png: {len(buffer.getvalue())} bytes")


if __name__ == "__main__":
    sys.exit(main())
