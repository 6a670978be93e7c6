"""Rules that the repository brings as policies in Rego, evaluated in a process of their own."""
