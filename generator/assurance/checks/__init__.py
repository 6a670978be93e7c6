"""One rule a module; `catalogue` lists them."""
