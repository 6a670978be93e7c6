from generator.model.component import Aspect, Component, How, Port, Role
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import SourceFile, Unit

SHOP = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels: {tier: front}
spec:
  replicas: 3
  strategy: {type: Recreate}
  template:
    metadata: {labels: {app: shop}}
    spec:
      imagePullSecrets: [{name: registry}]
      volumes:
      - {name: settings, configMap: {name: shop-files, items: [{key: a.ini, path: a}], optional: true}}
      - {name: keys, secret: {secretName: shop-keys}}
      - {name: disk, persistentVolumeClaim: {claimName: shop-disk}}
      - {name: all, projected: {sources: [{secret: {name: more-keys}}, {configMap: {name: more-files}}]}}
      - {name: remote, csi: {nodePublishSecretRef: {name: csi-login}}}
      initContainers:
      - {name: migrate, image: "shop-migrate:1.10"}
      containers:
      - name: server
        image: registry.test/shop:1.10@sha256:0123
        args: [serve, --level=info, --color, never]
        ports: [{name: http, containerPort: 8080}, {containerPort: 9090}]
        envFrom:
        - {configMapRef: {name: shop-env, optional: true}}
        - {prefix: K_, secretRef: {name: shop-secrets}}
        env:
        - {name: LEVEL, value: "debug"}
        - {name: CART_ADDR, value: "Cart:7070"}
        - {name: CACHE, value: "redis://:canary@redis:6379"}
        - {name: API_TOKEN, value: canary}
        - {name: PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password, optional: true}}}
        - {name: THEME, valueFrom: {configMapKeyRef: {name: look, key: theme}}}
        - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: CPUS, valueFrom: {resourceFieldRef: {containerName: server, resource: limits.cpu, divisor: 1m}}}
        - {name: EMPTY}
        - {name: SETTINGS, value: "a: 1\\npassword: canary"}
        resources: {limits: {cpu: 500m}}
        readinessProbe: {httpGet: {path: /ready, port: http}}
        volumeMounts: [{name: disk, mountPath: /a}, {name: disk, mountPath: /b, subPath: b}]
"""


def mask(value: str) -> str:
    return f"masked-{sum(value.encode())}"


def read(text: str) -> Component:
    reading = KubernetesReader().read(Unit("production"), [SourceFile("shop.yaml", text.encode())], mask)
    assert not reading.problems
    (component,) = reading.components
    return component


def fields(text: str, aspect: Aspect) -> dict[str, str]:
    return {f.name: f.value for f in read(text).fields if f.aspect is aspect}


def test_artifacts_and_scale() -> None:
    assert fields(SHOP, Aspect.ARTIFACT) == {
        "init.migrate.image": "shop-migrate:1.10",
        "server.image": "registry.test/shop:1.10@sha256:0123",
    }
    assert fields(SHOP, Aspect.SCALE) == {"replicas": "3", "server.resources.limits.cpu": "500m"}


def test_exposure() -> None:
    assert fields(SHOP, Aspect.EXPOSURE) == {
        "server.ports[http].name": "http",
        "server.ports[http].containerPort": "8080",
        "server.ports[9090].containerPort": "9090",
    }
    assert read(SHOP).ports == (Port("", "9090"), Port("http", "8080"))
    assert read(SHOP).labels == (("app", "shop"),)
    assert read(SHOP).names == ()


def test_config() -> None:
    found = fields(SHOP, Aspect.CONFIG)
    assert found["labels.tier"] == "front"
    assert found["spec.strategy.type"] == "Recreate"
    assert found["server.env.LEVEL"] == "debug"
    assert found["server.env.PASSWORD"] == "secretKeyRef db/password"
    assert found["server.env.POD"] == "fieldRef metadata.name"
    assert found["server.env.CPUS"] == "resourceFieldRef server/limits.cpu/1m"
    assert found["server.env.EMPTY"] == ""
    assert found["server.envFrom[secretRef:shop-secrets]"] == "K_"
    assert found["server.readinessProbe.httpGet.path"] == "/ready"
    assert found["server.volumeMounts[/b].subPath"] == "b"
    assert found["spec.template.spec.volumes[disk].persistentVolumeClaim.claimName"] == "shop-disk"
    assert not any("containers" in name for name in found)


def test_an_argument_is_known_by_its_flag() -> None:
    found = {name: value for name, value in fields(SHOP, Aspect.CONFIG).items() if ".args" in name}
    assert found == {
        "server.args[0]": "serve",
        "server.args[--level]": "info",
        "server.args[1]": "--color",
        "server.args[2]": "never",
    }


def test_plain_text_secrets_keep_the_name_of_their_setting() -> None:
    assert fields(SHOP, Aspect.SECRET) == {
        "server.env.API_TOKEN": mask("canary"),
        "server.env.SETTINGS": f"a: 1\npassword: {mask('canary')}",
        "server.env.CACHE": f"redis://{mask(':canary')}@redis:6379",
    }


def test_references() -> None:
    found = {(r.role, r.target, r.port, r.key, r.optional) for r in read(SHOP).references if r.how is How.REFERENCE}
    assert found == {
        (Role.SECRET, "registry", "", "", False),
        (Role.CONFIG, "shop-files", "", "a.ini", True),
        (Role.SECRET, "shop-keys", "", "", False),
        (Role.VOLUME, "shop-disk", "", "", False),
        (Role.SECRET, "more-keys", "", "", False),
        (Role.CONFIG, "more-files", "", "", False),
        (Role.SECRET, "csi-login", "", "", False),
        (Role.CONFIG, "shop-env", "", "", True),
        (Role.SECRET, "shop-secrets", "", "", False),
        (Role.SECRET, "db", "", "password", True),
        (Role.CONFIG, "look", "", "theme", False),
    }


def test_addresses_are_inferred() -> None:
    found = {(r.role, r.target, r.port, r.field) for r in read(SHOP).references if r.how is How.INFERRED}
    assert found == {
        (Role.COMPONENT, "cart", "7070", "server.env.CART_ADDR"),
        (Role.COMPONENT, "redis", "6379", "server.env.CACHE"),
    }


def test_every_reference_names_a_field_or_the_item_that_says_so() -> None:
    component = read(SHOP)
    names = [f.name for f in component.fields]
    assert all(any(name.startswith(r.field) for name in names) for r in component.references)


def test_order_of_named_things_does_not_matter() -> None:
    level = '        - {name: LEVEL, value: "debug"}\n'
    moved = SHOP.replace(level, "").replace("        - {name: EMPTY}\n", "        - {name: EMPTY}\n" + level)
    assert moved != SHOP
    assert read(moved).digest == read(SHOP).digest


def test_another_kind_of_workload_keeps_id_and_field_names() -> None:
    other = read(SHOP.replace("Deployment", "StatefulSet"))
    assert other.id == read(SHOP).id
    assert {f.name for f in other.fields} == {f.name for f in read(SHOP).fields}


def test_cron_job() -> None:
    component = read("""
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy}
spec:
  schedule: "1 0 * * *"
  jobTemplate:
    spec:
      parallelism: 2
      template:
        metadata: {labels: {app: tidy}}
        spec:
          restartPolicy: Never
          containers: [{name: tidy, image: "tidy:1"}]
""")
    values = {(f.aspect, f.name): f.value for f in component.fields}
    assert component.id == "cronjob/tidy"
    assert component.labels == (("app", "tidy"),)
    assert values[Aspect.CONFIG, "spec.schedule"] == "1 0 * * *"
    assert values[Aspect.SCALE, "spec.jobTemplate.spec.parallelism"] == "2"
    assert values[Aspect.ARTIFACT, "tidy.image"] == "tidy:1"
    assert values[Aspect.CONFIG, "spec.jobTemplate.spec.template.spec.restartPolicy"] == "Never"


def test_pod() -> None:
    component = read("""
apiVersion: v1
kind: Pod
metadata: {name: probe, labels: {app: probe}}
spec: {containers: [{image: "probe:1", env: [{name: AT, value: "http://web"}]}]}
""")
    assert component.labels == (("app", "probe"),)
    assert [f.name for f in component.fields if f.aspect is Aspect.ARTIFACT] == ["0.image"]
    assert [r.target for r in component.references] == ["web"]


def test_wrong_shapes_are_read_as_they_are() -> None:
    component = read("""
apiVersion: apps/v1
kind: Deployment
metadata: {name: odd, labels: [a]}
spec:
  replicas: [1]
  template: {spec: {containers: [text, {name: x, image: [a], env: {A: b}, args: run, ports: 80, resources: big}]}}
""")
    assert component.id == "odd"
