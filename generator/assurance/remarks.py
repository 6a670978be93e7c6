"""What a reader noticed about the document of a component, as findings of the rule that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import ComponentRule, Finding
    from generator.model.component import Component


def told(rule: ComponentRule, component: Component, before: str = "") -> Iterator[Finding]:
    """Yield a finding for each remark of a component that is for `rule`; its message has `before` in front."""
    for remark in component.remarks:
        if remark.rule == rule.id:
            level = Level(remark.level)
            yield rule.about(component, f"{before}{remark.message}", field=remark.field, level=level, line=remark.line)
