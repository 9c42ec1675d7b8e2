"""Working days: Monday to Friday, less the days that are handed in (see `adapters.kalender`)."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from app.domain.periode import EEN_DAG

ZATERDAG = 5


def is_werkdag(dag: date, vrije_dagen: Container[date]) -> bool:
    """Whether `dag` is a working day."""
    return dag.weekday() < ZATERDAG and dag not in vrije_dagen


def na_werkdagen(dag: date, aantal: int, vrije_dagen: Container[date]) -> date:
    """The last day of a term of `aantal` working days that starts on the day after `dag` (begrippenlijst: werkdag)."""
    while aantal:
        dag += EEN_DAG
        aantal -= is_werkdag(dag, vrije_dagen)
    return dag


def werkdagen_tot(vandaag: date, dag: date, vrije_dagen: Container[date]) -> int:
    """Working days after `vandaag` up to and including `dag`: what is left of a term that ends on `dag`.

    0 on its last day. Negative once it has passed: minus the working days after `dag` up to and including `vandaag` (0 until the first).
    """
    eerste, laatste = sorted((vandaag, dag))
    aantal = 0
    while eerste < laatste:
        eerste += EEN_DAG
        aantal += is_werkdag(eerste, vrije_dagen)
    return aantal if dag >= vandaag else -aantal
