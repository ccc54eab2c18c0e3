"""Sizes, themes, missing values, words: what the eye, or a screen reader, meets."""

import pytest

from .conftest import ROOT


@pytest.mark.parametrize("dark", ["", "1"], ids=["light", "dark"])
def test_axe_finds_nothing(open_lab, dark):
    lab = open_lab(dark=dark)
    lab.evaluate(
        "model.findings = [{ name: 'saturation', text: '70 %', advice: 'Try it.', level: 'warn' }]"
    )
    lab.ticks(4)
    lab.evaluate("for (const n of document.querySelectorAll('.dl summary')) n.click()")
    for name in ("Audit", "Copy as code"):
        lab.button(name).click()
    lab.settle()
    assert lab.violations() == []


def test_axe_finds_nothing_in_the_states_of_trouble(open_lab):
    lab = open_lab(host="page", length=400, options={"reduced_motion": "reduce"})
    lab.button("Go live").click()
    lab.get_by_text("loading Python").wait_for()
    assert lab.violations() == []
    lab.evaluate("model.emit({ type: 'failed', message: 'ValueError: no' })")
    lab.until("lab.root.dataset.state === 'failed'")
    assert lab.violations() == []


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_has_one_column_and_no_sideways_scroll(open_lab, width):
    lab = open_lab(width=width)
    lab.ticks(3)
    assert lab.evaluate("document.documentElement.scrollWidth") == width
    lefts = lab.evaluate(
        "[...document.querySelectorAll('.dl-panel')].map(f => f.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 1
    touch = lab.evaluate(
        "[...document.querySelectorAll('.dl-toolbar .dl-button')].map(b => b.offsetHeight)"
    )
    assert min(touch) >= 40


@pytest.mark.parametrize("width", [772, 390])
def test_it_keeps_its_size_while_it_runs(open_lab, width):
    lab = open_lab(width=width)
    lab.evaluate("""() => {
        const all = [
            { name: 'one', text: 'finding', advice: 'Try this.', level: 'warn' },
            { name: 'two', text: 'more '.repeat(30), advice: '', level: 'bad' }];
        const frame = model.frame.bind(model);
        model.frame = () => {
            model.findings = all.slice(0, Math.floor(model.step / 40) % 3);
            return frame();
        };
    }""")
    lab.button("Play").click()
    lab.until("lab.stats.frames > 3")
    sizes = lab.evaluate("""async () => {
        const seen = new Set();
        for (let k = 0; k < 40; k++) {
            await new Promise(ok => requestAnimationFrame(ok));
            const root = document.querySelector('.dl');
            const parts = [root, ...root.querySelectorAll('canvas, .dl-toolbar > *')];
            const boxes = parts.map(n => [n.offsetLeft, n.offsetWidth, n.offsetHeight]);
            seen.add(boxes.join(' '));
        }
        return seen.size;
    }""")
    assert sizes == 1


def test_a_lab_that_is_rendered_before_it_is_in_the_page_has_its_colours_there(open_lab):
    """As in Jupyter, which attaches a widget's element after rendering into it."""
    lab = open_lab()
    lab.evaluate("unmount()")
    lab.evaluate("""() => {
        const place = document.createElement('div');
        mount(makeModel('sink', {}), place);
        return new Promise(resolve => setTimeout(() => {
            document.querySelector('main').append(place);
            resolve();
        }, 200));
    }""")
    lab.until("lab.theme.values.a === '#0072b2'")


def test_the_theme_is_read_from_the_paper(open_lab):
    lab = open_lab()
    assert lab.data("theme") == "light"
    lab.evaluate("document.documentElement.style.background = '#101418'")
    lab.until("lab.root.dataset.theme === 'dark' && lab.theme.paper === '#101418'")
    lab.evaluate("document.documentElement.style.background = 'rgb(255, 255, 255)'")
    lab.until("lab.root.dataset.theme === 'light'")


def test_text_on_canvas_can_be_read(open_lab):
    """WCAG contrast of every colour that labels are written in, on both papers."""
    lab = open_lab()
    for paper in ("#ffffff", "#14181e"):
        lab.evaluate("paper => { document.documentElement.style.background = paper; }", paper)
        lab.until(f"lab.theme.paper === '{paper}'")
        ratios = lab.evaluate("""async () => {
            const { luminance } = await import('/front/theme.js');
            const theme = document.querySelector('.dl')._lab.theme;
            const contrast = (p, q) => {
                const [a, b] = [luminance(p), luminance(q)].sort((x, y) => y - x);
                return (a + 0.05) / (b + 0.05);
            };
            const names = 'ink ink2 a b grad g1/3 g2/3 g3/3 s1 s2 s3'.split(' ');
            return Object.fromEntries(names.map(n => [n, contrast(theme.text(n), theme.paper)]));
        }""")
        assert min(ratios.values()) >= 4.5, (paper, ratios)


def test_on_paper_only_buttons_that_act_are_left_out(open_lab):
    lab = open_lab()
    lab.add_style_tag(path=str(ROOT / "web" / "theme" / "book.css"))
    lab.evaluate("document.querySelector('main').className = 'bd-article'")
    lab.emulate_media(media="print")
    seen = [
        lab.root.locator(f".dl-{kind}").first.is_visible() for kind in ("token", "image", "play")
    ]
    lab.emulate_media(media="screen")
    assert seen == [True, True, False]


@pytest.mark.parametrize("dpr", [1, 2])
def test_canvases_have_the_pixels_of_the_device(open_lab, dpr):
    lab = open_lab(dpr=dpr)
    width, css = lab.canvas("plane").evaluate("c => [c.width, c.getBoundingClientRect().width]")
    assert abs(width - css * dpr) <= 1
    assert lab.pixels("plane") > 50


def test_every_panel_is_drawn(open_lab):
    lab = open_lab()
    lab.ticks(10)
    lab.settle()
    for panel in (
        "net",
        "plane",
        "gan",
        "loss",
        "norms",
        "hist",
        "gates",
        "trace",
        "draw",
        "kernel",
        "images",
    ):
        assert lab.pixels(panel) > 2, panel
    assert lab.root.locator("[data-panel=bars] dd").all_inner_texts() == ["6 of 8", "86 %"]
    assert lab.root.locator("[data-panel=sum] .dl-formula p").inner_text().startswith("z = 1·0.50")


def test_values_that_are_not_finite_are_left_out_and_said(open_lab):
    lab = open_lab()
    lab.ticks(4)
    lab.evaluate("""() => {
        const frame = model.frame.bind(model);
        model.frame = () => {
            const arrays = frame();
            const names = 'p tiles W loss gnorm hist modes belief gates digits mesh v trail';
            for (const name of names.split(' ')) {
                arrays[name].data[0] = NaN;
                if (arrays[name].data.length > 2) arrays[name].data[1] = Infinity;
            }
            return arrays;
        };
    }""")
    lab.ticks(4)
    lab.settle()
    assert lab.data("state") == "live"
    note = lab.root.locator("[data-panel=hist] .dl-note")
    assert note.inner_text() == "2 values are not finite and not drawn"
    assert (
        lab.root.locator("[data-panel=loss] .dl-note").inner_text()
        == "1 value is not finite and not drawn"
    )
    assert lab.root.locator("[data-panel=bars] b").first.inner_text() == "not finite"
    corner = lab.canvas("gates").evaluate(
        "c => [...c.getContext('2d').getImageData(30, 3, 1, 1).data]"
    )
    assert corner[3] == 0, "nothing is painted where there is no value"
    for panel in ("net", "plane", "gan", "loss", "norms", "gates", "trace"):
        assert lab.pixels(panel) > 2, panel


def test_a_missing_array_is_named(open_lab):
    lab = open_lab(model="", ready=False)
    lab.evaluate("""() => {
        const model = makeModel('sink', {}), frame = model.frame.bind(model);
        model.frame = () => { const arrays = frame(); delete arrays.gates; return arrays; };
        mount(model);
    }""")
    lab.get_by_text('No such array: heatmap "gates" wants "gates"').wait_for()
    assert lab.data("state") == "failed"


def test_the_words_say_what_each_panel_shows(open_lab):
    lab = open_lab()
    lab.ticks(5)
    lab.root.locator("summary", has_text="In words").click()
    words = lab.root.locator(".dl-words")
    words.get_by_text("Network").wait_for()
    text = words.inner_text()
    assert "Network 2–3–1: the largest of the weights is" in text
    assert "4 points: 2 of class 0, 2 of class 1" in text
    assert "loss J: train 0.368, test 0.418." in text
    assert words.locator("table").count() >= 3
    lab.lab("lab.scrubTo(0)")
    assert "loss J: train 1.000" in words.inner_text(), "the step that is seen, not the last"


def test_the_sentence_follows_the_run_and_is_read_aloud_politely(open_lab):
    lab = open_lab()
    changes = lab.evaluate("""async () => {
        const changes = {};
        const all = { childList: true, characterData: true, subtree: true };
        for (const name of ['dl-twin', 'dl-hidden[aria-live=polite]']) {
            changes[name] = 0;
            const watch = new MutationObserver(() => changes[name]++);
            watch.observe(document.querySelector(`.${name}`), all);
        }
        document.querySelector('.dl')._lab.setPlaying(true);
        await new Promise(ok => setTimeout(ok, 1000));
        return Object.values(changes);
    }""")
    seen, heard = changes
    assert heard <= 1 < seen <= 5


def test_folds_have_their_triangle_where_the_page_has_taken_it_away(open_lab):
    """JupyterLab, for one, resets the lists' styles, and with them that of a summary."""
    lab = open_lab()
    lab.add_style_tag(content="summary { list-style: none; display: block }")
    for name in ("More", "In words"):
        summary = lab.root.locator("summary", has_text=name)
        shape = "s => getComputedStyle(s, '::before')"
        assert summary.evaluate(f"{shape} .borderLeftWidth") == "7px"
        assert summary.evaluate(f"{shape} .borderLeftColor") == summary.evaluate(
            "s => getComputedStyle(s).color"
        )
        closed = summary.evaluate(f"{shape} .transform")
        summary.click()
        assert summary.evaluate(f"{shape} .transform") != closed


def test_widths_of_edges_do_not_flicker(open_lab):
    lab = open_lab()
    scale = lab.lab("""(() => {
        const net = lab.panels[0], seen = [];
        for (const v of [4, 1, 1, 1, 6]) {
            lab.shown = { ...lab.shown };
            seen.push(net.scaleOf(Float32Array.of(v)));
        }
        return seen;
    })()""")
    assert scale[0] == 4
    assert 3.7 < scale[3] < scale[2] < scale[1] < 4
    assert scale[4] == 6
