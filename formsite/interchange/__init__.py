"""Definitions from and to other formats."""
