"""Who looks after a component: a label of it names its team, else those who own the file that it was read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import one_line
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.metrics.codeowners import CodeOwners
    from generator.model.component import Component

LOOKED_FOR = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where hosting services look for owners; the first one that is there counts."""
LONGEST_TEAM = 200
_LABELS = "labels."


class Teams:
    """Tells the team of any component."""

    def __init__(self, label: str, owners: CodeOwners, clean: Callable[[str], str]) -> None:
        """Look at `label` first (empty for at none), then at `owners`; `clean` takes out what may be a secret."""
        self._label, self._owners, self._clean = label, owners, clean
        self._of_files: dict[str, str] = {}

    def of(self, component: Component) -> str:
        """Return the team of `component`; several owners of its file are one team. Empty where nobody is named."""
        return self._labelled(component) or self._of_file(component.path)

    def _labelled(self, component: Component) -> str:
        """Return what the label of the object says, else what that of its pods does."""
        if not self._label:
            return ""
        name = f"{_LABELS}{self._label}"
        own = [f.value for f in component.fields if f.name == name and f.aspect is not Aspect.SECRET]
        pods = [value for key, value in component.labels if key == self._label]
        return self._told(next((value for value in (*own, *pods) if value.strip()), ""))

    def _of_file(self, path: str) -> str:
        if path not in self._of_files:
            self._of_files[path] = self._told(", ".join(self._owners.of(path)))
        return self._of_files[path]

    def _told(self, text: str) -> str:
        return one_line(self._clean(text), LONGEST_TEAM) if text else ""
