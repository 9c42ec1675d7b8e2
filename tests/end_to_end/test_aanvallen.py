"""Attack documents over HTTP: each a problem with a sentence, nothing stored as accepted, the refusal visible to operations."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from app.domain.partij import SYSTEEM
from app.identity import maak_token
from app.mailbox import BerichtFilters, lijst_berichten
from app.main import maak_app
from app.standard.writing import write
from tests.builders import AGB, make_323
from tests.conformance.evil.documents import make
from tests.end_to_end.werkbank import settings_for, wereld_with_region

pytestmark = pytest.mark.slow


async def test_every_attack_is_a_problem_and_a_visible_refusal(database: str, tmp_path: Path) -> None:
    """XXE, entity bombs, wrong encodings, too big, too deep, truncated: 4xx, findings, status geweigerd, and the service goes on."""
    attacks = make(write(make_323(), indent=True))
    async with wereld_with_region(database, tmp_path) as wereld:
        token = await maak_token(wereld, [f"aanbieder:{AGB}"], "aanval")
        app = maak_app(settings_for(tmp_path), wereld)
        transport = httpx.ASGITransport(app)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
        async with httpx.AsyncClient(transport=transport, base_url="http://solidair.test", headers=headers, timeout=60) as client:
            for attack in attacks:
                answer = await client.post("/v1/berichten", content=attack.data)

                assert answer.status_code in (400, 413), attack.name
                assert answer.headers["content-type"] == "application/problem+json", attack.name
                assert attack.words.lower() in answer.json()["detail"].lower() or answer.status_code == 413, attack.name
            good = await client.post("/v1/berichten", content=write(make_323()))

        assert good.status_code == 202
        per_status = {
            row["status"]: row["n"] for row in await wereld.pool.fetch("select status, count(*) as n from bericht group by status")
        }
        assert per_status["ontvangen"] == 1
        refused = await lijst_berichten(wereld, SYSTEEM, BerichtFilters(status="geweigerd"), None, 200)
        assert len(refused.items) == per_status["geweigerd"] == len(attacks)
