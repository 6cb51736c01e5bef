"""What a labelled page says of each of its blocks."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from newscrawl.extraction.labelling.characters import Floats
from newscrawl.extraction.labelling.model import LABELS
from newscrawl.records import Block, LabelName
from newscrawl.training.corpus import LabelledPage

UNKNOWN = -1
_BODY = LABELS.index("body")
_LONG = 20
"""Characters from which a block is recognised anywhere in a text, not only as a line of it."""
_SURE_BYTES = 150
"""Size from which a block's being in the text, or not, is worth as much as a label."""
_LEAST_WORTH = 0.05
_SHORT_WORTH = 0.3
_PARTLY = (0.1, 0.7)
"""Shares of a block's shingles in the text between which it is neither in it nor out of it."""
_PARTLY_WORTH = 0.1
_SHINGLE = 4
_COMPARED_BYTES = 60
_TOKEN = re.compile(r"\w+")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
    }
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of a page of B blocks."""

    labels: NDArray[np.int32]
    """[B]: index into ``LABELS``; -1 where the block has no label of its own."""
    story: Floats
    """[B]: 1 for story, 0 for not, between for partly; -1 where nothing is known."""
    worth: Floats
    """[B]: how much ``story`` counts, from 0 to 1."""
    astray: tuple[str, ...] = ()
    """Labelled texts, or digests of them, that no block has: they teach nothing."""

    def is_story(self) -> NDArray[np.bool_]:
        """[B]: whether a block is labelled as the story's, or stands in its text."""
        found: NDArray[np.bool_] = np.where(
            self.labels == UNKNOWN, self.story > _PARTLY[1], self.labels == _BODY
        )
        return found


def evidence(page: LabelledPage, blocks: Sequence[Block]) -> Evidence:
    """What a labelled page says of its blocks: labels, and membership of the story."""
    keys = [text_key(block.text) for block in blocks]
    labels = _labels(page, keys)
    if page.body:
        story, worth = _in_text(page.body, blocks, keys)
    else:
        story, worth = _around_passages(page, blocks)
    astray = [page.body] if page.body and not story.any() else []
    return Evidence(labels, story, worth, (*astray, *_astray(page, blocks, keys)))


def _astray(page: LabelledPage, blocks: Sequence[Block], keys: Sequence[str]) -> Iterator[str]:
    there = frozenset(keys)
    for _, text in page.blocks:
        if (key := text_key(text)) not in there and not any(_sharing(key, there)):
            yield text
    digests = set(map(digest, keys)) if page.digests else set()
    yield from (found for _, found in page.digests if found not in digests)
    if passages := (*page.holds, *page.lacks):
        texts = [passage_key(block.text) for block in blocks]
        keyed = zip(passages, map(passage_key, passages), strict=True)
        yield from (passage for passage, key in keyed if not any(key in text for text in texts))


def _labels(page: LabelledPage, keys: Sequence[str]) -> NDArray[np.int32]:
    if page.digests:
        return _matched(page.digests, [digest(key) for key in keys])
    return _matched([(name, text_key(text)) for name, text in page.blocks], keys)


def digest(key: str) -> str:
    """Four hexadecimal digits for a block's text, by which a page's blocks are found again in their
    order."""
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=2).hexdigest()


def astray_line(pages: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """What is to be said of the texts that are ``astray``, by the pages' ids."""
    found = [(id_, texts) for id_, texts in pages if texts]
    if not found:
        return None
    id_, texts = found[0]
    return (
        f"labelled texts that aren't on their pages: {sum(len(texts) for _, texts in found)}, the "
        f"first of {id_}: {texts[0][:_QUOTED]!r}: newscrawl inspect shows the blocks that there are"
    )


_QUOTED = 60


def _matched(labelled: Sequence[tuple[LabelName, str]], keys: Sequence[str]) -> NDArray[np.int32]:
    """Labels of the blocks that the labelled ones match: in order, by text alone, in part."""
    found = np.full(len(keys), UNKNOWN, np.int32)
    names = [name for name, _ in labelled]
    texts = [text for _, text in labelled]
    for match in SequenceMatcher(None, keys, texts, autojunk=False).get_matching_blocks():
        for step in range(match.size):
            found[match.a + step] = LABELS.index(names[match.b + step])
    by_text: dict[str, set[LabelName]] = defaultdict(set)
    for name, text in zip(names, texts, strict=True):
        by_text[text].add(name)
    for index in np.flatnonzero(found == UNKNOWN).tolist():
        near = (by_text[text] for text in _sharing(keys[index], by_text))
        known = by_text.get(keys[index]) or set().union(*near)
        if len(known) == 1:
            found[index] = LABELS.index(next(iter(known)))
    return found


def _sharing(key: str, texts: Iterable[str]) -> Iterator[str]:
    """The texts that hold a text, or are held by it."""
    if len(key) >= _LONG:
        yield from (t for t in texts if len(t) >= _LONG and (key in t or t in key))


def _in_text(text: str, blocks: Sequence[Block], keys: Sequence[str]) -> tuple[Floats, Floats]:
    whole, lines = text_key(text), {text_key(line) for line in text.split("\n")}
    whole_shingles = shingles(text)
    story = np.zeros(len(blocks), np.float32)
    worth = np.zeros(len(blocks), np.float32)
    for index, (block, key) in enumerate(zip(blocks, keys, strict=True)):
        size = len(block.text.encode("utf-8", "replace"))
        worth[index] = min(1.0, size / _SURE_BYTES) + _LEAST_WORTH
        if key in whole if len(key) >= _LONG else key in lines:
            story[index] = 1
            worth[index] *= 1 if len(key) >= _LONG else _SHORT_WORTH
        elif size > _COMPARED_BYTES:
            own = shingles(block.text)
            share = (own & whole_shingles).total() / max(1, own.total())
            story[index] = share > _PARTLY[1]
            if _PARTLY[0] < share <= _PARTLY[1]:
                story[index], worth[index] = share, _PARTLY_WORTH
    return story, worth


def _around_passages(page: LabelledPage, blocks: Sequence[Block]) -> tuple[Floats, Floats]:
    story = np.full(len(blocks), UNKNOWN, np.float32)
    holds, lacks = ([passage_key(text) for text in texts] for texts in (page.holds, page.lacks))
    for index, block in enumerate(blocks):
        text = passage_key(block.text)
        inside, outside = (any(p in text for p in passages) for passages in (holds, lacks))
        if inside != outside:
            story[index] = inside
    return story, (story != UNKNOWN).astype(np.float32)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words of a text, counted."""
    words = _TOKEN.findall(_visible(text))
    starts = range(max(1, len(words) - _SHINGLE + 1))
    return Counter(gram for start in starts if (gram := tuple(words[start : start + _SHINGLE])))


def _visible(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def passage_key(text: str) -> str:
    """A text in which a passage is looked for, whatever its white space, quotes and dashes."""
    return " ".join(_visible(text).translate(_SIGNS).split())


def text_key(text: str) -> str:
    """What two renderings of one block have in common."""
    return "".join(unicodedata.normalize("NFKC", _visible(text)).translate(_SIGNS).split())
