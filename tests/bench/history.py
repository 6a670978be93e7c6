"""A large deployment history for measuring: seeded, written by `git fast-import`, the same on every machine.

Seventy components stand in three environments by path template, one small settings file each, in a repository that
also has a chart for each of them. A version goes to integration, most go on to staging and to production; some are
rolled back there; one commit in ten touches charts or documents only.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMPONENTS = 70
ENVIRONMENTS = ("integration", "staging", "production")
TAGS = "charts/app-config/image-tags"
CONFIG = f"""\
title: Benchmark
environments:
  integration: {{}}
  staging: {{upstream: integration}}
  production: {{upstream: staging, production: true}}
model:
  - values: {TAGS}/{{environment}}/{{component}}
    artifact: image_tag
"""
_START = 1_420_070_400
_AUTHORS = ("Ana", "Bo", "Chi", "Dag", "Eve")
_ELSEWHERE, _INTEGRATION, _STAGING = 0.1, 0.4, 0.702
"""Of all commits: a tenth elsewhere, then three tenths for each environment."""
_ROLLED_BACK = 0.03


@dataclass(frozen=True)
class BenchCommit:
    """One commit of the history."""

    at: int
    author: str
    message: str
    changes: Mapping[str, bytes | None]


class _Fleet:
    """What runs where, and what waits for the next environment."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.names = [f"app-{number:02d}" for number in range(COMPONENTS)]
        self.peers = {name: self.names[(n * 7 + 3) % COMPONENTS] for n, name in enumerate(self.names)}
        self.past = {name: [self.file(name, 1)] for name in self.names}
        self.serial = 1
        self.staging: deque[tuple[str, bytes]] = deque()
        self.production: deque[tuple[str, bytes]] = deque()

    def file(self, name: str, serial: int) -> bytes:
        replicas = 3 if serial % 499 == 0 else 2
        peer, team = self.peers[name], name[-1]
        settings = f"replicas: {replicas}\nPEER_URL: http://{peer}:8080/\nOWNER: {team}\n"
        return f"image_tag: release-{serial}\n{settings}".encode()

    def start(self) -> dict[str, bytes | None]:
        files: dict[str, bytes | None] = {f"{TAGS}/{e}/{n}": self.past[n][0] for e in ENVIRONMENTS for n in self.names}
        for name in self.names:
            files[f"charts/{name}/Chart.yaml"] = f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n".encode()
            files[f"charts/{name}/values.yaml"] = f"port: 8080\npeer: {self.peers[name]}\n".encode()
        return {"assay.yaml": CONFIG.encode(), "README.md": b"Deployments\n", **files}

    def elsewhere(self, time: int) -> tuple[str, dict[str, bytes | None]]:
        if self.chance.random() < _STAGING:
            name = self.chance.choice(self.names)
            return f"Chart of {name}", {f"charts/{name}/values.yaml": b"port: 8080\nrevision: %d\n" % time}
        return "Write down what we know", {f"docs/note-{self.chance.randint(0, 99)}.md": b"%d\n" % time}

    def integrate(self) -> tuple[str, dict[str, bytes | None]]:
        self.serial += 1
        name = self.chance.choice(self.names)
        content = self.file(name, self.serial)
        self.staging.append((name, content))
        return f"Update {name} in integration", {f"{TAGS}/integration/{name}": content}

    def stage(self) -> tuple[str, dict[str, bytes | None]]:
        name, content = self.staging.popleft()
        self.production.append((name, content))
        return f"Promote {name} to staging", {f"{TAGS}/staging/{name}": content}

    def release(self) -> tuple[str, dict[str, bytes | None]]:
        undone = self.chance.choice(self.names)
        if self.chance.random() < _ROLLED_BACK and len(self.past[undone]) > 1:
            self.past[undone].pop()
            return f"Update {undone}", {f"{TAGS}/production/{undone}": self.past[undone][-1]}
        name, content = self.production.popleft()
        self.past[name].append(content)
        return f"Promote {name} to production", {f"{TAGS}/production/{name}": content}


def bench_commits(deployments: int, seed: int = 20_260_101) -> Iterator[BenchCommit]:
    """Yield a history with exactly `deployments` production deployments and about 3.35 commits for each of them."""
    chance = random.Random(seed)  # noqa: S311 - a history for measuring, not a secret
    fleet = _Fleet(chance)
    time, released = _START, 1
    yield BenchCommit(time, _AUTHORS[0], "Set up all environments", fleet.start())
    while released < deployments:
        time += chance.randint(60, 3000)
        draw = chance.random()
        if draw < _ELSEWHERE:
            message, changes = fleet.elsewhere(time)
        elif draw < _INTEGRATION or not fleet.staging:
            message, changes = fleet.integrate()
        elif draw < _STAGING or not fleet.production:
            message, changes = fleet.stage()
        else:
            message, changes = fleet.release()
            released += 1
        yield BenchCommit(time, chance.choice(_AUTHORS), message, changes)
