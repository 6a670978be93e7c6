"""The audit: every production change with who made it, who approved it, its gates, and what was out of the ordinary."""
