"""Names of environments inside of host names."""

from __future__ import annotations

import re
from functools import lru_cache

_STEP = re.compile(r"[._-]")
_LONGEST = 253
"""Characters of the longest host name."""


@lru_cache(maxsize=1 << 13)
def names_environment(host: str, environment: str) -> bool:
    """Return whether the name of an environment is a label of a host name, or a word of one.

    `staging` is in `db.staging.example.org` and in `staging-db:5432`, and not in `stagingdb.example.org`.
    """
    wanted = [word for word in _STEP.split(environment.lower()) if word]
    words = _STEP.split(host.lower()) if len(host) <= _LONGEST else []
    return bool(wanted) and any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))
