"""What a cell prints: at once where it is little, in lots where it is much, never megabytes."""

import io
import time

AT_ONCE = 200  # writes that are passed on one by one
PAUSE = 0.05  # seconds between lots after that
MOST = 100_000  # characters that are passed on whole; of the rest, only the end
TAIL = 2_000  # characters of that end


class Stream(io.TextIOBase):
    """A text stream that calls `send(text)`, and `end(left_out, tail)` for what was too much."""

    def __init__(self, send, end, clock=time.monotonic):
        self._send, self._end, self._clock = send, end, clock
        self._reset()

    def _reset(self):
        self._waiting, self._writes, self._sent = [], 0, 0
        self._over, self._tail = 0, ""
        self._last = self._clock()

    def writable(self):
        return True

    def isatty(self):
        return False

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write: expected text, got {type(text).__name__}")
        room = MOST - self._sent
        head, rest = text[:room], text[room:]
        if head:
            self._waiting.append(head)
            self._sent += len(head)
        if rest:
            self._over += len(rest)
            self._tail = (self._tail + rest)[-TAIL:]
        self._writes += 1
        if self._writes <= AT_ONCE or self._clock() - self._last >= PAUSE:
            self.flush()
        return len(text)

    def flush(self):
        self._last = self._clock()
        if self._waiting:
            self._send("".join(self._waiting))
            self._waiting = []
        if self._over and self._writes > AT_ONCE:
            self._tell()

    def finish(self):
        """The run is over: pass on what waits, and begin anew."""
        self.flush()
        if self._over:
            self._tell()
        self._reset()

    def _tell(self):
        self._end(self._over - len(self._tail), self._tail)
