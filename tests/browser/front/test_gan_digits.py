"""The lab `gan-digits`, live: samples that grow, the walk between two, one number of z."""

import pytest

TINY = {"width_G": 8, "width_D": 8, "batch": 16, "latent": 4}


def pictures(lab, panel):
    return lab.root.locator(f"[data-panel={panel}] .dl-image")


def ink(lab, panel, k):
    return pictures(lab, panel).nth(k).locator("canvas").evaluate("c => c.toDataURL()")


def test_samples_grow_and_real_digits_stay(python_lab):
    lab = python_lab("gan-digits", values=TINY)
    before = ink(lab, "fakes", 3), ink(lab, "reals", 3)
    lab.ticks(3, 4)
    assert (lab.step, lab.data("state")) == (12, "live")
    assert ink(lab, "fakes", 3) != before[0]
    assert ink(lab, "reals", 3) == before[1]
    caption = pictures(lab, "fakes").nth(3).inner_text()
    assert caption == lab.session.lab.frame()["said_fake"][3]


def test_a_click_on_a_sample_sets_the_walk_and_its_sliders(python_lab):
    lab = python_lab("gan-digits", values=TINY)
    pictures(lab, "fakes").nth(9).click()
    lab.settle()
    assert lab.control("first").input_value() == "2"
    assert lab.control("last").input_value() == "10"
    assert "sample 2 to that of sample 10" in lab.root.locator("[data-panel=walk]").inner_text()
    assert ink(lab, "walk", 8) == ink(lab, "fakes", 9)
    pictures(lab, "walk").nth(4).click()
    lab.settle()
    assert lab.control("along").input_value() == "50"
    assert ink(lab, "looks", 0) == ink(lab, "walk", 4)
    lab.slide("along", 0)
    lab.settle()
    assert ink(lab, "looks", 0) == ink(lab, "fakes", 1)


def test_one_number_of_z_is_dragged_clicked_and_moved_by_keys(python_lab):
    lab = python_lab("gan-digits", values=TINY)
    own = lab.session.lab
    before, z = ink(lab, "looks", 0), own.z.copy()
    lab.drag("latent", (3, float(z[2])), (3.2, 2.5))
    assert own.z[2] == pytest.approx(2.5, abs=0.1)
    assert (own.z[[0, 1, 3]] == z[[0, 1, 3]]).all()
    assert ink(lab, "looks", 0) != before
    lab.canvas("latent").focus()
    lab.keyboard.press("ArrowDown")
    lab.settle()
    assert own.z[2] < 2.45
    pictures(lab, "turned").nth(7 + 6).click()
    lab.settle()
    assert own.z[1] == pytest.approx(2.4)
    assert ink(lab, "looks", 0) == ink(lab, "turned", 13)


def test_it_fits_on_a_phone(python_lab):
    lab = python_lab("gan-digits", values={"latent": 12}, width=390)
    lab.ticks(1, 1)
    assert lab.evaluate("document.documentElement.scrollWidth") == 390
