"""Components, connections, topologies: their difference, digest and graph. Knows nothing of git or files."""
