"""Terms of every group, written straight into the tables, for two gemeenten and two aanbieders; and how a test names them."""

from __future__ import annotations

from datetime import date

from app.adapters.wereld import Wereld
from app.domain.partij import aanbieder, gemeente
from app.reports import Termijn
from tests.builders import AGB
from tests.end_to_end.werkbank import ANDERE_AGB
from tests.integration.pagina_rijen import Rij, schrijf


async def schrijf_termijnen(wereld: Wereld) -> dict[str, int]:
    """One term of each group for Goes and for Middelburg, and one of each that is met; their bericht_nrs by name."""
    nrs = {
        "wij goes": await schrijf(wereld, Rij(soort="305", agb=AGB, van=aanbieder(AGB), identificatie="W1")),
        "wij middelburg": await schrijf(
            wereld,
            Rij(soort="323", agb=ANDERE_AGB, van=aanbieder(ANDERE_AGB), gemeente="0687", aan=gemeente("0687"), identificatie="W2"),
        ),
        "wij klaar": await schrijf(wereld, Rij(soort="307", agb=AGB, van=aanbieder(AGB), identificatie="W3")),
        "wacht goes": await schrijf(
            wereld, Rij(soort="301", agb=AGB, van=gemeente("0664"), aan=aanbieder(AGB), status="klaar", identificatie="A1")
        ),
        "wacht iwmo": await schrijf(
            wereld,
            Rij(
                soort="301",
                domein="iwmo",
                agb=AGB,
                van=gemeente("0687"),
                aan=aanbieder(AGB),
                gemeente="0687",
                status="klaar",
                identificatie="A2",
            ),
        ),
        "verzoek": await schrijf(wereld, Rij(soort="315", agb=AGB, van=aanbieder(AGB), identificatie="V1")),
    }
    terms = (
        ("wij goes", date(2026, 6, 2), "regio", None),
        ("wij middelburg", date(2026, 6, 5), "regio", None),
        ("wij klaar", date(2026, 6, 1), "regio", date(2026, 6, 2)),
        ("wacht goes", date(2026, 6, 3), aanbieder(AGB), None),
        ("wacht iwmo", date(2026, 6, 12), aanbieder(AGB), None),
        ("verzoek", date(2026, 6, 1), "regio", date(2026, 6, 1)),
    )
    for name, dag, wie, voldaan in terms:
        await wereld.pool.execute(
            "update bericht set termijn = $2, termijn_wie = $3, termijn_voldaan_op = $4 where bericht_nr = $1", nrs[name], dag, wie, voldaan
        )
    client = await wereld.pool.fetchval(
        "insert into client (bsn_hmac, bsn_versleuteld, sleutel_versie, aangemaakt_op) values ('\\x01', '\\x02', 1, $1) returning client_id",
        wereld.nu,
    )
    for volgnr, referentie, eindigt, besluit in ((1, "VR1", date(2026, 6, 5), None), (2, "VR2", date(2026, 6, 5), nrs["wacht goes"])):
        await wereld.pool.execute(
            """
            insert into verzoek (bericht_nr, volgnr, domein, agb, gemeente, client_id, soort, referentie_aanbieder, ontvangst_datum, status,
                                 antwoordtermijn, onderzoekstermijn, besluit_nr, besluit_datum)
            values ($1, $2, 'ijw', $3, '0664', $4, '315', $5, '2026-05-29', case when $7::bigint is null then 'open' else 'toegewezen' end,
                    $6, '2026-07-24', $7, case when $7::bigint is null then null else date '2026-06-03' end)
            """,
            nrs["verzoek"], volgnr, AGB, client, referentie, eindigt, besluit,
        )  # fmt: skip
    return nrs


VERWACHT = ["wij goes", "wacht goes", "wij middelburg", "verzoek", "wacht iwmo"]
"""What runs, in the order of the list; on 5 June the bericht with the lower number first."""


def namen(items: tuple[Termijn, ...], nrs: dict[str, int]) -> list[str]:
    """The terms by the names of `schrijf_termijnen`."""
    by_nr = {nr: name for name, nr in nrs.items()}
    return [by_nr[item.bericht_nr] for item in items]
