from __future__ import annotations

import pytest

from newscrawl import extract
from newscrawl.extraction.blocks import read_blocks
from newscrawl.extraction.document import Document, parse
from newscrawl.extraction.facts.credit_lines import split_caption, split_caption_text
from newscrawl.extraction.facts.fact import value_of
from newscrawl.extraction.facts.images import find_images
from newscrawl.records import Image, Label, LabelName
from tests.documents import ld, read


def images_of(document: Document, *names: LabelName) -> tuple[Image, ...] | None:
    """The images of a page whose blocks have these labels."""
    blocks, _ = read_blocks(document.root)
    labels = [Label(name, 1, "") for name in names]
    return value_of(find_images(document, list(zip(blocks, labels, strict=True))).fact)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ships at dusk. Photo: Jane Roe", ("Ships at dusk.", "Jane Roe")),
        ("Schiffe am Abend. Foto: Jane Roe/dpa", ("Schiffe am Abend.", "Jane Roe/dpa")),
        ("Ships at dusk. © Jane Roe", ("Ships at dusk.", "Jane Roe")),
        ("Ships at dusk. (Jane Roe/AFP)", ("Ships at dusk.", "Jane Roe/AFP")),
        ("Ships at dusk (Reuters)", ("Ships at dusk", "Reuters")),
        ("Jane Roe / Tern News Agency", (None, "Jane Roe / Tern News Agency")),
        ("Photo by Jane Roe", (None, "Jane Roe")),
        ("Ships at dusk (left)", ("Ships at dusk (left)", None)),
        ("Ships at dusk.", ("Ships at dusk.", None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_caption_text(text: str | None, expected: tuple[str | None, str | None]) -> None:
    """A credit is parted from its caption by how it is printed."""
    assert split_caption_text(text) == expected


@pytest.mark.parametrize(
    "markup",
    [
        '<span class="caption">Ships.</span> <span class="credits">Jane Roe</span>',
        '<span>Ships.</span><small itemprop="copyrightHolder">Jane Roe</small>',
        '<span class="a1">Ships.</span> <span class="b2">Jane Roe / Tern Agency</span>',
        '<span class="a1">Ships.</span> <span class="b2">Jane Roe</span>',
        '<p>Ships. <em class="x">© Jane Roe</em></p>',
    ],
)
def test_caption_markup(markup: str) -> None:
    """A credit in an element of its own is parted, whether its class says so or not."""
    root = parse(f"<figcaption>{markup}</figcaption>")
    caption, credit = split_caption(next(root.iter("figcaption")))
    assert caption == "Ships."
    assert credit is not None
    assert credit.startswith("Jane Roe")


def test_lead_image_and_figure_are_one() -> None:
    """The declared image and its figure, in another size, are one image with caption and credit."""
    document = read(
        '<meta property="og:image" content="/i/ships-1200x800.jpg">',
        '<figure><img src="/i/ships-300x200.jpg">'
        "<figcaption>Ships. Photo: Jane Roe</figcaption></figure>"
        '<figure><img src="/i/crane.jpg"></figure>',
    )
    found = images_of(document, "caption")
    assert found is not None
    assert [(i.is_lead, i.caption, i.credit) for i in found] == [
        (True, "Ships.", "Jane Roe"),
        (False, None, None),
    ]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ('<img src="a.jpg" srcset="b.jpg 300w, c.jpg 1200w">', "c.jpg"),
        ('<img data-src="a.jpg" src="data:image/gif;base64,R0">', "a.jpg"),
        ('<img srcset=", ,,  w 2x nonsense 99999999999999w" src="a.jpg">', "a.jpg"),
        ('<img srcset="b.jpg 1x,c.jpg 2x">', "c.jpg"),
        ('<img srcset="b.jpg, 300w.jpg 1.5x">', "300w.jpg"),
        ('<img srcset="b,1.jpg 1x, c,2.jpg">', "b,1.jpg"),
        ('<img src="a.jpg" srcset="">', "a.jpg"),
        ('<img src="logo.png">', None),
        ('<img src="a.jpg" width="1" height="1">', None),
        ('<img src="data:image/gif;base64,R0">', None),
        ('<img src="javascript:alert(1)">', None),
        ("<img>", None),
        ('<img class="author-photo" src="a.jpg">', None),
        ('<img class="avatar" src="a.jpg">', None),
    ],
)
def test_addresses(image: str, expected: str | None) -> None:
    """The best address wins; logos, pixels and data URLs are no images, nonsense no exception."""
    found = images_of(read("", f"<figure>{image}</figure>"))
    assert (found[0].url.rsplit("/", 1)[-1] if found else None) == expected


def test_formats_of_one_picture_are_one() -> None:
    """The declared image and another size of it in another format are one image."""
    document = read(
        '<meta property="og:image" content="/i/ships-1200x630.jpg">',
        '<figure><picture><source srcset="/i/ships-640.webp 640w, /i/ships-1600.webp 1600w">'
        '<img src="/i/ships-320.jpg"></picture></figure>',
    )
    found = images_of(document)
    assert found is not None
    assert [i.url.rsplit("/", 1)[-1] for i in found] == ["ships-1600.webp"]


def test_numbers_behind_a_dot_are_no_format() -> None:
    """Pictures that only their numbers tell apart are two."""
    figures = "".join(f'<figure><img src="/image/1.{n}"></figure>' for n in (7654321, 7654322))
    assert len(images_of(read("", figures)) or ()) == 2


@pytest.mark.parametrize(
    ("path", "images"),
    [
        ("/silicon/ferry.jpg", 1),
        ("/lexicon/ferry.jpg", 1),
        ("/icons/ferry.jpg", 0),
        ("/my-buttons/ferry.jpg", 0),
        ("/ferry.gif", 0),
        (f"/{'1' * 1_900}/ferry.jpg", 1),
    ],
    ids=["silicon", "lexicon", "icons", "buttons", "gif", "1,900 digits"],
)
def test_decoration_beside_the_text(path: str, images: int) -> None:
    """Only pictures from a folder of icons are none of the story's."""
    document = read("", f'<main><div><p>Ferry.</p><img src="{path}"><p>Stops.</p></div></main>')
    assert len(images_of(document, "body", "body") or ()) == images


def test_pictures_without_a_figure() -> None:
    """Where the story has no figure its pictures count, with the caption behind them; what stands
    outside of the story doesn't."""
    prose = f"<p>{'The ferry stopped because the river has fallen too low for its hull. ' * 8}</p>"
    page = (
        '<html lang="en"><body><img src="/top.jpg"><main><h1>Ferry stops</h1><article>'
        f'{prose}<div><img src="/ferry.jpg" width="800"></div>'
        f'<p class="caption">The ferry on Monday. Photo: Jane Roe</p>{prose * 3}'
        '</article></main><footer><img src="/foot.jpg"></footer></body></html>'
    )
    (image,) = extract(page, url="https://www.tern.example/a").images
    assert (image.url, image.caption, image.credit, image.is_lead) == (
        "https://www.tern.example/ferry.jpg",
        "The ferry on Monday.",
        "Jane Roe",
        True,
    )


def test_figures_beside_the_story_are_left_out() -> None:
    """Teasers and asides have no image of the story."""
    assert images_of(read("", '<aside><figure><img src="a.jpg"></figure></aside>')) is None


def test_broken_image_in_json_ld() -> None:
    """Images in JSON-LD of any shape are read or left out, never an exception."""
    images: tuple[object, ...] = (None, 5, "", [], [[]], {"url": 7}, "http://[")
    for image in images:
        assert images_of(read(ld({"@type": "NewsArticle", "image": image}))) is None


def test_caption_is_what_is_labelled_so() -> None:
    """Text under a picture that is labelled as something else is no caption, and not its credit."""
    figure = '<figure><img src="a.jpg"><figcaption><p>Ships.<p>Share this</figcaption></figure>'
    expected: dict[LabelName, str | None] = {"caption": "Ships.", "body": None}
    for first, caption in expected.items():
        found = images_of(read("", figure), first, "share")
        assert found is not None
        assert (found[0].caption, found[0].credit) == (caption, None)
