"""The lab `style`: letters translated into bold and italic, by a network and by hand."""

import numpy as np
import pytest

from dlcore import data
from dlcore.labs import LabError, Style, trained
from dlcore.labs import style_translation as translation
from dlcore.labs.style_controls import (
    ANEW,
    BEGUN,
    BOLD,
    BOTH,
    CASES,
    ENDINGS,
    FONTS,
    HALF,
    ITALIC,
    KINDS,
    KNOWN,
    LEARNT,
    LIGHT,
    MOMENTS,
    NEVER_SEEN,
    NOTICES,
    PLAIN,
    SHARED,
    SHOTS,
    SLANTED,
    SQUARES,
    THICK,
    TURNED,
    TWICE,
    UNLIKE,
    USUAL,
    WITH_D,
)
from dlcore.labs.style_letters import WIDTH, Line

LAST = trained.STYLE_STEPS[-1]


def mean_l1(way, **values):
    """Over all letters of the fonts never seen."""
    looks = [translation.Translation(USUAL | values | {"font": font}) for font in NEVER_SEEN]
    return float(np.mean([look.errors(way) for look in looks]))


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


# ---- what was trained


def test_the_fonts_are_those_held_out_and_some_that_were_not():
    assert set(NEVER_SEEN) == set(data.font_styles("test").families)
    assert set(LEARNT) < set(data.font_styles("train").families)


@pytest.mark.parametrize("kind", [BOLD, ITALIC])
@pytest.mark.parametrize("game", KINDS)
def test_on_fonts_never_seen_it_is_nearer_than_by_hand_and_than_nothing(kind, game):
    ways = "translated", "by hand", "regular"
    network, hand, same = (mean_l1(way, style=kind, trained=game) for way in ways)
    assert max(network, hand) < same
    assert (network < hand) == ((kind, game) != (BOLD, SQUARES))
    even = game == SQUARES or (kind, game) == (BOLD, "L1 and D")
    assert even or network < 0.97 * hand
    frame, game = Style(style=kind).frame(), KINDS[game]
    np.testing.assert_allclose(
        [frame[f"l1_{game}"][-1], frame["l1_0"][-1], frame["l1_1"][-1]],
        [network, hand, same],
        atol=5e-4,
    )


def test_the_squared_error_draws_softer_edges_than_l1():
    for kind in (BOLD, ITALIC):
        frame = Style(style=kind).frame()
        assert frame["sharp_squares"][-1] < frame["sharp_plain"][-1]


def test_by_hand_is_the_filter_of_the_chapter_and_the_best_shear_of_the_training_fonts():
    assert 0.0298 < mean_l1("by hand", style=BOLD) < 0.0302
    fonts = data.font_styles()
    x, italic = (fonts.x[:, k].reshape(-1, 32, 32) for k in (0, 2))
    hand = trained.by_hand()
    here = np.abs(hand(x, 0, 1) - italic).mean()
    for slope, shift in ((0.02, 0), (-0.02, 0), (0, 0.25), (0, -0.25)):
        other = hand._replace(slope=hand.slope + slope, shift=hand.shift + shift)
        assert here <= np.abs(other(x, 0, 1) - italic).mean()


def test_of_what_was_kept_nothing_else_can_be_asked():
    for asked in (("gan", 7), ("best", 1300), ("plain", 30)):
        with pytest.raises(ValueError, match="translator: expected one of"):
            trained.translator(*asked)


# ---- setting letters


def test_letters_stand_apart_by_their_ink():
    font = np.zeros((62, 32, 32), np.float32)
    font[:, 10, 12:20] = 1  # eight columns of ink
    line = Line("AB a", font)
    assert (line.letters, line.left_out) == ("ABa", "")
    row = line.set(font[:3])[8]
    begins = np.flatnonzero(np.diff(row, prepend=0) == 1)
    np.testing.assert_array_equal(begins, [3, 14, 32])
    assert row.sum() == 24


@pytest.mark.parametrize("text", ["", "   ", "é好🙂\0", "W" * 20, "<b>&amp;", "i" * 20])
def test_whatever_is_typed_is_set_as_far_as_it_can_be(text, assert_sound):
    lab = Style(text=text)
    frame = assert_sound(lab)
    line = lab.text_line
    assert len(line.letters) + len(line.left_out) == len(text.replace(" ", "").replace("\0", ""))
    assert frame["line"].shape == (4, 30, WIDTH)
    assert len(frame["letters"]) == len(frame["l1_net"]) == len(line.letters)
    assert ("left out" in names(lab)) == bool(line.left_out)


# ---- what is asked


def test_at_strength_0_by_hand_changes_nothing_and_the_network_nearly_nothing():
    lab = Style(strength=0)
    lab.frame()
    x, made, hand, _ = lab.now.ways
    np.testing.assert_array_equal(hand, x)
    assert np.abs(made - x).mean() < 0.3 * np.abs(x - lab.now.ways[-1]).mean()


def test_upside_down_the_network_minds_and_a_rule_by_hand_much_less():
    for kind in (BOLD, ITALIC):
        up, down = (
            {way: mean_l1(way, style=kind, turned=turned) for way in ("by hand", "translated")}
            for turned in (False, True)
        )
        loss = {way: down[way] - up[way] for way in up}
        assert loss["translated"] > 2 * max(0, loss["by hand"]) + 0.001
        assert down["by hand"] < down["translated"]


def test_of_bold_italic_nothing_is_said_that_needs_the_truth(assert_sound):
    lab = Style(style=BOTH)
    frame = assert_sound(lab)
    assert not any(frame[name].any() for name in ("differences", "l1_net", "gain"))
    assert "never shown in training" in names(lab)
    assert "nothing to compare with" in lab.frame()["line_captions"][-1]
    lab.step()
    assert "nothing to compare with" in lab.text()


def test_gains_are_differences_of_l1():
    lab = Style(font="Karla", style=ITALIC)
    row = lab.frame()["gain"][list(FONTS).index("Karla")]
    expected = lab.now.errors("by hand") - lab.now.errors("translated")
    np.testing.assert_allclose(row, expected, atol=5e-3)
    assert np.abs(row - expected).mean() < 5e-4


def test_the_signal_is_the_gradient_and_a_step_along_it_convinces():
    lab = Style(trained=PLAIN)
    lab.frame()
    assert "agree" in lab.audit()["text"]
    x, made = lab.four[:2]
    step = 0.5 * lab.signals[1] / np.abs(lab.signals[1]).max()
    before, after = translation.beliefs(x, lab.now.c, np.stack([made, made + step])).mean((1, 2))
    assert after > before


# ---- the film and the reader


def test_a_step_is_the_next_picture_of_the_film_and_after_the_last_comes_the_first():
    lab, seen = Style(trained=SQUARES), []
    for _ in range(SHOTS + 1):
        lab.step()
        seen.append((lab.values["moment"], lab.values["trained"]))
    begin = [(k, SQUARES) for k in range(1, MOMENTS)]
    assert seen[:SHOTS] == [*begin, (MOMENTS, WITH_D), (MOMENTS, PLAIN), (MOMENTS, SQUARES)]
    assert seen[SHOTS] == seen[0]


def test_reset_goes_back_to_where_the_film_began():
    lab = Style(trained=SQUARES)
    lab.run(4)
    lab.set("font", "Karla")
    lab.run(5)
    lab.reset()
    assert (lab.values["moment"], lab.values["trained"]) == (MOMENTS, SQUARES)
    assert lab.values["font"] == "Karla"
    for choose in (lambda: lab.set("moment", 2), lambda: lab.event("select", shot=1)):
        lab.run(4)
        choose()
        lab.run(2)
        lab.reset()
        assert lab.values["moment"] == 2
    lab.run(2)
    lab.set("case", BEGUN)
    assert lab.values["moment"] == 3


def test_the_film_shows_what_each_network_makes():
    lab = Style(letter="R")
    film = lab.frame()["film"]
    assert len(film) == SHOTS
    for shot in (0, SHARED - 1, SHARED, SHOTS - 1):
        lab.event("select", shot=shot)
        frame = lab.frame()
        np.testing.assert_allclose(film[shot], frame["letter"][1], atol=1e-5)
        assert frame["shot"][0] == shot


def test_letters_are_chosen_in_the_text_and_on_the_map():
    lab = Style(text="Roc")
    lab.event("choose", index=2)
    assert lab.values["letter"] == "c"
    lab.event("select", glyph=1, family=9)
    assert (lab.values["letter"], FONTS[lab.values["font"]]) == ("B", LEARNT[-1])
    for name, what in (("choose", {"index": 3}), ("select", {"glyph": 62, "family": 0}),
                       ("select", {"shot": -1}), ("select", {}), ("draw", {})):  # fmt: skip
        with pytest.raises(LabError):
            lab.event(name, **what)


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_something_to_notice(case, assert_sound):
    lab = Style(case=case)
    assert lab.text() == NOTICES[case] == assert_sound(lab)["notice"]
    assert 100 < len(NOTICES[case]) < 260


def looked_at(case, **other):
    """L1 over the letters of the font, of the chosen one, and its ink, by the network and by hand;
    and the lab."""
    lab = Style(case=case, **other)
    lab.frame()
    errors = [lab.now.errors(way) for way in ("translated", "by hand", "regular")]
    ink = [float(way[lab.glyph].sum()) for way in lab.now.ways]
    return [e.mean() for e in errors], [e[lab.glyph] for e in errors], ink, lab


def test_by_hand_bold_is_nearly_as_near():
    (network, hand, same), _, _, lab = looked_at(THICK)
    assert 0.85 * hand < network < 0.95 * hand
    assert hand < 0.8 * same
    assert 0.95 * lab.words.sharp["true"] < lab.words.sharp["by hand"] < lab.words.sharp["true"]
    assert lab.words.sharp["translated"] > lab.words.sharp["true"]


def test_by_hand_italic_is_nearly_as_near_and_upside_down_nearer():
    (network, hand, same), _, _, lab = looked_at(SLANTED)
    assert 0.85 * hand < network < hand < same
    assert 0.3 < (lab.frame()["gain"] > 0).mean() < 0.6
    (network, hand, same), *_ = looked_at(TURNED)
    assert hand < 0.95 * network
    assert network > 0.95 * same
    (network, hand, same), *_ = looked_at(TURNED, style=BOLD)
    assert max(network, hand) < 0.8 * same


def test_letters_that_are_drawn_anew_are_far_off():
    (mean, *_), (letter, hand, _), _, lab = looked_at(ANEW)
    assert letter > 2 * mean
    assert abs(letter - hand) < 0.1 * hand
    assert "a letter that fails" in names(lab)
    below = slice(26, 32)  # rows under the line
    x, made, _, true = (way[lab.glyph] for way in lab.now.ways)
    assert x[below].sum() < 1
    assert true[below].sum() > 3 * made[below].sum()


def test_the_three_endings_are_soft_sharp_and_dearer():
    frame = Style(case=ENDINGS).frame()
    assert frame["sharp_squares"][-1] < frame["sharp_0"][-1] < frame["sharp_plain"][-1]
    assert frame["l1_plain"][-1] < frame["l1_gan"][-1]
    assert "soft edges" in names(Style(case=ENDINGS))


def test_bold_is_learnt_before_italic():
    (network, hand, _), _, ink, _ = looked_at(BEGUN)
    assert hand < network < 1.1 * hand
    assert ink[1] > ink[2]
    (network, hand, _), *_ = looked_at(BEGUN, style=ITALIC)
    assert network > hand


def test_half_and_less_than_nothing_are_between_and_beyond():
    inks = {case: looked_at(case)[2] for case in (THICK, HALF, LIGHT, TWICE)}
    regular, bold, *_ = inks[THICK]
    assert 0.2 < (inks[HALF][1] - regular) / (bold - regular) < 0.7
    assert inks[LIGHT][1] < inks[LIGHT][2] < regular
    assert inks[TWICE][1] - bold < 0.3 * (bold - regular)
    assert inks[TWICE][2] - inks[THICK][2] > 0.5 * (inks[THICK][2] - regular)
    sharp = looked_at(HALF)[3].words.sharp
    assert sharp["by hand"] < 0.9 * sharp["true"] < sharp["translated"]


def test_bold_italic_is_bold_and_upright():
    both, bold, italic = (
        translation.Translation(USUAL | {"style": kind}).ways[1] for kind in (BOTH, BOLD, ITALIC)
    )
    assert translation.l1(both, bold).mean() < 0.5 * translation.l1(both, italic).mean()


def test_a_font_unlike_the_others_fails_and_one_learnt_from_is_no_better():
    lab = Style(case=UNLIKE)
    row = lab.frame()["gain"][list(FONTS).index(lab.values["font"])]
    assert {data.CHARACTERS[k] for k in row.argsort()[:3]} == set("ndq")
    assert np.mean(row < 0) > 0.7
    here, hand, _ = looked_at(KNOWN)[0]
    assert hand < here
    others = [looked_at(KNOWN, font=font)[0][0] for font in NEVER_SEEN]
    assert here > 0.9 * np.median(others)


# ---- as a program


@pytest.mark.parametrize(
    "settings",
    [{}, {"style": BOTH, "turned": True, "strength": 0.7, "font": "Lato (learnt from)",
          "trained": PLAIN}],
    ids=["default", "all else"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["dlcore", "torch"])
def test_a_program_makes_the_same_letters(settings, kind):
    lab, found = Style(**settings), {}
    lab.frame()
    exec(compile(lab.code()[kind], "program", "exec"), found)
    expected = {"made": lab.now.ways[1], "hand": lab.now.ways[2], "belief": lab.beliefs[1],
                "dy": -lab.signals[1]}  # fmt: skip
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, atol=1e-5, err_msg=name)
