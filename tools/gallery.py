"""Which pages the gallery of docs/gallery.md shows: name of the picture, where the page is, who uses it for what.

A page of one thing (a run, a bericht) has no address of its own here: `pad` is the list it is on and `keuze` the links to follow. What no demo makes
by itself (a draft, a payment run, a hold) is made by hand on its pages before the pictures are taken.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Beeld:
    """One page of the gallery.

    Attributes:
        naam: Of its files: `<naam>-1280.png` and `<naam>-390.png`.
        pad: Its address, or that of the list from which `keuze` (CSS selectors of links, one after another) leads to it.
        zin: Who uses it for what.
        wie: Account of the demo that sees it; empty for the one that the pictures are taken with.
    """

    naam: str
    pad: str
    zin: str
    keuze: tuple[str, ...] = ()
    wie: str = ""


TOEGANG, AANBIEDER = "toegang", "aanbieder"
"""Accounts that `solidair demo` makes beside `beheer`, with the same password."""
BEELDEN = (
    Beeld(naam="aanmelden", pad="/aanmelden", zin="Everybody signs in here; what one sees after it depends on role and gemeenten."),
    Beeld(naam="start", pad="/", zin="What needs the reader today, and how the region stands."),
    Beeld(
        naam="meldingen", pad="/meldingen", zin="What began, ended or is nearly due, told once; the bell in the head counts what is new."
    ),
    Beeld(
        naam="toegang", pad="/toegang", wie=TOEGANG, zin="Access team: the toewijzingen of one's own gemeente, with what became of them."
    ),
    Beeld(naam="toegang-nieuw", pad="/toegang/nieuw", wie=TOEGANG, zin="Issuing a toewijzing step by step, without seeing XML."),
    Beeld(
        naam="toegang-nakijken",
        pad="/toegang",
        keuze=('main a[href^="/toegang/concepten/"]',),
        wie=TOEGANG,
        zin="What is about to be sent, in a sentence with its cost; warnings before it.",
    ),
    Beeld(
        naam="toegang-toewijzing",
        pad="/toegang?status=gestart",
        keuze=('main tbody a[href^="/toegang/toewijzingen/"]',),
        wie=TOEGANG,
        zin="One toewijzing: what became of it, what is used, and what may be changed or why not.",
    ),
    Beeld(
        naam="verzoeken",
        pad="/toegang/verzoeken",
        wie=TOEGANG,
        zin="Requests of aanbieders (315, 317) as a worklist, the one that is due first on top.",
    ),
    Beeld(
        naam="verzoek",
        pad="/toegang/verzoeken",
        keuze=("main tbody a",),
        wie=TOEGANG,
        zin="One request: what is asked beside what there is, and the decision.",
    ),
    Beeld(naam="berichten", pad="/berichten", zin="Every bericht in and out, with filters."),
    Beeld(
        naam="bericht",
        pad="/berichten?status=deels_afgekeurd&soort=323",
        keuze=("tbody th a",),
        zin="One bericht: what became of it, its findings in a sentence, its XML with the line marked.",
    ),
    Beeld(naam="termijnen", pad="/termijnen", zin="The legal clock: who must act until when."),
    Beeld(
        naam="uitval", pad="/uitval?periode=alles", zin="Operations: rejections by cause, with the money at stake and who can solve them."
    ),
    Beeld(
        naam="uitval-oorzaak",
        pad="/uitval?periode=alles",
        keuze=("main tbody th a",),
        zin="One cause: its berichten, who works on it, the notes of colleagues.",
    ),
    Beeld(
        naam="uitval-bericht",
        pad="/uitval?periode=alles&soort=afgekeurd&bericht=323",
        keuze=("main tbody th a", "main tbody th a"),
        zin="A bericht within its cause: the line that is wrong beside toewijzing, contract and tariff, and the next one.",
    ),
    Beeld(
        naam="gezondheid",
        pad="/gezondheid",
        zin="Operations: what comes in, what waits, who is quiet, and which signals are red.",
    ),
    Beeld(
        naam="vasthouden",
        pad="/vasthouden",
        zin="Declaraties held before they are judged, why and until when, and rules that hold all of one aanbieder.",
    ),
    Beeld(naam="geld", pad="/geld", zin="Controller: cost and budget of a year, by month of care or of booking."),
    Beeld(
        naam="uitputting",
        pad="/geld/uitputting",
        zin="How far each budget is used, what is committed, the forecast with its range, and what changed.",
    ),
    Beeld(naam="verevening", pad="/geld/verevening", zin="Runs of the settlement between gemeenten, from concept to booked."),
    Beeld(
        naam="verevening-run",
        pad="/geld/verevening",
        keuze=('main tbody a[href^="/geld/verevening/"]',),
        zin="One run: who pays and who receives, who fixed it, and how it differs from what was booked.",
    ),
    Beeld(
        naam="uitleg",
        pad="/geld/verevening",
        keuze=('main tbody a[href^="/geld/verevening/"]', 'main tbody a[href^="/geld/verevening/"]'),
        zin="What a gemeente pays in a settlement, step by step; the same as a PDF.",
    ),
    Beeld(naam="vergelijken", pad="/geld/vergelijken", zin="Agreements side by side on the region's own history, for a councillor."),
    Beeld(naam="herkomst", pad="/geld/herkomst", zin="From any total to its transfers, claims and lines of XML."),
    Beeld(
        naam="herkomst-prestatie",
        pad="/geld/herkomst",
        keuze=('a[href^="/geld/herkomst/prestaties/"]',),
        zin="Where the money of one line went, from file to settlement.",
    ),
    Beeld(naam="casussen", pad="/geld/casussen", zin="The most expensive cases by pseudonym, and how they change from year to year."),
    Beeld(naam="risico", pad="/geld/risico", zin="What a year may cost each gemeente, with and without sharing."),
    Beeld(naam="grenzen", pad="/geld/grenzen", zin="Whether use shifts towards what is shared."),
    Beeld(
        naam="boekingen",
        pad="/geld/boekingen",
        zin="What is booked without a bericht: the routine of the month, orders shown before they book, a second person for big ones.",
    ),
    Beeld(naam="maanden", pad="/geld/maanden", zin="Closing a month, with what it holds and the hash that chains it to the month before."),
    Beeld(naam="betalingen", pad="/geld/betalingen", zin="Payment runs from proposal to the bank's statement."),
    Beeld(
        naam="betaling",
        pad="/geld/betalingen",
        keuze=('main tbody a[href^="/geld/betalingen/"]',),
        zin="One payment run: what each aanbieder gets; somebody else than who made it approves it.",
    ),
    Beeld(naam="afrekeningen", pad="/geld/afrekeningen", zin="Final settlement per aanbieder and year, from concept to booked."),
    Beeld(
        naam="afrekening",
        pad="/geld/afrekeningen",
        keuze=('main tbody a[href^="/geld/afrekeningen/"]',),
        zin="One final settlement: amounts, why they differ, who agrees.",
    ),
    Beeld(naam="contracten", pad="/contracten", zin="Contract desk: ceilings with their forecast, contracts that end."),
    Beeld(
        naam="contracten-lijst", pad="/contracten/lijst", zin="All contracts; with a product in the filter, what everybody is paid for it."
    ),
    Beeld(
        naam="contract",
        pad="/contracten/lijst",
        keuze=('main tbody a[href^="/contracten/lijst/contract"]',),
        zin="One contract: agreements, its prices, and what was granted on each this year.",
    ),
    Beeld(naam="herbeoordelen", pad="/herbeoordelen", zin="Judging again after a correction of a contract, shown before it is done."),
    Beeld(naam="controles", pad="/controles", zin="What must always hold in the books, live, with the rows where it does not."),
    Beeld(naam="controle", pad="/controle", zin="Checking a file before it is sent; nothing of it is kept."),
    Beeld(naam="regels", pad="/regels", zin="Every rule of both standards, what we do about it, and which tests prove it."),
    Beeld(naam="mijn-start", pad="/", wie=AANBIEDER, zin="Aanbieder without software: what waits for it today."),
    Beeld(naam="mijn", pad="/mijn", wie=AANBIEDER, zin="Its toewijzingen, with what is left of each and what to do next."),
    Beeld(
        naam="mijn-toewijzing",
        pad="/mijn?stand=loopt",
        keuze=('main tbody a[href^="/mijn/toewijzingen/"]',),
        wie=AANBIEDER,
        zin="One toewijzing: start and stop by form, or the reason why not; what was claimed on it.",
    ),
    Beeld(naam="mijn-declaraties", pad="/mijn/declaraties", wie=AANBIEDER, zin="Claiming a month, and what became of earlier months."),
    Beeld(
        naam="mijn-declareren",
        pad="/mijn",
        keuze=('main tr:not(:has-text("nog 0")) a[href^="/mijn/declaraties/nieuw"]',),
        wie=AANBIEDER,
        zin="How much was delivered; period, tariff and amount are filled in.",
    ),
    Beeld(
        naam="mijn-declaratie",
        pad="/mijn/declaraties",
        keuze=('main tr:has-text("Deels afgekeurd") th a',),
        wie=AANBIEDER,
        zin="Every line with its outcome and the reason in words, the granted ones too.",
    ),
    Beeld(
        naam="mijn-afrekeningen",
        pad="/mijn/afrekeningen",
        wie=AANBIEDER,
        zin="Final settlements that were offered to it: agree, or say why not.",
    ),
    Beeld(naam="mijn-postvak", pad="/mijn/berichten", wie=AANBIEDER, zin="Berichten of gemeenten to read and mark as done."),
)
