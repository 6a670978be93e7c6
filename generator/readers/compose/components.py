"""Services of a compose model as components, its volumes, configs, secrets and networks as resources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from generator.documents.tree import Scalar
from generator.model.component import Aspect, Component, Field, How, Port, Reference, Role, component
from generator.readers.addresses import find_addresses
from generator.readers.compose.files import from_plain
from generator.readers.compose.interpolation import symbol
from generator.readers.compose.needs import read_mounts, read_needs
from generator.readers.compose.networks import Networks
from generator.readers.compose.plain import mapping, several
from generator.readers.compose.resources import read_resources
from generator.readers.kubernetes.fields import FieldSheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.compose.interpolation import Plain
    from generator.readers.compose.plain import Model
    from generator.readers.compose.surroundings import Surroundings

KIND = "ComposeService"
_BASE_IMAGE = re.compile(r"build\.args\.(?:\w*_)?image", re.IGNORECASE)
_SCALE = (
    "cpus",
    "cpu_shares",
    "cpu_quota",
    "cpu_period",
    "cpu_count",
    "cpu_percent",
    "cpuset",
    "mem_limit",
    "mem_reservation",
    "memswap_limit",
    "mem_swappiness",
    "pids_limit",
    "shm_size",
    "gpus",
    "ulimits",
)
_JOINED = (
    "profiles",
    "cap_add",
    "cap_drop",
    "security_opt",
    "group_add",
    "links",
    "external_links",
    "volumes_from",
    "device_cgroup_rules",
    "devices",
    "extra_hosts",
)
"""Lists whose order says nothing: one field each."""
_OWN_WAY = frozenset(
    {"image", "environment", "env_file", "ports", "expose", "command", "entrypoint", "depends_on", "volumes"}
    | {"labels", "configs", "secrets", "deploy", "scale", "networks", "healthcheck", *_SCALE, *_JOINED}
)


def read_model(model: Model, around: Surroundings) -> tuple[Component, ...]:
    """Return the components and resources of a model in one form, sorted by id."""
    services = {name: mapping(service) for name, service in mapping(model.get("services")).items()}
    networks = Networks(services)
    found = [_Service(name, services[name], networks, around).read() for name in services]
    found += read_resources(model, services, around)
    return tuple(sorted(found, key=lambda item: item.id))


class _Service:
    """One service on its way to a component."""

    def __init__(self, name: str, service: Model, networks: Networks, around: Surroundings) -> None:
        self._name = name
        self._service = service
        self._networks = networks
        self._around = around
        self._sheet = FieldSheet(around.mask)
        self._references: list[Reference] = []

    def read(self) -> Component:
        path, line = self._around.lines.service(self._name)
        self._artifact()
        self._environment()
        self._command_lines()
        self._exposure()
        self._scale()
        self._references += read_needs(self._service, self._line, self._sheet)
        self._references += read_mounts(self._service, self._line, self._sheet)
        self._rest()
        return component(
            self._name,
            Role.COMPONENT,
            KIND,
            fields=self._fields(),
            references=self._references,
            names=tuple(self._networks.names(self._name)),
            ports=[Port("", port) for port in sorted(self._inner_ports())],
            path=path,
            line=line,
        )

    def _fields(self) -> list[Field]:
        """Return the fields, with those among the artifacts that name one beside the image."""
        cleaned = [self._around.taint.cleaned(field) for field in self._sheet.fields]
        return [msgspec.structs.replace(f, aspect=Aspect.ARTIFACT) if self._is_artifact(f) else f for f in cleaned]

    def _is_artifact(self, field: Field) -> bool:
        """Return whether a field names what runs: as the configuration says, or the image that a build starts from."""
        named = field.name in self._around.artifact or _BASE_IMAGE.fullmatch(field.name) is not None
        return named and field.aspect is not Aspect.SECRET

    def _line(self, *keys: str) -> int:
        return self._around.lines.key(self._name, *keys)

    def _text(self, key: str) -> str:
        value = self._service.get(key)
        return value if isinstance(value, str) else ""

    def _setting(self, aspect: Aspect, name: str, value: str, line: int, setting: str = "") -> None:
        self._sheet.setting(aspect, name, Scalar(value, line, plain=False), setting)

    def _tree(self, aspect: Aspect, name: str, value: Plain, line: int) -> None:
        self._sheet.tree(aspect, from_plain(value, line), name, name.rpartition(".")[2])

    def _artifact(self) -> None:
        image, build = self._text("image"), mapping(self._service.get("build"))
        if image:
            self._sheet.artifact("image", Scalar(image, self._line("image"), plain=False))
        elif build:
            context = build.get("context")
            value = f"build {context if isinstance(context, str) else '.'}"
            self._sheet.artifact("image", Scalar(value, self._line("build"), plain=False))

    def _environment(self) -> None:
        settings: dict[str, str] = {}
        for item in several(self._service.get("env_file")):
            path = mapping(item).get("path")
            settings |= self._around.env_files(path) if isinstance(path, str) else {}
        for name, value in mapping(self._service.get("environment")).items():
            if isinstance(value, str):
                settings[name] = value
            elif value is None:
                settings[name] = self._around.values.get(name, symbol(name))
        for name, value in settings.items():
            line = self._line("environment", name)
            self._setting(Aspect.CONFIG, f"env.{name}", value, line, name)
            self._inferred(name, value, line)

    def _inferred(self, name: str, value: str, line: int) -> None:
        """Add what a setting's address leads to; a service on other networks can't be reached and is none."""
        for host, port, role in find_addresses(name, value):
            if role is Role.EXTERNAL and not self._networks.knows(host):
                self._references.append(Reference(role, host, How.INFERRED, f"env.{name}", port, line=line))
                continue
            targets = self._networks.reached(self._name, host)
            if targets is None:
                self._references.append(Reference(Role.COMPONENT, host, How.INFERRED, f"env.{name}", port, line=line))
            for target in targets or ():
                self._references.append(Reference(Role.COMPONENT, target, How.INFERRED, f"env.{name}", port, line=line))

    def _command_lines(self) -> None:
        for key in ("command", "entrypoint"):
            if key in self._service:
                self._sheet.arguments(from_plain(self._service[key], self._line(key)), key)
        healthcheck = dict(mapping(self._service.get("healthcheck")))
        test = healthcheck.pop("test", None)
        if test is not None:
            self._setting(Aspect.CONFIG, "healthcheck.test", _joined(test, " "), self._line("healthcheck"))
        if healthcheck:
            self._tree(Aspect.CONFIG, "healthcheck", healthcheck, self._line("healthcheck"))

    def _exposure(self) -> None:
        offered: dict[str, set[str]] = {}
        for item in several(self._service.get("ports")):
            port = mapping(item)
            inner = f"{port.get('target', '')}/{port.get('protocol', 'tcp')}"
            host, outer = port.get("host_ip"), port.get("published") or "any"
            offered.setdefault(inner, set()).add(f"{host}:{outer}" if host else f"{outer}")
        for inner, outside in offered.items():
            self._sheet.put(Aspect.EXPOSURE, f"ports.{inner}", ", ".join(sorted(outside)), self._line("ports"))
        if "expose" in self._service:
            self._sheet.put(Aspect.EXPOSURE, "expose", _joined(self._service["expose"]), self._line("expose"))

    def _inner_ports(self) -> Iterator[str]:
        for item in several(self._service.get("ports")):
            target = mapping(item).get("target")
            if isinstance(target, str):
                yield target
        for item in several(self._service.get("expose")):
            if isinstance(item, str):
                yield item.partition("/")[0]

    def _scale(self) -> None:
        deploy = dict(mapping(self._service.get("deploy")))
        replicas = deploy.pop("replicas", None) or self._service.get("scale")
        if isinstance(replicas, str):
            line = self._line("deploy", "replicas") or self._line("scale")
            self._sheet.put(Aspect.SCALE, "replicas", replicas, line)
        resources = deploy.pop("resources", None)
        if resources:
            self._tree(Aspect.SCALE, "deploy.resources", resources, self._line("deploy", "resources"))
        if deploy:
            self._tree(Aspect.CONFIG, "deploy", deploy, self._line("deploy"))
        for key in _SCALE:
            if key in self._service:
                self._tree(Aspect.SCALE, key, self._service[key], self._line(key))

    def _rest(self) -> None:
        for name, how in mapping(self._service.get("networks")).items():
            self._tree(Aspect.CONFIG, f"networks.{name}", how or {}, self._line("networks"))
        for key in _JOINED:
            if key in self._service:
                self._setting(Aspect.CONFIG, key, _joined(self._service[key]), self._line(key))
        labels: Model = {}
        for path in several(self._service.get("label_file")):
            labels |= self._around.env_files(path) if isinstance(path, str) else {}
        labels |= mapping(self._service.get("labels"))
        if labels:
            self._tree(Aspect.CONFIG, "labels", labels, self._line("labels"))
        for key, value in self._service.items():
            if key not in _OWN_WAY:
                self._tree(Aspect.CONFIG, key, self._filled(key, value), self._line(key))

    def _filled(self, key: str, value: Plain) -> Plain:
        """Return the value with the arguments of a build that are passed on from variables filled in."""
        if key != "build":
            return value
        build = dict(mapping(value))
        if "args" in build:
            given = mapping(build["args"])
            build["args"] = {n: self._around.values.get(n, symbol(n)) if v is None else v for n, v in given.items()}
        return build


def _joined(value: Plain, between: str = ", ") -> str:
    return between.join(f"{item}" for item in several(value))
