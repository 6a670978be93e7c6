"""Docker Compose: services of compose files, as the engine merges them or as they stand."""
