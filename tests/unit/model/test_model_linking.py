"""References over namespaces, and that following changes comes to the same as linking anew."""

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model.component import Component, How, Reference, Role, component
from generator.model.linking import Links

RUNS = How.REFERENCE


def workload(
    name: str, namespace: str = "", hosts: tuple[str, ...] = (), app: str = "", needs: tuple[Reference, ...] = ()
) -> Component:
    references = [*needs, *(Reference(Role.COMPONENT, host, How.INFERRED, f"env.{host}") for host in hosts)]
    labels = (("app", app or name.rpartition("/")[2]),)
    return component(name, Role.COMPONENT, "Deployment", references=references, labels=labels, namespace=namespace)


def service(identity: str, namespace: str = "", app: str = "") -> Component:
    name = identity.rpartition("/")[2]
    names: tuple[str, ...] = (name,)
    if namespace:
        full = f"{name}.{namespace}"
        names = (name, full, f"{full}.svc", f"{full}.svc.cluster.local")
    selector = (("app", app or name),)
    return component(identity, Role.EXPOSURE, "Service", names=names, selector=selector, namespace=namespace)


def resource(identity: str, namespace: str = "", role: Role = Role.CONFIG, kind: str = "ConfigMap") -> Component:
    return component(identity, role, kind, namespace=namespace)


def linked(*components: Component) -> Links:
    links = Links()
    known = {c.id: c for c in components}
    links.update(known, dict.fromkeys(known))
    return links


def reached(links: Links, source: str) -> list[str]:
    return sorted(edge.target for edge in links.connections[source])


TWO_CACHES = (
    workload("cache", "shop"),
    service("Service/cache", "shop"),
    workload("jobs/cache", "jobs"),
    service("jobs/Service/cache", "jobs"),
)


def test_a_name_is_that_of_ones_own_namespace() -> None:
    links = linked(
        *TWO_CACHES, workload("api", "shop", ("cache",)), workload("runner", "jobs", ("cache",)), workload("x", "other")
    )
    assert reached(links, "api") == ["cache"]
    assert reached(links, "runner") == ["jobs/cache"]
    assert not links.dangling


def test_another_namespace_counts_where_the_address_says_so() -> None:
    forms = ("cache.jobs", "cache.jobs.svc", "cache.jobs.svc.cluster.local", "cache-0.cache.jobs.svc.cluster.local")
    links = linked(*TWO_CACHES, *(workload(f"api{number}", "shop", (form,)) for number, form in enumerate(forms)))
    assert [reached(links, f"api{number}") for number in range(len(forms))] == [["jobs/cache"]] * len(forms)


def test_a_name_of_another_namespace_alone_leads_nowhere() -> None:
    links = linked(service("Service/db", "jobs"), workload("db", "jobs"), workload("api", "shop", ("db",)))
    assert [reference.target for reference in links.dangling["api"]] == ["db"]


def test_what_names_no_namespace_is_where_the_rest_is() -> None:
    links = linked(service("Service/db"), workload("db"), workload("api", "shop", ("db",)))
    assert reached(links, "api") == ["db"]
    links = linked(service("Service/db", "shop"), workload("db", "shop"), workload("api", "", ("db",)))
    assert reached(links, "api") == ["db"]
    links = linked(
        *TWO_CACHES, workload("db"), service("Service/db"), workload("api", "", ("db.default", "cache.shop"))
    )
    assert reached(links, "api") == ["cache", "db"]


def test_a_pod_of_a_headless_service_is_the_service() -> None:
    links = linked(service("Service/db", "shop"), workload("db", "shop"), workload("api", "shop", ("db-0.db",)))
    assert reached(links, "api") == ["db"]


def test_a_public_name_is_external_even_where_a_part_of_it_is_a_namespace() -> None:
    links = linked(*TWO_CACHES, workload("api", "shop", ("cache.jobs.example.org", "cache.nowhere")))
    assert reached(links, "api") == ["external/cache.jobs.example.org", "external/cache.nowhere"]


def test_resources_are_those_of_the_same_namespace() -> None:
    needs = tuple(Reference(role, "web", RUNS, "volumes[a]") for role in (Role.CONFIG, Role.SECRET, Role.VOLUME))
    links = linked(
        resource("ConfigMap/web", "shop"),
        resource("jobs/ConfigMap/web", "jobs"),
        resource("Secret/web", "", Role.SECRET, "Secret"),
        resource("jobs/Secret/web", "jobs", Role.SECRET, "Secret"),
        resource("PersistentVolumeClaim/web", "jobs", Role.VOLUME, "PersistentVolumeClaim"),
        workload("api", "shop", needs=needs),
        workload("runner", "jobs", needs=needs),
    )
    assert reached(links, "api") == ["ConfigMap/web", "Secret/web"]
    assert [reference.role for reference in links.dangling["api"]] == [Role.VOLUME]
    assert reached(links, "runner") == ["PersistentVolumeClaim/web", "jobs/ConfigMap/web", "jobs/Secret/web"]


def test_a_config_is_the_config_map_where_others_are_called_like_it() -> None:
    needs = (Reference(Role.CONFIG, "web", RUNS, "volumes[a]"),)
    links = linked(
        resource("ClusterRole/web", kind="ClusterRole"), resource("ConfigMap/web"), workload("api", needs=needs)
    )
    assert reached(links, "api") == ["ConfigMap/web"]


def test_a_route_leads_to_the_service_of_its_namespace_or_of_the_one_it_names() -> None:
    def route(identity: str, target: str) -> Component:
        backend = [Reference(Role.EXPOSURE, target, RUNS, "rules")]
        return component(identity, Role.EXPOSURE, "HTTPRoute", references=backend, namespace="shop")

    links = linked(
        *TWO_CACHES,
        route("HTTPRoute/here", "cache"),
        route("HTTPRoute/there", "cache.jobs"),
        route("HTTPRoute/db", "db"),
    )
    assert links.selected["HTTPRoute/here"] == ("cache",)
    assert links.selected["HTTPRoute/there"] == ("jobs/cache",)
    assert list(links.dangling) == ["HTTPRoute/db"]


def test_an_ingress_is_not_the_service_of_its_name() -> None:
    backend = [Reference(Role.EXPOSURE, "web", RUNS, "spec.rules")]
    links = linked(component("Ingress/web", Role.EXPOSURE, "Ingress", references=backend))
    assert list(links.dangling) == ["Ingress/web"]


SPACES = st.sampled_from(["", "a", "b"])
NAMES = st.sampled_from(["x", "y"])
HOSTS = st.lists(st.sampled_from(["x", "y", "x.a", "y.b.svc", "x.org", "x-0.x"]), max_size=2).map(tuple)
NEEDS = st.lists(st.sampled_from([Reference(Role.CONFIG, name, RUNS, "v") for name in "xy"]), max_size=1).map(tuple)
PARTS = st.one_of(
    st.builds(lambda s, n, h, a, r: workload(f"{s}/{n}" if s else n, s, h, a, r), SPACES, NAMES, HOSTS, NAMES, NEEDS),
    st.builds(lambda s, n, a: service(f"{s}/Service/{n}" if s else f"Service/{n}", s, a), SPACES, NAMES, NAMES),
    st.builds(lambda s, n: resource(f"{s}/ConfigMap/{n}" if s else f"ConfigMap/{n}", s), SPACES, NAMES),
)
STEPS = st.lists(st.lists(st.tuples(PARTS, st.booleans()), min_size=1, max_size=3), min_size=1, max_size=8)


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_following_comes_to_the_same_as_linking_anew(steps: list[list[tuple[Component, bool]]]) -> None:
    links, known = Links(), dict[str, Component]()
    for step in steps:
        changed: dict[str, Component | None] = {}
        now = dict(known)
        for one, stays in step:
            changed[one.id] = known.get(one.id)
            now.pop(one.id, None)
            if stays:
                now[one.id] = one
        known = now
        links.update(known, changed)
    fresh = linked(*known.values())
    assert links.connections == fresh.connections
    assert links.dangling == fresh.dangling
    assert links.selected == fresh.selected
