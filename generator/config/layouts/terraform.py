"""Layouts of Terraform and of TOSCA: a root module, or a service template, for each environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, is_word, rank
from generator.config.findings import Confidence, Found, in_model, listed
from generator.config.layouts.shapes import best_shapes, environments_of
from generator.config.looking import MANIFEST_SUFFIXES, above, folder_of, join, name_of
from generator.config.schema import ModelSource
from generator.documents.tree import text

if TYPE_CHECKING:
    from generator.config.looking import Looker

_MOST_TEMPLATES = 20
_TOSCA = re.compile(r"tosca|topolog|service|csar", re.IGNORECASE)


def find_terraform(looker: Looker) -> Found | None:
    """Return the environments whose folders hold root modules of Terraform."""
    shapes = best_shapes(folder for folder in _modules(looker) if folder)
    if not shapes:
        return None
    environments, model = environments_of(shapes, "terraform")
    verb = "hold" if len(shapes[0].members) > 1 else "holds"
    reasons = (f"{listed(sorted(shapes[0].members.values()))} {verb} Terraform.",)
    certain = shapes[0].to_production and shapes[0].shared > 1
    return Found(environments, reasons, "sure" if certain else "likely", model, "Terraform")


def _modules(looker: Looker) -> set[str]:
    """Return the folders of Terraform that aren't made to be used by others."""
    files = [path for path in looker.paths if path.endswith((".tf", ".tf.json"))]
    return {folder_of(path) for path in files if not {"modules", ".terraform"} & set(path.split("/"))}


def find_variables(looker: Looker) -> Found | None:
    """Return the environments that files of variables for one root module are called by: `staging.tfvars`."""
    groups: dict[tuple[str, str], dict[str, str]] = {}
    roots = _modules(looker)
    only = min(roots) if len(roots) == 1 else None
    for path in looker.paths:
        stem = name_of(path).partition(".")[0]
        root = next((folder for folder in [*above(path), ""] if folder in roots), only)
        if path.endswith((".tfvars", ".tfvars.json")) and is_word(stem) and root is not None:
            template = join(folder_of(path), f"{{environment}}{name_of(path).removeprefix(stem)}")
            groups.setdefault((root, template), {})[stem] = path
    for (root, template), files in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        if len(files) > 1:
            names = in_order(files)
            reason = f"{listed([files[name] for name in names])} are variables for the Terraform in `{root or '.'}`."
            confidence: Confidence = "sure" if rank(names[-1]) == PRODUCTION_RANK else "likely"
            source = ModelSource(reader="terraform", templates=(root or ".",), values=(template,))
            return Found(in_model(names), (reason,), confidence, (source,), "Terraform")
    return None


def find_tosca(looker: Looker) -> Found | None:
    """Return the environments that service templates are called by."""
    groups: dict[str, dict[str, str]] = {}
    telling = [path for path in looker.paths if path.endswith(MANIFEST_SUFFIXES) and _word(path)[0]]
    for path in sorted(telling, key=lambda path: (not _TOSCA.search(path), path.count("/"), path))[:_MOST_TEMPLATES]:
        if any(text(root, "tosca_definitions_version") for root in looker.documents(path)):
            word, template = _word(path)
            groups.setdefault(template, {})[word] = path
    for template, files in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        to_production = any(rank(word) == PRODUCTION_RANK for word in files)
        if len(files) > 1 or to_production:
            names = in_order(files)
            verb = "are TOSCA service templates" if len(files) > 1 else "is a TOSCA service template"
            reason = f"{listed([files[name] for name in names])} {verb}."
            confidence: Confidence = "sure" if len(files) > 1 and to_production else "likely"
            source = ModelSource(reader="tosca", templates=(template,))
            return Found(in_model(names), (reason,), confidence, (source,), "TOSCA")
    return None


def _word(path: str) -> tuple[str, str]:
    """Return the environment that a file or its folder is called by, and the path template; empty where by none."""
    folder, (stem, dot, suffix) = folder_of(path), name_of(path).partition(".")
    if is_word(stem):
        return stem, f"{folder}/{{environment}}{dot}{suffix}".lstrip("/")
    if is_word(name_of(folder)):
        return name_of(folder), "/".join([*folder.split("/")[:-1], "{environment}", name_of(path)])
    return "", ""
