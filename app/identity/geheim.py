"""Secrets that we hand out once and keep only as a digest: bearer tokens, session tokens, CSRF tokens."""

from __future__ import annotations

import hashlib
import secrets

GEHEIM_BYTES = 32
TOKEN_PREFIX = "sol_"  # noqa: S105 - what every bearer token begins with, so that scanners for leaked secrets know it
LENGTE_MAX = 128


def nieuw_token() -> str:
    """A new bearer token: 256 random bits behind a fixed prefix."""
    return TOKEN_PREFIX + secrets.token_urlsafe(GEHEIM_BYTES)


def nieuw_geheim() -> str:
    """A new session or CSRF token of 256 random bits."""
    return secrets.token_urlsafe(GEHEIM_BYTES)


def digest(geheim: str) -> bytes:
    """What is stored. SHA-256 without salt will do: a secret of 256 random bits cannot be guessed, and is found by its digest."""
    return hashlib.sha256(geheim[: LENGTE_MAX + 1].encode(errors="surrogatepass")).digest()
