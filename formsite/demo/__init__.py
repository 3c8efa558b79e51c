"""The demo site: believable data, and mail that goes no further than a page."""
