"""After a bug of ours a browser gets a page and a program a problem document, both with the trace_id that the log has."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from app.api.edge import Edge
from app.api.verkeer import Verkeer
from app.main import _failed


@pytest.mark.parametrize(("accept", "kind"), [("text/html,*/*", "text/html"), ("application/json", "application/problem+json")])
async def test_bug_is_told_in_the_form_that_was_asked(accept: str, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of the bug itself is shown."""
    app = FastAPI()

    @app.get("/stuk")
    async def broken() -> None:
        raise RuntimeError("geheim")

    app.add_middleware(Edge, verkeer=Verkeer(), failed=_failed)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://solidair.test") as client:
        response = await client.get("/stuk", headers={"Accept": accept, "X-Request-Id": "proef-12345678"})

    assert response.status_code == 500
    assert response.headers["content-type"].startswith(kind)
    assert "Er ging bij ons iets mis" in response.text
    assert response.headers["x-request-id"] in response.text
    assert "geheim" not in response.text
    assert "request_failed" in capsys.readouterr().out
