"""Words of the evidence that pages show as they are: kinds, levels, outcomes, states. Marked here for the catalogue.

The evidence has them in English, and so have classes, anchors and data; what a reader sees is translated where it is
shown, by `_(name)` in a template or `t(name)` in a script.
"""

from __future__ import annotations

from generator.site.texts import N_

KINDS = (
    N_("initial"), N_("forward"), N_("rollback"), N_("redo"), N_("roll-forward"), N_("hotfix"), N_("redeploy"),
    N_("gap"),
)  # fmt: skip
FLAGS = (N_("bypass"), N_("bulk"), N_("partial"), N_("simultaneous"))
CONFIDENCES = (N_("declared"), N_("observed"), N_("inferred"))
VALIDATIONS = (N_("promoted"), N_("bypass"), N_("simultaneous"), N_("not assessed"))
ASPECTS = (N_("artifact"), N_("config"), N_("scale"), N_("topology"), N_("exposure"), N_("secret"))
LEVELS = (N_("error"), N_("warning"), N_("note"), N_("unreadable"))
DRIFT = (N_("pending"), N_("ahead"), N_("config"), N_("structure"), N_("expected"), N_("accepted"))
OUTCOMES = (
    N_("passed"), N_("failed"), N_("missing"), N_("not assessed"), N_("unreadable"), N_("too early"),
)  # fmt: skip
STATES = (
    N_("new"), N_("standing"), N_("fixed"), N_("waived"), N_("began"), N_("ended"), N_("expired"), N_("unused"),
    N_("unknown"), N_("active"), N_("open"), N_("waits"),
)  # fmt: skip
VERDICTS = (
    N_("application"), N_("application, unvalidated"), N_("deployment suspected"), N_("deployment"), N_("mixed"),
    N_("environment"), N_("not assessed"),
)  # fmt: skip
TRENDS = (N_("rising"), N_("falling"), N_("no trend"), N_("not assessed"))
ROLES = (N_("component"), N_("resource"), N_("external"), N_("unknown"), N_("exposure"))
MARKS = (N_("added"), N_("removed"), N_("changed"), N_("same"))
RECORDS = (N_("approval"), N_("deployment"), N_("downtime"), N_("incident"))
WAYS = (N_("declared"), N_("reference"), N_("inferred"), N_("exposes"))
EXEMPTIONS = (N_("waiver"), N_("acceptance"))
MEASURES = (
    N_("deployment frequency"), N_("velocity to rollback"), N_("lead time for changes"), N_("lead time"),
    N_("config lead time"), N_("change lead time"), N_("promotion lead"), N_("change fail rate"),
    N_("failed deployment recovery time"), N_("rework rate"), N_("time to null deploy"), N_("availability"),
    N_("recovery time"), N_("deployments a month"), N_("time to detect"), N_("time to triage"), N_("time to repair"),
)  # fmt: skip
UNITS = (N_("deployments"), N_("a day"), N_("share"), N_("days of a week"), N_("seconds"))
SCRIPTED = (*KINDS, *FLAGS, *MARKS, *ASPECTS, *STATES, *DRIFT, *LEVELS, *OUTCOMES, *WAYS)
"""Words that scripts show too."""
