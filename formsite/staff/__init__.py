"""Accounts, roles, sign-in and permissions of the people who work with formsite."""
