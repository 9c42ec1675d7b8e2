"""The gallery shows every page of the navigation, and every picture that it names is there."""

from __future__ import annotations

from pathlib import Path

from app.web.rechten import paginas, paginas_van_aanbieder
from tools.gallery import BEELDEN
from tools.make_screenshots import BYTES_MAX, GECONTROLEERD, SIZES, gallery

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_page_of_the_navigation_is_shown() -> None:
    assert {*paginas(), *paginas_van_aanbieder()} - {beeld.pad.partition("?")[0] for beeld in BEELDEN} == set()


def test_every_picture_is_there_and_small() -> None:
    names = {f"{name}-{width}.png" for name in (*(beeld.naam for beeld in BEELDEN), *GECONTROLEERD) for width in SIZES}

    assert {path.name for path in (DOCS / "screenshots").iterdir()} == names
    assert all(path.stat().st_size <= BYTES_MAX for path in (DOCS / "screenshots").iterdir())


def test_the_list_is_that_of_the_tool() -> None:
    assert (DOCS / "gallery.md").read_text(encoding="utf-8") == gallery(BEELDEN)
