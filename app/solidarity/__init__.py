"""Who bears which share of the cost: the models of verevening; pure but for its service, its store and the folder command.

The names here are those of the calculator; importing them loads no database. `service` is imported by its own name.
"""

from app.solidarity.agreement import Agreement, Arrangement, KeyTerm, Layer, Membership, NoClaim, Years, combine
from app.solidarity.calculator import PoolSettlement, ShareRow, settle, settle_pools
from app.solidarity.costs import ClientYearCost, CostLine, Costs, MonthCost, client_totals_match, costs_from_months
from app.solidarity.errors import Bezwaar, RegelingOngeldig
from app.solidarity.history import Gap, History, KeptAmount, Merger
from app.solidarity.measures import Measures, MeasureValue
from app.solidarity.payment import final_settlement, installments, monthly_advance, reserve_course, roll_up
from app.solidarity.templates import profijt, vlaktaks_omslag, waarborg

__all__ = [
    "Agreement",
    "Arrangement",
    "Bezwaar",
    "ClientYearCost",
    "CostLine",
    "Costs",
    "Gap",
    "History",
    "KeptAmount",
    "KeyTerm",
    "Layer",
    "MeasureValue",
    "Measures",
    "Membership",
    "Merger",
    "MonthCost",
    "NoClaim",
    "PoolSettlement",
    "RegelingOngeldig",
    "ShareRow",
    "Years",
    "client_totals_match",
    "combine",
    "costs_from_months",
    "final_settlement",
    "installments",
    "monthly_advance",
    "profijt",
    "reserve_course",
    "roll_up",
    "settle",
    "settle_pools",
    "vlaktaks_omslag",
    "waarborg",
]
