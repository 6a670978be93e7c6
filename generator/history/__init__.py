"""Git, and nothing else: a repository opened read-only and hardened, its commits, changed paths and blobs."""
