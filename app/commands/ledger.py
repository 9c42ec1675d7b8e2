"""`solidair ledger verify`: the books recomputed from the transfers."""

from __future__ import annotations

import argparse
import json

from app.commands.wereld import with_wereld
from app.ledger import verify


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when anything contradicts."""
    checks = with_wereld(verify)
    if arguments.as_json:
        rows = [{"regel": check.regel, "klopt": check.klopt, "tegenspraken": check.tegenspraken} for check in checks]
        print(json.dumps({"klopt": all(check.klopt for check in checks), "controles": rows}, default=str, ensure_ascii=False, indent=2))
    else:
        for check in checks:
            print(f"{'klopt' if check.klopt else 'FOUT '}  {check.regel}")
            for row in check.tegenspraken:
                print(f"       {row}")
    return 0 if all(check.klopt for check in checks) else 1
