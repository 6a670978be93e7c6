"""Rules on any environment: none raises, none finds one thing twice, and none depends on the order of what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from support.scenes import Scene, topology

from generator.assurance.findings import ComponentRule, GraphRule, GroupRule, LinksRule, Surroundings
from generator.assurance.gathered import Groups
from generator.assurance.own_rules.rules import user_rule
from generator.assurance.rule_set import built_in
from generator.config.user_rules import UserRule
from generator.errors import one_line
from generator.model.component import Aspect, Component, Field, How, Port, Reference, Role, component

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.assurance.findings import Finding, Rule

KINDS = {
    Role.COMPONENT: ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "values", "ComposeService"],
    Role.EXPOSURE: ["Service", "Ingress", "HTTPRoute"],
    Role.CONFIG: ["ConfigMap", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy", "HelmRelease"],
    Role.SECRET: ["Secret", "SealedSecret"],
    Role.VOLUME: ["PersistentVolumeClaim", "ComposeVolume"],
    Role.EXTERNAL: ["host"],
}
NAMES = ("api", "web", "redis")
SPACES = ("", "shop", "cache")
FIELDS = (
    *("s.image", "init.i.image", "image", "image.tag", "main.image", "main.version", "build", "build.args.BASE_IMAGE"),
    *(
        "s.imagePullPolicy",
        "pull_policy",
        "s.env.DB_PASSWORD",
        "s.env.LOG_LEVEL",
        "env.API_URL",
        "data.key",
        "settings.x",
    ),
    *("replicas", "s.resources.limits.memory", "s.resources.requests.memory", "s.resources.limits.cpu", "limits.cpu"),
    *(
        "s.readinessProbe.httpGet.port",
        "s.readinessProbe.httpGet.path",
        "s.livenessProbe.httpGet.port",
        "healthcheck.test",
    ),
    *("spec.accessModes[ReadWriteOnce]", "spec.scaleTargetRef.name", "spec.scaleTargetRef.kind", "spec.minReplicas"),
    *("spec.maxReplicas", "spec.maxUnavailable", "spec.minAvailable", "spec.selector.matchLabels.app", "spec.schedule"),
    *(
        "spec.type",
        "spec.clusterIP",
        "spec.rules[x].host",
        "spec.tls[x].hosts[0]",
        "ports.80/tcp",
        "s.ports[80].nodePort",
    ),
    *("spec.template.spec.hostNetwork", "s.securityContext.privileged", "s.securityContext.capabilities.add[ALL]"),
    *("spec.template.spec.volumes[a].hostPath.path", "volumes./var/run/docker.sock", "restart", "labels.team", "type"),
    *("spec.strategy.type", "spec.strategy.rollingUpdate.maxUnavailable", "", ".", "[", "a..b", "annotations.x"),
)
VALUES = st.one_of(
    st.sampled_from(
        (
            *(
                "",
                "0",
                "1",
                "2",
                "-1",
                "500m",
                "2Gi",
                "1e9",
                "true",
                "latest",
                "shop/api:1",
                "shop/api:main",
                "shop/api",
            ),
            *(f"shop/api@sha256:{'5f' * 32}", "2.0.0-rc.1", "api:1-staging", "http://api:80", "redis", "Never", "api"),
            *(
                "* * * * *",
                "61 * * * *",
                "*/5",
                "25%",
                "NodePort",
                "LoadBalancer",
                "*.example.org",
                "/",
                "ReadWriteOnce",
            ),
        )
    ),
    st.text(max_size=12),
)
FIELD = st.builds(Field, st.sampled_from(list(Aspect)), st.sampled_from(FIELDS), VALUES, st.integers(0, 9))
REFERENCE = st.builds(
    Reference,
    st.sampled_from(list(Role)),
    st.sampled_from([*NAMES, "api.shop", "db.example.org", "", "kube-root-ca.crt"]),
    st.sampled_from(list(How)),
    st.sampled_from(FIELDS),
    st.sampled_from(["", "80", "http", "x"]),
    st.sampled_from(["", "key", "other"]),
    st.booleans(),
    st.integers(0, 9),
)
PORT = st.builds(
    Port, st.sampled_from(["", "http"]), st.sampled_from(["80", "8080", "x"]), st.sampled_from(["", "80", "http"])
)
LABELS = st.dictionaries(st.sampled_from(["app", "tier"]), st.sampled_from([*NAMES, ""]), max_size=2)


@st.composite
def components(draw: st.DrawFn) -> Component:
    """Return a component of any kind with anything in it."""
    role = draw(st.sampled_from(list(Role)))
    kind, name = draw(st.sampled_from(KINDS[role])), draw(st.sampled_from(NAMES))
    return component(
        name if role is Role.COMPONENT else f"{kind}/{name}",
        role,
        kind,
        fields=draw(st.lists(FIELD, max_size=8, unique_by=lambda field: field.name)),
        references=draw(st.lists(REFERENCE, max_size=3)),
        names=tuple(draw(st.lists(st.sampled_from([*NAMES, "api.shop"]), max_size=2))),
        ports=draw(st.lists(PORT, max_size=2)),
        labels=tuple(draw(LABELS).items()),
        selector=tuple(draw(LABELS).items()) if role is Role.EXPOSURE else (),
        namespace=draw(st.sampled_from(SPACES)),
        path="all.yaml",
        line=1,
    )


ENVIRONMENTS = st.lists(components(), max_size=6, unique_by=lambda one: one.id).map(tuple)
PLACES = st.builds(
    Surroundings,
    environment=st.sampled_from(["production", "eu"]),
    production=st.booleans(),
    upstream=st.just("staging"),
    others=st.just(("development", "staging")),
    kubernetes=st.sampled_from(["", "1.25", "1.31", "none"]),
)
MUST = st.one_of(
    st.sampled_from(["exist", "absent", "same_as_upstream"]),
    st.builds(lambda text: {"equal": text}, st.sampled_from(["", "1", "api"])),
    st.builds(lambda text: {"match": text}, st.sampled_from(["^a", "(a+)+$", ".", ""])),
    st.builds(lambda text: {"at_least": text}, st.sampled_from(["1", "500m", "-2.5", "2Gi"])),
    st.builds(lambda text: {"one_of": [text, "x"]}, st.sampled_from(["1", "api"])),
)
RULES = st.builds(
    lambda field, must, message: UserRule.model_validate(
        {"id": "own-rule", "field": field, "must": must, "message": message, "where": {"kind": "*"}}
    ),
    st.sampled_from(["*", "labels.team", "env.*", "s.env.DB_PASSWORD", "secret:*", "replicas", "[", "a.*b*"]),
    MUST,
    st.sampled_from(["", "{component} {field} {value} {environment} {} {0} {"]),
)


class Upstream:
    """An upstream that has what stands in it now, and had every value of the letter a."""

    name, exists = "staging", True

    def __init__(self, now: Sequence[Component]) -> None:
        self._now = {one.id: one for one in now}

    def component(self, component_id: str, /) -> Component | None:
        return self._now.get(component_id)

    def had(self, component_id: str, aspect: Aspect, field: str, value: str, /) -> bool:
        return "a" in f"{component_id}{aspect}{field}{value}"


def judged(rules: Sequence[Rule], here: tuple[Component, ...], above: tuple[Component, ...]) -> list[Finding]:
    """Return everything that `rules` find, sorted."""
    whole, upstream = topology(Scene(here)), Upstream(above)
    found: list[Finding] = []
    for rule in rules:
        if isinstance(rule, GraphRule):
            found += rule.check(whole)
            continue
        if isinstance(rule, GroupRule):
            groups = Groups(rule)
            for one in here:
                groups.moved(one.id, None, one)
            found += [finding for name in groups.names() for finding in groups.check(name, whole.components)]
            continue
        for one in here:
            if isinstance(rule, ComponentRule):
                found += rule.check(one)
            elif isinstance(rule, LinksRule):
                found += rule.check(one, whole, tuple(d.reference for d in whole.dangling if d.source == one.id))
            else:
                found += rule.check(one, upstream)
    return sorted(found, key=lambda finding: finding.identity)


@given(ENVIRONMENTS, ENVIRONMENTS, PLACES, RULES)
@settings(max_examples=150, deadline=None)
def test_rules_say_something_sound_of_any_environment(
    here: tuple[Component, ...], above: tuple[Component, ...], place: Surroundings, own: UserRule
) -> None:
    declared = user_rule(own, place.environment)
    assert declared is not None
    rules = (*built_in(place), declared)
    known, subjects = {rule.id for rule in rules}, {one.id for one in here}
    found = judged(rules, here, above)
    identities = [finding.identity for finding in found]
    assert len(set(identities)) == len(identities)
    for finding in found:
        assert finding.rule in known
        assert finding.subject in subjects
        assert finding.message == one_line(finding.message) != ""
    assert judged(rules, here[::-1], above[::-1]) == found
