"""Customers answering: pages, drafts, submission."""
