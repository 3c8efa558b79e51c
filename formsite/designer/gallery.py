"""One of each type of question: the definition of a form that is never published, for people who build forms to look at."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from uuid import UUID

from formsite.definition.document import parse
from formsite.designer.plans import Published

FILE = Path(__file__).with_name("gallery.json")


@cache
def gallery() -> Published:
    """The gallery, as if it were the published version of a form."""
    definition = parse(json.loads(FILE.read_text("utf-8")))
    return Published(UUID(int=0), UUID(int=0), 0, definition.sha256, definition)
