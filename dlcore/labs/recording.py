"""A lab's default run as one small file, for the published page to play before Python is there.

    python -m dlcore.labs.recording mlp five OUT_DIR   writes mlp.<sha8>.rec, ..., prints the paths

The file is gzip of: length of the JSON (uint32, little endian), the JSON (UTF-8), the arrays.
JSON = {version: 1, setup: {...}, frames: [{...}, ...]}, the messages of a session; a header of an
array has `at`, its first byte among the arrays (a multiple of 4). Arrays in the lab's `ranges`
are stored as whole numbers: v = lo + q / (2^bits - 1) * (hi - lo); the others as floats with
12 bits after the point, an error of at most 1 in 8,000.
"""

import argparse
import gzip
import hashlib
import json
import struct
from pathlib import Path

import numpy as np

from . import LABS, LabError, Session

MOST_BYTES = 150 * 1024
VERSION = 1


def record(name):
    """The recording of lab `name` as bytes: its default run, a frame after each of the numbers of
    steps in the lab's `recorded`."""
    if name not in LABS:
        raise LabError(f"no lab is called {name!r}; there are {', '.join(LABS)}")
    lab = LABS[name]
    setup, *frames = converse(name, lab.recorded)
    blob = Blob(lab.ranges)
    about = {
        "version": VERSION,
        "setup": blob.store(*setup),
        "frames": [blob.store(*frame) for frame in frames],
    }
    text = json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()
    data = struct.pack("<I", len(text)) + text + bytes(blob.data)
    return pack(data)


def pack(data):
    """gzip without a time stamp or the name of a system, so that two builds are equal."""
    packed = gzip.compress(data, 9, mtime=0)
    return packed[:9] + b"\xff" + packed[10:]


def converse(name, lengths):
    """The messages of a session that is opened, and asked for frames so many steps apart."""
    said = []
    session = Session(name, lambda content, buffers: said.append((content, buffers)))
    session.handle({"cmd": "open"})
    for steps in lengths:
        for _ in range(steps - 1):
            session.lab.step()
        session.handle({"cmd": "tick", "steps": 1})
    kinds = [content["type"] for content, _ in said]
    if kinds != ["setup"] + ["frame"] * (1 + len(lengths)):
        raise LabError(f"{name}: expected a setup and {1 + len(lengths)} frames, got {kinds}")
    return [(timeless(content), buffers) for content, buffers in said]


def timeless(content):
    """A message without the time it took, so that two recordings are equal."""
    return content | {"ms": 0} if "ms" in content else content


class Blob:
    """Arrays one after the other, each on an address that is a multiple of 4."""

    def __init__(self, ranges):
        self.ranges, self.data = ranges, bytearray()

    def store(self, content, buffers):
        """The message, with the places of its arrays instead of buffers."""
        buffers = iter(buffers)
        headers = [h if "value" in h else self.put(h, next(buffers)) for h in content["arrays"]]
        return content | {"arrays": headers}

    def put(self, header, array):
        header = header | {"at": len(self.data)}
        if header["name"] in self.ranges:
            lo, hi, levels = self.ranges[header["name"]]
            array = quantise(array, lo, hi, levels)
            header |= {"dtype": array.dtype.str[1:], "lo": lo, "hi": hi}
        else:
            array = shorten(array)
        raw = array.tobytes()
        self.data += raw + b"\0" * (-len(raw) % 4)
        return header


def quantise(array, lo, hi, levels):
    """Whole numbers of one byte (of two, for more than 256 levels) that spread over lo..hi, of
    which only `levels` are used: fewer compress better."""
    dtype = "<u1" if levels <= 256 else "<u2"
    share = np.clip((array.astype(np.float64) - lo) / (hi - lo), 0, 1)
    share = np.round(share * (levels - 1)) / (levels - 1)
    return np.round(share * np.iinfo(dtype).max).astype(dtype)


def shorten(array, bits=12):
    """float32 rounded to `bits` binary digits after the leading one: the rest compresses away."""
    drop = 23 - bits
    whole = np.ascontiguousarray(array, "<f4").view("<u4") + np.uint32(1 << (drop - 1))
    return (whole & np.uint32(0xFFFFFFFF << drop & 0xFFFFFFFF)).view("<f4")


def write(name, folder):
    """Write the recording into `folder`; the path carries a hash of the content."""
    data = record(name)
    if len(data) > MOST_BYTES:
        raise LabError(f"{name}: a recording of {len(data)} bytes, at most {MOST_BYTES} allowed")
    path = Path(folder) / f"{name}.{hashlib.sha256(data).hexdigest()[:8]}.rec"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def main():
    parser = argparse.ArgumentParser(description="Record the default runs of labs.")
    parser.add_argument("labs", nargs="+", choices=sorted(LABS), metavar="lab")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    for lab in given.labs:
        print(write(lab, given.folder), flush=True)


if __name__ == "__main__":
    main()
