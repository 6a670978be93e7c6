"""All rules, in the order of the help page: what does not work first, then what is at risk, then what to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks import (
    dangling_reference,
    dependency_cycle,
    duplicate_resource,
    key_not_in_production,
    missing_limits,
    missing_probe,
    never_in_upstream,
    plain_text_secret,
    port_mismatch,
    selector_matches_nothing,
    single_point_of_failure,
    unpinned_image,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.assurance.findings import Rule, Surroundings

RULES: tuple[Rule, ...] = (
    plain_text_secret.RULE,
    dangling_reference.RULE,
    port_mismatch.RULE,
    duplicate_resource.RULE,
    never_in_upstream.RULE,
    key_not_in_production.RULE,
    unpinned_image.RULE,
    selector_matches_nothing.RULE,
    single_point_of_failure.RULE,
    missing_probe.RULE,
    missing_limits.RULE,
    dependency_cycle.RULE,
)
"""Every rule once; ids are distinct."""

SITUATED: tuple[Callable[[Surroundings], Rule], ...] = ()
"""Rules that judge one environment other than another: each gives the rule for its surroundings."""
