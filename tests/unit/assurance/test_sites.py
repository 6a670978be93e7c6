"""Sites of production beside the first of them."""

from __future__ import annotations

from support.sides import Side, setting

from generator.assurance.drift import DriftClass
from generator.assurance.sites import references, site_register
from generator.config.schema import Environment


def _production(upstream: str = "staging") -> Environment:
    return Environment(upstream=upstream, production=True)


def test_the_first_of_one_upstream_is_the_reference() -> None:
    environments = {
        "staging": Environment(),
        "europe": _production(),
        "canary": Environment(upstream="staging"),
        "america": _production(),
        "partner": _production("preview"),
        "asia": _production(),
    }
    assert references(environments) == {"america": "europe", "asia": "europe"}


def test_production_without_an_upstream_is_no_site_of_another() -> None:
    assert references({"shop": _production(""), "blog": _production("")}) == {}


def test_each_class_between_two_sites() -> None:
    reference, site = Side(), Side()
    register = site_register(reference, site)
    for name, image in (("old", "o:1"), ("new", "n:1"), ("set", "s:1")):
        reference.put(name, setting(name, image=image, LIMIT="1"))
        site.put(name, setting(name, image=image, LIMIT="1"))
    reference.put("old", setting("old", image="o:2", LIMIT="1"))
    site.put("new", setting("new", image="n:2", LIMIT="1"))
    site.put("set", setting("set", image="s:1", LIMIT="2"))
    site.put("alone", setting("alone"))
    register.update(["alone", "new", "old", "set"], "c", 60)
    assert {(i.component, i.drift) for i in register.items} == {
        ("old", DriftClass.PENDING),
        ("new", DriftClass.AHEAD),
        ("set", DriftClass.CONFIG),
        ("alone", DriftClass.STRUCTURE),
    }


def test_what_either_of_the_two_declares_is_expected() -> None:
    reference, site = Side(), Side()
    register = site_register(reference, site)
    reference.put("api", setting("api", HERE="1", THERE="1", ELSE="1"))
    site.put("api", setting("api", HERE="2", THERE="2", ELSE="2"))
    reference.expected = {"api THERE": "first to have it"}
    register.update(["api"], "c", 60)
    assert (register.expected, register.outdated) == (1, False)
    site.expected = {"api HERE": "another law"}
    assert (register.expected, register.outdated) == (1, True)
    register.update([], "d", 120)
    assert {i.field: i.expected for i in register.items} == {
        "ELSE": "",
        "HERE": "another law",
        "THERE": "first to have it",
    }
