"""The home page: whether production is all right, and what comes next."""
