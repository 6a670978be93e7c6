"""Environments as they were at any time: the matrix, the comparison of two versions, and the data behind both."""
