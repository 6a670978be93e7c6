"""What `assay.yaml` says, as values that never change: `Config` and its digest."""

from __future__ import annotations

import hashlib
import json
import posixpath
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from generator.config.check import Check
from generator.config.cleaning import (
    RULE,
    clean_entries_key,
    clean_key,
    clean_name,
    clean_path,
    clean_ref,
    clean_template,
    clean_text,
    distinct,
    flag,
    kubernetes_version,
    number,
    one_or_many,
    refuse,
)
from generator.config.closed import Closed, Duration
from generator.config.declared import Trailers
from generator.config.expected import ExpectedEntries
from generator.config.gates import Gates
from generator.config.metrics import Metrics
from generator.config.path_templates import PathTemplate, compile_template
from generator.config.records import RECORD_FILES, RecordSources
from generator.config.results import Results
from generator.config.rules import last_of_chains, unplaced_faults, upstream_faults
from generator.config.site import Site
from generator.config.user_rules import Checks, UserRules

DEFAULT_READER = "kubernetes"
BUILT_IN_READERS = frozenset({"compose", "explicit", "helm", "kubernetes", "kustomize", "terraform", "tosca", "values"})
"""Readers that come with Assay; others come from other packages."""
MOST_ENVIRONMENTS = 200
"""Environments of one file."""
DEFAULT_SETTINGS = "environments/{environment}.yaml"

_TEXT_OR_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
_MANY = 20

Text = Annotated[str, AfterValidator(clean_text)]
Path = Annotated[str, AfterValidator(clean_path)]
Key = Annotated[str, AfterValidator(clean_key)]
Name = Annotated[str, AfterValidator(clean_name)]
Ref = Annotated[str, AfterValidator(clean_ref)]
Template = Annotated[str, AfterValidator(clean_template)]
Paths = Annotated[
    tuple[Path, ...],
    Field(max_length=_MANY),
    BeforeValidator(one_or_many),
    AfterValidator(distinct),
    WithJsonSchema(_TEXT_OR_TEXTS),
]
Globs = Annotated[
    tuple[Path, ...],
    Field(max_length=100),
    BeforeValidator(one_or_many),
    AfterValidator(distinct),
    WithJsonSchema(_TEXT_OR_TEXTS),
]
Keys = Annotated[
    tuple[Key, ...],
    Field(max_length=_MANY),
    BeforeValidator(one_or_many),
    AfterValidator(distinct),
    WithJsonSchema(_TEXT_OR_TEXTS),
]
Templates = Annotated[
    tuple[Template, ...],
    Field(max_length=_MANY),
    BeforeValidator(one_or_many),
    AfterValidator(distinct),
    WithJsonSchema(_TEXT_OR_TEXTS),
]
Flag = Annotated[bool, BeforeValidator(flag)]
Count = Annotated[int, Field(ge=2, le=1_000_000), BeforeValidator(number)]


class Environment(Closed):
    """A named stage that software runs in."""

    path: Paths = ()
    """Folder or file of the repository that holds the environment; of a list, the first is the current one and the
    others are former ones. `.` is the whole repository. `{environment}` and `{cluster}` may stand in it."""
    upstream: str = ""
    """Environment that a version comes from on its way here; empty for the first of a chain."""
    production: Flag = False
    """Whether users depend on it. Where no environment says so, the last of each chain are production."""
    reader: str = DEFAULT_READER
    """Reader of the files under `path`."""
    ref: Ref = ""
    """Branch, tag or commit whose first-parent chain is this environment's history; empty for that of the file."""
    tags: Text = ""
    """Pattern of tags, with `*` for any text: each tag that fits is a version of the environment, in their order."""
    pin: Path = ""
    """File that names the tag or commit that is deployed; the environment is read from there."""
    pin_key: Key = ""
    """Key of the pin in that file, with dots on the way to it; empty where the file's first line is the pin."""
    environment: Text = ""
    """What `{environment}` stands for in templates; empty for the name."""
    cluster: Text = ""
    """What `{cluster}` stands for; empty for every cluster, each giving components of its own."""
    kubernetes: Annotated[str, AfterValidator(kubernetes_version)] = ""
    """Version of Kubernetes that runs there, such as `1.31`: schemas and removed interfaces are checked against it."""
    live: Paths = ()
    """Files or folders of the repository that hold a snapshot of what runs: output of `kubectl get -o yaml` or of
    `docker compose config`. It is read at the newest commit."""

    @property
    def placed_by(self) -> str:
        """Return what the environment's history is told by, beside the file's `ref`; empty where by that alone."""
        return next((key for key in ("tags", "pin", "ref") if getattr(self, key)), "")

    @model_validator(mode="after")
    def _one_history(self) -> Self:
        if self.tags and (self.pin or self.ref):
            other = "pin" if self.pin else "ref"
            refuse(f"`tags` and `{other}` both say where the history is", "keep one of them")
        if self.pin_key and not self.pin:
            refuse("`pin_key` without `pin`", "name the file by `pin`")
        return self


class ModelSource(Closed):
    """Files that describe components, named by a path template, and the reader for them."""

    reader: str
    """Name of the reader; in the file it is the key that the templates stand under."""
    templates: Annotated[Templates, Field(min_length=1)]
    """Path templates from the top of the repository; of several, later ones are laid over earlier ones."""
    artifact: Keys = ()
    """Keys that name the artifact, each with dots between the keys on the way to it."""
    settings: str = ""
    """For an explicit model: path template of an environment's settings, from the folder of the model."""
    values: Templates = ()
    """For a chart: path templates of the values files that are laid over its own, later ones win."""
    components: Annotated[str, AfterValidator(clean_entries_key)] = ""
    """For values: key under which each entry is a component of its own, `.` for the top of the file; empty where a
    file, or a stack of layers, is one component."""

    @property
    def template(self) -> str:
        """Return the first template."""
        return self.templates[0]

    def compiled(self, environments: tuple[str, ...] = ()) -> PathTemplate:
        """Return the first template ready to match, for these environments."""
        return compile_template(self.template, environments)

    def compiled_settings(self, environments: tuple[str, ...] = ()) -> PathTemplate | None:
        """Return `settings` from the top of the repository, ready to match; `None` where there are none."""
        if not self.settings:
            return None
        return compile_template(posixpath.join(posixpath.dirname(self.template), self.settings), environments)

    @model_validator(mode="before")
    @classmethod
    def _default_settings(cls, value: Any) -> Any:  # noqa: ANN401 - input that is not yet validated
        if isinstance(value, dict) and value.get("reader") == "explicit":
            return {"settings": DEFAULT_SETTINGS} | value
        return value

    @field_validator("settings")
    @classmethod
    def _template_of_settings(cls, value: str) -> str:
        return clean_template(value) if value else ""


class IgnoreRule(Closed):
    """Fields that must not count, with the reason that the site shows."""

    reason: Annotated[Text, Field(min_length=1)]
    """Why they don't count."""
    component: Text = "*"
    """Pattern of component ids, with `*` for any text."""
    field: Text = ""
    """Pattern of field names, with `*` for any text; empty for the component as a whole."""
    environment: Text = "*"
    """Pattern of environments."""


class Config(Closed):
    """Everything that `assay.yaml` says, defaults filled in."""

    title: Text = ""
    """Title of the site; empty for `Release evidence`."""
    ref: Ref = "HEAD"
    """Branch, tag or commit whose first-parent chain is read."""
    environments: Annotated[dict[Name, Environment], Field(min_length=1, max_length=MOST_ENVIRONMENTS)]
    """Environments by name, in the order of promotion."""
    model: Annotated[tuple[ModelSource, ...], Field(max_length=100)] = ()
    """Where components are described, beside the paths of the environments."""
    provided: Globs = ()
    """Patterns of paths that exist only at deployment time, such as decrypted secrets; `**` for any folders."""
    ignore: Annotated[tuple[IgnoreRule, ...], Field(max_length=200)] = ()
    """Fields that must not count."""
    bulk: Count = 10
    """Number of components that must move the same way in one deployment to make it a bulk one."""
    bulk_window: Duration = 600
    """Time within which consecutive deployments of one kind are one movement, and make a bulk together."""
    declarations: Globs = (".assay/*.yaml",)
    """Patterns of files that hold waivers, acceptances, overrides, incidents and approvals."""
    policies: Globs = ()
    """Patterns of Rego files with rules of your own, read at the newest commit."""
    trailers: Trailers = Trailers()
    """Names of the trailers of commit messages that say something of a deployment."""
    expected: ExpectedEntries = ()
    """Differences from the upstream that are meant to be."""
    checks: Checks = Field(default_factory=dict)
    """Level of each rule whose level is to be another, or `off`: rule → level."""
    rules: UserRules = ()
    """Rules of your own on the fields of components."""
    results: Results = ()
    """Results of tests and scans that belong to deployments."""
    gates: Gates = ()
    """Conditions that must hold before production."""
    records: RecordSources = RECORD_FILES
    """Records of what git cannot know: deployments, incidents, downtime and approvals. Where nothing is said, they are
    the files below `.assay/records` of the newest commit."""
    metrics: Metrics = Metrics()
    """How delivery is measured."""
    check: Check = Check()
    """What makes `assay check` fail."""
    site: Site = Site()
    """How the site looks."""
    authors: Literal["names", "pseudonyms", "none"] = "names"
    """What is shown of people: their names, one pseudonym for each, or nothing. Addresses are never shown."""

    @field_validator("environments")
    @classmethod
    def _chains(cls, value: dict[str, Environment]) -> dict[str, Environment]:
        upstreams = {name: environment.upstream for name, environment in value.items()}
        for fault in upstream_faults(upstreams):
            refuse(f"`{fault.environment}`: {fault.reason}", fault.fix, RULE)
        if any(environment.production for environment in value.values()):
            return value
        last = last_of_chains(upstreams)
        return {name: inner.model_copy(update={"production": name in last}) for name, inner in value.items()}

    @model_validator(mode="after")
    def _placed(self) -> Self:
        has_path = {name: bool(environment.path) for name, environment in self.environments.items()}
        for fault in unplaced_faults(has_path, model=bool(self.model)):
            refuse(f"`{fault.environment}`: {fault.reason}", fault.fix, RULE)
        return self


def config_digest(config: Config) -> str:
    """Return the SHA-256, in hexadecimal, of what `config` says; the order of the environments counts.

    How the site looks and what fails a check are left out: they change no evidence.
    """
    said = {"config": config.model_dump(mode="json", exclude={"site", "check"}), "order": list(config.environments)}
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
