"""Components of the explicit model: the model's defaults with one environment's settings laid over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.model.component import Aspect, Component, Field, How, Port, Reference, Role, component
from generator.readers.addresses import find_addresses
from generator.readers.explicit.schema import line_of
from generator.readers.explicit.shapes import ComponentSettings, ComponentShape, ResourceSettings
from generator.readers.secrets import mask_within, protect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.documents.tree import Node
    from generator.readers.explicit.shapes import EnvironmentFile, ModelFile, ResourceShape
    from generator.readers.reader import Mask


@dataclass(frozen=True, slots=True)
class Layers:
    """The model and one environment's settings over it."""

    model: ModelFile
    settings: EnvironmentFile
    path: str
    """The environment's file; lines are of this file, and 0 for what stands in the model."""
    root: Node | None
    """Tree of the environment's file."""

    def resources(self) -> Mapping[str, ResourceShape]:
        """Return the resources that no component shares its name with."""
        return {n: shape for n, shape in self.model.resources.items() if n not in self.model.components}


@dataclass(frozen=True, slots=True)
class _Setting:
    """One setting that holds in the environment."""

    key: str
    value: str
    line: int
    """Line in the environment's file; 0 where the default of the model holds."""


def components(layers: Layers, mask: Mask) -> tuple[Component, ...]:
    """Return the environment's components, and the resources that they use, sorted by name."""
    found = [
        _component(layers, name, own, mask) for name, own in layers.settings.components.items() if own.absent == "false"
    ]
    resources = layers.resources()
    used = {reference.target for item in found for reference in item.references if reference.how is How.DECLARED}
    found += [_resource(layers, name, resources[name], mask) for name in resources if name in used]
    return tuple(sorted(found, key=lambda item: item.id))


def _component(layers: Layers, name: str, own: ComponentSettings, mask: Mask) -> Component:
    shape = layers.model.components.get(name, ComponentShape())
    here = ("components", name)
    settings = tuple(_settings(layers, shape.settings, own.settings, here))
    carried = {connection.via for connection in shape.connections}
    return component(
        name,
        Role.COMPONENT,
        shape.kind,
        fields=[
            *_size_and_artifact(layers, shape, own, here, mask),
            *(_setting_field(setting, mask) for setting in settings),
            *_secret_fields(layers, own, here, mask),
            *(Field(Aspect.EXPOSURE, f"ports.{port}", number) for port, number in shape.ports.items()),
        ],
        references=[
            *_declared(layers, shape),
            *(found for setting in settings if setting.key not in carried for found in _inferred(setting)),
        ],
        names=(name,),
        ports=[Port(port, number) for port, number in shape.ports.items()],
        labels=(("team", shape.team),) if shape.team else (),
        path=layers.path,
        line=line_of(layers.root, *here),
    )


def _resource(layers: Layers, name: str, shape: ResourceShape, mask: Mask) -> Component:
    own = layers.settings.resources.get(name, ResourceSettings())
    here = ("resources", name)
    host = own.host or shape.host
    fields = [_setting_field(setting, mask) for setting in _settings(layers, shape.settings, own.settings, here)]
    if host:
        fields.append(Field(Aspect.CONFIG, "host", host, line_of(layers.root, *here, "host") if own.host else 0))
    return component(
        name,
        Role(shape.kind.value),
        shape.kind.value,
        fields=fields,
        names=(name, host) if host else (name,),
        labels=(("team", shape.team),) if shape.team else (),
        path=layers.path,
        line=line_of(layers.root, *here) if name in layers.settings.resources else 0,
    )


def _size_and_artifact(
    layers: Layers, shape: ComponentShape, own: ComponentSettings, here: tuple[str, str], mask: Mask
) -> Iterator[Field]:
    artifact = _artifact(shape.artifact, own.version)
    if artifact:
        line = line_of(layers.root, *here, "version") if own.version else 0
        yield Field(Aspect.ARTIFACT, "artifact", mask_within(artifact, mask), line)
    if own.replicas is not None:
        yield Field(Aspect.SCALE, "replicas", own.replicas, line_of(layers.root, *here, "replicas"))
    elif shape.replicas is not None:
        yield Field(Aspect.SCALE, "replicas", shape.replicas)


def _artifact(repository: str, version: str) -> str:
    """Return what runs: the repository completed by the version, or the one of them that is given."""
    if not repository or not version:
        return repository or version
    return f"{repository}{'@' if version.startswith('sha256:') else ':'}{version}"


def _settings(
    layers: Layers, defaults: Mapping[str, str | None], own: Mapping[str, str | None], here: tuple[str, str]
) -> Iterator[_Setting]:
    """Yield the settings that hold here; one without a value takes the default away."""
    for key, value in {**defaults, **own}.items():
        if value is not None:
            yield _Setting(key, value, line_of(layers.root, *here, "settings", key) if key in own else 0)


def _secret_fields(layers: Layers, own: ComponentSettings, here: tuple[str, str], mask: Mask) -> Iterator[Field]:
    for key, value in own.secrets.items():
        if value is not None:
            line = line_of(layers.root, *here, "secrets", key)
            yield Field(Aspect.SECRET, f"secrets.{key}", mask(value), line)


def _declared(layers: Layers, shape: ComponentShape) -> Iterator[Reference]:
    """Yield the connections that the model declares; a used resource that is not described was reported before."""
    resources = layers.resources()
    for connection in shape.connections:
        role = Role(resources[connection.to].kind.value) if connection.to in resources else Role.COMPONENT
        said_by = f"settings.{connection.via}" if connection.via else "connections"
        optional = connection.optional == "true"
        yield Reference(role, connection.to, How.DECLARED, said_by, connection.port, optional=optional)
    for name in shape.uses:
        if name in resources:
            yield Reference(Role(resources[name].kind.value), name, How.DECLARED, "uses")


def _setting_field(setting: _Setting, mask: Mask) -> Field:
    shown, secret = protect(setting.key, setting.value, mask)
    return Field(Aspect.SECRET if secret else Aspect.CONFIG, f"settings.{setting.key}", shown, setting.line)


def _inferred(setting: _Setting) -> Iterator[Reference]:
    for host, port, role in find_addresses(setting.key, setting.value):
        yield Reference(role, host, How.INFERRED, f"settings.{setting.key}", port, line=setting.line)
