"""The lab `speech`, live: a word that goes on, frames to point at, tables to choose words by."""

from dlcore.labs.speech_controls import CASES

TIMED = ("mfcc", "true", "belief_lstm", "belief_rnn", "left", "dx_lstm", "dx_rnn")
PICTURE = "c => c.toDataURL()"


def panel(name):
    return f"lab.panels.find(p => p.spec.name === '{name}')"


def about(lab):
    return lab.root.locator("[data-panel=about] .dl-formula p").first.inner_text()


def test_a_step_is_a_frame_and_what_comes_later_is_not_drawn(python_lab):
    lab = python_lab("speech", height=1400)
    for name in (*TIMED, "errors_lstm", "errors_rnn"):
        assert lab.pixels(name) > 8, name
    seen = set()
    for k in range(3):
        lab.button("Step").click()
        lab.until(f"lab.root.dataset.step === '{k + 1}'")
        lab.settle()
        assert lab.chosen("frame") == k
        assert about(lab) == f"after frame {k + 1} of 22; spoken was 7"
        seen.add(lab.canvas("belief_lstm").evaluate(PICTURE))
    assert len(seen) == 3
    line = panel("true")
    heard = lab.lab(f"Array.from(lab.array('true_lstm').data, v => {line}.hasPlace(v))")
    assert heard == [True] * 3 + [False] * 19
    told = lab.lab(f"{line}.numbers().rows.map(row => row[2])")
    assert min(told) >= 0, "the least value is one that there is"


def test_pointing_at_a_frame_tells_what_was_believed_there_in_every_panel(python_lab):
    lab = python_lab("speech", height=1400)
    assert lab.chosen("frame") == 21
    lab.canvas("mfcc").focus()
    lab.keyboard.press("ArrowLeft")
    lab.settle()
    assert lab.chosen("frame") == 20
    box = lab.canvas("belief_rnn").bounding_box()
    lab.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + box["height"] * 0.5)
    lab.settle()
    pointed = lab.chosen("frame")
    assert 3 < pointed < 10
    assert about(lab) == f"after frame {pointed + 1} of 22; spoken was 7"


def test_rows_are_called_by_their_digits(python_lab):
    lab = python_lab("speech", height=1400)
    assert lab.lab(f"{panel('belief_lstm')}.spec.rows.join('')") == "0123456789"
    assert lab.chosen("digit") == 7


def test_a_cell_of_a_table_leads_to_a_word_that_went_wrong(python_lab):
    lab = python_lab("speech", height=1400)
    canvas = lab.canvas("errors_rnn")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    g = lab.lab(f"(({{ grid }}) => [grid.left, grid.top, grid.cw, grid.ch])({panel('errors_rnn')})")
    truth, said = 3, 6
    lab.mouse.click(box["x"] + g[0] + (said + 0.5) * g[2], box["y"] + g[1] + (truth + 0.5) * g[3])
    lab.settle()
    now = lab.session.lab
    assert (now.digit, now.ears["rnn"].said) == (truth, said)
    assert lab.lab("lab.values.word") == now.values["word"] != 283


def test_many_moves_one_after_the_other(python_lab):
    lab = python_lab("speech", height=1400)
    for k, case in enumerate([*CASES, *CASES]):
        lab.control("case").select_option(case)
        lab.slide("word", (7 * k % 16) / 16)
        lab.slide("tempo", (k % 4) / 4)
        lab.slide("part", (k % 3) / 2)
        lab.slide("noise", (k % 2) / 3)
        lab.button("Step").click()
    lab.settle()
    assert lab.data("state") == "live"
    lab.button("Play").click()
    lab.until("Number(lab.root.dataset.step) >= 3")
    lab.button("Pause").click()
    lab.settle()
