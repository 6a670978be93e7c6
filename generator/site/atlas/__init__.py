"""The topology as a picture to explore: what its scripts load beside the past of the environments."""
