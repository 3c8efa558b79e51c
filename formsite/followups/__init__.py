"""Feedback requests to the people who agreed, and what keeps mail from those who did not."""
