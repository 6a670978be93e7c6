"""Kubernetes manifests for tests, as short as they can be."""

from __future__ import annotations

CONFIG = "environments:\n  production: {path: deploy}\n"


def deployment(name: str = "api", image: str = "shop/api:1", env: dict[str, str] | None = None) -> str:
    """Return a Deployment of one container."""
    pairs = "".join(f"        - {{name: {key}, value: {value}}}\n" for key, value in (env or {}).items())
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n"
        f"  selector: {{matchLabels: {{app: {name}}}}}\n"
        f"  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n"
        f"      - name: server\n        image: {image}\n" + (f"        env:\n{pairs}" if pairs else "")
    )
