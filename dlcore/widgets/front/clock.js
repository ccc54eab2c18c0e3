// When to ask for the next frame. The view asks when it has drawn the last: no flood, and pausing is not asking.

const IN_FLIGHT = 2; // ticks under way: one being answered, one on its way
const RECORDED_PACE = 64; // ms a frame of a recording: what the eye can follow

export class Clock {
  /**
   * @param frame   called once a screen frame while there is something to do, with the time
   */
  constructor(frame) {
    this.frame = frame;
    this.request = 0;
    this.lastMove = -Infinity;
  }

  /** Come by at the next screen frame. */
  schedule() {
    if (this.request || this.stopped) return;
    this.request = requestAnimationFrame(now => {
      this.request = 0;
      this.frame(now);
    });
  }

  /** May a recording (or what was seen before) move on? `pace`: ms a frame, of a figure that is read step by step. */
  paced(now, live, pace = live ? 0 : RECORDED_PACE) {
    if (pace && now - this.lastMove < pace - 4) return false;
    this.lastMove = now;
    return true;
  }

  mayAsk(now, ticks, live, pace) {
    return ticks < (live && !pace ? IN_FLIGHT : 1) && this.paced(now, live, pace);
  }

  destroy() {
    this.stopped = true;
    cancelAnimationFrame(this.request);
  }
}
