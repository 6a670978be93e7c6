"""The order of the stages, and the only place that chooses their real adapters. Receives clock and paths."""
