"""Values as an English reader sees them: known texts, texts with places, forms of dates and amounts; anything else stays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from time import perf_counter

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from app.web import woorden
from app.web.vertaling import Catalogus, vertaalde_omgeving

CATALOGUS = Catalogus(
    {
        "berichten": {"Bericht": "Message"},
        "boeken": {"Termijnen": "Instalments"},
        "woorden": {
            "Termijnen": "Deadlines",
            "werkdagen": "working days",
            "nog {1} {2}": "{1} {2} left",
            "{2} van {1}": "{1}'s {2}",
            "Klaar.": "Done.",
            "Alles klopt.": "All is well.",
            "Toegekend op {1}: {2}.": "Granted on {1}: {2}.",
            "{1}{2} op tijd{3}.": "{1}{2} in time{-3}.",
            ": {1} {2} budget": ": {1} {2} budget",
            "boven": "above",
        },
    }
)


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        (woorden.euro_of_streep(123456), "€1,234.56"),
        (woorden.euro_of_streep(-50), "-€0.50"),
        (woorden.euro_of_streep(None), "–"),
        (woorden.euro_heel(-1234500), "-€12,345"),
        (woorden.euro_kort(250_000_00), "€250k"),
        (woorden.euro_kort(2_500_000_00), "€2.5m"),
        (woorden.getal(12345678), "12,345,678"),
        (woorden.getal(999), "999"),
        (woorden.procent(873), "87.3%"),
        (woorden.datum(date(2026, 3, 3)), "3 March 2026"),
        (woorden.maandnaam(date(2026, 5, 1)), "May 2026"),
        (woorden.datum_kort(date(2026, 10, 3)), "3 Oct 2026"),
        (woorden.tijdstip(datetime(2026, 7, 3, 7, 0, tzinfo=UTC)), "3 Jul 2026 09:00"),
        (woorden.grootte(1_500_000), "1.5 MB"),
        ("0678", "0678"),
        ("3.2", "3.2"),
        ("99-99-2026", "99-99-2026"),
    ],
)
def test_forms_become_english(dutch: str, english: str) -> None:
    assert CATALOGUS.waarde(dutch) == english


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("Bericht", "Message"),
        ("bericht", "message"),
        (" Bericht ", " Message "),
        ("nog 3 werkdagen", "3 working days left"),
        ("Toegekend op 3 juli 2026: € 1.000,00.", "Granted on 3 July 2026: €1,000.00."),
        ("Klaar. Alles klopt.", "Done. All is well."),
        ("Klaar. Dit kennen wij niet.", "Klaar. Dit kennen wij niet."),
        ("12 werkdagen op tijd, meestal.", "12 working days in time."),
        (": 90,1 % boven budget", ": 90.1 % above budget"),
        ("323 bericht", "323 message"),
        ("nog veel meer dan iemand ooit in één keer zou lezen", "nog veel meer dan iemand ooit in één keer zou lezen"),
        ("Kapelle bericht", "Kapelle bericht"),
        ("Kapelle", "Kapelle"),
        ("", ""),
        ("  ", "  "),
        ("nog 3 werkdagen" * 500, "nog 3 werkdagen" * 500),
    ],
)
def test_what_is_known_is_said_in_english(dutch: str, english: str) -> None:
    assert CATALOGUS.waarde(dutch) == english


def test_a_word_may_mean_something_else_in_one_group_of_templates() -> None:
    assert (CATALOGUS.waarde("Termijnen"), CATALOGUS.waarde("Termijnen", "boeken")) == ("Deadlines", "Instalments")
    assert (CATALOGUS.tekst("Termijnen", "geld"), CATALOGUS.tekst("Termijnen", "boeken")) == ("Deadlines", "Instalments")


def test_no_text_makes_it_slow() -> None:
    """A reason that a person wrote may hold the fixed parts of a text with many places very often."""
    catalogus = Catalogus({"woorden": {"{1} a {2} a {3} a {4} a {5} a {6} a {7} a {8} einde": "{1}{2}{3}{4}{5}{6}{7}{8}"}})
    tekst = "x" + " a " * 600 + " einde "
    begin = perf_counter()

    assert catalogus.waarde(tekst + "niet") == tekst + "niet"
    assert perf_counter() - begin < 0.5


def test_the_text_that_says_most_itself_goes_first() -> None:
    catalogus = Catalogus({"woorden": {"nog {1}": "{1} left", "nog {1} van {2}": "{1} of {2} left"}})

    assert catalogus.waarde("nog 3 van 5") == "3 of 5 left"


def rendered(source: str, **values: object) -> str:
    basis = Environment(loader=DictLoader({"x": source}), autoescape=True)
    return vertaalde_omgeving(basis, CATALOGUS).get_template("x").render(**values)


def test_what_stays_dutch_says_so() -> None:
    """A screen reader then reads it with a Dutch voice (WCAG 3.1.2); where no tag may stand it is only text."""
    finding = "Het volume <is> hoger dan toegewezen"

    assert rendered("<p>{{ x }}</p>", x=finding) == '<p><span lang="nl">Het volume &lt;is&gt; hoger dan toegewezen</span></p>'
    assert rendered("<option>{{ x }}</option>", x=finding) == "<option>Het volume &lt;is&gt; hoger dan toegewezen</option>"
    assert rendered('<p title="{{ x }}"></p>', x="nog 3 werkdagen") == '<p title="3 working days left"></p>'


def test_markup_and_numbers_pass() -> None:
    assert rendered("{{ x }}{{ y }}", x=Markup("<b>Bericht</b>"), y=12) == "<b>Bericht</b>12"


def test_dutch_stays_as_it_was() -> None:
    """The environment that the English one is made of does not change."""
    basis = Environment(loader=DictLoader({"x": "<p>Bericht {{ x }}</p>"}), autoescape=True)

    english = vertaalde_omgeving(basis, Catalogus({"x": {"Bericht {1}": "Message {1}"}})).get_template("x").render(x="werkdagen")

    assert english == "<p>Message werkdagen</p>"
    assert basis.get_template("x").render(x="werkdagen") == "<p>Bericht werkdagen</p>"
