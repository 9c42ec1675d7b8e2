"""Units of text in templates: what is one phrase, how its key is written, and that nothing else of the source changes."""

from __future__ import annotations

import pytest

from app.web.pagina import environment
from app.web.talen import Taal
from app.web.vertaling import Catalogus, eenheden, herschrijf
from app.web.vertaling.stukken import stukken


def leeg(_sleutel: str) -> None:
    """A catalogue without texts."""


def templates() -> list[str]:
    return environment(Taal.NEDERLANDS).list_templates()


def bron(naam: str) -> str:
    env = environment(Taal.NEDERLANDS)
    assert env.loader is not None
    return env.loader.get_source(env, naam)[0]


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("<p>Eén zin.</p><p>Nog een zin.</p>", ["Eén zin.", "Nog een zin."]),
        ("<p>Zie <a href=\"/x{{ query({'a': {'b': 1}}) }}\">de regels</a> van {{ naam }}.</p>", ["Zie <a>de regels</a> van {1}."]),
        ("<li><a href='/x'>Alles</a></li>", ["Alles"]),
        ("<p><a href='/1'>een</a> en <a href='/2'>twee</a></p>", ["<a>een</a> en <a2>twee</a2>"]),
        ("<p>Bericht {% if x %}is klaar{% else %}wacht{% endif %}</p>", ["Bericht", "is klaar", "wacht"]),
        ('<div aria-label="Blad {{ n }}" class="tabel {{ y }}"></div>', ["Blad {1}"]),
        ('<td data-label="Van">x</td>', ["Van"]),
        ('<p>Begin <span class="klein">klein</span> einde</p>', ["Begin", "klein", "einde"]),
        ('<p>Begin <span class="nobr">vast</span> einde</p>', ["Begin <span>vast</span> einde"]),
        ("<p>Regel een\n     en twee</p>", ["Regel een en twee"]),
        ("<p>{{ '}}' }} dagen</p>", ["{1} dagen"]),
        ('{% if n > 1 %}<p class="{{ \'a\' if n > 2 else "b" }}">dagen</p>{% endif %}', ["dagen"]),
        ("<p>{{ a }} · {{ b }} – 12,5%</p>", []),
        ("{# Een opmerking #}{% raw %}<p>rauw</p>{% endraw %}<!-- html -->", []),
        ("<pre>Dit blijft <b>zo</b></pre><code>dit ook</code><textarea>en dit</textarea><p>dit niet</p>", ["dit niet"]),
        ('<button lang="en">English</button><p>Tekst</p>', ["Tekst"]),
        ('{% macro ids() %} aria-describedby="{{ x }}"{% endmacro %}', []),
        ("<p><span>open {% if x %}dicht</span>{% endif %}</p>", ["open", "dicht"]),
        ("<p>Tom &amp; Jerry&nbsp;samen</p>", ["Tom &amp; Jerry&nbsp;samen"]),
    ],
)
def test_a_phrase_is_found_whole(source: str, keys: list[str]) -> None:
    assert eenheden(source) == keys


@pytest.mark.parametrize("naam", templates())
def test_the_pieces_of_a_template_are_the_template(naam: str) -> None:
    source = bron(naam)

    assert "".join(stuk.bron for stuk in stukken(source)) == source


@pytest.mark.parametrize("naam", templates())
def test_every_template_compiles_in_english(naam: str) -> None:
    environment(Taal.ENGELS).get_template(naam)


def test_a_text_may_put_its_places_in_another_order() -> None:
    source = '<p>  Zie <a href="/r">regel {{ nr }}</a>, van {{ naam -}} . </p>'

    found = herschrijf(source, Catalogus({"x": {"Zie <a>regel {1}</a>, van {2} .": "By {2}: see <a>rule {1}</a>"}}).tekst)

    assert found == '<p>  By {{ (naam)|vertaal_tekst -}}: see <a href="/r">rule {{ (nr)|vertaal_tekst }}</a> </p>'


def test_values_in_attributes_that_nobody_reads_stay_as_they_are() -> None:
    source = '<option value="{{ v }}" label="{{ v }}">{{ v }}</option>'

    assert herschrijf(source, leeg) == '<option value="{{ v }}" label="{{ (v)|vertaal }}">{{ (v)|vertaal }}</option>'


def test_the_title_of_a_page_gets_no_tags() -> None:
    source = "{% block titel %}{{ v }}{% endblock %}{% block inhoud %}{{ v }}{% endblock %}"

    assert herschrijf(source, leeg) == (
        "{% block titel %}{{ (v)|vertaal }}{% endblock %}{% block inhoud %}{{ (v)|vertaal_tekst }}{% endblock %}"
    )


def test_an_expression_with_a_condition_stays_one_expression() -> None:
    assert herschrijf("<p>{{- 'a' if x else 'b' }}</p>", leeg) == "<p>{{- ('a' if x else 'b')|vertaal_tekst }}</p>"


def test_the_name_of_an_account_is_no_word_of_ours() -> None:
    """Somebody may sign in as `toegang`."""
    source = "<p>{{ bezoeker.actor.naam }}{{ run.gemaakt_door }}{{ notitie.door }}</p>"

    assert herschrijf(source, leeg) == source
