"""The JSON Schema, and pydantic's readers of records; pydantic is imported on first use."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from newscrawl.records import SCHEMA_VERSION, Article, Reject

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an ``Article`` as it is written: every field required."""
    from pydantic.json_schema import GenerateJsonSchema  # noqa: PLC0415 - see ``adapters``

    class Plain(GenerateJsonSchema):
        """Without titles that repeat the names, and without defaults: every key is written."""

        def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic's
            return False

        def default_schema(self, schema: Any) -> dict[str, Any]:
            return self.generate_inner(schema["schema"])

    schema = adapters()[Article].json_schema(mode="serialization", schema_generator=Plain)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:newscrawl:article:{SCHEMA_VERSION}",
        "version": SCHEMA_VERSION,
        **_one_line_descriptions(schema),
    }


def _one_line_descriptions(schema: Any) -> Any:
    """The same schema, its descriptions without the line breaks and markup of docstrings."""
    if isinstance(schema, list):
        return [_one_line_descriptions(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: " ".join(value.replace("``", "`").split())
        if name == "description" and isinstance(value, str)
        else _one_line_descriptions(value)
        for name, value in schema.items()
    }


@cache
def adapters() -> dict[type, TypeAdapter[Any]]:
    """Pydantic's readers of both records; their configuration holds for the records' parts, too."""
    # Writing records is the common case, and importing pydantic takes longer than 100 pages.
    from pydantic import ConfigDict, TypeAdapter, with_config  # noqa: PLC0415

    config = ConfigDict(
        use_attribute_docstrings=True,
        extra="forbid",
        json_schema_serialization_defaults_required=True,
    )
    return {kind: TypeAdapter(with_config(config)(kind)) for kind in (Article, Reject)}
