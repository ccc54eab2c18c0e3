"""The lab `gan-2d`, live: the plane and its layers, slow motion, D and G apart, own modes."""

import pytest

from dlcore.labs.gan_2d_controls import COLLAPSES

TINY = {"width_G": 8, "width_D": 8, "batch": 32}
PANELS = ("plane", "losses", "modes", "divergences", "norms")


def chip(lab, name):
    return lab.root.locator("[data-panel=plane]").get_by_role("button", name=name, exact=True)


def stage(lab):
    return lab.root.locator(".dl-stagename[aria-current]").inner_text()


def caption_of(lab, panel):
    return lab.root.locator(f"[data-panel={panel}]")


def test_both_are_trained_and_everything_is_drawn(python_lab):
    lab = python_lab("gan-2d")
    lab.ticks(4)
    assert (lab.step, lab.data("state")) == (32, "live")
    for panel in PANELS:
        assert lab.pixels(panel) > 8, panel
    assert "of 8" in caption_of(lab, "close").inner_text()


def test_every_layer_of_the_plane_can_be_switched(python_lab):
    lab = python_lab("gan-2d", values=TINY)
    lab.ticks(2)
    for name in ("D(x)", "grid", "real", "−∂J/∂x", "G(z)", "modes"):
        before = lab.canvas("plane").screenshot()
        chip(lab, name).click()
        lab.settle()
        assert chip(lab, name).get_attribute("aria-pressed") == "false"
        assert lab.canvas("plane").screenshot() != before, name


def test_slow_motion_begins_where_the_run_is_and_tells_its_stages(python_lab):
    lab = python_lab("gan-2d", values=TINY)
    lab.ticks(3)
    chip(lab, "grid").click()
    lab.control("slow").check()
    lab.settle()
    assert (lab.step, lab.lab("lab.history.frames.length")) == (24, 4)
    assert lab.evaluate("document.activeElement.name") == "slow"
    assert chip(lab, "grid").get_attribute("aria-pressed") == "false", "stays as it was switched"
    assert lab.control("speed").input_value() == "1"
    names = lab.root.locator(".dl-stagename").all_inner_texts()
    for name in names:
        lab.button("Step").click()
        lab.settle()
        assert stage(lab) == name
        assert lab.root.locator("[data-panel=about] p").count() >= 1
    assert (lab.session.lab.rounds, lab.step) == (25, 32)
    lab.control("slow").uncheck()
    lab.settle()
    assert lab.control("speed").input_value() == "8"
    assert lab.root.locator(".dl-stagename").count() == 0
    lab.ticks(1)
    assert lab.step == 40
    assert lab.session.lab.rounds == 33


def test_a_click_on_a_stage_goes_on_to_it(python_lab):
    lab = python_lab("gan-2d", values=TINY | {"slow": True, "k": 3})
    lab.root.locator(".dl-stagename", has_text="∂J/∂x").click()
    lab.until("lab.shown.step === 8")
    lab.settle()
    assert stage(lab) == "∂J/∂x at G(z)"
    before = lab.canvas("plane").screenshot()
    chip(lab, "−∂J/∂x").click()
    lab.settle()
    assert lab.canvas("plane").screenshot() != before, "the arrows of the batch were there"


def test_pointing_at_a_z_shows_what_becomes_of_it(python_lab):
    lab = python_lab("gan-2d", values=TINY | {"slow": True})
    lab.ticks(1, 2)
    game = lab.session.lab.game
    assert lab.chosen("example") == lab.session.lab.example
    k = int(abs(game.z).max(1).argmax())
    before = lab.canvas("plane").screenshot()
    lab.mouse.move(*lab.place("latent", *game.z[k].clip(-2.9, 2.9)))
    assert lab.chosen("example") == k
    lab.settle()
    assert lab.canvas("plane").screenshot() != before
    lab.mouse.move(*lab.place("plane", 0, 0))
    lab.canvas("latent").focus()
    start = lab.chosen("example")
    lab.keyboard.press("ArrowRight")
    assert lab.chosen("example") == min(start + 1, len(game.z) - 1)


def test_frames_from_before_slow_motion_can_still_be_seen(python_lab):
    lab = python_lab("gan-2d", values=TINY)
    lab.ticks(3)
    lab.control("slow").check()
    lab.settle()
    lab.button("Step").click()
    lab.settle()
    for index in (0, 2, 4, 3):
        lab.lab(f"lab.scrubTo({index})")
        lab.settle()
        assert lab.data("state") == "live"
    assert lab.root.locator("[data-kind=error]").count() == 0


@pytest.mark.parametrize(("plays", "still"), [("D only", "G"), ("G only", "D")])
def test_one_step_of_D_or_of_G(python_lab, plays, still):
    lab = python_lab("gan-2d", values=TINY)
    net = getattr(lab.session.lab.game, still)
    before = net.params["0.W"].copy()
    lab.control("plays").select_option(plays)
    lab.button("Step").click()
    lab.settle()
    assert lab.step == 1
    assert (net.params["0.W"] == before).all()
    assert f"only {plays[0]} plays" in lab.root.locator(".dl-doctor").inner_text()


def test_the_loss_may_change_while_it_runs_and_the_lines_go_on(python_lab):
    lab = python_lab("gan-2d", values=TINY)
    lab.ticks(3)
    lab.control("loss").select_option("Wasserstein")
    lab.settle()
    assert lab.step == 24
    assert lab.control("clip").is_visible()
    lab.ticks(2)
    assert lab.lab("lab.series('J_D').n") == 6
    lab.control("loss").select_option("least squares")
    lab.settle()
    lab.ticks(1)
    assert lab.data("state") == "live"


def test_modes_of_ones_own_are_clicked_dragged_and_drawn_with_a_stroke(python_lab):
    lab = python_lab("gan-2d", values=TINY | {"data": "own"})
    own = lab.session.lab
    lab.mouse.click(*lab.place("plane", -0.8, -0.8))
    lab.settle()
    assert own.x.shape == (1, 2)
    lab.drag("plane", (-0.8, -0.8), (-0.4, -0.9))
    assert own.x[0] == pytest.approx([-0.4, -0.9], abs=0.02)
    lab.mouse.move(*lab.place("plane", -0.8, 0.5))
    lab.mouse.down()
    lab.mouse.move(*lab.place("plane", 0.8, 0.5), steps=30)
    lab.mouse.up()
    lab.settle()
    drawn = own.x[1:]
    assert len(drawn) > 8
    assert abs(drawn[:, 1] - 0.5).max() < 0.05
    assert (drawn[1:, 0] > drawn[:-1, 0]).all()
    lab.ticks(2)
    assert f"of {len(own.x)}" in caption_of(lab, "close").inner_text()
    lab.canvas("plane").focus()
    lab.keyboard.press("a")
    lab.settle()
    assert len(own.x) == len(drawn) + 2
    assert lab.evaluate("document.activeElement.tagName") == "CANVAS"


def test_a_failure_is_named_with_its_rescue(python_lab):
    lab = python_lab("gan-2d")
    lab.control("case").select_option(COLLAPSES)
    lab.settle()
    assert "Rescue" in lab.root.locator(".dl-twin").inner_text()
    lab.session.lab.run(199)
    for _ in range(4):
        lab.ticks(1, 25)
        if "mode collapse" in lab.root.locator(".dl-doctor").inner_text():
            break
    assert "mode collapse" in lab.root.locator(".dl-doctor").inner_text()
    assert "give it fewer" in lab.root.locator(".dl-doctor").inner_text()
