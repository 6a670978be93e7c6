"""Addresses in the values of settings: `redis:6379`, `http://api/x`, a list of brokers, a connection string.

Only what can't well be anything else counts: a plain word is no address, nor is a time, a digest or an image's tag.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

from generator.model.component import Role
from generator.readers.secrets import is_secret_name, mask_within


class Address(NamedTuple):
    """A host that a setting names."""

    host: str
    """Host as written, in lower case."""
    port: str
    """Port as written; empty where none is named."""
    role: Role
    """`COMPONENT` for a name inside the environment, `EXTERNAL` for a host outside of it."""


_LONGEST = 10_000
_HIGHEST_PORT = 65_535
_LABEL = r"[A-Za-z0-9_](?:[\w-]{0,62})"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])"
_PLACE = re.compile(rf"(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?")
_BARE = re.compile(rf"(?P<host>{_HOST}):(?P<port>[1-9]\d{{0,4}})(?:/[^\s]*)?")
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,30})://(?P<authority>[^\s/?#\"'<>\\;|`]*)")
_CALL = re.compile(r"\b(?:tcp|udp)\((?P<place>[^()\s]+)\)")
_DSN_HOST = re.compile(
    r"\b(?:host|server|data source)\s*=\s*(?:tcp:)?(?P<host>[\w.-]+)(?:[,:](?P<port>\d+))?", re.IGNORECASE
)
_DSN_PORT = re.compile(r"\bport\s*=\s*(?P<port>\d+)", re.IGNORECASE)
_DSN = re.compile(r"\b(?:user(?: id)?|uid|dbname|database|initial catalog)\s*=", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;\s]+")
_OPTION = re.compile(r"[A-Za-z]\w*=")
_NOT_HOSTS = re.compile(r"image|tag|version|digest", re.IGNORECASE)

_NETWORK = re.compile(
    "https?|wss?|h2c|grpcs?|tcp|udp|tls|ssl|rediss?|valkey|postgres|postgresql|mysql|mariadb|mongodb|amqps?|kafka|nats|"
    "bolt|neo4j|memcached|ldaps?|smtps?|ftps?|sftp|ssh|git|mqtts?|elasticsearch|opensearch|clickhouse|cassandra|"
    "cockroachdb|zookeeper|zk|etcd|imaps?|pop3|statsd|syslog|otlp|sqlserver|mssql|oracle|rabbitmq|influxdb|stomp|"
    "pulsar|nfs|smb|socks[45]|couchdb|couchbase|xmpp|sip|rtsp|rtmp"
)
"""Schemes after which a host needs no port to be one."""
_STORE = re.compile("file|s3[an]?|gs|gcs|abfss?|wasbs?|data|unix|mailto|secret|vault|arn")
"""Schemes after which no host stands."""
_PUBLIC = re.compile("com|org|net|edu|gov|mil|int|info|biz|cloud|online|tech|site|xyz|example|invalid|[a-z]{2}")
"""Last labels that are public domains and hardly names of namespaces."""
_PAIR = 2
_LOOPBACK = re.compile(r"localhost|.*\.localhost|0\.0\.0\.0|\[::1?\]|127\.\d+\.\d+\.\d+")
_CLUSTER_API = re.compile(r"kubernetes(?:\.default(?:\.svc.*)?)?")


def find_addresses(name: str, value: str) -> tuple[Address, ...]:
    """Return the addresses in the value of the setting `name`, in the order of the text, each once.

    Logins are taken out first, so no part of a password is ever taken for a host; a secret setting names none.
    """
    if len(value) > _LONGEST or (":" not in value and "=" not in value) or is_secret_name(name):
        return ()
    text = mask_within(value, _blank)
    found: dict[Address, None] = {}
    for url in _URL.finditer(text):
        found.update(dict.fromkeys(_of_url(url["scheme"], url["authority"])))
    for call in _CALL.finditer(text):
        found.update(dict.fromkeys(_of_place(call["place"], scheme=True)))
    if not _NOT_HOSTS.search(name):
        found.update(dict.fromkeys(_of_list(text)))
    if not found and _DSN.search(text):
        found.update(dict.fromkeys(_of_connection_string(text)))
    return tuple(found)


def classify(host: str, port: str = "", *, scheme: bool = False) -> Role | None:
    """Return what a host is: a component, an external host, or `None` for this machine or what is no clear address.

    `host` is in lower case; `scheme` tells that it stood in a URL.
    """
    if _LOOPBACK.fullmatch(host) or not (scheme or port):
        return None
    if host.startswith("[") or host.replace(".", "").isdigit():
        return Role.EXTERNAL if _is_ip(host.strip("[]")) else None
    if _CLUSTER_API.fullmatch(host):
        return Role.EXTERNAL
    labels = host.split(".")
    if len(labels) == 1:
        return Role.COMPONENT if host[0].isalpha() else None
    return _classify_dotted(labels, port, scheme=scheme)


def _classify_dotted(labels: list[str], port: str, *, scheme: bool) -> Role | None:
    """Tell `NAME.NAMESPACE` and `NAME.NAMESPACE.svc...` from a domain; the former only where a port stands."""
    if "svc" in labels[1:]:
        return Role.COMPONENT
    if not labels[-1][:1].isalpha():
        return None
    public = _PUBLIC.fullmatch(labels[-1]) is not None
    if len(labels) == _PAIR and port and not public:
        return Role.COMPONENT
    return Role.EXTERNAL if scheme or public or len(labels) > _PAIR else None


def _blank(value: str) -> str:
    del value
    return "x"


def _of_url(scheme: str, authority: str) -> list[Address]:
    scheme = scheme.lower().split("+")[0]
    if _STORE.fullmatch(scheme):
        return []
    found = []
    for place in authority.rpartition("@")[2].split(","):
        found += [a for a in _of_place(place, scheme=True) if a.port or _NETWORK.fullmatch(scheme)]
    return found


def _of_list(text: str) -> list[Address]:
    """Return the addresses of a list of `host:port`, where it is nothing but a list."""
    found = []
    for token in _SEPARATOR.split(text.strip()):
        if "://" in token or _OPTION.match(token):
            continue
        bare = _BARE.fullmatch(token.rpartition("@")[2])
        if bare is None or bare["host"].isupper() or int(bare["port"]) > _HIGHEST_PORT:
            return []
        found += _of_place(f"{bare['host']}:{bare['port']}", scheme=False)
    return found


def _of_connection_string(text: str) -> list[Address]:
    host, port = _DSN_HOST.search(text), _DSN_PORT.search(text)
    if host is None:
        return []
    number = host["port"] or (port["port"] if port else "")
    return _of_place(f"{host['host']}:{number}" if number else host["host"], scheme=True)


def _of_place(place: str, *, scheme: bool) -> list[Address]:
    match = _PLACE.fullmatch(place.rstrip(").]}'") if not place.startswith("[") else place)
    if match is None:
        return []
    host, port = match["host"].lower().rstrip("."), match["port"] or ""
    if port and not 0 < int(port) <= _HIGHEST_PORT:
        return []
    if host.startswith("sha") and host[3:].isdigit():
        return []
    role = classify(host, port, scheme=scheme)
    return [Address(host, port, role)] if role else []


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
