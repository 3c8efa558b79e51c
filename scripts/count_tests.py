"""Adds up what the sets of tests reported, for the last line of `make test`."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def main(folder: str, before: str) -> None:
    """`before`, then passed, failed and skipped over all reports in the folder."""
    suites = [suite for report in Path(folder).glob("*.xml") for suite in ET.parse(report).iter("testsuite")]  # noqa: S314  (pytest wrote it a moment ago)
    ran, skipped = (sum(int(suite.get(each, 0)) for suite in suites) for each in ("tests", "skipped"))
    failed = sum(int(suite.get("failures", 0)) + int(suite.get("errors", 0)) for suite in suites)
    print(f"{before}{skipped} skipped, {ran - failed - skipped} passed, {failed} failed")


if __name__ == "__main__":
    main(*sys.argv[1:])
