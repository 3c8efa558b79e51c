"""XLSForm spreadsheets (xlsform.org) -> definitions."""

from formsite.interchange.xlsform.reading import read

__all__ = ["read"]
