"""Every setting of the service, read from environment variables."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def default_home() -> Path:
    """Return the data folder: beside the project, or the system's place when run as root."""
    return Path("/var/lib/kithwork") if os.name == "posix" and os.geteuid() == 0 else Path(".kithwork")


class Settings(BaseSettings):
    """One attribute for each environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    kithwork_home: Path = Field(
        default_factory=default_home, description="Folder for the embedded database, keys and mail files."
    )
    host: str = Field(default="127.0.0.1", description="Address the API listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the API listens on.")
    public_url: str | None = Field(
        default=None,
        description="Address people reach the service at, used in links; default http://HOST:PORT.",
    )
    environment: Literal["development", "production"] = Field(
        default="development", description="production demands explicit keys and logs JSON."
    )

    database_url: SecretStr | None = Field(
        default=None, description="PostgreSQL 15 or newer, as the runtime role; absent: embedded server."
    )
    migration_database_url: SecretStr | None = Field(
        default=None, description="The same database as its owner, directly (not through a pooler)."
    )
    worker_database_url: SecretStr | None = Field(
        default=None, description="The runtime role, directly, where DATABASE_URL goes through a pooler."
    )
    database_pool_size: int = Field(default=10, ge=1, le=200, description="Connections kept by one process.")
    database_pooler: Literal["none", "pgbouncer"] = Field(
        default="none", description="pgbouncer: a transaction pooler stands between; no prepared statements."
    )
    database_pool_timeout: float = Field(
        default=2.0, gt=0, le=30, description="Seconds a request waits for a connection before it gets 503."
    )

    token_keys: SecretStr | None = Field(
        default=None,
        description='JSON object kid -> PEM (P-256). Absent: a key is made under KITHWORK_HOME. "signing_kid" picks.',
    )
    token_signing_kid: str | None = Field(default=None, description="The kid that signs new tokens.")
    token_issuer: str = Field(default="kithwork", description="iss of access tokens.")
    token_audience: str = Field(default="kithwork-api", description="aud of access tokens.")
    access_token_minutes: int = Field(default=10, ge=1, le=60, description="Life of an access token.")
    login_session_days: int = Field(
        default=30, ge=1, le=365, description="Life of a login that stays unused."
    )
    hash_key: SecretStr | None = Field(
        default=None,
        description="At least 32 characters; keys the suppression list, cursors and fingerprints. "
        "Absent: made under KITHWORK_HOME. Never change it: the suppression list would forget everyone.",
    )

    smtp_url: SecretStr | None = Field(
        default=None,
        description="smtp://user:password@host:587?starttls=true; absent: files under KITHWORK_HOME/mail.",
    )
    mail_from: str = Field(
        default="Kithwork <no-reply@kithwork.invalid>", description="Sender of every mail."
    )

    files_url: str | None = Field(
        default=None, description="s3://bucket/folder; absent: files under KITHWORK_HOME/files."
    )
    files_endpoint: str | None = Field(
        default=None, description="Address of an S3-speaking server other than Amazon's."
    )
    files_region: str = Field(default="us-east-1", description="Region of the bucket.")
    files_access_key_id: SecretStr | None = Field(
        default=None, description="Absent: the role that the machine itself has."
    )
    files_secret_access_key: SecretStr | None = Field(
        default=None, description="Belongs to FILES_ACCESS_KEY_ID."
    )

    cors_origins: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Comma-separated origins of web clients."
    )
    rate_limit: str = Field(
        default="600/minute", description="Requests of one account, or of one address when not signed in."
    )
    rate_limit_backend: Literal["memory", "database"] = Field(
        default="memory", description="database: several API processes share one count."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1", description="Whose X-Forwarded-For is believed (comma-separated)."
    )
    json_body_limit: int = Field(default=1024 * 1024, ge=1024, description="Bytes of a JSON body.")
    upload_limit: int = Field(default=25 * 1024 * 1024, ge=1024, description="Bytes of an import.")
    image_limit: int = Field(
        default=10 * 1024 * 1024, ge=1024, description="Bytes of a picture that is sent."
    )
    metrics_token: SecretStr | None = Field(
        default=None, description="Bearer token for /metrics; absent: callers on this machine only."
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="auto: json in production, console in development."
    )

    @model_validator(mode="before")
    @classmethod
    def split_origins(cls, values: dict[str, object]) -> dict[str, object]:
        """Read CORS_ORIGINS as a comma-separated list."""
        origins = values.get("cors_origins")
        if isinstance(origins, str):
            values = {**values, "cors_origins": [part.strip() for part in origins.split(",") if part.strip()]}
        return values

    @model_validator(mode="after")
    def production_is_explicit(self) -> Self:
        """Refuse to guess secrets in production: two processes would guess differently."""
        if self.environment == "production" and self.database_url is not None:
            missing = [name.upper() for name in ("token_keys", "hash_key") if getattr(self, name) is None]
            if missing:
                raise ValueError(f"set {' and '.join(missing)}; in production they are never made up")
        if self.hash_key is not None and len(self.hash_key.get_secret_value()) < 32:  # noqa: PLR2004 - 256 bits as hex or base64
            raise ValueError("HASH_KEY needs at least 32 characters; make one with: openssl rand -hex 32")
        return self

    @model_validator(mode="after")
    def files_have_a_place(self) -> Self:
        """Refuse half a place to keep files in."""
        if self.files_url is not None and not re.fullmatch(
            r"s3://[A-Za-z0-9.-]+(/[A-Za-z0-9._/-]*)?", self.files_url
        ):
            raise ValueError("FILES_URL names a bucket: s3://bucket or s3://bucket/folder")
        if (self.files_access_key_id is None) is not (self.files_secret_access_key is None):
            raise ValueError("set FILES_ACCESS_KEY_ID and FILES_SECRET_ACCESS_KEY both, or neither")
        return self

    @property
    def base_url(self) -> str:
        """Return the address used in links, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
