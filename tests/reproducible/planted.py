"""`assay` with two faults planted in it, so that it can be seen that the comparison finds them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from generator.cli import main
from generator.site import build

if TYPE_CHECKING:
    from pathlib import Path

CLOCK, ORDER = "404.html", "index.html"
"""Files that a clock time, and the order of a set, are written into."""


def _plant() -> None:
    sound = vars(build)["write_site_manifest"]

    def with_faults(site: Path, *arguments: Any) -> str:  # noqa: ANN401 - handed on
        said = {CLOCK: str(time.time_ns()), ORDER: " ".join({"alpha", "beta", "gamma", "delta", "epsilon"})}
        for name, text in said.items():
            with (site / name).open("a") as file:
                file.write(f"<!-- {text} -->")
        return str(sound(site, *arguments))

    vars(build)["write_site_manifest"] = with_faults


if __name__ == "__main__":
    _plant()
    main()
