"""The application's settings: one frozen dataclass read from the environment, documented in README.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

INSTANCE = Path(__file__).resolve().parent.parent / "instance"
SECRET_LENGTH = 32
COMPRESSED = (
    "text/html",
    "text/calendar",
    "text/csv",
    "text/plain",
    "image/svg+xml",
    "application/json",
    "application/ld+json",
    "application/problem+json",
    "application/schema+json",
    "application/xml",
)
"""What is compressed on its way; static files are compressed once, at the start."""


class SettingsError(RuntimeError):
    """The environment does not describe a system that may start; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations.

    ``card_key`` derives the secrets printed on cards: it outlives ``secret_key`` and belongs with the backups.
    ``base_url`` begins every outgoing link; the Host header is never trusted for that.
    ``smtp_url`` names the mail server (smtp://user:password@host:port, smtps://..., ?starttls); without it mail waits.
    ``sms_url`` names the SMS gateway (https://:token@host/path?from=Delaktig); without it no SMS is written.
    ``contact_phone`` and ``contact_email`` reach the people behind the service; they are invented until set.
    """

    secret_key: str
    card_key: str
    base_url: str
    database_url: str = f"sqlite:///{INSTANCE / 'delaktig.db'}"
    demo: bool = False
    languages: tuple[str, ...] = ("sv", "fi", "en")
    timezone: str = "Europe/Helsinki"
    trusted_proxies: int = 0
    contact_phone: str = "06 000 0000"
    contact_email: str = "integration@demo.invalid"
    smtp_url: str = ""
    sms_url: str = ""
    background_jobs: bool = False
    pool_size: int = 8

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read and check the environment; SettingsError names the first setting that is missing or wrong."""
        for name in ("SECRET_KEY", "CARD_KEY"):
            if len(environ.get(name, "")) < SECRET_LENGTH:
                raise SettingsError(
                    f"{name} is missing or shorter than {SECRET_LENGTH} characters: set it in the environment."
                )
        base_url = environ.get("BASE_URL", "").rstrip("/")
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc:
            raise SettingsError(
                "BASE_URL is missing or not an address: set it to the site's own, such as https://delaktig.example."
            )
        smtp_url = environ.get("SMTP_URL", "")
        if smtp_url and (urlsplit(smtp_url).scheme not in ("smtp", "smtps") or not urlsplit(smtp_url).hostname):
            raise SettingsError("SMTP_URL is not an address: set it to one such as smtp://mail.example:587/?starttls.")
        sms_url = environ.get("SMS_URL", "")
        if sms_url and (urlsplit(sms_url).scheme not in ("http", "https") or not urlsplit(sms_url).hostname):
            raise SettingsError("SMS_URL is not an address: set it to one such as https://:token@sms.example/send.")
        return cls(
            secret_key=environ["SECRET_KEY"],
            card_key=environ["CARD_KEY"],
            base_url=base_url,
            database_url=_database_url(environ.get("DATABASE_URL", "")) or cls.database_url,
            demo=environ.get("DEMO", "0") == "1",
            languages=tuple(environ.get("LANGUAGES", "sv,fi,en").split(",")),
            timezone=environ.get("TIMEZONE", cls.timezone),
            trusted_proxies=int(environ.get("TRUSTED_PROXIES", "0")),
            contact_phone=environ.get("CONTACT_PHONE", cls.contact_phone),
            contact_email=environ.get("CONTACT_EMAIL", cls.contact_email),
            smtp_url=smtp_url,
            sms_url=sms_url,
            background_jobs=environ.get("BACKGROUND_JOBS", "0") == "1",
            pool_size=int(environ.get("POOL_SIZE", cls.pool_size)),
        )

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone: the local date of a session decides which year it counts in."""
        return ZoneInfo(self.timezone)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used: then one process writes, and jobs run as its threads."""
        return self.database_url.startswith("sqlite")

    def apply_to(self, config: dict[str, Any]) -> None:
        """Translate the settings to the names that the libraries read."""
        secure = self.base_url.startswith("https://")
        config.update(
            SECRET_KEY=self.secret_key,
            SQLALCHEMY_DATABASE_URI=self.database_url,
            SQLALCHEMY_ENGINE_OPTIONS=self._engine_options(),
            SESSION_COOKIE_NAME="__Host-delaktig" if secure else "delaktig",
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            SESSION_COOKIE_SECURE=secure,
            MAX_CONTENT_LENGTH=1_000_000,
            MAX_FORM_MEMORY_SIZE=1_000_000,
            COMPRESS_MIMETYPES=list(COMPRESSED),
            WTF_CSRF_TIME_LIMIT=None,
            WTF_CSRF_SSL_STRICT=False,
            BABEL_DEFAULT_LOCALE=self.languages[0],
            BABEL_DEFAULT_TIMEZONE=self.timezone,
            BABEL_TRANSLATION_DIRECTORIES=str(INSTANCE.parent / "translations"),
        )

    def _engine_options(self) -> dict[str, Any]:
        """Parameters stay out of error messages, and so out of logs: they are what people wrote."""
        if self.is_sqlite:
            return {"connect_args": {"timeout": 15, "check_same_thread": False}, "hide_parameters": True}
        return {
            "connect_args": {"connect_timeout": 5},
            "pool_size": self.pool_size,
            "max_overflow": self.pool_size,
            "hide_parameters": True,
        }


def _database_url(url: str) -> str:
    """Name the driver that is installed, whichever of the usual spellings the environment uses."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
