"""Take the screenshots of docs/screenshots from a running Solidair, with headless Chromium at desktop and phone width.

    python tools/make_screenshots.py http://127.0.0.1:8400 NAAM < bestand-met-wachtwoord

The password is read from standard input, so that it stands in no history. Berichten to show are found through the pages themselves; what is
checked on the page of a check are the samples of tests/conformance, or the files that are named. A page that answers with an error ends the
run: no picture of a fault is stored. Needs Chromium and the package playwright.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"1280": (1280, 900), "390": (390, 844)}
BYTES_MAX = 200_000
PAGES = {
    "start": "/",
    "berichten": "/berichten",
    "termijnen": "/termijnen",
    "uitval": "/uitval?periode=alles",
    "geld": "/geld",
    "geld-gemeenten": "/geld#kop-gemeenten",
    "geld-verevening": "/geld#kop-verevening",
    "contracten": "/contracten",
}
BERICHT_FILTERS = ("/berichten?status=deels_afgekeurd&soort=323", "/berichten?status=afgekeurd", "/berichten?richting=alle")
"""Where to look for a bericht with bevindingen, best first."""


class PageFailed(Exception):
    """A page did not answer with 200, or a picture is too big."""


def main() -> int:
    """Sign in, take every page at every width."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("naam")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    for nummer in ("301", "323"):
        sample = ROOT / "tests" / "conformance" / f"jw{nummer}" / "inhoud_niet_goed.xml"
        parser.add_argument(f"--controle-{nummer}", type=Path, default=sample, help=f"the JW{nummer} to be checked")
    parser.add_argument("--alleen-controle", action="store_true", help="only the page of a check")
    parser.add_argument("--heel", action="store_true", help="whole pages instead of the first screen, whatever their size")
    arguments = parser.parse_args()
    password = sys.stdin.readline().rstrip("\n")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        for width, size in SIZES.items():
            take_all(playwright, arguments, password, width, size)
    return 0


def take_all(playwright: Playwright, arguments: argparse.Namespace, password: str, width: str, size: tuple[int, int]) -> None:
    """Every page at one width."""
    flags = [
        "--lang=nl-NL",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    browser = playwright.chromium.launch(executable_path=arguments.chromium, args=flags, env={**os.environ, "LANGUAGE": "nl"})
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, locale="nl-NL", timezone_id="Europe/Amsterdam", reduced_motion="reduce"
    )
    open_page(page, f"{arguments.url}/aanmelden")
    store(page, arguments, f"aanmelden-{width}")
    page.get_by_label("Naam").fill(arguments.naam)
    page.get_by_label("Wachtwoord").fill(password)
    page.get_by_role("button", name="Aanmelden").click()
    page.wait_for_url(f"{arguments.url}/")
    for nummer, file in (("301", arguments.controle_301), ("323", arguments.controle_323)):
        check_file(page, arguments.url, file)
        store(page, arguments, f"controle-{nummer}-{width}")
    if not arguments.alleen_controle:
        take_pages(page, arguments, width)
    browser.close()


def take_pages(page: Page, arguments: argparse.Namespace, width: str) -> None:
    """Every page that shows what the server holds."""
    for name, path in PAGES.items():
        open_page(page, arguments.url + path)
        store(page, arguments, f"{name}-{width}")
    bericht = arguments.url + find_bericht(page, arguments.url)
    open_page(page, bericht)
    store(page, arguments, f"bericht-{width}")
    open_page(page, f"{bericht}#kop-xml")
    store(page, arguments, f"bericht-xml-{width}")


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


def find_bericht(page: Page, url: str) -> str:
    """The path of a bericht worth showing."""
    for path in BERICHT_FILTERS:
        open_page(page, url + path)
        links = page.locator("tbody th a")
        if links.count():
            return str(links.first.get_attribute("href"))
    raise PageFailed("there is no bericht to show")


def store(page: Page, arguments: argparse.Namespace, name: str) -> None:
    """One picture; the document may not be wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    if wide:
        raise PageFailed(f"{page.url} is wider than its window at {name}")
    path = arguments.out / f"{name}.png"
    data = page.screenshot(path=path, full_page=arguments.heel)
    if len(data) > BYTES_MAX and not arguments.heel:
        raise PageFailed(f"{path} is {len(data)} bytes, more than {BYTES_MAX}")
    print(f"{path.name}: {len(data)} bytes")


if __name__ == "__main__":
    sys.exit(main())
