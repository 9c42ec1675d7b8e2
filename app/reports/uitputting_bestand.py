"""The depletion report as a file: the same tables in the same order as the page shows them. Pure but for the making of the file."""

from __future__ import annotations

from app.adapters.csvbestand import Bedrag, csv_tekst
from app.reports.uitputting import Uitputting
from app.reports.uitputting_tabel import Soort, Tabel, Waarde, overzicht


def als_csv(report: Uitputting) -> str:
    """The rows of the report and their total, for a Dutch spreadsheet: semicolons, a decimal comma, percentages with two decimals."""
    return csv_van(overzicht(report))


def csv_van(tabel: Tabel) -> str:
    """One table."""
    rijen = [*tabel.rijen, *([] if tabel.totaal is None else [tabel.totaal])]
    soorten = [kolom.soort for kolom in tabel.kolommen]
    return csv_tekst(
        [kolom.naam for kolom in tabel.kolommen],
        ([_csv_cel(waarde, soort) for waarde, soort in zip(rij, soorten, strict=True)] for rij in rijen),
    )


def _csv_cel(waarde: Waarde, soort: Soort) -> object:
    """Cents as euros and hundredths as percent are both a number with two decimals."""
    return Bedrag(waarde) if isinstance(waarde, int) and soort in (Soort.CENT, Soort.PROCENT) else waarde
