"""The barest HTTP door there can be, for comparison: parse with the schema, one insert of header and bytes, one commit.

Same server (uvicorn) and database as the product, without identity, rules about who may send, encryption, order within a lane or a wake-up.

    python -m benchmarks.bare_server DSN
"""

from __future__ import annotations

import asyncio
import hashlib
import sys

import uvicorn
from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.adapters.database import open_pool
from app.adapters.xml import SAFE, Schemas, find_soort
from app.commands.serve import address_of, free_socket
from app.standard.catalogue import BerichtSoort

TABLE = """
create table if not exists kale_inname (nr bigint generated always as identity primary key, van text, aan text, sha256 bytea, inhoud bytea)
"""
INSERT = "insert into kale_inname (van, aan, sha256, inhoud) values ($1, $2, $3, $4)"


async def serve(dsn: str) -> None:
    """Serve until SIGTERM."""
    pool, schemas = await open_pool(dsn), Schemas()
    await pool.execute(TABLE)

    async def take(request: Request) -> Response:
        data = await request.body()
        soort = find_soort(data)
        assert isinstance(soort, BerichtSoort)
        header = etree.fromstring(data, etree.XMLParser(schema=schemas.compiled(soort), **SAFE))[0]
        await pool.execute(INSERT, header[1].text, header[2].text, hashlib.sha256(data).digest(), data)
        return Response(status_code=202)

    async def healthz(_request: Request) -> Response:
        return Response()

    app = Starlette(routes=[Route("/v1/berichten", take, methods=["POST"]), Route("/healthz", healthz)])
    listener = free_socket("127.0.0.1", 8400)
    print(f"listens on {address_of(listener)}", flush=True)
    await uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
