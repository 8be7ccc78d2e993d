"""The files that browsers load, read once: packed for the wire, tagged by their content, and listed for the worker that keeps them."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
"""What is served at all: a file of another kind that lies in the folder is not."""
PAGE = "index.html"
WORKER = "sw.js"


@dataclass(frozen=True, slots=True)
class File:
    """One file as it goes over the wire: plain, packed, and the tag of its content."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str

    @classmethod
    def of(cls, content: bytes, media_type: str) -> "File":
        """A file of some content."""
        return cls(content, gzip.compress(content, 9, mtime=0), media_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


@cache
def served(folder: str) -> Mapping[str, File]:
    """The files of a folder by their path in it. The worker begins with the names of the others, and a version made of all of them."""
    root = HERE / folder
    found = {
        path.relative_to(root).as_posix(): File.of(path.read_bytes(), MEDIA_TYPES[path.suffix])
        for path in sorted(root.rglob("*"))
        if path.suffix in MEDIA_TYPES
    }
    worker = found.get(WORKER)
    if worker is not None:
        found[WORKER] = File.of(_preface(found).encode() + worker.content, worker.media_type)
    return found


def version(files: Mapping[str, File]) -> str:
    """A name for exactly these files, their names included."""
    told = "\n".join(f"{name} {file.tag}" for name, file in sorted(files.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _preface(files: Mapping[str, File]) -> str:
    names: Iterable[str] = (name for name in files if name not in {PAGE, WORKER})
    return f"const VERSION = {json.dumps(version(files))};\nconst FILES = {json.dumps(sorted(names))};\n"
