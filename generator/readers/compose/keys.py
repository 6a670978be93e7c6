"""Keys of compose files that the Compose specification does not have: what Docker Compose would refuse a file for.

Its own check runs with Docker Compose; this one is for files that are read as they stand. Keys of the first formats are
known here too, since such files are read.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, entries
from generator.errors import one_line
from generator.model.component import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.documents.tree import Node
    from generator.readers.compose.files import ComposeFile

RULE = "compose-schema"
MOST = 20
"""Remarks on one service."""
_LONGEST_KEY = 80
_TOP = frozenset({"version", "name", "services", "networks", "volumes", "secrets", "configs", "include", "models"})
_SERVICE_KEYS = """
    annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count
    cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on
    deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname driver_opts entrypoint env_file
    environment expose extends external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation
    label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit models
    network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_stop privileged
    profiles provider pull_policy pull_refresh_after read_only restart runtime scale secrets security_opt shm_size
    stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts
    volumes volumes_from working_dir
"""
_SERVICE = frozenset(_SERVICE_KEYS.split())
_FORMER = frozenset({"dockerfile", "log_driver", "log_opt", "net", "volume_driver"})
"""Keys of a service that only the first formats had."""
_OWN = ("x-", "<<")
"""What begins the keys that are the user's own."""


def unknown_keys(files: Iterable[ComposeFile]) -> dict[str, tuple[Remark, ...]]:
    """Return what is to be remarked on each service; of a key at the top, on the first service of its file."""
    found: dict[str, dict[str, Remark]] = {}
    for file in files:
        for root in file.roots:
            for service, remark in _of(root):
                found.setdefault(service, {}).setdefault(remark.field, remark)
    return {name: tuple(kept[field] for field in sorted(kept)[:MOST]) for name, kept in found.items()}


def _of(root: Node) -> Iterator[tuple[str, Remark]]:
    if not isinstance(root, Mapping):
        return
    whole = "services" in root.entries
    services = entries(root, "services") if whole else {} if "version" in root.entries else root.entries
    if whole and services:
        first = min(services)
        for key, line, meant in _unknown(root, _TOP):
            yield (
                first,
                Remark(RULE, "warning", f"The file has the key {key}, which Compose does not know{meant}", key, line),
            )
    for name, service in services.items():
        if isinstance(service, Mapping):
            for key, line, meant in _unknown(service, _SERVICE | _FORMER):
                message = f"{one_line(name, _LONGEST_KEY)} has the key {key}, which Compose does not know{meant}"
                yield name, Remark(RULE, "warning", message, key, line)


def _unknown(node: Mapping, known: frozenset[str]) -> Iterator[tuple[str, int, str]]:
    for key in node.entries:
        if key not in known and not key.startswith(_OWN):
            near = get_close_matches(key[:_LONGEST_KEY], sorted(known), n=1, cutoff=0.75)
            meant = f"; {near[0]} is near it" if near else ""
            yield one_line(key, _LONGEST_KEY), node.lines.get(key, 0), meant
