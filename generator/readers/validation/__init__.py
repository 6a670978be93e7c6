"""Documents held against the schemas of the platform that is to take them, before anything is left out of them."""
