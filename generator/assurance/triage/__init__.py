"""Is it the application or the deployment? Verdicts on failures."""
