"""Files of an environment as components, one module a kind of model. Knows no git command and no site."""
