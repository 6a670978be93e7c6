"""A history with many deployments of few components, for what depends on how much came before."""

from __future__ import annotations

import random

CONFIG = """\
environments:
  staging: {}
  production: {upstream: staging, production: true}
model:
  - values: tags/{environment}/{component}
    artifact: image_tag
"""


def fleet_trees(commits: int) -> list[dict[str, str]]:
    """Return the trees of a history in which versions come to staging, go on to production, and go back at times."""
    chance = random.Random(7)  # noqa: S311 - a history, no secret
    tree = {"assay.yaml": CONFIG}
    tree |= {f"tags/{place}/app-{n}": "image_tag: v0\n" for place in ("staging", "production") for n in range(5)}
    trees = [dict(tree)]
    for number in range(1, commits):
        app, draw = f"app-{chance.randrange(5)}", chance.random()
        if draw < 0.4:
            tree[f"tags/staging/{app}"] = f"image_tag: v{number}\nPEER_URL: http://app-{number % 5}:8080/\n"
        elif draw < 0.7:
            tree[f"tags/production/{app}"] = tree[f"tags/staging/{app}"]
        elif draw < 0.9:
            earlier = trees[chance.randrange(len(trees))]
            tree[f"tags/production/{app}"] = earlier[f"tags/production/{app}"]
        else:
            tree["README.md"] = f"{number}\n"
        trees.append(dict(tree))
    return trees
