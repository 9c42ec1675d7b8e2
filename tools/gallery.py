"""Which pages the gallery of docs/gallery.md shows: name of the picture, where the page is, who uses it for what.

A page of one thing (a run, a bericht) has no address of its own here: `via` is the list it is on and `keuze` the link to follow.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Beeld:
    """One page of the gallery.

    Attributes:
        naam: Of its files: `<naam>-1280.png` and `<naam>-390.png`.
        pad: Its address, or that of the list from which `keuze` (a CSS selector of a link) leads to it.
        zin: Who uses it for what.
    """

    naam: str
    pad: str
    zin: str
    keuze: str = ""


BEELDEN = (
    Beeld(naam="aanmelden", pad="/aanmelden", zin="Everybody signs in here; what one sees after it depends on role and gemeenten."),
    Beeld(naam="start", pad="/", zin="What needs the reader today, and how the region stands."),
    Beeld(naam="toegang", pad="/toegang", zin="Access team: the toewijzingen of one's own gemeente, with what became of them."),
    Beeld(naam="toegang-nieuw", pad="/toegang/nieuw", zin="Issuing a toewijzing step by step, without seeing XML."),
    Beeld(
        naam="verzoeken", pad="/toegang/verzoeken", zin="Requests of aanbieders (315, 317) as a worklist, the one that is due first on top."
    ),
    Beeld(naam="berichten", pad="/berichten", zin="Every bericht in and out, with filters."),
    Beeld(
        naam="bericht",
        pad="/berichten?status=deels_afgekeurd&soort=323",
        keuze="tbody th a",
        zin="One bericht: what became of it, its findings in a sentence, its XML with the line marked.",
    ),
    Beeld(naam="termijnen", pad="/termijnen", zin="The legal clock: who must act until when."),
    Beeld(
        naam="uitval", pad="/uitval?periode=alles", zin="Operations: rejections by cause, with the money at stake and who can solve them."
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
        keuze='main tbody a[href^="/geld/verevening/"]',
        zin="One run: who pays and who receives, who fixed it, and how it differs from what was booked.",
    ),
    Beeld(naam="vergelijken", pad="/geld/vergelijken", zin="Agreements side by side on the region's own history, for a councillor."),
    Beeld(naam="herkomst", pad="/geld/herkomst", zin="From any total to its transfers, claims and lines of XML."),
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
    Beeld(naam="afrekeningen", pad="/geld/afrekeningen", zin="Final settlement per aanbieder and year, from concept to booked."),
    Beeld(naam="contracten", pad="/contracten", zin="Contract desk: ceilings with their forecast, contracts that end."),
    Beeld(naam="herbeoordelen", pad="/herbeoordelen", zin="Judging again after a correction of a contract, shown before it is done."),
    Beeld(naam="controles", pad="/controles", zin="What must always hold in the books, live, with the rows where it does not."),
    Beeld(naam="controle", pad="/controle", zin="Checking a file before it is sent; nothing of it is kept."),
    Beeld(naam="regels", pad="/regels", zin="Every rule of both standards, what we do about it, and which tests prove it."),
)
