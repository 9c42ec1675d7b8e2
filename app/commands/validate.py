"""`solidair validate FILE… [--json] [--niveau 1|2]`: structure and content of files, without a database."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from app.adapters.clock import local_date, system_clock
from app.adapters.xml import Schemas
from app.intake.validating import Oordeel, validate_files
from app.judging.controle import judge_bestand, with_values


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when any file is invalid."""
    # Straight from the environment: reading all settings would load what this command does not need.
    folder = os.environ.get("SOLIDAIR_XSD_DIR")
    schemas = Schemas(Path(folder) if folder else None)
    vandaag = local_date(system_clock())

    def judge(data: bytes) -> Oordeel:
        # Who holds the file may see what is in it: the values that stored findings hide are shown.
        return with_values(data, judge_bestand(data, schemas, niveau=arguments.niveau, vandaag=vandaag).oordeel)

    return validate_files(arguments.bestanden, judge=judge, as_json=arguments.as_json, out=sys.stdout)
