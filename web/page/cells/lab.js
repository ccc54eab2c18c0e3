// A lab that was made in a cell: the front end of all live figures, answered by the cells' worker.

import { el } from "./dom.js";

const STOPPED = "Python was stopped, and this figure with it. Go live runs its cell again.";

class CellModel {
  constructor(about, kernel, runAgain) {
    Object.assign(this, { about, kernel, runAgain });
    this.listeners = [];
    this.stopped = false;
    this.end = kernel.listen(about.figure, this);
  }

  get(key) {
    return { host: "page", lab: this.about.name, seed: this.about.seed, values: this.about.values }[key];
  }

  on(event, listener) {
    if (event === "msg:custom") this.listeners.push(listener);
  }

  off(event, listener) {
    if (event === "msg:custom") this.listeners = this.listeners.filter(one => one !== listener);
  }

  send(message) {
    if (message.cmd === "live") this.runAgain();
    else if (!this.stopped) this.kernel.send(this.about.figure, message);
  }

  onMessage(content, buffers) {
    if (content.type === "setup" && !this.living) {
      this.living = true;
      this.emit({ type: "host", state: "live", note: "", progress: 1 }, []);
    }
    this.emit(content, buffers);
  }

  /** From the kernel: its worker is gone. */
  onStopped() {
    this.stopped = true;
    this.emit({ type: "host", state: "failed", note: STOPPED }, []);
  }

  emit(content, buffers) {
    for (const listener of this.listeners) listener(content, buffers);
  }
}

/** @returns {{node, end}} the figure's place, and what ends it */
export function showLab(about, kernel, runAgain) {
  const node = el("div", { class: "dlcore-lab" }, el("p", { class: "dlcore-lab-fallback", text: about.title }));
  const model = new CellModel(about, kernel, runAgain);
  let end = model.end;
  let ended = false;
  kernel.front().then(
    front => {
      if (ended) return;
      node.replaceChildren();
      const destroy = front.default.render({ model, el: node });
      end = () => (destroy(), model.end());
    },
    error => (node.firstChild.textContent = `This figure could not be loaded: ${error.message}. Run the cell again.`),
  );
  return { node, end: () => ((ended = true), end()) };
}
