"""Write the OpenAPI document of the interface to docs/openapi.json; a test says when it is no longer the one that the program has.

Run: python tools/make_openapi.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "openapi.json"


def document() -> dict[str, Any]:
    """The document; no world is needed to know the routes."""
    from app.api import maak_api, openapi_of

    def no_wereld() -> Any:
        raise RuntimeError("the document needs no world")

    return openapi_of(maak_api(no_wereld))


def as_text(content: dict[str, Any]) -> str:
    """The document as it stands in the file."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def main() -> int:
    """Write the file."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(as_text(document()), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
