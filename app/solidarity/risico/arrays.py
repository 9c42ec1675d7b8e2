"""Arrays of simulated amounts: float64, for simulation only; money that is booked never passes here.

Whole cents times whole numbers of clients stay whole below 2**53 (90 billion euros a year), so that a sum of drawn clients is exact
in any order and on any machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Amounts in cents, shares or counts; the docstring of each name says which axes it has."""
Whole = NDArray[np.int64]
"""Whole numbers."""
Flags = NDArray[np.bool_]
"""Yes or no per simulated year and gemeente."""


def row_sums(amounts: Floats) -> Floats:
    """The sum over the last axis, which stays as an axis of length 1."""
    return np.asarray(amounts.sum(axis=-1, keepdims=True), dtype=np.float64)


def normalised(weights: Floats) -> Floats:
    """Weights per gemeente (last axis) divided by their sum; equal shares where they are all zero."""
    total = row_sums(weights)
    equal = np.full_like(weights, 1 / weights.shape[-1])
    return np.divide(weights, total, out=equal, where=np.broadcast_to(total, weights.shape) != 0)
