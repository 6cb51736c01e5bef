"""``newscrawl train``: labelled pages to a model."""

from __future__ import annotations

import time
from importlib.util import find_spec
from pathlib import Path

import click

from newscrawl.cli.messages import counted, say
from newscrawl.cli.options import options
from newscrawl.cli.output import open_output, output_file
from newscrawl.cli.progress import progress
from newscrawl.errors import UsageError
from newscrawl.extraction.labelling.model import model_bytes
from newscrawl.training.corpus import corpus_files, read_corpus
from newscrawl.training.evidence import astray_line

_PACKAGES = ("jax", "optax")


@click.command("train")
@options("pages", "blocks", "seed", "output", output="model.npz")
def command(
    *,
    pages: str,
    blocks: str | None,
    seed: int,
    output: str,
    quiet: bool,
    debug: bool,  # noqa: ARG001 - main's
) -> None:
    """Fit the labeller on the labelled pages of DIR; --model takes the result.

    labels.jsonl in DIR has a line a page: {"id", "page", "url", "body", "with", "without"}, where
    "page" is the saved page, "body" its story's text, "with" and "without" lists of passages that
    the story holds and doesn't hold. blocks.jsonl has {"id", "blocks": [[label, text], ...]} for
    pages whose every block has a label. Any one of the three is enough for a page.

    \b
    Example:
      newscrawl train --pages labelled -o model.npz
    """
    require_packages()
    from newscrawl.training.fitting import read_training_pages, train  # noqa: PLC0415 - with JAX
    from newscrawl.training.network import Settings  # noqa: PLC0415 - the same

    start = time.monotonic()
    path = output_file(output, *corpus_files(Path(pages)), blocks)
    # Opened first: that it can't be written is said before the minutes that training takes.
    with open_output(path, packed=True) as write:
        corpus = read_corpus(Path(pages), Path(blocks) if blocks else None)
        with progress(wanted=not quiet) as show:
            read = read_training_pages(corpus)
            astray = astray_line((id_, page.read.evidence.astray) for id_, page in read.items())
            if astray:
                say(f"train: {astray}")
            model = train(list(read.values()), Settings(), seed, show)
        content = model_bytes(model)
        write(content)
    if path is not None and not quiet:
        about = model.about
        say(
            f"train: {about['pages']} of {counted(len(corpus), 'page')}, "
            f"{counted(about['sites'], 'site')}, "
            f"{about['labelled_blocks']:,} labelled blocks, {len(content):,} bytes, "
            f"{time.monotonic() - start:.0f} seconds -> {path}"
        )


def require_packages() -> None:
    """Raise ``UsageError`` where what training needs isn't installed."""
    if not all(map(find_spec, _PACKAGES)):
        raise UsageError("training needs more packages: pip install 'newscrawl[train]'")
