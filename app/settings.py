"""Every setting of the product, read once from the environment (prefix `SOLIDAIR_`) by `bootstrap`; elsewhere values arrive as arguments."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one process. Secrets have no default; names carry units."""

    model_config = SettingsConfigDict(env_prefix="SOLIDAIR_", extra="ignore", frozen=True)

    mode: Literal["productie", "demo", "test"] = "productie"
    database_url: str | None = Field(default=None, description="PostgreSQL DSN; without it one is started from the wheel in data_dir")
    amqp_url: str | None = Field(default=None, description="RabbitMQ; without it the outbox feeds the same handlers in one process")
    data_dir: Path = Field(default=Path(".solidair"), description="embedded database, demo keys and logs")
    key_file: Path | None = Field(default=None, description="TOML file with the keys; see docs/operations.md")
    xsd_dir: Path | None = Field(default=None, description="folder with other schemas to use instead of our own")
    host: str = "127.0.0.1"
    port: int = Field(default=8400, ge=1, le=65535, description="taken: the next free one is used and printed")
    nu: datetime | None = Field(default=None, description="fixes the clock; only when mode is demo or test")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    secure_cookies: bool = Field(
        default_factory=lambda earlier: earlier["mode"] == "productie",
        description="session cookies over https only; true in production, false in demo and test",
    )
    pool_size_max: int = Field(
        default=10, ge=8, le=100, description="judging holds up to five connections and takes a second one beside each"
    )
    lot_size_max: int = Field(default=50, ge=1, le=500, description="small berichten of one lane judged in one transaction")
    lane_in_flight_max: int = Field(default=20, ge=1, description="unfinished berichten of one lane on the broker")
    liveness_s: int = Field(
        default=120, ge=1, description="a worker that handled nothing for so long while work is due ends itself (code 70)"
    )
    vier_ogen_cent: int = Field(
        default=10_000_000, ge=0, description="a controller's act that moves more waits for a second person before it books"
    )
    antwoord_oud_s_max: int = Field(
        default_factory=lambda earlier: 300 if earlier["mode"] == "productie" else 0,
        ge=0,
        description="an answer that takes long may be so old while a new one is made; the page says as of when it is; 0: never",
    )
    republish_after_s: int = Field(default=30, ge=1, description="an outbox row published so long ago and not done is published again")

    @model_validator(mode="after")
    def _clock_only_outside_production(self) -> Self:
        if self.nu is not None and self.mode == "productie":
            raise ValueError("SOLIDAIR_NU mag alleen met SOLIDAIR_MODE=demo of test")
        return self
