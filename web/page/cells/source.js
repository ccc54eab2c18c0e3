// The code of a cell on the page: as it was printed, as the reader's own text, or in an editor.

import { el } from "./dom.js";

let editor = null; // the module, once for the page

export class Source {
  /** @param pre the printed code @param original its exact source @param load gives a promise of the editor's module */
  constructor({ pre, original, label, load, run, leave, change }) {
    Object.assign(this, { pre, original, label, load, run, leave, change });
    this.printed = [...pre.childNodes];
    this.text = original;
    this.view = null;
  }

  get isEdited() {
    return this.text !== this.original;
  }

  get isOpen() {
    return Boolean(this.view);
  }

  /** Show another text than the printed one. */
  show(text) {
    this.text = text;
    this.print();
  }

  /** The printed code follows, for the theme's copy button takes its text from there. */
  print() {
    if (this.isEdited) this.pre.textContent = `${this.text}\n`;
    else this.pre.replaceChildren(...this.printed);
  }

  /** Put an editor in the place of the printed code. */
  async open() {
    if (this.view) return this.view.focus();
    editor ??= this.load();
    let made;
    try {
      made = await editor;
    } catch (error) {
      editor = null; // another try fetches it anew
      throw error;
    }
    if (this.view) return this.view.focus();
    this.place = el("div", { class: "cell-editor" });
    this.pre.before(this.place);
    this.pre.hidden = true;
    this.view = made.makeEditor({
      parent: this.place,
      text: this.text,
      label: this.label,
      run: this.run,
      leave: () => this.onLeave(),
      change: text => this.onChange(text),
    });
    this.view.focus();
  }

  onChange(text) {
    this.text = text;
    this.print();
    this.change();
  }

  /** Unless something was changed, the printed code comes back. */
  onLeave() {
    if (!this.isEdited) this.close();
    this.leave();
  }

  close() {
    this.view?.destroy();
    this.place?.remove();
    this.view = null;
    this.pre.hidden = false;
  }

  reset() {
    this.close();
    this.show(this.original);
  }
}
