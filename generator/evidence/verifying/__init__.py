"""Verification: whether a bundle or a site is what it says it is, told offline and without trusting any of it."""
