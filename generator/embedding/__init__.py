"""The report in someone else's site: a plugin of MkDocs and ProperDocs that their own mkdocs.yml names."""
