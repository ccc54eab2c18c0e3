"""One side of one workload in a process of its own: `python -m bench.worker SIDE WORKLOAD`.

Reads a number of steps from each line of its input, makes them, writes the seconds they took
and the last loss.
"""

import sys
import time

from .sides import stepper


def main(side, workload):
    step = stepper(side, workload)
    print("ready", flush=True)
    for line in sys.stdin:
        n = int(line)
        start = time.perf_counter()
        for _ in range(n):
            J = step()
        print(time.perf_counter() - start, J, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
