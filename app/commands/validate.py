"""`solidair validate FILE… [--json]`: structure of files, without a database."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from app.adapters.xml import Schemas
from app.intake.validating import validate_files


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when any file is invalid."""
    # Straight from the environment: reading all settings would load what this command does not need.
    folder = os.environ.get("SOLIDAIR_XSD_DIR")
    schemas = Schemas(Path(folder) if folder else None)
    return validate_files(arguments.bestanden, schemas=schemas, as_json=arguments.as_json, out=sys.stdout)
