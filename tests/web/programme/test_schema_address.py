"""The schema of programme files at its public address."""

from __future__ import annotations

import json

from flask.testing import FlaskClient

from integration.programme.programme_file.schema import schema_text

ADDRESS = "/api/v1/programme.schema.json"


def test_the_schema_is_served_to_anyone(client: FlaskClient) -> None:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response.mimetype == "application/schema+json"
    assert response.get_json(force=True) == json.loads(schema_text())


def test_an_unchanged_schema_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get(ADDRESS).headers["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": etag}).status_code == 304
