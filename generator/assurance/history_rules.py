"""Rules on git history itself: what an earlier bundle holds and the repository has no more, or has otherwise.

What they find is of no component, so no ledger follows it; it is found where a bundle follows an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.assurance.findings import Family, Level, RuleTexts


@dataclass(frozen=True, kw_only=True)
class HistoryRule(RuleTexts):
    """A rule on the history of a repository between two bundles."""


TAG_MOVED = HistoryRule(
    id="tag-moved",
    level=Level.ERROR,
    family=Family.HISTORY,
    title="A tag names something else than before",
    why="""A tag is the name under which a release was tested, approved and announced. Where it is made to name another
    commit, every paper that quotes it speaks of something that never was what it says, and who fetches the tag anew
    gets other files than who has it already.""",
    fix="""Find out who moved it and why, and put it back: git tag -f NAME OLD. A release that needs a correction gets a
    tag of its own. Protect tags on the server, so that this can't be done unseen.""",
    example="""git tag --force v1.4.0
git push --force origin v1.4.0""",
)
TAG_DELETED = HistoryRule(
    id="tag-deleted",
    level=Level.WARNING,
    family=Family.HISTORY,
    title="A tag is gone",
    why="""Without its tag a release can't be found by its name any more, and the commit that it named may be thrown
    away with it, if no branch leads there.""",
    fix="""Set it again on the commit that the finding names: git tag NAME OLD. In a clone that was made without tags,
    fetch them first: git fetch --tags.""",
    example="""git push origin --delete v1.4.0""",
)
BRANCH_REWRITTEN = HistoryRule(
    id="branch-rewritten",
    level=Level.ERROR,
    family=Family.HISTORY,
    title="A branch no longer leads to what it led to",
    why="""Evidence is drawn from history. Where a branch is overwritten (a force-push, an amended or rebased commit, a
    reset), what was deployed from it and who approved it can no longer be read from git, however good the reason
    was.""",
    fix="""Find out who rewrote it and why. If it was no mistake, write down the reason where an auditor will look;
    if it was, put the branch back to the commit that the finding names. Forbid force-pushes to it on the server.""",
    example="""git commit --amend
git push --force origin main""",
)
RELEASE_VANISHED = HistoryRule(
    id="release-vanished",
    level=Level.ERROR,
    family=Family.HISTORY,
    title="A release of an earlier bundle is not in the history any more",
    why="""It was in production and was published as evidence. That git no longer tells of it makes it no less true: its
    record is kept from the earlier bundle, but nothing can be recomputed from it.""",
    fix="""Bring the commit back under the branch or tag that it was deployed from. If it has to stay away, keep the
    bundle that had it: its number stands in the finding.""",
    example="""git reset --hard HEAD~3
git push --force origin main""",
)
HISTORY_RULES = (TAG_MOVED, TAG_DELETED, BRANCH_REWRITTEN, RELEASE_VANISHED)
"""All of them, in the order of the help page."""
