"""Pages of components: which version stood where and when, what came of it, and what is said of them now."""
