"""Kustomizations and plugin configs, key by key: which files they name, and what must not be rendered."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, Sequence, entries, find, text
from generator.documents.yaml_text import parse_yaml
from generator.errors import Unreadable
from generator.readers.kustomize.contents import Contents, Generated, Named, Use
from generator.readers.kustomize.shape import SHAPE, roots_of, texts

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD = frozenset({"apiVersion", "kind", "metadata"})
_HELM = frozenset({"helmCharts", "helmChartInflationGenerator", "helmGlobals"})
_PATCH = frozenset({"path", "patch", "target", "options"})
_SOURCES = frozenset({"name", "namespace", "behavior", "files", "envs", "env", "literals", "options"})
_SECRET_SOURCES = _SOURCES | {"type"}
_REPLACEMENT = frozenset({"path", "source", "targets"})
_GENERATORS = {"configMapGenerator": ("ConfigMap", _SOURCES), "secretGenerator": ("Secret", _SECRET_SOURCES)}
_LISTS = {
    "resources": Use.RESOURCE,
    "bases": Use.RESOURCE,
    "components": Use.COMPONENT,
    "configurations": Use.SETTINGS,
    "crds": Use.SETTINGS,
}
_PLUGINS = frozenset({"generators", "transformers", "validators"})
_PLAIN = frozenset(
    {
        *("namespace", "namePrefix", "nameSuffix", "commonLabels", "commonAnnotations", "labels", "images"),
        *("imageTags", "replicas", "vars", "generatorOptions", "buildMetadata", "sortOptions", "inventory"),
    }
)
"""Keys that name no file."""
_KNOWN = frozenset(
    {*_HEAD, *_HELM, *_GENERATORS, *_LISTS, *_PLUGINS, *_PLAIN}
    | {"patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "openapi"}
)
_PATHLESS = frozenset(
    f"{name}Transformer"
    for name in ("Annotations", "Hash", "ImageTag", "Label", "LegacyOrder", "Namespace", "ReplicaCount", "SortOrder")
) | {"IAMPolicyGenerator"}
_PLUGIN_KEYS = {
    "ConfigMapGenerator": _SOURCES,
    "SecretGenerator": _SECRET_SOURCES,
    "PatchTransformer": _PATCH,
    "PatchJson6902Transformer": _PATCH | {"jsonOp"},
    "PatchStrategicMergeTransformer": frozenset({"paths", "patches"}),
    "ReplacementTransformer": frozenset({"replacements"}),
}
_AFFIXES = {"PrefixTransformer", "SuffixTransformer", "PrefixSuffixTransformer"}
_FUNCTIONS = frozenset({"config.kubernetes.io/function", "config.k8s.io/function"})
_OURS = "only Kustomize's own generators and transformers are run"


def contents_of(data: bytes, path: str) -> Contents:
    """Return what a kustomization names; `problems` tell why it must not be rendered."""
    contents = Contents(path)
    roots = roots_of(data, path)
    if isinstance(roots, Unreadable):
        contents.problems.append(roots)
    elif len(roots) != 1:
        contents.refuse(SHAPE, f"{len(roots)} documents where a kustomization is one", 0)
    elif contents.only(roots[0], _KNOWN, "a kustomization"):
        _read(roots[0], contents)
    return contents


def plugins_of(data: bytes, path: str) -> Contents:
    """Return what a file of plugin configs names."""
    contents = Contents(path)
    roots = roots_of(data, path)
    if isinstance(roots, Unreadable):
        contents.problems.append(roots)
    else:
        for root in roots:
            _read_plugin(root, contents)
    return contents


def plugin_folder_of(data: bytes, path: str) -> Contents:
    """Return what the kustomization of a folder of plugin configs names.

    It may do no more than list them: configs that the engine itself changes before it obeys them can't be followed.
    """
    contents = contents_of(data, path)
    for named in contents.named:
        if named.use is not Use.RESOURCE:
            contents.refuse("not-rendered", f"plugin configs that are put together: {named.use}", named.line)
    roots = roots_of(data, path)
    for root in roots if not isinstance(roots, Unreadable) else ():
        for key in sorted(root.entries.keys() - _HEAD - {"resources"}):
            contents.refuse("not-rendered", f"plugin configs that are changed by {key}", root.lines[key])
    contents.named = [named._replace(use=Use.PLUGIN) for named in contents.named]
    return contents


def _read(root: Mapping, contents: Contents) -> None:
    for key in sorted(_HELM & root.entries.keys()):
        if not _is_nothing(root.entries[key]):
            contents.refuse("not-rendered", f"{key} fetches charts and runs Helm", root.lines[key])
    for key, use in _LISTS.items():
        contents.add_texts(use, find(root, key), key)
    openapi = find(root, "openapi")
    if isinstance(openapi, Mapping):
        if contents.only(openapi, frozenset({"path"}), "openapi"):
            contents.add_path(Use.SETTINGS, openapi)
    elif openapi is not None and not _is_nothing(openapi):
        contents.refuse(SHAPE, "openapi has to be a path", openapi.line)
    _read_patches(root, contents)
    for item in contents.maps(find(root, "replacements"), "replacements", _REPLACEMENT):
        contents.add_path(Use.REPLACEMENT, item)
    _read_generators(root, contents)
    for key in sorted(_PLUGINS & root.entries.keys()):
        _read_inline_or_files(find(root, key), key, Use.PLUGIN, contents, _read_plugin_text)
    contents.prefixes.update({text(root, "namePrefix")} - {""})
    contents.suffixes.update({text(root, "nameSuffix")} - {""})


def _is_nothing(node: Node) -> bool:
    return (isinstance(node, Sequence) and not node.items) or (isinstance(node, Scalar) and node.null)


def _read_generators(root: Mapping, contents: Contents) -> None:
    options = find(root, "generatorOptions")
    for key, (kind, known) in _GENERATORS.items():
        for item in contents.maps(find(root, key), key, known):
            made = Generated(kind, text(item, "name"), _hashed(item, options), contents.path, item.line)
            contents.generated.append(made)
            contents.add_sources(item)


def _read_patches(root: Mapping, contents: Contents) -> None:
    patches = find(root, "patches")
    if isinstance(patches, Sequence) and patches.items and isinstance(patches.items[0], Scalar):
        # Before version 2, `patches` was what is now `patchesStrategicMerge`; the engine still takes it so.
        _read_inline_or_files(patches, "patches", Use.PATCH, contents, _nothing)
    else:
        for item in contents.maps(patches, "patches", _PATCH):
            contents.add_path(Use.PATCH, item)
    for item in contents.maps(find(root, "patchesJson6902"), "patchesJson6902", _PATCH):
        contents.add_path(Use.PATCH, item)
    merged = find(root, "patchesStrategicMerge")
    _read_inline_or_files(merged, "patchesStrategicMerge", Use.PATCH, contents, _nothing)


def _nothing(item: Scalar, contents: Contents) -> None:
    del item, contents


def _read_inline_or_files(
    node: Node | None, key: str, use: Use, contents: Contents, inline: Callable[[Scalar, Contents], None]
) -> None:
    """Add the texts of a list that name files, and read those that are YAML themselves."""
    found = texts(node, key, contents.path)
    if isinstance(found, Unreadable):
        contents.problems.append(found)
        return
    for item in found:
        documents = parse_yaml(item.text.encode(), contents.path)
        if "\n" not in item.text.strip() and not any(isinstance(root, Mapping) for root in documents.roots):
            contents.named.append(Named(use, item.text, item.line))
            continue
        # What the engine can't read as YAML it takes for a path, however it looks.
        folder = posixpath.dirname(contents.path)
        way = posixpath.normpath(posixpath.join(folder, item.text.strip()))
        if way.startswith(("..", "/")):
            contents.refuse("outside", f"{key} holds what may be a path out of the repository", item.line)
        elif documents.problem or not all(_is_object(root) for root in documents.roots):
            contents.refuse(SHAPE, f"{key} holds neither a path nor an object", item.line)
        else:
            inline(item, contents)


def _is_object(root: Node) -> bool:
    return bool(text(root, "apiVersion") and text(root, "kind") and text(root, "metadata", "name"))


def _read_plugin_text(item: Scalar, contents: Contents) -> None:
    contents.take(plugins_of(item.text.encode(), contents.path), item.line)


def _hashed(item: Mapping, options: Node | None) -> bool:
    return "true" not in {text(item, "options", "disableNameSuffixHash"), text(options, "disableNameSuffixHash")}


def _read_plugin(root: Mapping, contents: Contents) -> None:
    """Add what one plugin config names; a plugin that is not Kustomize's own is a problem."""
    kind, line = text(root, "kind"), root.line
    annotations = entries(root, "metadata", "annotations")
    if text(root, "apiVersion") != "builtin" or not _FUNCTIONS.isdisjoint(annotations):
        contents.refuse("not-rendered", f"the plugin {kind or 'without a kind'} would run a program: {_OURS}", line)
    elif kind in _PLUGIN_KEYS:
        if contents.only(root, _HEAD | _PLUGIN_KEYS[kind], kind):
            _read_known_plugin(root, kind, contents)
    elif kind in _AFFIXES:
        contents.prefixes.update({text(root, "prefix")} - {""})
        contents.suffixes.update({text(root, "suffix")} - {""})
    elif kind not in _PATHLESS:
        contents.refuse("not-rendered", f"the plugin {kind or 'without a kind'} is not known here: {_OURS}", line)


def _read_known_plugin(root: Mapping, kind: str, contents: Contents) -> None:
    if kind.endswith("Generator"):
        name = text(root, "name") or text(root, "metadata", "name")
        made = Generated(kind.removesuffix("Generator"), name, _hashed(root, None), contents.path, root.line)
        contents.generated.append(made)
        contents.add_sources(root)
    elif kind == "ReplacementTransformer":
        for item in contents.maps(find(root, "replacements"), "replacements", _REPLACEMENT):
            contents.add_path(Use.REPLACEMENT, item)
    else:
        contents.add_path(Use.PATCH, root)
        _read_inline_or_files(find(root, "paths"), "paths", Use.PATCH, contents, _nothing)
