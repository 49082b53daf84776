"""PNG, written without a library of images: for textures, and for what a browser shows."""

import struct
import zlib

from sim.worlds.faces import Image


def png(image: Image, level: int = 1) -> bytes:
    """An image (rows, columns, 3) as a file. `level`: 0 fast to 9 small."""
    height, width, _ = image.shape
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, level)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
