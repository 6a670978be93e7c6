"""Rendering: files of a commit handed to a model's own engine, by content, under limits, and kept on disk."""
