import base64
import json

import pytest

from generator.model.component import Aspect, Component, How, Port, Role
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import Reader, Reading, SourceFile, Unit


def mask(value: str) -> str:
    return f"masked-{sum(value.encode())}"


def read(text: str, path: str = "deploy/all.yaml") -> Reading:
    reader: Reader = KubernetesReader()
    return reader.read(Unit("production"), [SourceFile(path, text.encode())], mask)


def only(text: str) -> Component:
    reading = read(text)
    assert not reading.problems
    (component,) = reading.components
    return component


def manifest(kind: str, rest: str = "", api: str = "v1", name: str = "thing") -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}}}\n{rest}"


def test_which_files_belong_to_it() -> None:
    reader = KubernetesReader()
    accepted = ["a/web.yaml", "web.yml", "web.json", "a/Chart.yaml", "a/values.yaml", "README.md"]
    assert [path for path in accepted if reader.accepts(path)] == ["a/web.yaml", "web.yml", "web.json"]
    assert reader.name == "kubernetes"
    assert not reader.whole_environment


@pytest.mark.parametrize(
    ("api", "kind", "expected", "role"),
    [
        ("apps/v1", "Deployment", "thing", Role.COMPONENT),
        ("apps/v1", "StatefulSet", "thing", Role.COMPONENT),
        ("v1", "Pod", "thing", Role.COMPONENT),
        ("batch/v1", "Job", "job/thing", Role.COMPONENT),
        ("batch/v1", "CronJob", "cronjob/thing", Role.COMPONENT),
        ("v1", "Service", "Service/thing", Role.EXPOSURE),
        ("serving.knative.dev/v1", "Service", "Service/thing", Role.CONFIG),
        ("networking.k8s.io/v1", "Ingress", "Ingress/thing", Role.EXPOSURE),
        ("gateway.networking.k8s.io/v1", "HTTPRoute", "HTTPRoute/thing", Role.EXPOSURE),
        ("v1", "ConfigMap", "ConfigMap/thing", Role.CONFIG),
        ("v1", "Secret", "Secret/thing", Role.SECRET),
        ("v1", "PersistentVolumeClaim", "PersistentVolumeClaim/thing", Role.VOLUME),
        ("v1", "ServiceAccount", "ServiceAccount/thing", Role.CONFIG),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "Kustomization/thing", Role.CONFIG),
    ],
)
def test_ids_and_roles(api: str, kind: str, expected: str, role: Role) -> None:
    component = only(manifest(kind, api=api))
    assert (component.id, component.role, component.kind) == (expected, role, kind)


def test_a_list_is_opened_and_json_is_read() -> None:
    one = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}, "data": {"A": "1"}}
    two = {"metadata": {"name": "two"}}
    typed = {"apiVersion": "v1", "kind": "SecretList", "items": [two]}
    whole = json.dumps({"apiVersion": "v1", "kind": "List", "items": [one, typed]}, indent="\t")
    reading = read(whole, "all.json")
    assert [c.id for c in reading.components] == ["ConfigMap/one", "Secret/two"]


def test_what_is_no_manifest_is_a_note() -> None:
    text = "a: 1\n---\n---\n- 1\n---\n" + manifest("Kustomization", api="kustomize.config.k8s.io/v1beta1")
    reading = read(text)
    assert [note.code for note in reading.notes] == ["not-kubernetes", "not-kubernetes", "not-rendered"]
    assert not reading.components
    assert not reading.problems
    assert [note.code for note in read("resources: [a]", "x/kustomization.yaml").notes] == ["not-rendered"]
    assert [note.code for note in read("kind: {{ .Values.kind }}\n").notes] == ["template"]
    assert [note.code for note in read("apiVersion: v1\nkind: ENC[AES256_GCM,data:x]\n").notes] == ["not-kubernetes"]


def test_an_object_without_a_name_is_a_problem() -> None:
    reading = read("apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-}\n---\n" + manifest("Service"))
    (problem,) = reading.problems
    assert (problem.code, problem.place.path, problem.place.line) == ("kubernetes-name", "deploy/all.yaml", 1)
    assert [c.id for c in reading.components] == ["Service/thing"]


def test_a_broken_document_keeps_those_before_it() -> None:
    reading = read(manifest("Service") + "---\n" + manifest("ConfigMap") + "---\na: [\n")
    assert [c.id for c in reading.components] == ["Service/thing", "ConfigMap/thing"]
    assert [problem.code for problem in reading.problems] == ["yaml-syntax"]


def test_layout_order_and_noise_do_not_change_the_digest() -> None:
    plain = manifest("ConfigMap", "data: {A: '1', B: two}\n")
    noisy = """
# another layout
kind: ConfigMap
data:
  B: two
  A: "1"
metadata:
  name: thing
  namespace: blue
  creationTimestamp: null
  resourceVersion: "12"
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"password": "canary"}'
status: {phase: Active}
apiVersion: v1
"""
    assert only(plain).digest == only(noisy).digest
    assert only(noisy).namespace == "blue"


def test_service() -> None:
    component = only("""
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports:
  - {name: http, port: 80, targetPort: web}
  - {port: 9000}
""")
    assert component.names == ("api", "api.shop", "api.shop.svc", "api.shop.svc.cluster.local")
    assert component.ports == (Port("", "9000", "9000"), Port("http", "80", "web"))
    assert component.selector == (("app", "api"),)
    fields = {f.name: f for f in component.fields if f.aspect is Aspect.EXPOSURE}
    assert fields["spec.ports[http].targetPort"].value == "web"
    assert fields["spec.ports[9000].port"].line == 9
    assert fields["spec.selector.app"].value == "api"


def test_external_name() -> None:
    (found,) = only(manifest("Service", "spec: {type: ExternalName, externalName: DB.example.com}\n")).references
    assert (found.role, found.target, found.how) == (Role.EXTERNAL, "db.example.com", How.REFERENCE)


def test_ingress() -> None:
    component = only("""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  defaultBackend: {service: {name: fallback, port: {name: http}}}
  tls: [{hosts: [shop.test], secretName: shop-tls}]
  rules:
  - host: shop.test
    http:
      paths:
      - {path: /, backend: {service: {name: web, port: {number: 80}}}}
      - {path: /old, backend: {serviceName: old, servicePort: 81}}
      - {path: /jump, backend: {service: {name: jump, port: {name: use-annotation}}}}
""")
    assert {(r.role, r.target, r.port) for r in component.references} == {
        (Role.EXPOSURE, "fallback", "http"),
        (Role.EXPOSURE, "web", "80"),
        (Role.EXPOSURE, "old", "81"),
        (Role.SECRET, "shop-tls", ""),
    }
    assert any(f.name == "spec.rules[shop.test].http.paths[/].backend.service.name" for f in component.fields)


def test_a_certificate_that_is_made_on_demand_may_be_missing() -> None:
    rest = "spec: {tls: [{secretName: shop-tls}]}\n"
    text = manifest("Ingress", rest, "networking.k8s.io/v1").replace(
        "{name: thing}", "{name: thing, annotations: {cert-manager.io/issuer: x}}"
    )
    assert [r.optional for r in only(text).references] == [True]


def test_route() -> None:
    rules = (
        "spec: {rules: [{backendRefs: [{name: web, port: 80}, {name: pay, namespace: bank}, {name: x, kind: Y}]}]}\n"
    )
    component = only(manifest("GRPCRoute", rules, "gateway.networking.k8s.io/v1"))
    assert [(r.role, r.target, r.port) for r in component.references] == [
        (Role.EXPOSURE, "pay.bank", ""),
        (Role.EXPOSURE, "web", "80"),
    ]


def test_config_map() -> None:
    rest = (
        "data:\n  A: '1.10'\n  DB_PASSWORD: canary\n  app.ini: |\n    x = 1\n    password = canary\n  LONG: "
        + "x" * 2001
    )
    fields = {f.name: f for f in only(manifest("ConfigMap", rest + "\nbinaryData: {B: AAEC}\n")).fields}
    assert fields["data.A"].value == "1.10"
    assert fields["data.DB_PASSWORD"].aspect is Aspect.SECRET
    assert fields["data.app.ini"].value == f"x = 1\npassword = {mask('canary')}\n"
    assert fields["data.app.ini"].aspect is Aspect.CONFIG
    assert fields["data.LONG"].value.startswith("sha256:")
    assert fields["data.B"].value.startswith("sha256:")


def test_secret_data_and_string_data_agree() -> None:
    encoded = base64.b64encode(b"canary").decode()
    one = only(manifest("Secret", f"data: {{password: {encoded}, raw: '%%', bytes: /w==, none: ''}}\n"))
    two = only(manifest("Secret", "stringData: {password: canary}\n"))
    values = {f.name: f.value for f in one.fields if f.aspect is Aspect.SECRET}
    assert values == {
        "data.password": mask("canary"),
        "data.raw": mask("%%"),
        "data.bytes": mask("/w=="),
        "data.none": "",
    }
    assert [f.value for f in two.fields if f.aspect is Aspect.SECRET] == [mask("canary")]


@pytest.mark.parametrize(
    ("kind", "spec", "name"),
    [
        ("SealedSecret", "{encryptedData: {password: canary}}", "thing"),
        ("SealedSecret", "{template: {metadata: {name: other}}, encryptedData: {password: canary}}", "other"),
        ("ExternalSecret", "{target: {name: other}}", "other"),
        ("Certificate", "{secretName: other}", "other"),
    ],
)
def test_what_becomes_a_secret_is_found_by_the_secrets_name(kind: str, spec: str, name: str) -> None:
    component = only(manifest(kind, f"spec: {spec}\n", "example.test/v1"))
    assert (component.id, component.role, component.names) == (f"{kind}/thing", Role.SECRET, (name,))


def test_unknown_kinds_keep_every_leaf() -> None:
    rest = "spec: {minReplicas: 2, metrics: [{type: cpu}], list: []}\nrules: [{verbs: [get]}]\n"
    component = only(manifest("HorizontalPodAutoscaler", rest, "autoscaling/v2"))
    assert component.references == ()
    assert {f.name: f.value for f in component.fields} == {
        "apiVersion": "autoscaling/v2",
        "spec.minReplicas": "2",
        "spec.metrics[0].type": "cpu",
        "spec.list": "[]",
        "rules[0].verbs[0]": "get",
    }


def test_schemas_of_definitions_are_one_field() -> None:
    def definition(kind: str) -> Component:
        spec = f"spec: {{versions: [{{name: v1, schema: {{openAPIV3Schema: {{type: {kind}}}}}}}]}}\n"
        return only(manifest("CustomResourceDefinition", spec, "apiextensions.k8s.io/v1"))

    assert [f.name for f in definition("object").fields] == ["apiVersion", "schemas", "spec.versions[v1].name"]
    assert definition("object").digest != definition("array").digest


CANARIES = f"""
apiVersion: v1
kind: Secret
metadata:
  name: a
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{{"stringData":{{"p":"canary"}}}}'
    note: "https://user:canary@host.test"
data: {{p: {base64.b64encode(b"canary").decode()}}}
stringData: {{q: canary, odd: [canary, {{name: canary}}]}}
---
apiVersion: v1
kind: Secret
metadata: {{name: sops}}
data: {{p: "ENC[AES256_GCM,data:canary,iv:canary,tag:canary,type:str]"}}
sops: {{mac: "ENC[AES256_GCM,data:canary]", pgp: [{{enc: canary}}]}}
---
apiVersion: isindir.github.com/v1
kind: SopsSecret
metadata: {{name: b}}
spec:
  secretTemplates: [{{name: b, stringData: {{x: canary}}}}]
  apiKeys: [{{key: canary}}, {{value: canary}}, canary]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: c}}
spec:
  template:
    metadata: {{annotations: {{dsn: "host=db password=canary user=x"}}}}
    spec:
      containers:
      - name: c
        args: [--password=canary, --token, canary, -Ddb.password=canary, "postgres://a:canary@db/x"]
        command: [sh, -c, "run --api-key canary http://a:canary@b/"]
        env:
        - {{name: DB_PASSWORD, value: canary}}
        - {{name: URL, value: "http://api/x?token=canary"}}
        - {{name: DATABASE, value: "postgres://u:canary@db:5432/x"}}
        - {{name: CONNECTION, value: "Server=db,1433;User=u;Password=canary"}}
        livenessProbe: {{httpGet: {{httpHeaders: [{{name: Authorization, value: Basic canary}}]}}}}
"""


def test_no_secret_leaves_the_reader() -> None:
    reading = read(CANARIES)
    assert [c.id for c in reading.components] == ["Secret/a", "Secret/sops", "SopsSecret/b", "c"]
    everything = repr(reading)
    assert "canary" not in everything
    assert base64.b64encode(b"canary").decode() not in everything


def test_a_changed_secret_is_seen() -> None:
    one, two = read(CANARIES), read(CANARIES.replace("canary", "dnary0"))
    assert [a.digest != b.digest for a, b in zip(one.components, two.components, strict=True)] == [True] * 4
