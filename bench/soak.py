"""Does memory grow while a figure trains for long? `python -m bench.soak [minutes]`

Trains in the page at 64 steps a frame, and looks every ten seconds at the memory of WebAssembly
and the objects in the worker's Python, the page's JavaScript after a collection, and the whole
process where the system tells (Linux). What they are after a warm-up, in which the history fills,
is the beginning. Fails if one has grown beyond its bound at the end.
"""

import argparse
import time
from pathlib import Path

from .visit import Figure, browsing

WARM_UP, EVERY = 45, 10  # s
BOUNDS = {  # growth that is allowed: allocators round up, caches fill
    "WebAssembly, MB": 2.0,
    "Python objects, 1,000": 5.0,
    "page JavaScript, MB": 15.0,
    "process, MB": 60.0,
}


def main():
    parser = argparse.ArgumentParser(
        prog="python -m bench.soak", description=__doc__.split("\n")[0]
    )
    parser.add_argument("minutes", nargs="?", type=float, default=10)
    minutes = parser.parse_args().minutes
    with browsing() as (browser, address):
        grown = watch(browser, address, 60 * minutes)
    if grown:
        raise SystemExit(f"soak: grew too much: {', '.join(grown)}")
    print("soak: nothing grew beyond its bound")


def watch(browser, address, seconds):
    """Names of what has grown beyond its bound."""
    figure = Figure(browser, address)
    figure.when("step > 0")
    figure.script("lab.goLive();")
    figure.when("state === 'live'")
    figure.play("64")
    time.sleep(min(WARM_UP, seconds / 2))
    begin, first = time.monotonic(), None
    print("".join(f"{title:>24s}" for title in ("minutes", "steps", *BOUNDS)))
    while True:
        now = look(browser, figure)
        first = first or now
        passed, steps = time.monotonic() - begin, figure.script("return lab.stats.steps;")
        if figure.script("return lab.root.dataset.state;") != "live":
            raise SystemExit("soak: the figure does not live any more")
        cells = (f"{passed / 60:.1f}", f"{steps:,}", *(f"{x:.1f}" for x in now.values()))
        print("".join(f"{cell:>24s}" for cell in cells), flush=True)
        if passed >= seconds:
            return [f"{n} by {now[n] - first[n]:.1f}" for n in now if now[n] - first[n] > BOUNDS[n]]
        time.sleep(EVERY)


def look(browser, figure):
    """The memory there is now, named as in BOUNDS."""
    worker = figure.ask("memory")
    session = figure.page.context.new_cdp_session(figure.page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    found = [worker["wasm"] / 1e6, worker["objects"] / 1e3, heap / 1e6, process(browser)]
    return {name: x for name, x in zip(BOUNDS, found, strict=True) if x is not None}


def process(browser):
    """Resident memory of the largest page process in MB, or None where the system does not tell."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    sizes = [resident(p["id"]) for p in processes if p["type"] == "renderer"]
    return max((size for size in sizes if size), default=None)


def resident(number):
    status = Path(f"/proc/{number}/status")
    if not status.exists():
        return None
    lines = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(lines[0].split()[1]) / 1e3 if lines else None


if __name__ == "__main__":
    main()
