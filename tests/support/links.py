"""Dead links of a site, found by lychee without a network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def dead_links(site: Path) -> tuple[list[str], int]:
    """Return every link within `site` that leads nowhere, places in pages included, and how many were looked at."""
    program = Path(sys.executable).with_name("lychee")
    words = ["--offline", "--include-fragments", "--no-progress", "--format", "json", "--root-dir", str(site)]
    done = subprocess.run(
        [program, *words, f"{site}/**/*.html"], capture_output=True, text=True, timeout=170, check=False
    )
    told = json.loads(done.stdout)
    dead = [
        f"{Path(page).relative_to(site)}: {one['url']} ({one['status']['text']})"
        for page, found in sorted(told["error_map"].items())
        for one in found
    ]
    return dead, int(told["total"])
