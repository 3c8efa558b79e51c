"""Stored answers: searching, showing, exporting."""
