"""The contract: what is written is read again, and whatever breaks it is named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from newscrawl import contract
from newscrawl.compression import COMPRESSIONS
from newscrawl.contract import (
    MAX_LINE_BYTES,
    check_lines,
    json_schema,
    problems,
    read_articles,
    to_json_line,
)
from newscrawl.contract.rules import _REJECT_RULES, _RULES
from newscrawl.errors import InputError, RecordError
from newscrawl.records import (
    SCHEMA_VERSION,
    Access,
    Article,
    Attribution,
    Author,
    Correction,
    Dateline,
    Extractor,
    Image,
    Provenance,
    Reject,
    Removed,
)

_BODY = "HAVENPORT (NWA) — The ferry sails.\n\nNobody knows when."
_HASH = hashlib.sha256(_BODY.encode()).hexdigest()
_NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)
_EXTRACTOR = Extractor(version="0.1.0", path="labeller", confidence=0.9)
_RUN = Removed(label="ad", text="Buy", confidence=0.5, reason="named ad", path="/html", after=1)
_SCHEMA_DIGESTS = {
    "1.0.0": "0ef6201cd92988101f014e78a08b812d22d79aa5570d7ae8266215cbfb05fb69",
    "1.1.0": "2cd7f6bd5a783baf040fae5ba8f2de636eb5e8b80ae3025b397168254ae30ef0",
}
"""SHA-256 of the schema by version, descriptions left out."""

STORY = Article(
    id="a1",
    url="https://news.example/a",
    canonical_url="https://news.example/a",
    site="news.example",
    publisher="The Example",
    headline="Ferry sails",
    standfirst="At last.",
    byline="By Ida Holm",
    authors=(Author(name="Ida Holm", role="Correspondent"),),
    date_published=dt.datetime(2026, 5, 3, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    date_modified=dt.date(2026, 5, 4),
    dateline=Dateline(place="HAVENPORT", agency="NWA", text="HAVENPORT (NWA) —"),
    body=_BODY,
    attribution=(Attribution(text="NWA", kind="wire", agencies=("NWA",)),),
    corrections=(Correction(text="It was May.", date=dt.date(2026, 5, 4)),),
    images=(Image(url="https://news.example/a.jpg", is_lead=True),),
    section="Coast",
    tags=("ferry",),
    language="en-GB",
    access=Access(declared="metered", truncated=False, evidence=("JSON-LD says so",)),
    removed=(_RUN,),
    word_count=9,
    content_hash=_HASH,
    provenance={"headline": Provenance(source="json-ld", raw="Ferry sails")},
    fetched_at=_NOON,
    run_id="r1",
    extractor=_EXTRACTOR,
)
REJECT = Reject(url="https://news.example/b", code="http_404", status=404, fetched_at=_NOON)


def _with(**changes: Any) -> Article:
    return dataclasses.replace(STORY, **changes)


def _raw(**changes: Any) -> dict[str, Any]:
    return {**json.loads(to_json_line(STORY)), **changes}


def _file(folder: Path, *lines: object, name: str = "stories.jsonl") -> Path:
    path = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def _found(path: Path) -> list[tuple[int | None, str, str]]:
    return [(each.line, each.field, each.problem) for each in check_lines(path)]


# --- writing -----------------------------------------------------------------------------------


def test_written_record_is_read_back_equal(tmp_path: Path) -> None:
    """Nothing is lost between writing and reading: offsets, plain dates and tuples included."""
    assert list(read_articles(_file(tmp_path, to_json_line(STORY)))) == [STORY]


@pytest.mark.parametrize("record", [STORY, REJECT], ids=["article", "reject"])
def test_line_has_every_field_in_order(record: Article | Reject) -> None:
    """Every key is written, in the order of the record's definition."""
    names = [field.name for field in dataclasses.fields(record)]
    assert list(json.loads(to_json_line(record))) == names


def test_lone_surrogates_are_replaced() -> None:
    """Text that UTF-8 can't hold is written all the same, a pair of halves as its character."""
    line = to_json_line(_with(headline="a\ud800b \ud83d\ude00"))
    assert json.loads(line.encode())["headline"] == "a\ufffdb \U0001f600"


def test_line_is_one_line(tmp_path: Path) -> None:
    """Line ends, NULs and Unicode's own separators inside of a text don't break the line."""
    odd = _with(headline="a\nb\r\0\u2028\u2029\x85c")
    path = _file(tmp_path, to_json_line(odd))
    assert path.read_bytes().count(b"\n") == 1
    assert next(read_articles(path)).headline == odd.headline


def test_writing_needs_no_pydantic() -> None:
    """Writing, which every page pays for, doesn't import pydantic."""
    code = "import newscrawl.contract, sys; sys.exit('pydantic' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# --- schema ------------------------------------------------------------------------------------


def _objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [schema, *schema["$defs"].values()]


def test_schema_is_valid_and_accepts_a_record() -> None:
    """The schema is a valid draft 2020-12 schema that accepts a full and an empty record."""
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for record in (STORY, Article(id="b", url=None, extractor=Extractor(version="0"))):
        validator.validate(json.loads(to_json_line(record)))


@pytest.mark.parametrize("change", [{"new": 1}, {"word_count": "9"}, {"page_type": "story"}])
def test_schema_refuses_what_the_contract_refuses(change: dict[str, Any]) -> None:
    """Unknown fields, wrong types and unknown values break the schema."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(_raw(**change), json_schema())


def test_schema_is_closed_and_requires_every_field() -> None:
    """No object takes other fields, and every field must be there."""
    for each in _objects(json_schema()):
        assert each["additionalProperties"] is False
        assert sorted(each["required"]) == sorted(each["properties"])


def test_schema_describes_every_field_in_one_line() -> None:
    """The records' docstrings are the descriptions, each on one line."""
    for each in _objects(json_schema()):
        for name, field in each["properties"].items():
            assert re.fullmatch(r"\S.*\S", field.get("description", "")), name


def test_schema_names_its_version() -> None:
    """A schema says which version of the contract it is."""
    schema = json_schema()
    assert (schema["version"], schema["$id"]) == (
        SCHEMA_VERSION,
        f"urn:newscrawl:article:{SCHEMA_VERSION}",
    )


def undescribed(schema: Any) -> Any:
    """A schema without its descriptions."""
    if isinstance(schema, dict):
        return {k: undescribed(v) for k, v in schema.items() if not _is_text(k, v)}
    return [undescribed(each) for each in schema] if isinstance(schema, list) else schema


def _is_text(key: str, value: object) -> bool:
    return key == "description" and isinstance(value, str)


def test_schema_changes_only_with_its_version() -> None:
    """A change of the contract without a new ``SCHEMA_VERSION`` is caught here."""
    text = json.dumps(undescribed(json_schema()), sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest() == _SCHEMA_DIGESTS[SCHEMA_VERSION]


# --- rules -------------------------------------------------------------------------------------

_WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("id", "empty_id", {"id": " "}),
    ("headline", "empty_headline", {"headline": ""}),
    (
        "body",
        "empty_body",
        {"body": " \n", "word_count": 0, "content_hash": hashlib.sha256(b" \n").hexdigest()},
    ),
    ("url", "url_scheme", {"url": "file:///etc/passwd"}),
    ("canonical_url", "url_scheme", {"canonical_url": "javascript:alert(1)"}),
    ("authors", "url_scheme", {"authors": (Author(name="A", url="mailto:a@news.example"),)}),
    ("images", "url_scheme", {"images": (Image(url="data:image/png;base64,AA"),)}),
    (
        "images",
        "lead_not_first",
        {
            "images": (
                Image(url="https://a.example/1"),
                Image(url="https://a.example/2", is_lead=True),
            )
        },
    ),
    ("date_published", "naive_datetime", {"date_published": dt.datetime(2026, 5, 3, 9)}),  # noqa: DTZ001
    ("date_modified", "naive_datetime", {"date_modified": dt.datetime(2026, 5, 3, 9)}),  # noqa: DTZ001
    ("fetched_at", "naive_datetime", {"fetched_at": dt.datetime(2026, 5, 3, 9)}),  # noqa: DTZ001
    ("fetched_at", "not_utc", {"fetched_at": _NOON.astimezone(dt.timezone(dt.timedelta(hours=1)))}),
    ("body", "body_without_story_type", {"page_type": "section"}),
    ("attribution", "repeated_credit", {"attribution": (Attribution(text="A", kind="wire"),) * 2}),
    ("language", "bad_language", {"language": "English (GB)"}),
    (
        "removed",
        "confidence_range",
        {"removed": (dataclasses.replace(_RUN, confidence=float("nan")),)},
    ),
    ("removed", "after_range", {"removed": (dataclasses.replace(_RUN, after=3),)}),
    ("removed", "removed_order", {"removed": (dataclasses.replace(_RUN, after=2), _RUN)}),
    ("word_count", "word_count_mismatch", {"word_count": len(_BODY) + 1}),
    ("content_hash", "hash_mismatch", {"content_hash": "0" * 64}),
    ("revision", "revision_mismatch", {"revision": 0}),
    ("revision", "revision_mismatch", {"revision": 1, "previous_hash": _HASH}),
    ("revision", "revision_mismatch", {"revision": 2, "previous_hash": _HASH}),
    ("changed", "unknown_field", {"revision": 2, "previous_hash": _HASH, "changed": ("title",)}),
    ("provenance", "unknown_field", {"provenance": {"title": Provenance(source="dom")}}),
    (
        "provenance",
        "raw_too_long",
        {"provenance": {"body": Provenance(source="dom", raw="x" * 201)}},
    ),
    ("extractor", "path_mismatch", {"extractor": dataclasses.replace(_EXTRACTOR, path="none")}),
    (
        "extractor",
        "confidence_range",
        {"extractor": dataclasses.replace(_EXTRACTOR, confidence=1.1)},
    ),
]
"""Field, code, and what breaks that rule and no other."""


def test_sound_record_has_no_problems() -> None:
    """A record that keeps the contract has no problems; nor has one without anything in it."""
    assert problems(STORY) == []
    assert problems(Article(id="b", url=None, extractor=Extractor(version="0"))) == []
    later = {"revision": 2, "previous_hash": "0" * 64, "changed": ("body",)}
    assert problems(_with(**later)) == []


@pytest.mark.parametrize(("field", "code", "changes"), _WRONG)
def test_broken_rule_is_named(field: str, code: str, changes: dict[str, Any]) -> None:
    """A record that breaks one rule has that rule's code, and no other."""
    assert list(contract.rules.broken(_with(**changes))) == [(field, code)]
    assert problems(_with(**changes)) == [code]


def test_every_rule_is_tested() -> None:
    """Each rule of the table has a record here that breaks it."""
    assert {(field, code) for field, code, _ in _RULES} <= {(f, code) for f, code, _ in _WRONG}
    assert len(_REJECT_RULES) == 3


def test_rejects_have_rules_of_their_own(tmp_path: Path) -> None:
    """A ``.rejected.jsonl`` is held against the rejects' contract."""
    odd = dataclasses.replace(REJECT, code="http_999", fetched_at=_NOON.replace(tzinfo=None))
    path = _file(tmp_path, to_json_line(REJECT), to_json_line(odd), name="r.rejected.jsonl")
    assert _found(path) == [(2, "code", "unknown_code"), (2, "fetched_at", "naive_datetime")]


# --- reading -----------------------------------------------------------------------------------


def test_check_goes_on_to_the_end(tmp_path: Path) -> None:
    """Every problem of every line is named, by line and field, whatever came before."""
    author = {"name": 3, "url": None, "role": None, "kind": "person"}
    path = _file(
        tmp_path,
        _raw(url="ftp://news.example/", word_count=-1),
        "{broken",
        "",
        [],
        _raw(tags="ferry", new=1, authors=[author], date_published="yesterday"),
        {k: v for k, v in _raw().items() if k != "site"},
        _raw(),
    )
    found = [(line, field) for line, field, _ in _found(path)]
    assert found == [
        (1, "url"),
        (1, "word_count"),
        (2, "record"),
        (4, "record"),
        (5, "authors[0].name"),
        (5, "date_published"),
        (5, "tags"),
        (5, "new"),
        (6, "site"),
    ]


@pytest.mark.parametrize("part", ["access", "extractor"])
def test_check_names_keys_that_parts_lack(tmp_path: Path, part: str) -> None:
    """A key that is missing inside of a part is a problem, too."""
    raw = _raw()
    name = next(reversed(raw[part]))
    del raw[part][name]
    assert _found(_file(tmp_path, raw)) == [(1, f"{part}.{name}", "missing")]


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_compression_is_read_as_such(tmp_path: Path, name: str) -> None:
    """A compressed file is read like a plain one, whatever its name; so are several in a row."""
    path = tmp_path / "stories.data"
    path.write_bytes(2 * packed(name, f"{to_json_line(STORY)}\n".encode()))
    assert list(read_articles(path)) == [STORY, STORY]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"new": 1}, "line 2: new: unknown field"),
        ({"word_count": "9"}, "line 2: word_count: "),
        ({"word_count": True}, "line 2: word_count: "),
        ({"schema_version": "2.0.0"}, "2.0.0, while this newscrawl reads 1.x: a newer newscrawl"),
        ({"schema_version": "one"}, "schema_version: not a version"),
    ],
)
def test_reading_is_strict(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    """Reading stops at the first line that isn't a record of this major version."""
    articles = read_articles(_file(tmp_path, _raw(), _raw(**change)))
    assert next(articles) == STORY
    with pytest.raises(RecordError, match=re.escape(message)) as caught:
        next(articles)
    assert caught.value.line == 2


def test_newer_minor_version_is_read(tmp_path: Path) -> None:
    """What a newer minor version adds is left out, at the top and inside of parts."""
    raw = _raw(schema_version="1.7.0", mood="calm")
    raw["extractor"]["seconds"] = 0.1
    path = _file(tmp_path, raw)
    assert list(read_articles(path)) == [_with(schema_version="1.7.0")]
    assert _found(path) == []


def packed(name: str, content: bytes) -> bytes:
    """Content, compressed."""
    compressor = COMPRESSIONS[name].compressor()
    return compressor.compress(content) + compressor.flush()


def _cut(name: str, line: bytes) -> bytes:
    return packed(name, line)[:-20]


def _bomb(name: str, line: bytes) -> bytes:
    blank = b" " * (1 << 20) + b"\n"
    return packed(name, line + blank * (2 * MAX_LINE_BYTES >> 20))


def _long(name: str, line: bytes) -> bytes:
    return packed(name, line + b" " * (MAX_LINE_BYTES + 1))


def _broken(name: str, line: bytes) -> bytes:
    content = packed(name, line)
    return content[:60] + bytes(20) + content[80:]


@pytest.mark.parametrize("name", COMPRESSIONS)
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_cut, "cut or broken"),
        (_broken, "cut or broken"),
        (_bomb, "compression bomb"),
        (_long, "more than"),
    ],
    ids=["cut", "broken", "bomb", "long line"],
)
def test_bad_compression_is_an_input_error(
    tmp_path: Path, spoil: Any, message: str, name: str
) -> None:
    """Compression that is cut, broken or a bomb, and endless lines, end in one clear error."""
    path = tmp_path / "stories.jsonl"
    path.write_bytes(spoil(name, f"{to_json_line(STORY)}\n".encode()))
    with pytest.raises(InputError, match=message):
        list(read_articles(path))


@pytest.mark.parametrize("name", ["missing.jsonl", "folder", "nul\0"])
def test_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """A missing file, a folder and an impossible name are ``InputError``s."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot read"):
        list(read_articles(tmp_path / name))
