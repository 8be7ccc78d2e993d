"""QR codes: the only file that knows segno."""

import io

import segno


def svg(text: str) -> str:
    """A QR code as an SVG document of its own, black on white with the quiet zone that readers need; it grows to the size it is given."""
    drawn = io.BytesIO()
    _made(text).save(drawn, kind="svg", xmldecl=False, svgclass=None, lineclass=None, light="#fff", omitsize=True)
    return drawn.getvalue().decode().strip()


def terminal(text: str) -> str:
    """A QR code in the characters of a terminal."""
    drawn = io.StringIO()
    _made(text).terminal(drawn, compact=True)
    return drawn.getvalue()


def _made(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
