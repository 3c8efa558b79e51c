"""Definitions -> XLSForm spreadsheets (xlsform.org). What such a spreadsheet cannot say is named."""

from formsite.interchange.to_xlsform.sheets import Exported, write

__all__ = ["Exported", "write"]
