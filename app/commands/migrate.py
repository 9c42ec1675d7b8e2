"""`solidair migrate`: the database to the newest schema."""

from __future__ import annotations

import argparse

from app.adapters.database import migrate
from app.bootstrap import database_of
from app.commands.wereld import read_settings


def run(arguments: argparse.Namespace) -> int:
    """Does nothing when the database is there already."""
    with database_of(read_settings()) as dsn:
        migrate(dsn)
    print("de database is bij")
    return 0
