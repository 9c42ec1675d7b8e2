"""The depletion report as a file: CSV, workbook and PDF, with the same tables in the same order as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.adapters import pdf, werkblad
from app.adapters.csvbestand import Bedrag, csv_tekst
from app.domain.bedrag import euro
from app.reports.uitputting import Uitputting
from app.reports.uitputting_tabel import Soort, Tabel, Waarde, overzicht, veranderd, verloop
from app.reports.uitputting_zinnen import TOELICHTING, ervaring_zin, ondertitel, onvolledig_zin, procent, sein, tempo

_PDF_OVERZICHT = ("naam", "budget", "toegekend", "uitputting", "verplicht", "lineair", "prognose", "saldo")
_PDF_VERLOOP = ("maand", "kosten", "cumulatief", "uitputting", "norm", "lineair")
_PDF_VERANDERD = ("oorzaak", "aantal", "toegekend", "verplicht", "prognose")


def als_csv(report: Uitputting) -> str:
    """The rows of the report and their total, for a Dutch spreadsheet: semicolons, a decimal comma, percentages with two decimals."""
    tabel = overzicht(report)
    soorten = [kolom.soort for kolom in tabel.kolommen]
    return csv_tekst(
        [kolom.naam for kolom in tabel.kolommen],
        ([_csv_cel(waarde, soort) for waarde, soort in zip(rij, soorten, strict=True)] for rij in _rijen(tabel)),
    )


def _rijen(tabel: Tabel) -> list[tuple[Waarde, ...]]:
    return [*tabel.rijen, *([] if tabel.totaal is None else [tabel.totaal])]


def _csv_cel(waarde: Waarde, soort: Soort) -> object:
    """Cents as euros and hundredths as percent are both a number with two decimals."""
    return Bedrag(waarde) if isinstance(waarde, int) and soort in (Soort.CENT, Soort.PROCENT) else waarde


def als_werkmap(report: Uitputting) -> bytes:
    """A workbook: the rows, the course per month, what changed, and how it was worked out and what is missing."""
    sentences = [ondertitel(report), *(onvolledig_zin(each) for each in report.onvolledig), *TOELICHTING]
    sentences += [ervaring_zin(each.naam, each.ervaring) for each in report.ervaringen]
    sheets = [_blad(each) for each in (overzicht(report), verloop(report), veranderd(report))]
    return werkblad.maak_werkmap([*sheets, werkblad.Blad("toelichting", ("Toelichting",), [(each,) for each in sentences])])


def _blad(tabel: Tabel) -> werkblad.Blad:
    soorten = [kolom.soort for kolom in tabel.kolommen]
    rows = [[_werkblad_cel(waarde, soort) for waarde, soort in zip(rij, soorten, strict=True)] for rij in _rijen(tabel)]
    return werkblad.Blad(tabel.naam, [kolom.kop for kolom in tabel.kolommen], rows)


def _werkblad_cel(waarde: Waarde, soort: Soort) -> werkblad.Cel:
    if isinstance(waarde, int) and soort is Soort.CENT:
        return werkblad.Euro(waarde)
    if isinstance(waarde, int) and soort is Soort.PROCENT:
        return Decimal(waarde).scaleb(-2)
    return waarde


def als_pdf(report: Uitputting) -> bytes:
    """The monthly report to print: where the year ends, what is missing, the rows, the course, what changed, and how it was worked out."""
    naam = dict(report.gemeenten).get(report.gemeente or "", "")
    pace = tempo(report.totaal)
    delen: list[pdf.Deel] = [pdf.Alinea(sein(report.totaal)), *([] if pace is None else [pdf.Alinea(pace)])]
    if report.onvolledig:
        delen += [pdf.Kop("De gegevens zijn niet compleet"), *(pdf.Alinea(onvolledig_zin(each)) for each in report.onvolledig)]
    delen += [pdf.Kop(f"Per {report.per}"), _pdf_tabel(overzicht(report), _PDF_OVERZICHT)]
    delen += [pdf.Kop("Verloop per maand"), _pdf_tabel(_alleen_totaal(verloop(report)), _PDF_VERLOOP)]
    if report.totaal.verschil:
        delen += [pdf.Kop("Wat er veranderde, en waardoor"), _pdf_tabel(_alleen_totaal(veranderd(report)), _PDF_VERANDERD)]
    delen += [pdf.Kop("Hoe deze cijfers zijn gerekend"), *(pdf.Alinea(each) for each in TOELICHTING)]
    delen += [pdf.Alinea(ervaring_zin(each.naam, each.ervaring)) for each in report.ervaringen]
    titel = f"Budgetuitputting {report.jaar}" + (f" {naam}" if naam else "")
    return pdf.maak_pdf(titel, ondertitel(report), delen, voet=titel, gemaakt_op=report.stand_van)


def _alleen_totaal(tabel: Tabel) -> Tabel:
    """The rows of all together: those without a code, by the name of the total."""
    return Tabel(naam=tabel.naam, kolommen=tabel.kolommen, rijen=tuple(rij for rij in tabel.rijen if rij[:2] == ("", "Totaal")))


def _pdf_tabel(tabel: Tabel, namen: Sequence[str]) -> pdf.Tabel:
    places = [index for index, kolom in enumerate(tabel.kolommen) if kolom.naam in namen]
    kolommen = [tabel.kolommen[index] for index in places]
    return pdf.Tabel(
        kolommen=[
            pdf.Kolom(naam=kolom.kop, rechts=kolom.soort is not Soort.TEKST, gewicht=1.6 if kolom.soort is Soort.TEKST else 1.0)
            for kolom in kolommen
        ],
        rijen=[[_pdf_cel(rij[index], tabel.kolommen[index].soort) for index in places] for rij in tabel.rijen],
        totaal=None if tabel.totaal is None else [_pdf_cel(tabel.totaal[index], tabel.kolommen[index].soort) for index in places],
    )


def _pdf_cel(waarde: Waarde, soort: Soort) -> str:
    if waarde is None:
        return "–"
    if isinstance(waarde, int) and soort is not Soort.AANTAL:
        return euro(waarde) if soort is Soort.CENT else procent(waarde)
    return str(waarde)
