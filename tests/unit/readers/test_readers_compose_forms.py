"""Every setting of a service, in each form that Compose has for it: the same however the file is read."""

from __future__ import annotations

import msgspec
import pytest
from support.compose_tree import MemoryTree, by_id, read, render, values

from generator.readers.compose.reader import ComposeReader
from generator.readers.reader import Unit
from generator.rendering.compose import NOT_INTERPOLATED, RAW, SYMBOLIC, ComposeEngine
from generator.rendering.jobs import Rendered

SETTINGS: dict[str, list[str]] = {
    "command": [
        '"a b"',
        "[a, b]",
        "\"sh -c 'x y'\"",
        '""',
        "[]",
        '"a \\"b c\\" $$X ${V}"',
        '"a\\\\ b"',
        '"echo a; b && c | d"',
        '"a # b"',
        '["a ${U:-x y}"]',
    ],
    "entrypoint": ['"x y"', "[]", '""', "[x]"],
    "environment": [
        '[A=1, B, "C=x=y", D=]',
        '{A: 1, B: null, C: true, D: 0.5, E: "", H: yes, N: 100000000000}',
        "{}",
        "[]",
    ],
    "labels": ["[a=b, c, d=]", "{a: b, c: , d: 1, e: true}"],
    "build": [
        ".",
        "{context: ./x, args: [A=1, B], target: t}",
        "{context: ., args: {A: 1, B: , C: true}, dockerfile: D, labels: [x=y]}",
        '{dockerfile_inline: "FROM x"}',
        '{context: ., cache_from: [a, b], shm_size: 1g, secrets: [s1], extra_hosts: ["a:1.1.1.1"], ssh: [default]}',
        "{context: ., network: host, platforms: [linux/amd64], no_cache: false, pull: true, tags: [x, y]}",
        "{context: ., additional_contexts: {a: ./b}}",
    ],
    "depends_on": [
        "[s0]",
        "{s0: {condition: service_healthy}}",
        "{s0: {condition: service_started, required: false, restart: true}}",
    ],
    "networks": ["[n1, n2]", "{n1: , n2: {aliases: [b, a], ipv4_address: 1.2.3.4, priority: 5}}", "[n1]"],
    "ports": [
        '["80"]',
        "[80, 81]",
        '["8080:80"]',
        '["127.0.0.1:8080:80/udp"]',
        '["9090-9091:8080-8081"]',
        '["49100-49110:22"]',
        '["127.0.0.1:5000-5002:5000-5002"]',
        '["127.0.0.1::80"]',
        "[{target: 80, published: 8080}]",
        '[{target: 80, published: "8080-8085", protocol: tcp, mode: host, name: web, app_protocol: http}]',
        '["6060:6060/udp", "6060:6060/tcp"]',
        '["[::1]:80:80"]',
        '["3000-3002"]',
        '["0.0.0.0:80:80"]',
    ],
    "volumes": [
        '["./a:/b"]',
        '["v1:/b:ro"]',
        '["/a:/b:rw"]',
        '["/anon"]',
        '["~/x:/y"]',
        '["./a:/b:ro,z"]',
        '["v1:/b:nocopy"]',
        "[{type: bind, source: ./a, target: /b, read_only: true, bind: {create_host_path: true}}]",
        "[{type: bind, source: ./a, target: /b, bind: {create_host_path: false, propagation: rslave}}]",
        "[{type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 1777}}]",
        "[{type: volume, source: v1, target: /b, volume: {nocopy: true, subpath: q}}]",
        '["./a:/b:cached"]',
        '["./a:/b/"]',
        '["../a:/b:rshared"]',
        '["v1:/b:rw"]',
        '["${U:-./q}:/b"]',
    ],
    "configs": ["[c1]", '[{source: c1, target: /x, uid: "1", gid: "2", mode: 0440}]'],
    "secrets": ["[s1]", "[{source: s1, target: x, mode: 0400}]", "[{source: s1, target: /abs}]"],
    "healthcheck": [
        '{test: "curl x"}',
        "{test: [CMD, a, b], interval: 1m30s, timeout: 10s, retries: 3, start_period: 40s, start_interval: 5s}",
        '{test: [CMD-SHELL, "a b"]}',
        "{disable: true}",
        "{test: [NONE]}",
        '{test: ["NONE"], retries: 1}',
        "{interval: 1.5s, test: x, timeout: 500ms}",
    ],
    "mem_limit": ["1g", "512m", "1073741824", "1.5g", "100k", "1gb", "300M", "1024b"],
    "shm_size": ["64m", "1gb"],
    "memswap_limit": ["2g", "-1"],
    "cpus": ["0.5", '"1.50"', "2", "1.0"],
    "cpu_shares": ["10"],
    "cpu_quota": ["50000"],
    "cpu_period": ["1000"],
    "pids_limit": ["10"],
    "ulimits": ["{nproc: 65535, nofile: {soft: 1, hard: 2}}"],
    "extra_hosts": [
        '["a:1.2.3.4", "b:::1"]',
        '{a: 1.2.3.4, b: "::1"}',
        '["a=1.2.3.4"]',
        "{a: [1.1.1.1, 2.2.2.2]}",
        '["a=[::1]"]',
    ],
    "dns": ["8.8.8.8", "[8.8.8.8, 1.1.1.1]"],
    "dns_search": ["a.b", "[a.b]"],
    "dns_opt": ["[x]"],
    "tmpfs": ["/run", '[/run, "/tmp:size=1m"]'],
    "cap_add": ["[B, A]"],
    "cap_drop": ["[ALL]"],
    "privileged": ["true", "false"],
    "init": ["true", "false"],
    "read_only": ["true", "false"],
    "tty": ["true", "false"],
    "stdin_open": ["true"],
    "restart": ['"no"', "always", "on-failure:3", "unless-stopped"],
    "stop_grace_period": ["1m", "90s", "0s", "1h"],
    "stop_signal": ["SIGINT"],
    "sysctls": ["{net.x: 1}", "[net.x=1]"],
    "logging": ["{driver: json-file, options: {max-size: 10m, max-file: 3}}", "{driver: none}"],
    "deploy": [
        "{replicas: 2}",
        "{replicas: 0}",
        "{mode: global}",
        '{resources: {limits: {cpus: "0.50", memory: 50M, pids: 3}, reservations: {cpus: 0.25, memory: 20m}}}',
        "{resources: {reservations: {devices: [{driver: nvidia, count: all, capabilities: [gpu]}]}}}",
        "{restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 120s}, labels: {a: b}}",
        "{update_config: {parallelism: 2, delay: 10s, order: start-first, failure_action: rollback, monitor: 1m}}",
        "{rollback_config: {max_failure_ratio: 0.30, delay: 90s}, endpoint_mode: vip}",
        "{placement: {constraints: [node.role==manager], preferences: [{spread: x}]}}",
        "{labels: [a=b]}",
    ],
    "scale": ["3"],
    "user": ['"1000:1000"', "root"],
    "working_dir": ["/x"],
    "hostname": ["h"],
    "domainname": ["d.e"],
    "mac_address": ["02:42:ac:11:65:43"],
    "platform": ["linux/amd64", '""'],
    "pull_policy": ["always"],
    "runtime": ["r"],
    "group_add": ["[a, 1]"],
    "devices": ['["/dev/a:/dev/b"]', '["/dev/a:/dev/b:rwm"]', "[{source: /dev/a, target: /dev/b, permissions: r}]"],
    "security_opt": ["[a:b]"],
    "userns_mode": ["host"],
    "ipc": ["host"],
    "pid": ["host"],
    "cgroup_parent": ["m"],
    "isolation": ["x"],
    "oom_score_adj": ["10"],
    "oom_kill_disable": ["true"],
    "device_cgroup_rules": ['["c 1:3 mr"]'],
    "annotations": ["[a=b]", "{a: b}"],
    "profiles": ["[z, a]"],
    "links": ['["s0:x"]', "[s0]"],
    "external_links": ["[q]"],
    "volumes_from": ['["s0:ro"]'],
    "storage_opt": ["{size: 1G}"],
    "gpus": ["all", "[{driver: n, count: 2}]"],
    "expose": ['["3000", 4000]', '["3000-3002"]'],
    "attach": ["false", "true"],
    "credential_spec": ["{file: x}"],
    "develop": ["{watch: [{path: ., action: sync, target: /x}]}"],
    "use_api_socket": ["true"],
    "post_start": ['[{command: "a b", user: root}]'],
    "pre_stop": ["[{command: [a], environment: [A=1]}]"],
    "env_file": ["x.env", "[x.env, {path: y.env, required: false}]"],
    "label_file": ["l.txt", "[l.txt]"],
    "cpuset": ['"0,1"'],
    "container_name": ["c%d"],
    "network_mode": ["none"],
    "uts": ["host"],
}
RESOURCES = """
networks:
  n1: {driver: bridge, ipam: {config: [{subnet: 1.2.3.0/24}]}}
  n2: {internal: true, external: false, attachable: true, labels: [a=b]}
volumes: {v1: {driver_opts: {type: nfs, o: 'addr=1,rw'}, external: false}}
configs: {c1: {content: 'x ${V} $$y'}}
secrets: {s1: {environment: V}}
"""


def _services() -> dict[str, str]:
    found = {"s0": "{image: z}"}
    for key, forms in SETTINGS.items():
        for place, form in enumerate(forms):
            image = "" if key == "build" else ", image: 'x:${V}'"
            found[f"{key}-{place}"] = f"{{{key}: {form.replace('%d', str(place))}{image}}}"
    return found


def _files() -> dict[str, str]:
    services = "".join(f"  {name}: {text}\n" for name, text in _services().items())
    return {"compose.yaml": f"services:\n{services}{RESOURCES}", ".env": "V=7\n", "x.env": "XA=1\n", "l.txt": "la=1\n"}


@pytest.fixture(scope="module")
def ways() -> dict[str, dict[str, dict[str, str]]]:
    """Return way of reading → component → fields."""
    engine = ComposeEngine()
    if not engine.version():
        pytest.skip("docker compose is not on this machine")
    tree = MemoryTree(_files())
    plan = ComposeReader().plan(Unit("production"), "compose.yaml", tree)
    assert plan.job is not None
    kept = tuple(argument for argument in plan.job.arguments if not argument.startswith(SYMBOLIC))
    raw = msgspec.structs.replace(plan, job=msgspec.structs.replace(plan.job, arguments=(*kept, RAW)))
    assert raw.job is not None
    filled, afterwards = render(engine, plan.job, tree), render(engine, raw.job, tree)
    assert (filled.code, afterwards.code) == ("", "")
    assert NOT_INTERPOLATED in afterwards.notes
    assert NOT_INTERPOLATED not in filled.notes
    readings = {
        "engine": read(plan, tree, filled, "compose.yaml"),
        "afterwards": read(raw, tree, afterwards, "compose.yaml"),
        "none": read(plan, tree, Rendered(code="engine-missing"), "compose.yaml"),
    }
    return {way: {i: values(c) | {"digest": c.digest} for i, c in by_id(r).items()} for way, r in readings.items()}


@pytest.mark.parametrize("way", ["afterwards", "none"])
def test_every_way_gives_the_same_components(ways: dict[str, dict[str, dict[str, str]]], way: str) -> None:
    assert ways[way].keys() == ways["engine"].keys()
    different = {name: text for name, text in _services().items() if ways[way][name] != ways["engine"][name]}
    assert not different


def test_every_setting_shows(ways: dict[str, dict[str, dict[str, str]]]) -> None:
    """A service that says no more than its image has one field; each other one has more, but where it says nothing."""
    silent = {
        "platform-1",
        "privileged-1",
        "read_only-1",
        "tty-1",
        "environment-2",
        "environment-3",
    }
    services = {name: found for name, found in ways["engine"].items() if "/" not in name}
    assert {name for name, found in services.items() if len(found) == len(services["s0"])} == {"s0", *silent}
