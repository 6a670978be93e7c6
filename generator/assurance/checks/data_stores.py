"""Images of data stores and queues that are well known, by the last part of their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model.component import Aspect

if TYPE_CHECKING:
    from generator.model.component import Component

_STORES = re.compile(
    r"(?:cp-|bitnami-)?(?:postgres|postgresql|postgis|pgvector|timescaledb(?:-ha)?|mysql|mysql-server|mariadb|percona"
    r"|percona-server|mongo|mongodb|mongodb-community-server|redis|redis-stack|redis-stack-server|valkey|keydb"
    r"|dragonfly|memcached|elasticsearch|opensearch|rabbitmq|kafka|redpanda|zookeeper|nats|pulsar|activemq|cassandra"
    r"|scylla|couchdb|couchbase|influxdb|clickhouse|clickhouse-server|neo4j|arangodb|etcd|cockroach|cockroachdb|solr)"
)


def data_store(component: Component) -> str:
    """Return the image of a component that runs a data store or a queue, without its version; else an empty text."""
    for field in component.fields:
        if field.aspect is Aspect.ARTIFACT and (field.name == "image" or field.name.endswith(".image")):
            if field.name.startswith("init."):
                continue
            name = field.value.partition("@")[0]
            folder, slash, last = name.rpartition("/")
            last = last.partition(":")[0]
            if _STORES.fullmatch(last):
                return f"{folder}{slash}{last}"
    return ""
