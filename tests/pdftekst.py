"""What a PDF of ours says, for tests: the strings of its pages, which reportlab packs as ASCII85 and deflate."""

from __future__ import annotations

import base64
import re
import zlib


def text_of(data: bytes) -> str:
    """All text that is printed, a line for each piece."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        content = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        for text in re.findall(rb"\((.*?)(?<!\\)\) Tj", content, re.DOTALL):
            plain = re.sub(rb"\\(\d{3})", lambda octal: bytes([int(octal.group(1), 8)]), text)
            found.append(re.sub(rb"\\(.)", rb"\1", plain).decode("cp1252"))
    return "\n".join(found)
