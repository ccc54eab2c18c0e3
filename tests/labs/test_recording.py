"""The recorded default run: small, complete, and equal to the live one up to rounding."""

import gzip
import hashlib
import json
import struct
import subprocess
import sys

import numpy as np
import pytest

from dlcore.labs import LABS, LabError, Mlp, recording

KINDS = {"f4": "<f4", "u1": "u1", "u2": "<u2"}
MOST = {"gates": 100 * 1024, "gradient-flow": 135_000}  # those of other labs may have 150 KB


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """{lab: file} of all recordings, as another process has made them."""
    folder = tmp_path_factory.mktemp("recordings") / "out"
    command = [sys.executable, "-m", "dlcore.labs.recording", *LABS, str(folder)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert sorted(printed) == sorted(map(str, folder.iterdir()))
    return {path.name.split(".")[0]: path for path in folder.iterdir()}


@pytest.fixture(scope="module", params=LABS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def data(name, files):
    return files[name].read_bytes()


@pytest.fixture(scope="module")
def played(data):
    """(messages, arrays by name, as they are stored and as a player reads them)"""
    raw = gzip.decompress(data)
    (length,) = struct.unpack("<I", raw[:4])
    about = json.loads(raw[4 : 4 + length])
    blob = raw[4 + length :]
    messages = [about["setup"], *about["frames"]]
    assert about["version"] == 1
    return [(m, {h["name"]: decode(h, blob) for h in m["arrays"]}) for m in messages]


def decode(header, blob):
    """(what is stored, what it stands for)"""
    if "value" in header:
        return header["value"], header["value"]
    kind = np.dtype(KINDS[header["dtype"]])
    assert header["at"] % 4 == 0
    array = np.frombuffer(blob, kind, int(np.prod(header["shape"])), header["at"])
    array = array.reshape(header["shape"])
    if kind.kind == "f":
        return array, array
    lo, hi = header["lo"], header["hi"]
    return array, lo + array / np.iinfo(kind).max * (hi - lo)


def test_it_is_small_enough_to_fetch_when_near(name, data):
    assert len(data) <= MOST.get(name, 150 * 1024)


def test_it_holds_the_setup_and_a_frame_for_each_look(name, played):
    setup, *frames = [message for message, _ in played]
    assert setup["type"] == "setup"
    assert [f["step"] for f in frames] == [0, *np.cumsum(LABS[name].recorded)]
    assert all(f["state"] == "live" and f["text"] and f["ms"] == 0 for f in frames)


def test_it_is_the_run_that_is_live_here_within_the_quantisation(name, played):
    lab = LABS[name]()
    (setup, arrays), *frames = played
    assert setup["lab"]["panels"] == json.loads(json.dumps(lab.panels()))
    compare(lab, arrays, lab.static())
    for message, arrays in frames:
        lab.run(message["step"] - lab.t)
        compare(lab, arrays, lab.frame())
        assert (message["text"], message["doctor"]) == (lab.text(), lab.doctor())


def compare(lab, arrays, live):
    """What is stored is exactly what this run would store; what is seen of it, nearly this run."""
    assert list(arrays) == list(live)
    for name, a in live.items():
        stored, seen = arrays[name]
        if isinstance(a, str | list):
            assert stored == a
        elif name in lab.ranges:
            lo, hi, levels = lab.ranges[name]
            np.testing.assert_array_equal(stored, recording.quantise(a, lo, hi, levels))
            bound = (hi - lo) * (0.5 / (levels - 1) + 0.5 / 255)
            np.testing.assert_allclose(seen, a, atol=bound, rtol=0)
        else:
            np.testing.assert_array_equal(stored, recording.shorten(a))
            np.testing.assert_allclose(seen, a, rtol=1 / 8000)


def test_two_recordings_are_equal(files):
    data = files["neuron"].read_bytes()
    assert recording.record("neuron") == data
    assert data[4:10] == b"\0\0\0\0\2\xff"  # no time, no system: the same in every Python


def test_the_file_is_named_after_its_content(name, files, data):
    assert files[name].name == f"{name}.{hashlib.sha256(data).hexdigest()[:8]}.rec"


def test_one_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "MOST_BYTES", 1000)
    with pytest.raises(LabError, match=r"^mlp: a recording of \d+ bytes, at most 1000 allowed$"):
        recording.write("mlp", tmp_path)
    with pytest.raises(LabError, match=f"^no lab is called 'x'; there are {', '.join(LABS)}$"):
        recording.record("x")


def test_an_interrupted_run_is_refused(monkeypatch):
    monkeypatch.setattr(Mlp, "measure", lambda self: 1 / 0)
    with pytest.raises(LabError, match=r"^mlp: expected a setup and 2 frames, got \['failed'"):
        recording.converse("mlp", (1,))


@pytest.mark.parametrize("levels", [2, 28, 64, 256, 65536])
def test_quantised_values_are_within_half_a_level(levels):
    values = np.linspace(-1.2, 1.2, 1001).astype(np.float32)
    q = recording.quantise(values, -1.2, 1.2, levels)
    most = np.iinfo(q.dtype).max
    error = np.abs(-1.2 + q / most * 2.4 - values).max()
    assert error <= 2.4 * (0.5 / (levels - 1) + 0.5 / most) + 1e-6
    assert len(np.unique(q)) <= levels


def test_shortened_floats_are_within_1_in_8000():
    values = np.float32([0, 1, -1, 3.14159, 1e-30, -2.7e5])
    np.testing.assert_allclose(recording.shorten(values), values, rtol=1 / 8000)
