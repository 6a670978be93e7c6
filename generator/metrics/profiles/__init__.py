"""The same history counted by the definitions of others, a module a body. What they define stands beside each count."""
