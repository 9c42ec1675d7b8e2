"""Ready-made agreements to start from: one document per model that regions have used, with `INVULLEN` where they gave no figure.

Owns the TOML files beside it. `solidair settle sjabloon` lists and prints them; docs/agreements.md explains the fields.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

from app.domain.errors import NietGevonden
from app.solidarity.tomltable import nearest

PLACEHOLDER = "INVULLEN"
"""Stands in a comment beside every figure, date or name that the source does not give."""


def templates() -> dict[str, str]:
    """The name of each template and of the agreement in it, by name."""
    return {name: str(tomllib.loads(template_text(name))["naam"]) for name in _names()}


def template_text(name: str) -> str:
    """The text of a template, with its comments.

    Raises:
        NietGevonden: There is no template with this name.
    """
    if name not in _names():
        raise NietGevonden(f"Er is geen sjabloon '{name}'{nearest(name, _names())}; kies uit {', '.join(_names())}.")
    return (files(__package__) / f"{name}.toml").read_text(encoding="utf-8")


def _names() -> list[str]:
    return sorted(item.name.removesuffix(".toml") for item in files(__package__).iterdir() if item.name.endswith(".toml"))
