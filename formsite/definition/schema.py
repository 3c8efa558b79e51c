"""The published JSON Schema (2020-12) of a definition, so that an editor or another program can check one.

It is put together from the models and the registry; `docs/definition.schema.json` is a copy of it, written by
`python -m formsite.definition.schema`. A schema cannot say everything: `document.parse` also refuses names used twice.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, get_args

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from formsite.definition import logic
from formsite.definition.document import RESERVED, Definition
from formsite.definition.fieldtypes import registry
from formsite.definition.fieldtypes.matrices import CellType
from formsite.definition.parts import RULE_SCHEMA

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Plain(GenerateJsonSchema):
    """Without the titles that only repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def get_title_from_name(self, name: str) -> str:
        return name

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Unset is absent; a default of null would suggest that it has to be written."""
        made = super().default_schema(schema)
        return {name: held for name, held in made.items() if not (name == "default" and held is None)}


def json_schema() -> dict[str, Any]:
    """The schema of the whole document."""
    settings = {kind.Settings: None for kind in registry.all()}
    _, made = models_json_schema(
        [(Definition, "validation"), *((each, "validation") for each in settings)], schema_generator=_Plain
    )
    parts: dict[str, Any] = {name: _with_rules(part) for name, part in made["$defs"].items()}
    _complete_field(parts["Field"])
    _settings_by_type(parts["MixedColumn"], get_args(CellType))
    parts["Group"]["required"] = ["id", "type"]
    whole: dict[str, Any] = parts.pop("Definition")
    whole["properties"]["languages"]["uniqueItems"] = True
    head = {"$schema": DIALECT, "title": "A form, as formsite publishes it"}
    return {**head, **whole, "$defs": parts | logic.SCHEMA}


def _complete_field(field: dict[str, Any]) -> None:
    """What the models leave to the registry: which types there are, and the settings of each."""
    field["properties"]["id"]["not"] = {"enum": sorted(RESERVED)}
    field["properties"]["type"]["enum"] = list(registry.names())
    _settings_by_type(field, registry.names())


def _settings_by_type(part: dict[str, Any], names: Sequence[str]) -> None:
    part["allOf"] = [
        {
            "if": {"properties": {"type": {"const": name}}},
            "then": {
                "properties": {
                    "settings": {
                        "anyOf": [{"$ref": f"#/$defs/{registry.get(name).Settings.__name__}"}, {"type": "null"}]
                    }
                }
            },
        }
        for name in names
    ]


def _with_rules(part: Any) -> Any:
    if part == RULE_SCHEMA:
        return {"$ref": "#/$defs/rule"}
    if isinstance(part, dict):
        return {name: _with_rules(held) for name, held in part.items() if name != "title" or isinstance(held, dict)}
    return [_with_rules(each) for each in part] if isinstance(part, list) else part


def as_text() -> str:
    """As it lies in `docs/`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text())
