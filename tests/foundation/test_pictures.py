"""Pictures come out painted anew, or not at all, in bounded memory."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from formsite.foundation.pictures import NoPicture, TooLarge, paint
from tests.support.files import HOSTILE, large_png, photo_with_place, picture


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        ("JPEG", "RGB", "JPEG"),
        ("JPEG", "CMYK", "JPEG"),
        ("JPEG", "L", "JPEG"),
        ("PNG", "RGB", "PNG"),
        ("PNG", "RGBA", "PNG"),
        ("PNG", "P", "PNG"),
        ("PNG", "1", "PNG"),
        ("PNG", "I;16", "PNG"),
        ("WEBP", "RGBA", "WEBP"),
        ("GIF", "P", "PNG"),
        ("AVIF", "RGB", "JPEG"),
    ],
)
def test_each_format_is_painted(kind: str, mode: str, becomes: str) -> None:
    painted = paint(io.BytesIO(picture(kind, mode=mode)))
    again = _opened(painted.content)
    again.load()
    assert again.format == becomes
    assert (painted.width, painted.height) == again.size == (60, 40)
    assert painted.media_type == Image.MIME[becomes]


def test_what_a_photo_tells_besides_is_gone_and_it_stands_upright() -> None:
    photo = photo_with_place()
    assert b"CanaryCam" in photo and b"canary comment" in photo
    painted = paint(io.BytesIO(photo))
    again = _opened(painted.content)
    assert again.size == (40, 60)
    assert not again.getexif()
    assert b"Canary" not in painted.content and b"canary" not in painted.content


@pytest.mark.parametrize("behind", [b"PK\x03\x04rest of an archive", b"<script>alert(1)</script>", b"%PDF-1.7"])
def test_what_hides_behind_a_picture_is_gone(behind: bytes) -> None:
    for kind in ("JPEG", "PNG", "GIF", "WEBP"):
        assert behind not in paint(io.BytesIO(picture(kind) + behind)).content


def test_transparency_and_colours_stay() -> None:
    clear = Image.new("RGBA", (4, 4), (200, 10, 10, 0))
    file = io.BytesIO()
    clear.save(file, "PNG")
    assert _opened(paint(file).content).getpixel((0, 0)) == (200, 10, 10, 0)


@pytest.mark.parametrize("size", [(60_000, 64), (20_000, 19_968), (6_016, 6_016)])
def test_a_bomb_is_refused_before_it_bursts(size: tuple[int, int]) -> None:
    bomb = large_png(*size)
    assert len(bomb) < 1_000_000
    begun = time.monotonic()
    with pytest.raises(NoPicture):
        paint(io.BytesIO(bomb))
    assert time.monotonic() - begun < 1


def test_a_large_photo_is_opened_smaller() -> None:
    photo = picture("JPEG", size=(8_000, 6_000), mode="L", quality=20)
    painted = paint(io.BytesIO(photo))
    assert (painted.width, painted.height) == (4_000, 3_000)


def test_a_bound_of_the_side_is_kept() -> None:
    painted = paint(io.BytesIO(picture("JPEG", size=(600, 300))), longest_side=200)
    assert (painted.width, painted.height) == (200, 100)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture(name: str) -> None:
    with pytest.raises(NoPicture):
        paint(io.BytesIO(HOSTILE[name]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_broken_picture_is_said_to_be_broken(kind: str) -> None:
    whole = picture(kind, size=(300, 300))
    for at in (4, 20, len(whole) // 2):
        with pytest.raises(NoPicture):
            paint(io.BytesIO(whole[:at]))


def test_too_large_is_told_from_broken() -> None:
    with pytest.raises(TooLarge):
        paint(io.BytesIO(large_png(6_016, 6_016)))
