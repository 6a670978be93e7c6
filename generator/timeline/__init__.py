"""Environment versions, deployments and their kinds, promotions and origins, from states in commit order."""
