"""A folder of labelled pages.

``labels.jsonl`` has a line a page, ``{"id", "page", "url", "body", "with", "without"}``: ``page``
is the saved page's path below the folder (``.gz`` too), ``body`` the story's text, ``with`` and
``without`` lists of passages that the story holds and doesn't hold. ``blocks.jsonl`` has a line for
each page whose every block has a label: ``{"id", "blocks": [[label, text], …]}``. Labels that go
without the pages' texts have ``"digests": [[label, digest], …]`` in place of ``blocks``, with each
text's ``evidence.digest``. Only ``id`` and ``page`` must be there; other keys are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, NamedTuple, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from newscrawl.contract import read_lines
from newscrawl.errors import InputError, UsageError
from newscrawl.extraction.blocks import Outline, read_blocks
from newscrawl.extraction.decode import as_utf8
from newscrawl.extraction.document import Document, parse, read_document
from newscrawl.extraction.facts.fact import value_of
from newscrawl.extraction.facts.headline import find_headline
from newscrawl.extraction.hints import Hints, read_hints
from newscrawl.extraction.labelling.labeller import label_blocks
from newscrawl.extraction.labelling.model import LABELS, Model
from newscrawl.records import Block, LabelName
from newscrawl.urls import site_of

_ADVISED = "advised"
"""The type of the errors that say what to do themselves; those of pydantic don't."""


def _web_address(url: str | None) -> str | None:
    if url is not None and not url.lower().startswith(("http://", "https://")):
        raise PydanticCustomError(
            _ADVISED, "this is no web address: write https://… in front, or null"
        )
    return url


class _Named(BaseModel):
    form: ClassVar[str]
    """What to write instead of a line that is wrong."""
    id: str


class _Row(_Named):
    form = '{"id": …, "page": …, "url": …, "body": …, "with": […], "without": […]}'
    page: str
    url: Annotated[str | None, AfterValidator(_web_address)] = None
    body: str | None = None
    holds: list[str] = Field(default=[], alias="with")
    lacks: list[str] = Field(default=[], alias="without")


def _known(label: object) -> object:
    if label not in LABELS:
        raise PydanticCustomError(_ADVISED, f"{label!r} is no label: choose one of {_LISTED}")
    return label


_LISTED = ", ".join(LABELS)


_Label = Annotated[LabelName, BeforeValidator(_known)]


class _Blocks(_Named):
    form = '{"id": …, "blocks": [["nav", "Menu"], …]}'
    blocks: list[tuple[_Label, str]] = []
    digests: list[tuple[_Label, str]] = []

    @model_validator(mode="after")
    def _telling(self) -> Self:
        if not self.blocks and not self.digests:
            raise PydanticCustomError(
                _ADVISED, "no block has a label here: write {form}", {"form": self.form}
            )
        return self


_Kind = TypeVar("_Kind", bound=_Named)


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A saved page and what is known of its blocks: any of the three kinds of evidence."""

    id: str
    path: Path
    url: str | None
    body: str | None = None
    """The story's text."""
    holds: tuple[str, ...] = ()
    """Passages of the story."""
    lacks: tuple[str, ...] = ()
    """Passages that don't belong to it."""
    blocks: tuple[tuple[LabelName, str], ...] = field(default=(), repr=False)
    """Label and text of every block, in page order."""
    digests: tuple[tuple[LabelName, str], ...] = field(default=(), repr=False)
    """Label and digest of every block's text, in page order, where the texts aren't given."""

    @property
    def site(self) -> str:
        """The registrable domain; a page without an address is a site of its own."""
        return (site_of(self.url) if self.url else None) or self.id

    @property
    def is_evidence(self) -> bool:
        """Whether anything is known of its blocks."""
        return bool(self.body or self.holds or self.lacks or self.blocks or self.digests)


def corpus_files(folder: Path) -> tuple[Path, Path]:
    """The files of a folder of labelled pages that hold the labels."""
    return folder / "labels.jsonl", folder / "blocks.jsonl"


class SavedPage(NamedTuple):
    """A saved page as training reads it."""

    document: Document
    blocks: Sequence[Block]
    outline: Outline
    hints: Hints


def read_saved_page(html: bytes, url: str | None) -> SavedPage:
    """A saved page's blocks, and what says of them what they are for."""
    document = read_document(parse(as_utf8(html, None)), url)
    hints = read_hints(document, value_of(find_headline(document)))
    return SavedPage(document, *read_blocks(document.root), hints)


def blocks_line(id_: str, html: bytes, url: str | None, model: Model) -> str:
    """The line of ``blocks.jsonl`` that gives a saved page's blocks the labels that a model does.

    Its blocks are those that training reads. A page without a text is a ``UsageError``.
    """
    _, blocks, outline, hints = read_saved_page(html, url)
    if not blocks:
        raise UsageError("there is no text on this page: nothing in it can have a label")
    names = (label.name for label in label_blocks(blocks, outline, hints, model))
    texts = (block.text for block in blocks)
    row = _Blocks(id=id_, blocks=list(zip(names, texts, strict=True)))
    return row.model_dump_json(exclude={"digests"})


def read_corpus(folder: Path, more_blocks: Path | None = None) -> list[LabelledPage]:
    """The labelled pages of a folder, in the file's order.

    ``more_blocks`` is a further file like the folder's own ``blocks.jsonl``, for others of its
    pages. A file that is missing or a line that is wrong raises ``InputError``.
    """
    labels, own_blocks = corpus_files(folder)
    blocks = _labelled_blocks(own_blocks, more_blocks)
    nothing = _Blocks.model_construct(id="")
    pages = [
        LabelledPage(
            id=row.id,
            path=folder / row.page,
            url=row.url,
            body=row.body,
            holds=tuple(row.holds),
            lacks=tuple(row.lacks),
            blocks=tuple(own.blocks),
            digests=tuple(own.digests),
        )
        for row in _rows(labels, _Row)
        for own in [blocks.pop(row.id, nothing)]
    ]
    for page in pages:
        if not page.path.is_file():  # said before the minutes that training takes
            raise InputError(
                page.path,
                f"{page.id!r} in {labels} names it, and there is no such file: check the path",
            )
    if not any(page.is_evidence for page in pages):
        raise InputError(labels, "no page in it has a body, passages or labelled blocks: add some")
    if blocks:
        raise InputError(labels, f"{next(iter(blocks))!r} has labelled blocks and no line: add it")
    return pages


def _labelled_blocks(own: Path, more: Path | None) -> dict[str, _Blocks]:
    """The labelled blocks of the folder and of a further file, by the pages' ids."""
    blocks = {row.id: row for row in _rows(own, _Blocks)} if own.exists() else {}
    for row in _rows(more, _Blocks) if more else ():
        if row.id in blocks:
            raise InputError(more or own, f"{row.id!r} is in {own}, too: label each page once")
        blocks[row.id] = row
    return blocks


def _rows(path: Path, kind: type[_Kind]) -> Iterator[_Kind]:
    adapter = TypeAdapter(kind)
    lines: dict[str, int] = {}
    for number, line in read_lines(path):
        try:
            row = adapter.validate_json(line)
        except ValidationError as error:
            problem = _first(error.errors()[0], kind.form)
            raise InputError(path, f"line {number}: {problem}") from error
        if lines.setdefault(row.id, number) != number:
            raise InputError(
                path, f"line {number}: {row.id!r} is line {lines[row.id]}, too: name each page once"
            )
        yield row


def _first(problem: ErrorDetails, form: str) -> str:
    place = ".".join(map(str, problem["loc"]))
    said = f"{place}: {problem['msg']}" if place else problem["msg"]
    return said if problem["type"] == _ADVISED else f"{said}: write {form}, a line each, in UTF-8"
