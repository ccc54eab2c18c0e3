"""Data sets of speech: a sentence as it was recorded, and spoken digits as coefficients."""

import wave
from typing import NamedTuple

import numpy as np

from .files import open_data
from .series import pad

MFCCS = 13  # coefficients of a frame
PARTS = ("train", "test")


class Sound(NamedTuple):
    """A recording: x (samples,) float32 from -1 to 1, of which `rate` make a second."""

    x: np.ndarray
    rate: int


class Utterances(NamedTuple):
    """Words side by side: x (T, N, 13) float32, where the mask (T, N) is False filled up with
    zeros; y (N,) int64, the digit. `mask.sum(0)` are the lengths."""

    x: np.ndarray
    mask: np.ndarray
    y: np.ndarray


def speech_sample():
    """Three seconds of a reader's voice, 16,000 samples a second: "he was not an ill disposed young
    man", from Jane Austen's *Sense and Sensibility*.
    """
    with wave.open(open_data("speech_sample.wav")) as f:
        samples, rate = f.readframes(f.getnframes()), f.getframerate()
    return Sound(np.frombuffer(samples, "<i2").astype(np.float32) / 2**15, rate)


def spoken_digits(part="train"):
    """Spoken digits as `Utterances`: 2,400 to learn from ("train"), 600 to judge on ("test").

    Each frame is 13 mel-frequency cepstral coefficients, with mean 0 and standard deviation 1 over
    all frames of the training part; a word has 6 to 92 frames. The same six speakers are in both
    parts. The recordings are under CC BY-SA 4.0, and so is what is made from them.
    """
    if part not in PARTS:
        raise ValueError(f"spoken_digits: expected part 'train' or 'test', got {part!r}")
    name = f"share_alike/spoken_digits_{part}.npz"
    with np.load(open_data(name), allow_pickle=False) as f:
        frames = f["q"] * f["scale"]
        words = np.split(frames, np.cumsum(f["lengths"], dtype=int)[:-1])
        return Utterances(*pad(words), f["y"].astype(np.int64))


def silent_frame():
    """The coefficients (13,) float32 of a moment of silence, as `spoken_digits` would show it.

    A flat spectrum has no coefficient but the first; that is as low as in the quietest frame of the
    held-out words.
    """
    with np.load(open_data("share_alike/spoken_digits_test.npz"), allow_pickle=False) as f:
        silence = -f["mean"] / f["std"]
        silence[0] = f["q"][:, 0].min() * f["scale"]
    return silence
