"""An exception that nobody expected is one line and exit 5, without its text, which may hold a secret."""

from __future__ import annotations

import click
import pytest
from support.command import assay

from generator.errors import VerifyError

TEXT = "hunter2"


def _broken(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def schemas() -> None:
        raise error

    monkeypatch.setattr("generator.pipeline.schemas.published_schemas", schemas)


def test_it_is_one_line_without_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    _broken(monkeypatch, TypeError(TEXT))
    found = assay("schema", "config")
    assert (found.exit_code, found.stdout) == (5, "")
    (line,) = found.stderr.splitlines()
    assert line.startswith("error[internal] generator/cli/commands.py:")
    assert line.endswith(": TypeError (tell the maintainers; with ASSAY_TRACEBACK=1 it shows the traceback)")
    assert TEXT not in line


def test_the_traceback_is_shown_where_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    _broken(monkeypatch, TypeError(TEXT))
    monkeypatch.setenv("ASSAY_TRACEBACK", "1")
    found = assay("schema", "config")
    assert found.exit_code == 5
    assert "Traceback" in found.stderr
    assert TEXT in found.stderr
    assert found.stderr.splitlines()[-1].startswith("error[internal] ")


@pytest.mark.parametrize(
    ("error", "code", "start"),
    [
        (VerifyError("x", "y"), 6, "error[x]: y"),
        (click.UsageError("no"), 2, "Usage: "),
        (click.Abort(), 1, "Aborted!"),
        (click.exceptions.Exit(7), 7, ""),
        (KeyboardInterrupt(), 1, "\nAborted!"),
        (SystemExit(9), 9, ""),
        (PermissionError(13, "not allowed", "f"), 5, "error[machine] f: not allowed"),
    ],
)
def test_what_is_expected_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, start: str
) -> None:
    _broken(monkeypatch, error)
    found = assay("schema", "config")
    assert found.exit_code == code
    assert found.stderr.startswith(start)
    assert "internal" not in found.stderr
