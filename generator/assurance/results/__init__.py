"""Results that other tools wrote: read, counted, and bound to the deployments that they are about."""
