"""What a page says of the integrity of its report: the same words wherever they stand."""

from __future__ import annotations

from generator.site.texts import gettext as _

SIGNED_BY, SIGNED_IN = "signed by", "signed in"


def integrity(said: str) -> str:
    """Return `Summary.integrity` in the language of the site, as a part of a sentence."""
    way, _space, name = said.rpartition(" ")
    if way == SIGNED_BY:
        return _("signed by %(key)s", key=name)
    if way == SIGNED_IN:
        return _("signed in %(file)s", file=name)
    return _("digests only")


def integrity_line(said: str) -> str:
    """Return the sentence for the foot of every page; it is the same for every report that one key signed."""
    way, _space, name = said.rpartition(" ")
    if way == SIGNED_BY:
        return _("Signed by the key %(key)s.", key=name)
    if way == SIGNED_IN:
        return _("Signed in %(file)s.", file=name)
    return _("Integrity only: not signed.")
