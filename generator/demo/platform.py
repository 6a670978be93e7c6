"""The demo's explicit model: what the platform team runs for the shop, and no manifest describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.demo.state import Managed

MODEL = """\
# What the platform team runs for the shop, in Assay's explicit model.
assay: 1
components:
  shop-db:
    kind: database
    team: platform
    artifact: postgres
    ports: {sql: 5432}
    replicas: 1
    settings: {MAX_CONNECTIONS: 200}
  order-queue:
    kind: queue
    team: platform
    artifact: rabbitmq
    ports: {amqp: 5672}
    replicas: 1
  payment-gateway:
    kind: gateway
    team: payments
    artifact: payments/gateway
    ports: {https: 8443}
    uses: [card-network, acquirer-key]
  cdn:
    kind: edge
    team: platform
    connections: [{to: waf, port: https}]
    uses: [edge-certificate]
  waf:
    kind: edge
    team: platform
    ports: {https: 443}
    connections: [storefront]
resources:
  card-network: {kind: external, host: api.cards.example.org}
  acquirer-key: {kind: secret}
  edge-certificate: {kind: secret}
production_only:
  - {component: cdn, reason: only production faces the internet, owner: platform}
  - {component: waf, reason: only production faces the internet, owner: platform}
  - {component: edge-certificate, reason: the certificate of the public host name, owner: platform}
  - {component: shop-db, field: settings.MAX_CONNECTIONS, reason: production carries the real traffic, owner: platform}
  - {component: "*", field: replicas, reason: production is larger, owner: platform}
  - {component: Ingress/storefront, reason: each environment has a host name of its own, owner: platform}
  - {component: "Secret/*", reason: each environment has secrets of its own, owner: platform}
"""


def environment_file(where: str, managed: Mapping[str, Managed]) -> str:
    """Return `environments/NAME.yaml` of one environment."""
    lines = [f"# The platform in {where}.\n", "assay: 1\n", "components:\n"]
    for name, part in managed.items():
        lines.append(f"  {name}:\n    version: {part.version}\n")
        if part.replicas is not None:
            lines.append(f"    replicas: {part.replicas}\n")
        if part.settings:
            lines.append("    settings:\n")
            lines += [f"      {key}: {value}\n" for key, value in part.settings.items()]
    return "".join(lines)
