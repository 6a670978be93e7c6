"""Layouts that are known, a module a kind: each looks at the paths of a commit and says what it found."""
