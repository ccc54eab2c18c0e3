"""The lab `speech`: real words, trained networks, and what is done to the sound."""

import numpy as np
import pytest

from dlcore import data, softmax
from dlcore.labs import LabError, Speech, trained
from dlcore.labs import speech_sounds as sounds
from dlcore.labs.cases import CHANGED
from dlcore.labs.speech import NOT_HEARD
from dlcore.labs.speech_controls import CASES, NOTICES

KINDS = ("lstm", "rnn")


def run(steps=0, **settings):
    lab = Speech(**settings)
    lab.run(steps)
    lab.frame()
    return lab


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


def right(lab, kind):
    return int(np.trace(lab.frame()[f"counts_{kind}"]))


# ---- the networks


@pytest.mark.parametrize(
    ("kind", "asked", "least"),
    [("lstm", "end", 0.98), ("lstm", "every", 0.95), ("rnn", "end", 0.94), ("rnn", "every", 0.93)],
)
def test_the_weights_score_as_they_should_on_words_never_heard(kind, asked, least):
    words, y = sounds.held_out()
    assert np.mean(sounds.answers(trained.listener(kind, asked), words) == y) > least


def test_both_networks_have_about_as_many_weights():
    sizes = [sum(p.size for p in trained.listener(k, "end").params.values()) for k in KINDS]
    assert sizes == [6218, 5642]


def test_other_networks_than_there_are_are_refused():
    with pytest.raises(ValueError, match=r"one of \('lstm', 'rnn'\) .* got 'gru' and 'end'"):
        trained.listener("gru", "end")


# ---- what is done to a sound

WORD = np.arange(52, dtype=np.float32).reshape(4, 13)


def one(**change):
    (word,) = sounds.changed([WORD], rng=np.random.default_rng(0), **change)
    return word


def test_a_word_that_is_left_alone_is_what_it_was():
    np.testing.assert_array_equal(one(), WORD)
    assert one().dtype == np.float32


def test_a_word_is_cut_turned_round_and_played_faster_or_slower():
    np.testing.assert_array_equal(one(part=0.5), WORD[:2])
    np.testing.assert_array_equal(one(part=0.01), WORD[:1])
    np.testing.assert_array_equal(one(backwards=True), WORD[::-1])
    np.testing.assert_array_equal(one(tempo=2.0), WORD[[0, 3]])
    slow = one(tempo=0.5)
    assert slow.shape == (8, 13)
    np.testing.assert_allclose(np.diff(slow[:, 0]), 3 * 13 / 7, rtol=1e-5)


def test_silence_takes_a_half_or_comes_before_or_after():
    quiet = data.silent_frame()
    for where, silent in (("first half", slice(2)), ("second half", slice(2, None))):
        expected = WORD.copy()
        expected[silent] = quiet
        np.testing.assert_array_equal(one(silence=where), expected)
    before, after = one(silence="before it"), one(silence="after it")
    np.testing.assert_array_equal(before[10:], WORD)
    np.testing.assert_array_equal(after[:4], WORD)
    for pause in (before[:10], after[4:]):
        np.testing.assert_array_equal(pause, np.tile(quiet, (10, 1)))


def test_noise_has_its_standard_deviation_and_hangs_on_the_generator():
    words = [np.zeros((2000, 13), np.float32)]
    first, again, other = (
        sounds.changed(words, noise=0.5, rng=np.random.default_rng(seed))[0] for seed in (0, 0, 1)
    )
    assert first.std() == pytest.approx(0.5, rel=0.02)
    assert first.dtype == np.float32
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_words_heard_in_groups_get_the_answers_that_they_get_alone():
    net, words = trained.listener("rnn", "end"), sounds.held_out()[0][:7]
    alone = [int(net(word[:, None])[-1, 0].argmax()) for word in words]
    assert sounds.answers(net, words).tolist() == alone


@pytest.mark.parametrize("k", [0, 4, 9])
def test_the_gradient_of_the_log_odds_is_that_of_their_definition(k):
    z = np.random.default_rng(k).normal(0, 2, 10)
    odds, dz = sounds.log_odds(z, k)
    p = softmax(z)[k]
    assert odds == pytest.approx(np.log(p / (1 - p)))
    nudges = 1e-6 * np.eye(10)
    slopes = [sounds.log_odds(z + d, k)[0] - sounds.log_odds(z - d, k)[0] for d in nudges]
    np.testing.assert_allclose(dz, np.array(slopes) / 2e-6, atol=1e-8)
    far = np.where(np.arange(10) == k, 90.0, -90.0)
    assert np.isfinite(sounds.log_odds(far, k)[0]), "also where p is 1 in floating point"


# ---- what is seen

SETTINGS = [
    {},
    {"case": "silence after it", "asks": "the digit spoken"},
    {"word": 600, "part": 35, "tempo": 3.0, "backwards": True, "noise": 0.7, "seed": 2},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)


@every
@pytest.mark.parametrize("steps", [0, 1, 4])
def test_frames_and_panels_agree(settings, steps, assert_sound):
    lab = run(steps, **settings)
    arrays, T = assert_sound(lab), len(lab.sound())
    assert arrays["mfcc"].shape == (13, T)
    assert len(arrays["ticks"]) == len(arrays["about_at"]) == T
    for kind in KINDS:
        assert arrays[f"belief_{kind}"].shape == (10, T)
        assert arrays[f"dx_{kind}"].shape == (13, T)
        assert arrays[f"counts_{kind}"].sum() == 600


def test_belief_grows_with_the_frames_and_none_is_told_before_it_is_heard():
    whole = run().frame()
    lab = run(5)
    frame = lab.frame()
    assert frame["frame"].tolist() == [4]
    for kind in KINDS:
        shown = frame[f"belief_{kind}"]
        np.testing.assert_allclose(shown[:, :5], whole[f"belief_{kind}"][:, :5])
        np.testing.assert_allclose(shown[:, :5].sum(0), 1, rtol=1e-5)
        assert not shown[:, 5:].any()
        assert not frame[f"dx_{kind}"][:, 5:].any(), "what comes later cannot count"
        assert set(frame[f"true_{kind}"][5:]) == set(frame[f"left_{kind}"][5:]) == {NOT_HEARD}
    assert not frame["mfcc"][:, 5:].any()


def test_after_the_last_frame_the_outcome_stands_and_then_comes_the_next_word():
    lab = run()
    T = len(lab.sound())
    lab.run(T)
    assert (lab.heard, lab.values["word"]) == (None, 283)
    lab.step()
    assert (lab.heard, lab.values["word"]) == (1, 284)
    lab.set("tempo", 2.0)
    assert lab.heard is None, "all of a new sound is shown"
    lab.step()
    assert (lab.heard, lab.values["word"]) == (1, 284)
    assert run(40, word=600).values["word"] != 601


@every
def test_the_gradient_is_how_the_log_odds_change_with_a_frame(settings):
    lab = run(3, **settings)
    last = lab.heard - 1
    for kind, net in lab.nets.items():
        ear, net = lab.ears[kind], net.astype(np.float64)
        x = lab.sound().astype(float)
        for t, q in ((0, 0), (last, 5)):
            nudge = np.zeros_like(x)
            nudge[t, q] = 1e-5
            up, down = (
                sounds.log_odds(net((x + d)[:, None])[last, 0], ear.of)[0] for d in (nudge, -nudge)
            )
            assert ear.dx[t, q] == pytest.approx((up - down) / 2e-5, abs=1e-4)


def test_what_is_left_is_the_belief_with_three_frames_silent():
    lab = run(9)
    for kind, net in lab.nets.items():
        ear = lab.ears[kind]
        for t in (0, 4, 8):
            x = lab.sound()[:9].copy()
            x[max(0, t - 1) : t + 2] = data.silent_frame()
            assert ear.left[t] == pytest.approx(softmax(net(x[:, None])[8])[0, ear.of], abs=1e-5)


def test_a_cell_of_the_table_leads_to_its_words_one_after_the_other():
    lab = run()
    for kind, end in (("lstm", ""), ("rnn", "_rnn")):
        table = lab.frame()[f"counts_{kind}"]
        truth, said = max(
            ((i, j) for i in range(10) for j in range(10) if i != j), key=lambda at: table[at]
        )
        seen = []
        for _ in range(int(table[truth, said]) + 1):
            lab.event("select", **{f"truth{end}": truth, f"said{end}": said})
            lab.frame()
            assert (lab.digit, lab.ears[kind].said) == (truth, said)
            seen.append(lab.values["word"])
        assert len(set(seen)) == table[truth, said]
        assert seen[0] == seen[-1]


def test_a_cell_without_words_leaves_the_word():
    lab = run()
    assert lab.frame()["counts_lstm"][1, 9] == 0
    lab.event("select", truth=1, said=9)
    assert lab.values["word"] == 283
    with pytest.raises(LabError, match="said: expected a digit, 0 to 9, got 10"):
        lab.event("select", truth=1, said=10)


# ---- cases, words and the doctor


def test_every_case_says_what_to_notice_while_it_is_as_it_was_set():
    assert NOTICES.keys() == CASES.keys()
    assert max(map(len, CASES)) <= 22
    for name in CASES:
        lab = run(2, case=name)
        assert lab.frame()["notice"] == NOTICES[name]
        lab.set("part", 60)
        assert lab.frame()["notice"] == CHANGED


def test_the_sentence_tells_of_the_word_and_of_both_verdicts():
    assert run(5).text() == (
        "Word 283, a 7 after 5 of 22 frames: the LSTM says 6, with 92 %; the RNN says 6, with 89 %."
    )
    said = run(case="silence after it").text()
    assert said.startswith("Word 211, a 3, changed, after all 33 frames: the LSTM says 3, with ")


def test_what_is_said_of_the_first_cases_is_so():
    lab = run(5)
    assert [lab.digit, *(ear.said for ear in lab.ears.values())] == [7, 6, 6]
    early, late = run(), run(case="asked only at the end")
    for kind in KINDS:
        assert early.words.known_from(kind) <= 8
        assert late.words.known_from(kind) >= 12
        assert late.ears[kind].said == 7
        assert right(late, kind) >= right(early, kind) > 560


def test_what_is_said_of_the_changed_sounds_is_so():
    back = run(case="turned round")
    assert back.ears["lstm"].said == 9
    table = back.frame()["counts_lstm"]
    assert table[7, 9] > 30, "most sevens"
    assert right(back, "lstm") / 600 == pytest.approx(1 / 3, abs=0.05)
    fast = run(case="twice as fast")
    assert [fast.digit, fast.ears["lstm"].said, fast.ears["rnn"].said] == [4, 4, 0]
    assert right(fast, "lstm") > 560
    assert 0.25 < 1 - right(fast, "rnn") / 600 < 0.31
    pause = run(case="silence after it")
    assert [pause.digit, pause.ears["lstm"].said, pause.ears["rnn"].said] == [3, 3, 2]
    assert right(pause, "lstm") > 580
    assert right(pause, "rnn") < 300
    assert {"it knew (RNN)", "sure all the same"} <= set(names(pause))
    for ear, frame in zip(pause.ears.values(), (14, 20), strict=True):
        assert ear.left.argmin() == frame - 1
        assert ear.left.min() < 0.1
        assert f"silence at frame {frame} leaves" in " ".join(pause.frame()["about"][-2:])
    half = run(case="second half silent")
    assert [half.digit, half.ears["lstm"].said, half.ears["rnn"].said] == [4, 4, 5]
    for ear in half.ears.values():
        assert ear.p[: (len(ear.p) + 1) // 2, 4].max() > 0.9
    noise = run(case="in noise")
    assert [noise.digit, noise.ears["lstm"].said, noise.ears["rnn"].said] == [9, 9, 1]
    assert "it knew (RNN)" in names(noise)
    wrong = run(case="sure, and wrong")
    assert [wrong.digit, wrong.ears["lstm"].said] == [3, 6]
    assert names(wrong) == ["sure, and wrong (LSTM)"]


def test_networks_that_were_never_asked_before_the_end_are_named():
    assert names(run(case="asked only at the end")) == []
    assert names(run(3, case="asked only at the end")) == ["never asked"]
    assert "never asked" in names(run(case="asked only at the end", part=50))


def test_a_frame_that_has_not_been_heard_is_not_told_of():
    lab = run(2)
    about = lab.frame()["about_at"]
    assert about[1].startswith("after frame 2 of 22; spoken was 7\nLSTM: ")
    assert about[2] == "frame 3 of 22 has not been heard yet"


def test_where_the_words_cannot_be_had_the_lab_says_so():
    def offline(name):
        raise OSError("the server could not be reached")

    sounds.held_out.cache_clear()
    data.use(offline)
    try:
        with pytest.raises(LabError, match=r"^data: .* could not be reached$"):
            Speech()
    finally:
        data.use(None)
    assert Speech().t == 0


def test_only_the_words_held_out_are_read():
    read = []

    def reader(name):
        read.append(name)
        return kept(name)

    kept = data.files._package_file
    sounds.held_out.cache_clear()
    data.use(reader)
    try:
        run(case="silence after it")
    finally:
        data.use(None)
    digits = {path for path in read if path.startswith("data/")}
    assert digits == {"data/share_alike/spoken_digits_test.npz"}


# ---- programs, audit


@every
def test_both_programs_give_the_numbers_of_the_lab(settings):
    lab = run(3, **settings)
    for kind, program in lab.code().items():
        found = {}
        exec(compile(program, "program", "exec"), found)
        assert len(program.splitlines()) <= 40
        assert max(map(len, program.splitlines())) <= 100
        for name, ear in lab.ears.items():
            np.testing.assert_allclose(found["beliefs"][name], ear.p, atol=1e-5, err_msg=kind)
            np.testing.assert_allclose(found["dx"][name], ear.dx, atol=1e-5, err_msg=kind)


def test_the_audit_agrees():
    found = run(4).audit()
    assert found["text"].count("agree:") == 2
    assert [row[:2] for row in found["rows"]] == [
        ["dsound, LSTM", "4×1×13"],
        ["dsound, RNN", "4×1×13"],
    ]
