"""Forms and their versions: the builder."""
