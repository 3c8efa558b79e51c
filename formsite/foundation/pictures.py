"""Pictures are painted anew: what comes out holds the picture and nothing else that was in the file.

No place where it was taken, no name of a camera, no comment, no second file hidden behind the first. A picture that
would need much memory is refused before it is opened.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 32_000_000
MOST_PIXELS_JPEG = 128_000_000  # opened at half or a quarter of its size, which costs no more
LONGEST_SIDE = 20_000
QUALITY = 88
_OPENED = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_WRITTEN = {
    "JPEG": ("image/jpeg", "jpg", {"quality": QUALITY, "optimize": True}),
    "PNG": ("image/png", "png", {}),
    "WEBP": ("image/webp", "webp", {"quality": QUALITY}),
}
_at_once = threading.BoundedSemaphore(2)  # a large picture takes a few hundred megabytes while it is painted


class NoPicture(Exception):
    """It cannot be painted: it is broken, or it is no picture."""


class TooLarge(NoPicture):
    """It has more points than are taken."""


@dataclass(frozen=True, slots=True)
class Painted:
    """The new file."""

    content: bytes
    media_type: str
    extension: str
    width: int
    height: int


def paint(file: BinaryIO, *, longest_side: int | None = None) -> Painted:
    """The picture in `file`, upright, in a file of its own; the first frame of one that moves.

    Args:
        longest_side: a larger one is made as small as this.

    Raises:
        TooLarge: it has more points than are taken.
        NoPicture: it cannot be opened.
    """
    with _at_once:
        try:
            return _painted(file, longest_side)
        except (NoPicture, MemoryError):
            raise
        except Exception as error:  # a broken picture makes decoders fail in every way there is
            raise NoPicture(type(error).__name__) from error


def _painted(file: BinaryIO, longest_side: int | None) -> Painted:
    from PIL import Image, ImageOps

    file.seek(0)
    with Image.open(file, formats=_OPENED) as opened:
        original = "JPEG" if opened.format == "MPO" else opened.format  # several pictures, as phones make them
        _bound(opened, original)
        upright = ImageOps.exif_transpose(opened)
        image = _plain(upright)
    if longest_side and max(image.size) > longest_side:
        image.thumbnail((longest_side, longest_side))
    how = original if original in _WRITTEN else "PNG" if _has_alpha(image) or original == "GIF" else "JPEG"
    if how == "JPEG":
        image = image.convert("RGB")
    media_type, extension, options = _WRITTEN[how]
    written = io.BytesIO()
    image.save(written, how, **options)
    return Painted(written.getvalue(), media_type, extension, *image.size)


def _bound(opened: Any, original: str | None) -> None:
    """Refuse what is too large before a point of it is decoded; a JPEG can be decoded smaller than it is."""
    width, height = opened.size
    points = width * height
    most = MOST_PIXELS_JPEG if original == "JPEG" else MOST_PIXELS
    if points > most or max(width, height) > LONGEST_SIDE:
        raise TooLarge(f"{width} x {height}")
    if points > MOST_PIXELS:
        opened.draft("RGB", (width // 2, height // 2))


def _plain(image: Any) -> Image.Image:
    """A copy of the points alone; colours in the plain space, so that no profile is needed."""
    from PIL import Image

    image = _in_plain_colours(image)
    copy = Image.new(image.mode, image.size)
    copy.paste(image)
    return copy


def _in_plain_colours(image: Any) -> Any:
    profile = image.info.get("icc_profile")
    wanted = "RGBA" if _has_alpha(image) else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=wanted)
        except (ImageCms.PyCMSError, OSError, ValueError):
            made = None  # a profile that does not fit says nothing about the colours
        image = made or image
    return image if image.mode in ("RGB", "RGBA", "L") else image.convert(wanted)


def _has_alpha(image: Any) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or (image.mode == "P" and "transparency" in image.info)
