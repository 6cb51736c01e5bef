"""The JSON Schema, and pydantic's readers of records; pydantic is imported on first use."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from newscrawl.records import Article

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def json_schema(kind: type = Article) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a record as it is written: every field required.

    ``kind`` is a record that has a version of its own: ``Article``, ``manifest.Manifest``.
    """
    from pydantic.json_schema import GenerateJsonSchema  # noqa: PLC0415 - see ``adapter``

    class Plain(GenerateJsonSchema):
        """Without titles that repeat the names, and without defaults: every key is written."""

        def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic's
            return False

        def default_schema(self, schema: Any) -> dict[str, Any]:
            return self.generate_inner(schema["schema"])

    schema = adapter(kind).json_schema(mode="serialization", schema_generator=Plain)
    version = version_of(kind)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:newscrawl:{kind.__name__.lower()}:{version}",
        "version": version,
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


def version_of(kind: type) -> str | None:
    """The version of a record's contract that is written now; ``None`` for one without versions."""
    return next((str(f.default) for f in fields(kind) if f.name == "schema_version"), None)


@cache
def adapter(kind: type) -> TypeAdapter[Any]:
    """Pydantic's reader of a record; its configuration holds for the record's parts, too."""
    # Writing records is the common case, and importing pydantic takes longer than 100 pages.
    from pydantic import ConfigDict, TypeAdapter, with_config  # noqa: PLC0415

    config = ConfigDict(
        use_attribute_docstrings=True,
        extra="forbid",
        json_schema_serialization_defaults_required=True,
    )
    return TypeAdapter(with_config(config)(kind))
