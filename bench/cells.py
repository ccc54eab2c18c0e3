"""How long each code cell of a page takes in Chromium: `python -m bench.cells chapters/cnn/index`.

A cell of more than five seconds says so in its metadata, {"dlcore": {"seconds": 6}}: this prints
what it takes, what it says, and the error of one that fails. Several pages may be named; without
one, all that have cells.
"""

import sys

from web.tools.common import HTML

from .visit import LOADING, browsing

LONG = 5  # s
RUN = """async number => {
    const { _cell: cell, dataset } = document.querySelectorAll('div.cell')[number];
    if (!cell.canRun) return null;
    cell.run();
    while (!['done', 'failed'].includes(dataset.state)) await new Promise(ok => setTimeout(ok, 20));
    const error = dataset.state === 'failed' ? cell.output.node.innerText.trim() || 'failed' : '';
    return [cell.took / 1000, cell.about.seconds || 0, error];
}"""


def main():
    pages = sys.argv[1:] or [
        path.relative_to(HTML).with_suffix("").as_posix()
        for path in sorted(HTML.glob("chapters/**/*.html"))
        if 'class="cell ' in path.read_text(encoding="utf-8")
    ]
    with browsing() as (browser, address):
        for page in pages:
            print(f"{page}\n{'cell':>6s}{'takes, s':>10s}{'says, s':>10s}")
            visit = browser.new_page(service_workers="block")
            visit.goto(f"{address}{page}.html")
            visit.wait_for_selector("div.cell .cell-run", timeout=LOADING)
            print(f"{'all':>6s}{sum(rows(visit)):>10.0f}", flush=True)
            visit.close()


def rows(visit):
    """The seconds of each cell; prints those that are long, say that they are, or fail."""
    for number in range(visit.locator("div.cell").count()):
        found = visit.evaluate(RUN, number)
        if not found:
            continue
        took, says, error = found
        if max(took, says) > LONG or error:
            print(f"{number + 1:>6d}{took:>10.1f}{says or '':>10}  {error[-300:]}", flush=True)
        yield took


if __name__ == "__main__":
    main()
