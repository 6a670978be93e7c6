"""The demo's Kubernetes manifests, one file an app and environment, as a team would write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.demo.shop import BLUEPRINTS, HOSTS, IMAGES, NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.demo.shop import Blueprint
    from generator.demo.state import App

_HEAD = """\
apiVersion: {version}
kind: {kind}
metadata:
  name: {name}
  namespace: {namespace}
  labels:
    app.kubernetes.io/name: {app}
    app.kubernetes.io/part-of: fernwood
"""

_WORKLOAD = """\
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app.kubernetes.io/name: {app}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {app}
        app.kubernetes.io/part-of: fernwood
    spec:
      containers:
        - name: {app}
          image: {images}/{app}:{version}
          envFrom:
            - configMapRef:
                name: {app}-settings
"""

_ADDRESS = """\
            - name: {variable}
              value: {address}
"""

_VARIABLE = """\
            - name: {variable}
              valueFrom:
                secretKeyRef:
                  name: {secret}
                  key: {key}
"""

_RUNNING = """\
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          livenessProbe:
            httpGet:
              path: /alive
              port: http
          resources:
            requests:
              cpu: 100m
              memory: 256Mi
            limits:
              memory: 512Mi
          securityContext:
            allowPrivilegeEscalation: false
            runAsNonRoot: true
"""

_MOUNT = """\
          volumeMounts:
            - name: data
              mountPath: {path}
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: {app}-data
"""

_BUDGET = """\
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: {app}
"""

_CLAIM = """\
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 10Gi
"""

_SERVICE = """\
spec:
  selector:
    app.kubernetes.io/name: {selected}
  ports:
    - name: {port}
      port: {number}
      targetPort: http
"""

_INGRESS = """\
spec:
  ingressClassName: public
  rules:
    - host: {host}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: storefront
                port:
                  name: http
"""


def manifests(where: str, apps: Mapping[str, App], secrets: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the files of one environment by path."""
    folder = f"deploy/{where}"
    files = {f"{folder}/{name}.yaml": _app_file(where, name, app) for name, app in apps.items()}
    ingress = _head("networking.k8s.io/v1", "Ingress", "storefront", where, "storefront")
    files[f"{folder}/ingress.yaml"] = ingress + _INGRESS.format(host=HOSTS[where])
    files[f"{folder}/secrets.yaml"] = _secrets_file(where, secrets)
    return files


def _head(version: str, kind: str, name: str, where: str, app: str) -> str:
    return _HEAD.format(version=version, kind=kind, name=name, namespace=NAMESPACES[where], app=app)


def _app_file(where: str, name: str, app: App) -> str:
    blueprint = BLUEPRINTS[name]
    parts = [_settings_map(where, name, app), _deployment(where, name, app, blueprint)]
    if blueprint.volume:
        parts.append(_head("v1", "PersistentVolumeClaim", f"{name}-data", where, name) + _CLAIM)
    if app.budget:
        parts.append(_head(app.budget, "PodDisruptionBudget", name, where, name) + _BUDGET.format(app=name))
    if blueprint.served:
        parts.append(_service(where, name, name, name, "http", "8080"))
    if app.metrics_for:
        parts.append(_service(where, f"{name}-metrics", name, app.metrics_for, "metrics", "9090"))
    return f"# {blueprint.purpose}\n" + "---\n".join(parts)


def _settings_map(where: str, name: str, app: App) -> str:
    lines = [f'  {key}: "{value}"\n' for key, value in sorted(app.settings.items()) if not _inside(value)]
    return _head("v1", "ConfigMap", f"{name}-settings", where, name) + "data:\n" + "".join(lines)


def _inside(value: str) -> bool:
    """Return whether a setting is an address inside the shop."""
    return "://" in value and ".example" not in value


def _deployment(where: str, name: str, app: App, blueprint: Blueprint) -> str:
    variables = [
        _ADDRESS.format(variable=key, address=value) for key, value in sorted(app.settings.items()) if _inside(value)
    ]
    variables += [
        _VARIABLE.format(variable=variable, secret=secret, key=key)
        for variable, (secret, key) in sorted(blueprint.secrets.items())
    ]
    return "".join(
        [
            f"# {app.note}\n" if app.note else "",
            _head("apps/v1", "Deployment", name, where, name),
            f"    team: {blueprint.team}\n" if blueprint.team else "",
            _WORKLOAD.format(app=name, replicas=app.replicas, images=IMAGES, version=app.version),
            "          env:\n" if variables else "",
            *variables,
            _RUNNING,
            _MOUNT.format(app=name, path=blueprint.volume) if blueprint.volume else "",
        ]
    )


def _service(where: str, name: str, app: str, selected: str, port: str, number: str) -> str:
    head = _head("v1", "Service", name, where, app)
    return head + _SERVICE.format(selected=selected, port=port, number=number)


def _secrets_file(where: str, secrets: Mapping[str, Mapping[str, str]]) -> str:
    parts = []
    for name in sorted(secrets):
        lines = [f"  {key}: {secrets[name][key]}\n" for key in sorted(secrets[name])]
        head = _head("v1", "Secret", name, where, name.removesuffix("-secrets"))
        parts.append(f"{head}type: Opaque\nstringData:\n{''.join(lines)}")
    return "# Placeholders: the secret operator puts the real values in when it applies this file.\n" + "---\n".join(
        parts
    )
