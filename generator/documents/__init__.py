"""Text of YAML, JSON, TOML and .env files as plain trees with lines, under limits. Knows nothing of deployments."""
