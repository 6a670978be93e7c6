"""What a run came to while it took in its history, beside its stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pipeline.counting import Counting
from generator.pipeline.declaring import DeclarationFiles
from generator.pipeline.losses import Losses

if TYPE_CHECKING:
    from generator.history.commits import Commit


class Taken:
    """Counts and losses of one pass."""

    def __init__(self) -> None:
        """Start before the first commit."""
        self.counting = Counting()
        self.declaring = DeclarationFiles()
        self.losses = Losses()
        self.ignored: set[int] = set()
        """Numbers of the configuration's `ignore` entries that took anything away."""
        self.skewed = 0
        """Commits dated before one that they follow."""
        self.undated = 0
        self.latest = 0
        """Latest commit time met, in seconds since 1970 UTC; 0 where no commit carries one."""
        self._last: dict[int, int] = {}

    def date(self, history: int, commit: Commit) -> None:
        """Take in when the next commit of a history was made."""
        last = self._last.get(history)
        if commit.time is None:
            self.undated += 1
            self._last.setdefault(history, 0)
            return
        self.skewed += last is not None and commit.time < last
        self._last[history] = commit.time
        self.latest = max(self.latest, commit.time)
