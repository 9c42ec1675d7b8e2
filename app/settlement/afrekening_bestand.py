"""The statement of an afrekening for the accountant: CSV, workbook and PDF of the same amounts. Clients by pseudonym only. Pure.

Per gemeente the amounts, the causes that bridge what was allocated and what was granted, what is booked, per client, and what the books held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from app.adapters.csvbestand import csv_tekst, euro_cel
from app.adapters.pdf import Alinea, Deel, Kolom, Kop, Tabel, maak_pdf
from app.adapters.werkblad import Blad, Cel, Euro, maak_werkmap
from app.domain.bedrag import euro
from app.settlement.afrekening_waarden import PER_CLIENT, TELT, AfrekeningStatus, Maat, Oorzaak
from app.settlement.service_afrekening_tonen import AfrekeningInBeeld, Staat

STATUS_WOORD: Mapping[AfrekeningStatus, tuple[str, str]] = {
    AfrekeningStatus.CONCEPT: ("Concept", "rustig"),
    AfrekeningStatus.AANGEBODEN: ("Aangeboden", "let-op"),
    AfrekeningStatus.AKKOORD: ("Iedereen akkoord", "let-op"),
    AfrekeningStatus.VASTGESTELD: ("Vastgesteld", "goed"),
    AfrekeningStatus.INGETROKKEN: ("Ingetrokken", "rustig"),
}
"""Word and tone of each status."""
MAAT_WOORD: Mapping[Maat, str] = {
    Maat.TOEGEWEZEN: "Toegewezen",
    Maat.INGEDIEND: "Ingediend",
    Maat.AFGEWEZEN: "Afgewezen",
    Maat.NIET_OPNIEUW: "waarvan niet opnieuw ingediend",
    Maat.TOEGEKEND: "Toegekend",
    Maat.GECREDITEERD: "Gecrediteerd",
    Maat.TERMIJNEN: "Termijnen lumpsum en subsidie",
    Maat.GARANTIE: "Termijnen garantie",
    Maat.AANVULLING: "Aanvulling garantie",
    Maat.VERSCHIL: "Eerder afgesproken verschil",
    Maat.VERSCHULDIGD: "Verschuldigd",
    Maat.VERREKEND: "Verrekend met voorschot",
    Maat.BETAALD: "Betaald of bij de bank",
    Maat.TERUGBETAALD: "Terugbetaald",
    Maat.OPEN: "Nog open",
    Maat.VOORSCHOT: "Voorschot",
    Maat.VOORSCHOT_OPEN: "Voorschot nog niet verrekend",
    Maat.TE_BETALEN: "Te betalen aan de aanbieder",
    Maat.TE_ONTVANGEN: "Terug te krijgen van de aanbieder",
}
OORZAAK_WOORD: Mapping[Oorzaak, str] = {
    Oorzaak.ZONDER_DECLARATIE: "Toegewezen en niet gedeclareerd",
    Oorzaak.MINDER_GEDECLAREERD: "Minder gedeclareerd dan toegewezen",
    Oorzaak.MEER_DAN_TOEGEWEZEN: "Meer gedeclareerd dan toegewezen",
    Oorzaak.AFGEWEZEN: "Afgewezen en niet opnieuw ingediend",
    Oorzaak.ZONDER_START: "Geleverd zonder startbericht",
    Oorzaak.TARIEF: "Gecorrigeerd bedrag",
    Oorzaak.LAAT: "Geboekt na het zorgjaar",
    Oorzaak.TERMIJNEN: "Productie min termijnen",
    Oorzaak.GARANTIE: "Garantie niet verdiend",
}
OORZAAK_UITLEG: Mapping[Oorzaak, str] = {
    Oorzaak.ZONDER_DECLARATIE: "Op deze toewijzingen is over het jaar niets gedeclareerd.",
    Oorzaak.MINDER_GEDECLAREERD: "Wat van toewijzingen overbleef.",
    Oorzaak.MEER_DAN_TOEGEWEZEN: "Wat boven de toewijzing is gedeclareerd; negatief.",
    Oorzaak.AFGEWEZEN: "De laatste declaratie van deze zorg is afgewezen, met deze retourcode.",
    Oorzaak.ZONDER_START: "Toegekend op toewijzingen waarvan geen start is gemeld.",
    Oorzaak.TARIEF: "Gecrediteerd en voor een ander bedrag opnieuw gedeclareerd: het verschil.",
    Oorzaak.LAAT: "Toegekend of gecrediteerd in een later boekjaar.",
    Oorzaak.TERMIJNEN: "Wat in de zorgvorm is toegekend, min de termijnen die er al voor zijn betaald.",
    Oorzaak.GARANTIE: "Het gegarandeerde deel dat niet met toegekende prestaties is verdiend.",
}
BEDRAG = Kolom("Bedrag", rechts=True)


def maak_csv(staat: Staat) -> str:
    """Everything in one table: part, gemeente, name, detail, number, amount."""
    kop = ("onderdeel", "gemeente", "naam", "detail", "aantal", "bedrag")
    return csv_tekst(kop, (tuple(euro_cel(cel.cent) if isinstance(cel, Euro) else cel for cel in row) for row in _regels(staat)))


def maak_xlsx(staat: Staat) -> bytes:
    """A sheet per part."""
    beeld = staat.beeld
    codes = list(beeld.gemeenten)
    summary: list[Sequence[Cel]] = [
        (MAAT_WOORD[maat], *(Euro(beeld.gemeenten[code].get(maat, 0)) for code in codes), Euro(beeld.totaal(maat))) for maat in Maat
    ]
    clienten: list[Sequence[Cel]] = [
        (row.gemeente, row.client, *(Euro(row.maten.get(maat, 0)) for maat in PER_CLIENT)) for row in staat.clienten
    ]
    rest = ("gemeente", "naam", "detail", "aantal", "bedrag")
    return maak_werkmap(
        [
            Blad("samenvatting", ("bedrag", *(f"{beeld.namen[code]} {code}" for code in codes), "totaal"), summary),
            *(Blad(part, rest, [row[1:] for row in _regels(staat) if row[0] == part]) for part in ("oorzaak", "boeking", "grootboek")),
            Blad("clienten", ("gemeente", "client", *(MAAT_WOORD[maat] for maat in PER_CLIENT)), clienten),
        ]
    )


def _regels(staat: Staat) -> Iterator[tuple[Cel, ...]]:
    beeld = staat.beeld
    for code, maten in beeld.gemeenten.items():
        for maat in Maat:
            yield "samenvatting", code, MAAT_WOORD[maat], "", None, Euro(maten.get(maat, 0))
    for cause in beeld.oorzaken:
        yield "oorzaak", cause.gemeente, OORZAAK_WOORD[cause.oorzaak], cause.detail, cause.aantal, Euro(cause.bedrag_cent)
    for row in beeld.boekplan:
        yield "boeking", row.gemeente, row.soort, _zorg(row.domein, row.zorgvorm), None, Euro(row.bedrag_cent)
    for row in staat.geboekt:
        yield "grootboek", row.gemeente, row.soort, "", None, Euro(row.bedrag_cent)
    for client in staat.clienten:
        for maat, cents in client.maten.items():
            yield "client", client.gemeente, MAAT_WOORD[maat], client.client, None, Euro(cents)


def _zorg(domein: str, zorgvorm: str) -> str:
    return f"{domein} {zorgvorm}".strip()


def maak_staat_pdf(staat: Staat, *, gemaakt_op: datetime) -> bytes:
    """The statement to sign: everything but the clients, of whom it says the number and the sums."""
    found = staat.beeld.afrekening
    return maak_pdf(
        f"Afrekening {found.jaar}: {found.naam}",
        f"AGB {found.agb} · afrekening {found.volgnr}, versie {found.versie} · {STATUS_WOORD[found.status][0].lower()}",
        list(_delen(staat)),
        voet=f"Afrekening nr. {found.afrekening_nr}, versie {found.versie}",
        gemaakt_op=gemaakt_op,
    )


def _delen(staat: Staat) -> Iterator[Deel]:
    beeld = staat.beeld
    yield Alinea(f"Inhoud waarop akkoord is gegeven: SHA-256 {beeld.versies[0].inhoud_sha256.hex()}.")
    for code, maten in beeld.gemeenten.items():
        yield Kop(f"{beeld.namen[code]} ({code})")
        yield Tabel((Kolom("", gewicht=3), BEDRAG), [(MAAT_WOORD[maat], euro(maten.get(maat, 0))) for maat in Maat if maten.get(maat, 0)])
        yield from _oorzaken(beeld, code)
        booked = [(row.soort, _zorg(row.domein, row.zorgvorm), euro(row.bedrag_cent)) for row in beeld.boekplan if row.gemeente == code]
        if booked:
            yield Tabel((Kolom("Boeking", gewicht=2), Kolom("Zorgvorm", gewicht=2), BEDRAG), booked)
        ledger = [(row.soort, euro(row.bedrag_cent)) for row in staat.geboekt if row.gemeente == code]
        if ledger:
            yield Tabel((Kolom("Grootboek, rekening en soort (debet positief)", gewicht=3), BEDRAG), ledger)
    yield Alinea(f"Per client staan {len(staat.clienten)} regels, onder pseudoniem, in het CSV-bestand en de werkmap.")
    if beeld.stemmen:
        yield Kop("Akkoord en bezwaar")
        yield Tabel(
            (Kolom("Partij", gewicht=2), Kolom("Versie"), Kolom("Uitspraak"), Kolom("Door", gewicht=2), Kolom("Toelichting", gewicht=3)),
            [
                (each.partij, str(each.versie), "akkoord" if each.is_akkoord else "bezwaar", each.door, each.toelichting)
                for each in beeld.stemmen
            ],
        )


def _oorzaken(beeld: AfrekeningInBeeld, code: str) -> Iterator[Deel]:
    causes = [each for each in beeld.oorzaken if each.gemeente == code]
    adding = [each for each in causes if each.oorzaak in TELT]
    kolommen = (Kolom("Oorzaak", gewicht=3), Kolom("Detail", gewicht=2), Kolom("Aantal", rechts=True), BEDRAG)
    if adding:
        rows = [(OORZAAK_WOORD[each.oorzaak], each.detail, str(each.aantal), euro(each.bedrag_cent)) for each in adding]
        yield Tabel(kolommen, rows, totaal=("Toegewezen min toegekend", "", "", euro(sum(each.bedrag_cent for each in adding))))
    other = [
        (OORZAAK_WOORD[each.oorzaak], each.detail, str(each.aantal), euro(each.bedrag_cent)) for each in causes if each.oorzaak not in TELT
    ]
    if other:
        yield Tabel(kolommen, other)
