"""The outcome of a simulation as a table for the terminal, as JSON and as CSV. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from app.domain.bedrag import euro
from app.solidarity.csvtable import euros, write_rows
from app.solidarity.risico.charts import Verdeling, verdelingen
from app.solidarity.risico.figures import REGIO, Cijfers, Poolwinst, cijfers, poolwinst
from app.solidarity.risico.simulation import Simulatie

DECIMALS = 6
RISK_FILE, POOLING_FILE = "risico.csv", "poolwinst.csv"


def as_json(simulatie: Simulatie) -> dict[str, Any]:
    """Everything, with the choices it was made by, so that it can be made again."""
    opdracht, past = simulatie.opdracht, simulatie.past
    return {
        "opdracht": {
            "jaar": opdracht.jaar,
            "historie": [past.years.start, past.years.stop - 1],
            "aantal": opdracht.aantal,
            "methode": opdracht.methode,
            "verleden": opdracht.verleden,
            "seed": opdracht.seed,
            "schok": opdracht.tau,
            "budget": opdracht.budget_maatstaf,
            "budget_factor": str(opdracht.budget_factor),
            "grens": str(opdracht.grens),
            "overeenkomsten": list(simulatie.namen),
        },
        "clienten": past.client_count,
        "boven_plafond": dict(zip(simulatie.namen, simulatie.boven_plafond, strict=True)),
        "cijfers": [_rounded(asdict(each)) for each in cijfers(simulatie)],
        "poolwinst": [_rounded(asdict(each)) for each in poolwinst(simulatie)],
    }


def as_csv(simulatie: Simulatie) -> dict[str, str]:
    """The text of each file: `risico.csv` and `poolwinst.csv`, amounts in euros, parts with six decimals."""
    return {
        RISK_FILE: _table(Cijfers, [asdict(each) for each in cijfers(simulatie)]),
        POOLING_FILE: _table(Poolwinst, [asdict(each) for each in poolwinst(simulatie)]),
    }


def charts_json(simulatie: Simulatie) -> dict[str, list[dict[str, Any]]]:
    """The data of all charts, per gemeente and for the region; for a page."""
    return {code: [_chart(each) for each in verdelingen(simulatie, code)] for code in (*simulatie.past.codes, REGIO)}


def as_text(simulatie: Simulatie) -> str:
    """The table for the terminal: per agreement every gemeente and the region, then what sharing takes away."""
    opdracht, past = simulatie.opdracht, simulatie.past
    shock = f", gezamenlijke schok {opdracht.tau:.1%}" if opdracht.tau else ""
    lines = [
        f"{opdracht.aantal} gesimuleerde jaren {opdracht.jaar} uit {past.years.start}-{past.years.stop - 1} ({opdracht.methode}, seed"
        f" {opdracht.seed}{shock}), {len(past.codes)} gemeenten, {past.client_count} clienten",
        *_risk_lines(simulatie),
        *_pooling_lines(simulatie),
    ]
    for name, count in zip(simulatie.namen, simulatie.boven_plafond, strict=True):
        if count:
            lines.append(f"let op: in {count} jaren zijn de kosten hoger dan alle plafonds van {name}; daar regelt zij niets voor.")
    return "\n".join(lines)


def _risk_lines(simulatie: Simulatie) -> Iterator[str]:
    name = None
    for each in cijfers(simulatie):
        if each.overeenkomst != name:
            name = each.overeenkomst
            yield f"\n{name}"
            yield (
                f"{'gemeente':<10}{'gemiddeld':>18}{'sd':>16}{'sd/budget':>11}{'kans boven':>12}{'ES 95 %':>18}{'P5':>18}{'P50':>18}{'P95':>18}"
            )
        share = "–" if each.sd_op_budget is None else f"{each.sd_op_budget:.1%}"
        amounts = "".join(f"{whole_euros(cent):>18}" for cent in (each.es95_cent, each.p5_cent, each.p50_cent, each.p95_cent))
        yield (
            f"{each.gemeente:<10}{whole_euros(each.gemiddelde_cent):>18}{whole_euros(each.sd_cent):>16}{share:>11}"
            f"{each.kans_overschrijding:>12.1%}{amounts}"
        )


def _pooling_lines(simulatie: Simulatie) -> Iterator[str]:
    yield "\nwat delen wegneemt: standaardafwijking door toeval, en wat een gezamenlijke schok toevoegt (die neemt delen niet weg)"
    width = max(map(len, simulatie.namen)) + 2
    heads = ("toeval alleen", "toeval samen", "weg", "schok alleen", "schok samen")
    yield f"{'overeenkomst':<{max(width, 14)}}{'gemeente':<10}" + "".join(f"{head:>16}" for head in heads)
    for each in poolwinst(simulatie):
        gone = "–" if each.weggenomen is None else f"{round(each.weggenomen, 3) + 0.0:.1%}"  # Never -0.0%.
        cells = (
            whole_euros(each.eigen_toeval_cent),
            whole_euros(each.toeval_cent),
            gone,
            whole_euros(each.eigen_gezamenlijk_cent),
            whole_euros(each.gezamenlijk_cent),
        )
        yield f"{each.overeenkomst:<{max(width, 14)}}{each.gemeente:<10}" + "".join(f"{cell:>16}" for cell in cells)


def whole_euros(cent: int) -> str:
    """An amount of a simulation in whole euros: its cents say nothing."""
    return euro(round(cent / 100) * 100).removesuffix(",00")


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: round(value, DECIMALS) if isinstance(value, float) else value for name, value in values.items()}


def _table(kind: type[Cijfers] | type[Poolwinst], rows: Sequence[Mapping[str, Any]]) -> str:
    names = [each.name for each in fields(kind)]
    header = [name.replace("_cent", "_euro") for name in names]
    return write_rows(header, [[_cell(name, row[name]) for name in names] for row in rows])


def _cell(name: str, value: Any) -> Any:
    if name.endswith("_cent"):
        return euros(value)
    return f"{value:.{DECIMALS}f}" if isinstance(value, float) else value


def _chart(verdeling: Verdeling) -> dict[str, Any]:
    return asdict(verdeling)
