"""How pages of deployments are named, so that a script can name them too."""

from __future__ import annotations

from generator.site.names import PART, deployment_place, release_page

PLAIN = 10**9
"""A number longer than any deployment's, to try the name of a page with."""


def page_pattern(environment: str, *, production: bool) -> str:
    """Return how the pages of an environment's deployments are named, with `{n}` for the number and `{p}` for its part.

    Empty where the environment's name is none for a page: each page then has a name of its own.
    """
    pattern = f"environments/part-{{p}}-{environment}.html#{environment}-{{n}}"
    if production:
        pattern = f"releases/{environment}-{{n}}.html"
    expected = pattern.replace("{n}", str(PLAIN)).replace("{p}", str((PLAIN - 1) // PART + 1))
    return pattern if page_of(f"{environment}-{PLAIN}", production=production) == expected else ""


def page_of(identity: str, *, production: bool) -> str:
    """Return where a deployment can be looked at."""
    return release_page(identity) if production else deployment_place(identity)
