"""The data sets: what is in them, and what happens when a file is not what it should be."""

import numpy as np
import pytest

from dlcore import data


@pytest.fixture
def reader():
    """Put another reader in the place of the file system, for one test."""
    yield data.use
    data.use(None)


def test_every_file_is_the_one_that_was_measured():
    for name in data.SHA256:
        assert data.open_data(name).read(2)


def test_penguins():
    split = data.penguins()
    assert (split.x_train.shape, split.x_test.shape) == ((234, 4), (99, 4))
    assert split.x_train.dtype == np.float32
    assert split.y_train.dtype == np.int64
    assert set(split.y_train) == {0, 1}
    assert 39 < split.x_train[:, 0].min() + 7 < split.x_train[:, 0].max() < 60  # millimetres
    assert set(data.penguins(target="species").y_test) == {0, 1, 2}
    two = data.penguins(features=("bill_depth_mm", "bill_length_mm"))
    assert np.array_equal(two.x_train, split.x_train[:, [1, 0]])


def test_digits():
    split = data.digits()
    assert (split.x_train.shape, split.x_test.shape) == ((1347, 8, 8), (450, 8, 8))
    assert split.x_train.dtype == np.float32
    assert (split.x_train.min(), split.x_train.max()) == (0, 1)
    assert set(split.y_test) == set(range(10))


def test_fashion_mnist():
    split = data.fashion_mnist()
    assert (split.x_train.shape, split.x_test.shape) == ((4000, 28, 28), (1000, 28, 28))
    assert split.x_train.dtype == np.float32
    assert (split.x_train.min(), split.x_train.max()) == (0, 1)
    assert np.bincount(split.y_train).tolist() == [400] * 10
    assert np.bincount(split.y_test).tolist() == [100] * 10
    trousers = split.x_train[split.y_train == data.FASHION_CLASSES.index("trousers")].mean(0)
    assert trousers[-1, 14] < 0.1 < 0.4 < min(trousers[-1, [11, 16]])  # a gap between the legs


def test_mnist():
    split = data.mnist()
    assert (split.x_train.shape, split.x_test.shape) == ((5000, 28, 28), (1000, 28, 28))
    assert (split.x_train.min(), split.x_train.max()) == (0, 1)
    assert np.bincount(split.y_train).tolist() == [500] * 10
    assert np.bincount(split.y_test).tolist() == [100] * 10


@pytest.mark.parametrize(("part", "families"), [("train", 29), ("test", 7)])
def test_fonts_have_every_letter_in_three_styles(part, families):
    x, names = data.font_styles(part)
    assert x.shape == (families, len(data.FONT_STYLES), len(data.CHARACTERS), 32, 32)
    assert x.dtype == np.float32
    assert (x.min(), x.max()) == (0, 1)
    assert len(set(names)) == families
    regular, bold, _ = x.mean((0, 2, 3, 4))
    assert bold > 1.2 * regular, "bold has more ink"
    tall = x[:, 0, data.CHARACTERS.index("I")].mean(0).max(1) > 0.4
    assert np.flatnonzero(tall).tolist() == list(range(7, 24)), "17 pixels, on row 24"


def test_no_family_is_in_both_parts_of_the_fonts():
    assert not set(data.font_styles().families) & set(data.font_styles("test").families)
    with pytest.raises(ValueError, match="expected part 'train' or 'test', got 'all'"):
        data.font_styles("all")


def test_nuclei_lie_in_two_strips():
    train, test = data.nuclei()
    assert (train.image.shape, test.image.shape) == ((512, 384), (512, 128))
    assert (len(train.boxes), len(test.boxes)) == (99, 26)
    assert train.image.dtype == np.float32
    for strip in (train, test):
        assert strip.image.min() >= 0
        assert strip.image.max() <= 1
        h, w = strip.image.shape
        assert strip.boxes.min() >= 0
        assert np.all(strip.boxes[:, :2] < strip.boxes[:, 2:])
        assert np.all(strip.boxes[:, 2:] <= (w, h))
        inside = [np.bincount(strip.mask[y0:y1, x0:x1].ravel()) for x0, y0, x1, y1 in strip.boxes]
        assert len({int(counts[1:].argmax()) for counts in inside}) == len(strip.boxes)


def test_digit_canvases():
    canvases = data.digit_canvases(40, rng=np.random.default_rng(0))
    again = data.digit_canvases(40, rng=np.random.default_rng(0))
    assert canvases.x.shape == (40, 1, 48, 48)
    assert canvases.x.dtype == np.float32
    assert np.array_equal(canvases.x, again.x)
    assert (canvases.x.min(), canvases.x.max()) == (0, 1)
    counts = [len(boxes) for boxes in canvases.boxes]
    assert set(counts) == {1, 2, 3}
    assert [len(labels) for labels in canvases.labels] == counts
    for x, boxes in zip(canvases.x[:, 0], canvases.boxes, strict=True):
        assert np.all((boxes >= 0) & (boxes <= 48))
        taken = np.zeros((48, 48), int)
        for x0, y0, x1, y1 in boxes:
            taken[y0:y1, x0:x1] += 1
            assert x[y0:y1, x0:x1].max() > 0.5
        assert taken.max() == 1, "digits do not overlap"


def test_digit_canvases_cut_their_digits_from_one_part(monkeypatch):
    split = data.mnist()
    monkeypatch.setattr(
        "dlcore.data.canvas.mnist", lambda: split._replace(y_test=split.y_test + 10)
    )
    labels = data.digit_canvases(5, "test", rng=np.random.default_rng(0)).labels
    assert np.concatenate(labels).min() >= 10
    labels = data.digit_canvases(5, rng=np.random.default_rng(0)).labels
    assert np.concatenate(labels).max() < 10
    with pytest.raises(ValueError, match="expected part 'train' or 'test', got 'all'"):
        data.digit_canvases(5, "all", rng=np.random.default_rng(0))


def test_bikes():
    split = data.bikes()
    assert (split.x_train.shape, split.x_test.shape) == ((6903, 11), (1742, 11))
    assert split.x_train.dtype == split.y_train.dtype == np.float32
    assert split.y_train.shape == (6903,)
    assert (split.y_train.min(), split.y_test.max()) == (1, 651)
    train = dict(zip(data.BIKE_FEATURES, split.x_train.T, strict=True))
    assert set(train["hr"]) == set(range(24))
    assert set(train["weekday"]) == set(range(7))
    assert set(train["weather"]) == {1, 2, 3, 4}
    free = (train["holiday"] == 1) | np.isin(train["weekday"], (0, 6))  # Sunday is 0, Saturday 6
    assert np.array_equal(train["workingday"] == 0, free)
    assert train["temp"][train["season"] == 1].mean() < 0.35  # 1 is winter
    two = data.bikes(("temp", "hr"))
    assert np.array_equal(two.x_test[:, 1], split.x_test[:, 1])
    assert np.array_equal(data.bikes("temp").x_test, two.x_test[:, :1])


def test_bikes_are_held_out_by_whole_days_and_can_be_put_in_the_order_of_time():
    split = data.bikes(("day", "hr"))
    days, days_test = set(split.x_train[:, 0]), set(split.x_test[:, 0])
    assert (len(days), len(days_test)) == (292, 73)
    assert not days & days_test
    for x in (split.x_train, split.x_test):
        assert np.all(np.diff(x @ (24, 1)) > 0)
    hours = np.sort(np.concatenate([split.x_train, split.x_test]) @ (24, 1))
    assert len(np.unique(hours)) == 365 * 24 - 115  # the hours that are missing


def test_one_hot():
    hot = data.one_hot(np.array([2.0, 0.0, 2.0], np.float32), range(4))
    assert hot.dtype == np.float32
    assert np.array_equal(hot, [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]])
    with pytest.raises(ValueError, match=r"one_hot: expected values of \[1, 2\], got 3"):
        data.one_hot([1, 2, 3], (1, 2))


def test_standardise_uses_the_training_part_only():
    split = data.penguins()
    z = data.standardise(split)
    assert np.allclose(z.x_train.mean(0), 0, atol=1e-5)
    assert np.allclose(z.x_train.std(0), 1, atol=1e-5)
    by_hand = (split.x_test - split.x_train.mean(0)) / split.x_train.std(0)
    assert np.allclose(z.x_test, by_hand)
    assert z.x_test.dtype == np.float32
    flat = split._replace(x_train=np.ones_like(split.x_train))
    with pytest.raises(ValueError, match=r"standardise: features \[0, 1, 2, 3\] are the same"):
        data.standardise(flat)


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: data.open_data("whales.csv"), "open_data: expected one of penguins.csv.gz"),
        (lambda: data.penguins(features=("wings",)), "penguins: expected features of"),
        (lambda: data.penguins(features=()), "penguins: expected features of"),
        (lambda: data.penguins(target="age"), "penguins: expected target 'sex' or 'species'"),
        (lambda: data.bikes(features=("hour",)), "bikes: expected features of"),
        (lambda: data.bikes(features=()), "bikes: expected features of"),
    ],
)
def test_unknown_names_are_refused(call, line):
    with pytest.raises(ValueError, match=line):
        call()


def test_a_damaged_file_is_never_read(reader):
    reader(lambda name: b"not a data set")
    with pytest.raises(ValueError, match=r"digits_8x8.npz is damaged: expected SHA-256 .* got"):
        data.digits()
    with pytest.raises(ValueError, match=r"bikeshare_2011.csv.gz is damaged: expected SHA-256"):
        data.bikes()


def test_a_missing_file_is_named(reader):
    def missing(name):
        raise FileNotFoundError("no such file")

    reader(missing)
    with pytest.raises(OSError, match=r"open_data: penguins\.csv\.gz cannot be read: no such file"):
        data.penguins()
    with pytest.raises(OSError, match=r"open_weights: a\.npz cannot be read: no such file"):
        data.open_weights("a.npz")


def test_data_and_weights_are_read_by_their_paths_in_the_package(reader):
    asked = []
    reader(lambda path: asked.append(path) or b"")
    data.open_weights("share_alike/detector.npz")
    with pytest.raises(ValueError, match="damaged"):
        data.open_data("penguins.csv.gz")
    assert asked == ["labs/weights/share_alike/detector.npz", "data/penguins.csv.gz"]


def test_a_canvas_is_composed_of_pieces_with_the_darker_on_top():
    image = data.mnist().x_test[0]
    ink = data.canvas.cut_out(image, 20)
    assert max(ink.shape) <= 20
    assert (ink[[0, -1]].max(1) > data.canvas.INK).all()
    block = np.full((5, 5), 0.5)
    made = data.canvas.compose([(ink, 3, 4), (block, 3, 4)], rng=np.random.default_rng(0))
    assert (made.shape, made.dtype) == ((48, 48), np.float32)
    h, w = ink.shape
    expected = np.zeros((48, 48))
    expected[4 : 4 + h, 3 : 3 + w] = ink
    expected[4:9, 3:8] = np.maximum(expected[4:9, 3:8], 0.5)
    assert abs(made - expected).max() < 6 * data.canvas.NOISE
    assert (made.min(), made.max()) == (0, 1)


# ---- words


def test_first_names():
    split = data.first_names()
    assert (len(split.x_train), len(split.x_test)) == (4388, 775)
    assert not set(split.x_train) & set(split.x_test)
    assert set(split.y_train) == {"F", "M", "FM"}
    assert all(name.isascii() and name.isalpha() and name.islower() for name in split.x_train)
    assert dict(zip(split.x_train, split.y_train, strict=True))["aaron"] == "FM"


def test_reviews():
    split = data.reviews()
    assert (len(split.x_train), len(split.x_test)) == (2383, 596)
    assert np.bincount(split.y_train).tolist() == [1193, 1190]
    assert np.bincount(split.y_test).tolist() == [298, 298]
    assert (split.x_train[1], split.y_train[1]) == ("Good case, Excellent value.", 1)
    assert not set(split.x_train) & set(split.x_test)
    assert max(len(data.words(text)) for text in split.x_train) == 73


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("So there, is NO way...", ["so", "there", "is", "no", "way"]),
        ("Don't! It’s 'good'.", ["don't", "it's", "good"]),
        ("rock'n'roll' ''x", ["rock'n'roll", "x"]),
        ("a_b 10/10 mp3-player", ["a", "b", "10", "10", "mp3", "player"]),
        ("CAFÉ 好吃 🙂 \0 <unknown>", ["café", "好吃", "unknown"]),
        ("", []),
        (" ?! ' ", []),
    ],
)
def test_words_are_runs_of_letters_with_their_apostrophes(text, words):
    assert data.words(text) == words


def test_a_vocabulary_is_what_occurs_often_enough_and_a_word_for_all_others():
    texts = ["not good not", "Good, but dear", "dear dear me"]
    assert data.vocabulary(texts) == [data.UNKNOWN, "dear", "good", "not"]
    assert data.vocabulary(texts, least=3) == [data.UNKNOWN, "dear"]
    assert data.vocabulary(texts, least=1)[-2:] == ["but", "me"]
    assert data.words(data.UNKNOWN) != [data.UNKNOWN]


def test_words_are_looked_up_and_the_others_are_number_0():
    known = [data.UNKNOWN, "dear", "good", "not"]
    found = data.look_up(["Not GOOD, me dear", "", "<unknown>"], known)
    assert [places.tolist() for places in found] == [[3, 2, 0, 1], [], [0]]
    assert all(places.dtype == np.int64 for places in found)


def test_surnames():
    split = data.surnames()
    assert (len(split.x_train), len(split.x_test)) == (3093, 773)
    assert split.y_train.dtype == np.int64
    assert set(split.y_train) == set(split.y_test) == set(range(len(data.LANGUAGES)))
    of = dict(zip(split.x_test, split.y_test, strict=True))
    assert data.LANGUAGES[of["abbott"]] == "English"
    letters = set("".join([*split.x_train, *split.x_test]))
    assert letters == set("abcdefghijklmnopqrstuvwxyz '-")


def test_words_are_spelt_by_their_places():
    a, b = data.spell(["cab", ""], "abc")
    assert a.tolist() == [2, 0, 1]
    assert (b.shape, b.dtype) == ((0,), np.int64)
    with pytest.raises(ValueError, match="spell: expected letters of 'abc', got 'd' in 'bad'"):
        data.spell(["cab", "bad"], "abc")


# ---- speech


def test_the_speech_sample_is_three_seconds_of_a_voice():
    sound = data.speech_sample()
    assert (sound.rate, sound.x.shape, sound.x.dtype) == (16000, (47840,), np.float32)
    assert 0.1 < np.abs(sound.x).max() <= 1
    assert abs(sound.x.mean()) < 0.01


@pytest.mark.parametrize(("part", "each", "longest"), [("train", 240, 92), ("test", 60, 52)])
def test_spoken_digits_are_filled_up_with_zeros_behind_their_mask(part, each, longest):
    x, mask, y = data.spoken_digits(part)
    assert x.shape == (longest, 10 * each, 13)
    assert (x.dtype, mask.dtype, y.dtype) == (np.float32, bool, np.int64)
    assert np.bincount(y).tolist() == [each] * 10
    assert mask.sum(0).min() == 6
    assert np.all(mask[:-1] >= mask[1:]), "a word does not go on once it is over"
    assert not x[~mask].any()
    if part == "train":
        assert np.allclose(x[mask].mean(0), 0, atol=0.01)
        assert np.allclose(x[mask].std(0), 1, atol=0.01)


def test_spoken_digits_have_two_parts():
    with pytest.raises(ValueError, match="expected part 'train' or 'test', got 'all'"):
        data.spoken_digits("all")


def test_silence_is_quiet_and_flat():
    silence, (x, mask, _) = data.silent_frame(), data.spoken_digits("test")
    assert (silence.shape, silence.dtype) == ((13,), np.float32)
    assert silence[0] == x[mask][:, 0].min()
    with np.load(data.open_data("share_alike/spoken_digits_test.npz")) as f:
        np.testing.assert_allclose((silence * f["std"] + f["mean"])[1:], 0, atol=1e-5)


# ---- series


def test_el_nino_is_in_the_order_of_time_and_the_last_years_are_held_out():
    split = data.el_nino()
    assert split.x_train.tolist() == list(range(549))
    assert split.x_test.tolist() == list(range(549, 732))
    assert (split.y_train.dtype, split.y_train.shape) == (np.float32, (549,))
    assert 18 < split.y_train.min() < split.y_test.max() < 30
    january, september = (split.y_train[month::12].mean() for month in (0, 8))
    assert january > september + 2  # the warm season south of the equator


def test_windows_reach_over_no_gap():
    at = np.array([3, 4, 5, 8, 9, 10, 11])
    i = data.windows(at, 3)
    assert at[i].T.tolist() == [[3, 4, 5], [8, 9, 10], [9, 10, 11]]
    assert data.windows(at, 1).tolist() == [list(range(7))]
    assert data.windows(at, 5).shape == (5, 0)
    assert data.windows(at, 50).shape == (50, 0)
    assert data.windows(at[:0], 2).shape == (2, 0)


def test_windows_of_bikes_stay_within_the_days_held_out():
    split = data.bikes(("day", "hr"))
    at = (split.x_test @ (24, 1)).astype(int)
    i = data.windows(at, 25)
    assert np.all(np.diff(at[i], axis=0) == 1)
    held_out = set(split.x_test[:, 0].astype(int))
    assert set((at[i] // 24).ravel()) <= held_out
    assert i.shape[1] > 100  # some days stand next to each other


@pytest.mark.parametrize(
    ("at", "ticks", "error", "message"),
    [
        ([1, 1, 2], 2, ValueError, "windows: expected moments in rising order"),
        ([2, 1], 2, ValueError, "windows: expected moments in rising order"),
        (
            [1.0, 2.0],
            2,
            TypeError,
            r"windows: expected moments \(n,\) of whole numbers, got \(2,\)",
        ),
        ([1, 2], 0, ValueError, "windows: expected ticks"),
    ],
)
def test_windows_say_what_they_expect(at, ticks, error, message):
    with pytest.raises(error, match=message):
        data.windows(at, ticks)


def test_sequences_are_filled_up_side_by_side():
    x, mask = data.pad([np.array([5, 6, 7]), np.array([8]), np.array([], int)])
    assert x.T.tolist() == [[5, 6, 7], [8, 0, 0], [0, 0, 0]]
    assert mask.T.tolist() == [[True] * 3, [True, False, False], [False] * 3]
    frames, mask = data.pad([np.ones((2, 13), np.float32), np.ones((4, 13), np.float32)])
    assert (frames.shape, frames.dtype, mask.sum()) == ((4, 2, 13), np.float32, 6)
    with pytest.raises(ValueError, match="pad: expected at least one sequence"):
        data.pad([])
    with pytest.raises(ValueError, match="pad: expected sequences of elements of one shape"):
        data.pad([np.ones((2, 3)), np.ones((2, 4))])
    with pytest.raises(ValueError, match="pad: expected sequences of elements of one shape"):
        data.pad([1, 2])
