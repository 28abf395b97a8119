"""The cookie that a browser keeps for us, signed."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own, with a signer that is made once and not anew for each request: phones at the door have no cookie."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of this application's one key."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer
