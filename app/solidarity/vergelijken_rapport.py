"""A comparison as tables, JSON and text. Pure; amounts in cents in JSON, in euros with two decimals in tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.bedrag import euro
from app.solidarity.csvtable import euros, write_rows
from app.solidarity.vergelijken import Vergelijking
from app.solidarity.vergelijken_woorden import ZONDER_INWONERS, samenvatting, zin_afronding, zin_signaal

KOP = ("overeenkomst", "gemeente", "naam", "eigen_kosten", "verevening", "bijdrage", "verschil", "verschil_per_inwoner_per_jaar")
KOP_MARGES = ("overeenkomst", "gemeente", "naam", "zorgvorm", "aandeel_nu", "aandeel_later")


def rijen(vergelijking: Vergelijking) -> Iterator[tuple[str, str, str, int, int, int, int, int | None]]:
    """One row per agreement and gemeente, in the columns of `KOP`, amounts in cents."""
    for uitkomst in vergelijking.uitkomsten:
        for change in vergelijking.veranderingen(uitkomst):
            last = vergelijking.last(uitkomst, change.gemeente)
            yield (
                uitkomst.naam,
                change.gemeente,
                vergelijking.naam(change.gemeente),
                last.eigen_kosten_cent,
                last.verevening_cent,
                last.bijdrage_cent,
                change.verschil_cent,
                change.per_inwoner_cent,
            )


def as_csv(vergelijking: Vergelijking) -> dict[str, str]:
    """`vergelijking.csv` and `marges.csv`, text per file name; shares are exact fractions of a euro."""
    main = [(*row[:3], *(None if cents is None else euros(cents) for cents in row[3:])) for row in rijen(vergelijking)]
    marges = [
        (each.naam, marge.gemeente, vergelijking.naam(marge.gemeente), marge.zorgvorm, marge.nu, marge.later)
        for each in vergelijking.uitkomsten
        for marge in each.marges
    ]
    return {"vergelijking.csv": write_rows(KOP, main), "marges.csv": write_rows(KOP_MARGES, marges)}


def as_json(vergelijking: Vergelijking) -> dict[str, Any]:
    """Everything, for a program."""
    jaren = vergelijking.achtergrond.jaren
    return {
        "jaren": [jaren[0], jaren[-1]],
        "met_inwoners": vergelijking.met_inwoners,
        "overeenkomsten": [
            {
                "naam": each.naam,
                "opmerkingen": list(each.variant.opmerkingen),
                "samenvatting": list(samenvatting(vergelijking, each)),
                "reserve_cent": each.reserve_cent,
                "gemeenten": [
                    {
                        "gemeente": change.gemeente,
                        "naam": vergelijking.naam(change.gemeente),
                        "eigen_kosten_cent": vergelijking.last(each, change.gemeente).eigen_kosten_cent,
                        "verevening_cent": vergelijking.last(each, change.gemeente).verevening_cent,
                        "bijdrage_cent": vergelijking.last(each, change.gemeente).bijdrage_cent,
                        "verschil_cent": change.verschil_cent,
                        "verschil_per_inwoner_cent": change.per_inwoner_cent,
                        "verevening_per_jaar": {str(jaar): found.get(change.gemeente, 0) for jaar, found in each.per_jaar.items()},
                    }
                    for change in vergelijking.veranderingen(each)
                ],
                "marges": [{"gemeente": m.gemeente, "zorgvorm": m.zorgvorm, "nu": str(m.nu), "later": str(m.later)} for m in each.marges],
                "signalen": [zin_signaal(vergelijking, signaal) for signaal in each.signalen],
                "afronding": {
                    "potten": each.afronding.potten,
                    "restcenten": each.afronding.restcenten,
                    "grootste": str(each.afronding.grootste),
                },
            }
            for each in vergelijking.uitkomsten
        ],
    }


def as_text(vergelijking: Vergelijking) -> str:
    """A table per gemeente with a column per agreement, and the sentences."""
    columns = vergelijking.uitkomsten
    lines = [f"bijdrage over {vergelijking.achtergrond.jaren[0]} tot en met {vergelijking.achtergrond.jaren[-1]}", ""]
    lines += [f"{number}: {each.naam}" for number, each in enumerate(columns, start=1)]
    head = f"{'gemeente':<26}" + "".join(f"{number:>18}{f'{number}-1':>18}" for number in range(1, len(columns) + 1))
    lines += ["", head.replace(f"{'1-1':>18}", "", 1)]
    changes = [{change.gemeente: change.verschil_cent for change in vergelijking.veranderingen(each)} for each in columns]
    for code in vergelijking.gemeenten:
        cells = "".join(
            f"{euro(vergelijking.last(each, code).bijdrage_cent):>18}" + ("" if number == 0 else f"{euro(changes[number][code]):>18}")
            for number, each in enumerate(columns)
        )
        lines.append(f"{vergelijking.naam(code)[:25]:<26}{cells}")
    for each in columns:
        lines += ["", each.naam, *(f"  {line}" for line in samenvatting(vergelijking, each))]
        lines += [f"  {zin_signaal(vergelijking, signaal)}" for signaal in each.signalen]
        lines += [f"  Afronding: {zin_afronding(each)}", *(f"  Let op: {remark}." for remark in each.variant.opmerkingen)]
    if not vergelijking.met_inwoners:
        lines += ["", ZONDER_INWONERS]
    return "\n".join(lines)
