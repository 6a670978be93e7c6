"""How far a run is: one line that is rewritten on a terminal, a line now and then in a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.progress import EVERY, TerminalProgress

if TYPE_CHECKING:
    import pytest


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_gets_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    progress = TerminalProgress(quiet=False, clock=clock)
    progress.stage("history", "abc")
    for second in range(35):
        clock.now = second
        progress.rendering(second, 3 * second)
        progress.count(second, None)
    told = capsys.readouterr()
    assert EVERY == 10
    assert told.out == ""
    assert told.err.splitlines() == [
        "Reading the history to abc",
        "  9 commits, rendered 10, 30 from the cache",
        "  19 commits, rendered 20, 60 from the cache",
        "  29 commits, rendered 30, 90 from the cache",
    ]


def test_a_log_gets_nothing_where_nothing_is_rendered(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    progress = TerminalProgress(quiet=False, clock=clock)
    for clock.now in range(0, 100, 10):
        progress.rendering(0, 0)
        progress.count(5, None)
    assert capsys.readouterr().err == ""


def test_quiet_says_nothing_of_rendering(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    progress = TerminalProgress(quiet=True, clock=clock)
    clock.now = 100
    progress.rendering(5, 0)
    assert capsys.readouterr().err == ""


def test_a_terminal_shows_renderings_beside_the_commits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    progress = TerminalProgress(quiet=False, clock=Clock())
    progress.count(7, None)
    progress.rendering(118, 30)
    progress.rendering(118, 30)
    progress.stage("summary")
    told = capsys.readouterr().err
    assert told == "  7 commits\r  7 commits, rendered 118, 30 from the cache\r\nAdding up\n"
