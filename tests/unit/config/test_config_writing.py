from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config.cleaning import NAME_PATTERN
from generator.config.detection import Detected
from generator.config.loading import load_config
from generator.config.schema import BUILT_IN_READERS, Config, Environment, IgnoreRule, ModelSource, config_digest
from generator.config.writing import quoted, write_config
from generator.documents.tree import Scalar
from generator.documents.yaml_text import parse_yaml
from generator.errors import RefusedError

texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12)
parts = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="/\\{}~:"), min_size=1, max_size=6)
paths = parts.filter(lambda part: part.strip() not in {"", ".", ".."}).map(lambda part: f"deploy/{part}")
names = st.from_regex(NAME_PATTERN, fullmatch=True)
words = texts.filter(str.strip)
keys = st.lists(texts.filter(lambda text: text and "." not in text), max_size=3, unique=True).map(tuple)
rules = st.builds(
    IgnoreRule,
    reason=texts.filter(bool),
    component=texts,
    field=texts,
    environment=texts,
)


@st.composite
def sources(draw: st.DrawFn) -> ModelSource:
    reader = draw(st.sampled_from(sorted(BUILT_IN_READERS)))
    told = paths.map("{}/{{environment}}".format)
    layered = st.lists(told, min_size=1, max_size=3, unique=True).map(tuple)
    options: dict[str, dict[str, st.SearchStrategy[object]]] = {
        "compose": {"templates": layered},
        "explicit": {
            "templates": st.tuples(paths),
            "settings": st.sampled_from(["environments/{environment}.yaml", "{environment}.yml"]),
        },
        "helm": {"values": st.lists(told, max_size=3, unique=True).map(tuple)},
        "terraform": {"values": st.lists(told, max_size=2, unique=True).map(tuple), "artifact": keys},
        "values": {"templates": layered, "artifact": keys, "components": st.sampled_from([None, ".", "a.b"])},
    }
    usual: dict[str, st.SearchStrategy[object]] = {"templates": st.tuples(told)}
    chosen = {key: draw(value) for key, value in (usual | options.get(reader, {})).items()}
    return ModelSource.model_validate({"reader": reader} | chosen)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, str]:
    """Return the keys that say where an environment's history is."""
    pinned = st.fixed_dictionaries({"pin": paths}, optional={"pin_key": st.sampled_from(["a", "a.b"]), "ref": words})
    tagged, branched = (st.fixed_dictionaries({key: words}) for key in ("tags", "ref"))
    return draw(st.one_of(st.just({}), tagged, pinned, branched))


@st.composite
def configs(draw: st.DrawFn) -> Config:
    ordered = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    environments = {
        name: Environment(
            path=tuple(draw(st.lists(paths, min_size=1, max_size=3, unique=True))),
            upstream=draw(st.sampled_from(["", *ordered[:place]])),
            production=draw(st.booleans()),
            reader=draw(st.sampled_from(sorted(BUILT_IN_READERS))),
            environment=draw(texts),
            cluster=draw(texts),
            **draw(histories()),
        )
        for place, name in enumerate(ordered)
    }
    return Config(
        title=draw(texts),
        ref=draw(words),
        environments=environments,
        model=tuple(draw(st.lists(sources(), max_size=3))),
        provided=tuple(draw(st.lists(paths, max_size=2, unique=True))),
        ignore=tuple(draw(st.lists(rules, max_size=2))),
        bulk=draw(st.integers(2, 1000)),
        authors=draw(st.sampled_from(["names", "pseudonyms", "none"])),
    )


@given(configs(), st.lists(st.text(), max_size=2).map(tuple))
def test_what_is_written_reads_back_as_the_same(config: Config, reasons: tuple[str, ...]) -> None:
    text = write_config(Detected(config, reasons, "guess"))
    again = load_config(text.encode("utf-8", "backslashreplace"), "assay.yaml", BUILT_IN_READERS)
    assert again == config
    assert list(again.environments) == list(config.environments)
    assert config_digest(again) == config_digest(config)


@given(st.text(st.characters(codec="utf-8")))
def test_a_quoted_text_means_just_that_text(text: str) -> None:
    (root,) = parse_yaml(f"[{quoted(text)}]".encode(), "x").roots
    (scalar,) = root.items  # type: ignore[union-attr]  # a sequence, by the brackets
    assert isinstance(scalar, Scalar)
    assert scalar.text == text
    assert not scalar.null


def test_the_text_is_short_and_says_why() -> None:
    config = Config(
        environments={"staging": Environment(), "production": Environment(upstream="staging", production=True)},
        model=(ModelSource(reader="values", templates=("tags/{environment}/{component}",), artifact=("image_tag",)),),
    )
    assert write_config(Detected(config, ("6 files fit.",), "sure")) == (
        "# Detected (sure); change it where it is wrong.\n"
        "# 6 files fit.\n"
        "environments:  # in the order of promotion\n"
        "  staging: {}\n"
        "  production: {upstream: staging, production: true}\n"
        "model:\n"
        '  - values: "tags/{environment}/{component}"\n'
        "    artifact: image_tag  # where the artifact is named\n"
    )


def test_nothing_detected_is_not_written() -> None:
    with pytest.raises(RefusedError, match="no layout was detected"):
        write_config(Detected(None, ("Looked everywhere.",), "guess"))


def test_how_the_site_looks_is_written_back() -> None:
    said = {"language": "de", "url": "https://x.example/a/", "logo": "b/l.svg", "colours": {"accent": "#0a5c36"}}
    config = Config.model_validate({"environments": {"production": {"path": "p"}}, "site": said})
    text = write_config(Detected(config, (), "sure"))
    again = load_config(text.encode(), "assay.yaml", BUILT_IN_READERS, frozenset())
    assert again.site == config.site
    assert config_digest(again) == config_digest(config)
