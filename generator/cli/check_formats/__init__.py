"""A check as text for people and as files for the tools of pipelines, each written from the same report."""
