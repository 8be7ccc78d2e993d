"""Images: measured by their header before anything is decoded, and copied as plain pixels, so that nothing else of them comes along."""

import io
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PIL import GifImagePlugin, Image, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from app.kit.whereabouts import kind_of

MOST_PIXELS = 120_000_000
"""What the largest cameras of phones take (108 megapixels) still passes; a bomb has hundreds."""
MOST_DECODED = 24_000_000
MOST_READ = 32 * 1024 * 1024
FORMATS: Mapping[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "image/jpeg": JpegImagePlugin.JpegImageFile,
    "image/png": PngImagePlugin.PngImageFile,
    "image/webp": WebPImagePlugin.WebPImageFile,
    "image/gif": GifImagePlugin.GifImageFile,
}
"""What is decoded here, and by what (Pillow decodes no HEIC); of any other type there is no copy: nobody knows what would be left in it.

One reader for each: asked by name, the library looks into a JPEG for further pictures that nobody needs.
"""
MOST_SCANS = 64
"""Cameras write a JPEG in one scan, programs in ten. Each takes time over the whole picture, and sixty bytes: there may be very many."""
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_THUMBNAIL, _PUBLIC = 320, 2560
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_WHITE = (255, 255, 255)
log = logging.getLogger("hearsight.evidence")
# What is too large is told by ourselves, by the header, before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Copies:
    """A small and a large JPEG of an image, which hold pixels and nothing else."""

    thumbnail: bytes
    public: bytes

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Each with its name."""
        yield "thumbnail", self.thumbnail
        yield "public", self.public


def measure(content: bytes, kind: str) -> tuple[int, int] | None:
    """Width and height that the header of an image claims; `content` may be only its beginning. None where it claims nothing."""
    if kind not in FORMATS:
        return None
    try:
        with FORMATS[kind](io.BytesIO(content)) as image:
            return image.size
    except Exception:  # noqa: BLE001 - whatever a decoder says of a hostile file, it is no image
        return None


def is_too_large(size: tuple[int, int] | None) -> bool:
    """Whether an image has more pixels than are taken."""
    return size is not None and size[0] * size[1] > MOST_PIXELS


def make_copies(content: bytes, kind: str) -> Copies | None:
    """The copies of an image that is whole; none of what does not decode, or would take too much memory."""
    if kind == "image/jpeg" and _has_many_scans(content):
        return None
    try:
        with FORMATS[kind](io.BytesIO(content)) as image:
            # A JPEG is decoded at a half, a quarter or an eighth where that is enough.
            image.draft("RGB", (_PUBLIC, _PUBLIC))
            if image.size[0] * image.size[1] > MOST_DECODED:
                return None
            plain = _pixels(image)
            return Copies(_jpeg(plain, _THUMBNAIL, 75), _jpeg(plain, _PUBLIC, 85))
    except Exception as fault:  # noqa: BLE001 - a decoder that stumbles over a hostile file must not cost its evidence
        log.warning("an image was not copied", extra={"facts": {"fault": kind_of(fault)}})
        return None


def _has_many_scans(jpeg: bytes) -> bool:
    """Whether a JPEG has more scans than any that is meant to be seen (ITU-T T.81, B.1.1: a marker, and mostly a length behind it)."""
    at, found = 2, 0
    while found <= MOST_SCANS and (marker := _MARKER.search(jpeg, at)) is not None:
        kind, at = jpeg[marker.end() - 1], marker.end()
        if kind == _END_OF_IMAGE:
            break
        found += kind == _START_OF_SCAN
        at += int.from_bytes(jpeg[at : at + 2])
    return found > MOST_SCANS


def _pixels(image: Image.Image) -> Image.Image:
    """A new picture with the pixels of the old one, upright and on white: no metadata, no colour profile, no comment."""
    seen = _upright(image)
    layered = seen.convert("RGBA") if seen.mode in ("RGBA", "LA", "P", "PA") else seen.convert("RGB")
    fresh = Image.new("RGB", layered.size, _WHITE)
    fresh.paste(layered, mask=layered if layered.mode == "RGBA" else None)
    return fresh


def _upright(image: Image.Image) -> Image.Image:
    """The picture as its camera was held, where its metadata can be read."""
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - broken metadata says nothing of how a camera was held
        return image


def _jpeg(picture: Image.Image, longest: int, quality: int) -> bytes:
    small = picture.copy()
    small.thumbnail((longest, longest))
    made = io.BytesIO()
    small.save(made, "JPEG", quality=quality)
    return made.getvalue()
