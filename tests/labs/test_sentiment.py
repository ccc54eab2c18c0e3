"""The lab `sentiment`: what each word does to two verdicts, and whether order matters."""

import numpy as np
import pytest

import dlcore as dl
from dlcore import data
from dlcore.labs import LabError, Sentiment, trained
from dlcore.labs.sentiment_controls import (
    BACKWARDS,
    BOTH,
    BROKEN,
    CASES,
    COMPLAINT,
    DONT,
    NEVER,
    NOTHING,
    NOTICES,
    PARTS,
    PRAISE,
    SHUFFLED,
    SWAPPED,
    TWINS,
    UNKNOWN,
)
from dlcore.labs.sentiment_reading import LONGEST

LONG = "a very good film " * 75  # 300 words
ODD = ["", " ", "!?", "¿Qué? 好吃 🙂\0", "don't", "<b>&amp;</b> _x_ a^2", LONG]


def lab_of(text, **settings):
    return Sentiment(text=text, **settings)


def logits(sentences):
    """The LSTM's and the bag's, by the layers themselves."""
    net, bag, vocabulary = trained.sentiment()
    ids = data.look_up(sentences, vocabulary)
    counts = [np.bincount(sentence, minlength=len(vocabulary)) for sentence in ids]
    return net(*data.pad(ids)), bag(np.array(counts, np.float32))


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


# ---- weights


def test_both_score_as_the_chapter_says_on_sentences_never_seen():
    reviews = data.reviews()
    net, bag = logits(reviews.x_test)
    assert 0.79 < dl.accuracy(net, reviews.y_test) < 0.84
    assert 0.80 < dl.accuracy(bag, reviews.y_test) < 0.84
    assert list(trained.sentiment().vocabulary) == data.vocabulary(reviews.x_train)


def test_one_sentence_that_they_learnt_from_is_longer_than_what_is_read():
    lengths = [len(data.words(text)) for text in data.reviews().x_train]
    assert sum(length > LONGEST for length in lengths) == 1


# ---- reading


@pytest.mark.parametrize("text", [*ODD, *[case["text"] for case in CASES.values()]])
def test_whatever_is_typed_is_read(text, assert_sound):
    lab = lab_of(text)
    T = min(LONGEST, len(data.words(text)))
    frame = assert_sound(lab)
    assert len(lab.reading) == T
    of_words = ("words", "after", "after_bag", "change", "without", "lean", "weight")
    assert {len(frame[name]) for name in of_words} == {max(1, T)}
    assert frame["tiles"].shape == (24, max(1, T))
    lab.run(3)
    assert_sound(lab)
    if T:
        lstm, bag = logits([" ".join(lab.reading.words)])
        np.testing.assert_allclose([lab.reading.z], lstm[:, 0], atol=1e-4)
        np.testing.assert_allclose([lab.reading.z_bag], bag[:, 0], atol=1e-4)


def test_the_verdict_after_a_word_is_that_on_the_beginning():
    reading = lab_of(CASES[BROKEN]["text"]).reading
    beginnings = [" ".join(reading.words[: t + 1]) for t in range(len(reading))]
    lstm, bag = logits(beginnings)
    np.testing.assert_allclose(reading.after, lstm[:, 0], atol=1e-4)
    frame = lab_of(CASES[BROKEN]["text"]).frame()
    np.testing.assert_allclose(frame["after_bag"], dl.sigmoid(bag[:, 0]), atol=1e-5)
    np.testing.assert_allclose(frame["change"].sum(), reading.z - reading.before, atol=1e-4)


def test_leaving_out_is_reading_without():
    reading = lab_of(CASES[BOTH]["text"]).reading
    words = reading.words
    rest = [" ".join(words[:t] + words[t + 1 :]) for t in range(len(words))]
    lstm, bag = logits(rest)
    np.testing.assert_allclose(reading.without, reading.z - lstm[:, 0], atol=1e-4)
    np.testing.assert_allclose(reading.weight, reading.z_bag - bag[:, 0], atol=1e-4)


def test_the_gradient_is_that_of_the_logit():
    assert "agree:" in lab_of(CASES[COMPLAINT]["text"]).audit()["text"]
    reading = lab_of(CASES[COMPLAINT]["text"]).reading
    x, above = reading.above()
    above, x, eps = above.astype(np.float64), x.astype(np.float64), 1e-4
    for t in range(len(reading)):
        ways = []
        for way in (1 + eps, 1 - eps):
            longer = x.copy()
            longer[t] *= way
            ways.append(above(longer)[0, 0])
        assert reading.lean[t] == pytest.approx((ways[0] - ways[1]) / (2 * eps), abs=1e-4)


def test_gates_are_those_of_the_cell_and_can_be_looked_at():
    lab = lab_of("so good")
    g = lab.reading.gates
    np.testing.assert_allclose(g["h"], g["o"] * np.tanh(g["c"]), atol=1e-6)
    c1, c2 = g["c"].T
    np.testing.assert_allclose(c2, g["f"][:, 1] * c1 + g["i"][:, 1] * g["c_tilde"][:, 1], atol=1e-6)
    for label, name in PARTS.items():
        lab.set("part", label)
        np.testing.assert_array_equal(lab.frame()["tiles"], g[name].astype(np.float32))


# ---- order


def test_orders_of_the_words():
    text = "one two three four five"
    assert lab_of(text).reading.words == text.split()
    assert lab_of(text, order=BACKWARDS).reading.words == text.split()[::-1]
    assert lab_of(text, order=SWAPPED).reading.words == ["two", "one", "four", "three", "five"]
    shuffled = [lab_of(text, order=SHUFFLED, seed=seed).reading.words for seed in (1, 1, 2)]
    assert shuffled[0] == shuffled[1] != shuffled[2]
    assert sorted(shuffled[0]) == sorted(text.split())


def test_in_a_bag_order_does_not_matter_and_for_the_lstm_it_does():
    there, back = lab_of(CASES[TWINS]["text"]), lab_of(CASES[TWINS]["text"], order=BACKWARDS)
    assert there.reading.z_bag == pytest.approx(back.reading.z_bag, abs=1e-5)
    assert abs(there.reading.z - back.reading.z) > 0.1
    assert np.ptp(there.reading.orders) > 1
    assert np.ptp(lab_of("good").reading.orders) < 1e-5


# ---- what is there to notice


PRAISED = {  # case -> do the LSTM and the bag of words say praise?
    BOTH: (False, True),
    PRAISE: (False, False),
    COMPLAINT: (False, False),
    NEVER: (True, True),
    TWINS: (False, False),
    BROKEN: (True, True),
    UNKNOWN: (False, False),
    DONT: (False, False),
    NOTHING: (True, True),
}


def test_the_cases_show_what_their_notices_say():
    def z(case):
        reading = Sentiment(case=case).reading
        return reading.z, reading.z_bag

    assert {case: tuple(logit > 0 for logit in z(case)) for case in CASES} == PRAISED
    both = Sentiment(case=BOTH).frame()
    assert both["after"][3] > 0.98
    assert both["after"][8] < 0.05
    assert 0.1 < both["after"][9] < 0.3
    f = Sentiment(case=BOTH).reading.gates["f"][[2, 5, 19]]
    assert np.all(f[:, 8] < 0.2)
    assert np.all(f[:, 7] > 0.7)
    twins = lab_of("It is terrible, not great.").reading
    assert twins.z_bag == pytest.approx(z(TWINS)[1], abs=1e-5)
    assert twins.z < 0
    assert np.all(np.ravel(logits(["The film is bad."])) > z(COMPLAINT))
    for praise in ("The food was good", "OMG, the food was delicious", "You will love it"):
        assert np.all(np.ravel(logits([praise])) > 0)
    assert lab_of(CASES[PRAISE]["text"], order=BACKWARDS).reading.z < 0
    never, works, well = lab_of("never works well").reading.weight
    assert min(works, well) > 0 > never > -works - well


def test_a_notice_stands_while_the_case_is_as_it_was_chosen():
    for case in CASES:
        lab = Sentiment(case=case)
        assert lab.frame()["notice"] == NOTICES[case]
        lab.set("part", "state h")
        lab.step()
        assert lab.frame()["notice"] == NOTICES[case]
        lab.set("text", "good")
        assert lab.frame()["notice"] == lab.other_notice


def test_steps_read_on_word_by_word_and_begin_again():
    lab = lab_of("not very good")
    assert lab.frame()["t"] == [2]
    for t in (0, 1, 2, 0):
        lab.step()
        assert lab.frame()["t"] == [t]
        assert lab.text().startswith(f"Word {t + 1} of 3, “{lab.reading.words[t]}” moves")
    lab.set("text", "very good")
    assert (lab.t, lab.frame()["t"]) == (4, [1])


# ---- the doctor


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["no words"]),
        ("I love this phone", []),
        ("omg delicioso", ["unknown words"]),
        ("The film is not bad", ["negation adds up"]),
        (CASES[BOTH]["text"], ["they disagree"]),
        (LONG, ["cut off"]),
    ],
)
def test_the_doctor_names_what_is_to_be_known(text, found):
    assert names(lab_of(text)) == found


def test_unknown_words_are_marked_and_counted():
    lab = Sentiment(case=UNKNOWN)
    assert lab.frame()["words"] == ["omg ?", "the", "food", "was", "delicioso ?"]
    assert lab.doctor()[0]["text"].startswith("2 of 5 words are unknown: “omg”, “delicioso”.")


def test_where_there_is_no_word_there_is_no_program_and_no_audit():
    for ask in (lab_of("").code, lab_of("?!").audit):
        with pytest.raises(LabError, match=r"^your sentence: expected at least one word$"):
            ask()


# ---- programs


@pytest.mark.parametrize("settings", [{}, {"text": "good"}, {"case": BROKEN, "order": BACKWARDS}])
def test_both_programs_give_the_numbers_of_the_lab(settings):
    lab = Sentiment(**settings)
    r = lab.reading
    for kind, program in lab.code().items():
        found = {}
        exec(compile(program, "program", "exec"), found)
        assert len(program.splitlines()) <= 45
        assert max(map(len, program.splitlines())) <= 100
        for name in ("after", "without", "lean"):
            np.testing.assert_allclose(found[name], getattr(r, name), atol=1e-4, err_msg=kind)
        assert found["z_bag"] == pytest.approx(r.z_bag, abs=1e-5)
