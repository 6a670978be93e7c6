"""The explicit model: what no manifest describes, in two kinds of short file."""
