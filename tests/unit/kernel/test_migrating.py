"""The set-up migrates by the command line: its commands are there though their library is loaded only for them."""

from __future__ import annotations

from flask import Flask


def test_the_database_can_be_migrated_by_the_command_line(app: Flask) -> None:
    for arguments in (["db", "upgrade"], ["db", "check"]):
        said = app.test_cli_runner().invoke(args=arguments)
        assert said.exit_code == 0, said.output
    assert "upgrade" in app.test_cli_runner().invoke(args=["db", "--help"]).output
