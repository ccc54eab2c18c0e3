// Symbols and code, linked. Pointing at a symbol of a formula, or at a variable of the code, marks both wherever they
// stand on the page, and a tip says what the symbol means. A click, a tap, or Enter in the table of symbols keeps the
// marks; Escape takes them away. What is known of the symbols is read from the page's table (web/ext/symbols.py):
// its row k has the class symbol-k in every formula. Variables are looked up by their names at that moment, so cells may
// come and go.

const SHOW = 120; // ms: a pointer that only passes by opens nothing
const HIDE = 300; // ms to get from a symbol into its tip
const GAP = 6; // px between a symbol and its tip
const HEADER = 60; // px at the top of the window, where the page's header stays
const KEYS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
const HINT =
  "Point at a symbol here, in a formula or in the code, or tap it: it is marked wherever it stands on this page. " +
  "With the keyboard, choose a symbol in this table with the arrow keys and keep it with Enter. Escape takes the marks away.";

/** The name that a token of highlighted code is part of: `W`, or with what it belongs to, `neuron.W`. */
function nameOf(token) {
  let name = token.textContent;
  for (let dot = token.previousSibling; dot?.textContent === "."; dot = token.previousSibling) {
    token = dot.previousSibling;
    if (!token?.matches?.(".highlight [class^=n]")) return `.${name}`;
    name = `${token.textContent}.${name}`;
  }
  return name;
}

const TOKENS = ".highlight span[class^=n], code > .pre"; // in cells; names in the text

class Symbols {
  constructor(table) {
    this.article = table.closest("article");
    this.rows = [...table.tBodies[0].rows];
    this.keys = this.rows.map((row) => row.querySelector(".symbol"));
    this.names = new Map();
    this.rows.forEach((row, k) => {
      for (const code of row.cells[1].querySelectorAll("code")) this.names.set(code.textContent, k);
    });
    this.kept = this.shown = null; // {symbol, anchor}: which, and where its tip is, if it has one
    this.makeTip();
    this.makeHint(table);
    this.makeKeys();
    this.listen();
  }

  makeTip() {
    this.tip = this.article.appendChild(document.createElement("div"));
    this.tip.className = "symbols-tip";
    this.tip.setAttribute("role", "tooltip");
    this.tip.hidden = true;
  }

  makeHint(table) {
    const hint = document.createElement("p");
    hint.className = "symbols-hint";
    hint.textContent = HINT;
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    (table.closest(".pst-scrollable-table-container") ?? table).after(hint, this.status);
  }

  /** The symbols of the table are buttons: one stop of the Tab key, then arrow keys. */
  makeKeys() {
    this.keys.forEach((key, k) => {
      const [, code, meaning] = this.rows[k].cells;
      const named = [key, code, meaning]; // a formula alone is no name to many programs
      named.forEach((element, i) => (element.id = `symbol-${k}-${i}`));
      key.setAttribute("aria-labelledby", named.map(({ id }) => id).join(" "));
      key.setAttribute("role", "button");
      key.setAttribute("aria-pressed", "false");
      key.tabIndex = k === 0 ? 0 : -1;
      key.addEventListener("focus", () => {
        for (const other of this.keys) other.tabIndex = other === key ? 0 : -1;
        this.show({ symbol: k, anchor: null });
      });
      key.addEventListener("blur", () => this.show(this.kept));
      key.addEventListener("keydown", (event) => this.pressed(event, k));
    });
  }

  pressed(event, k) {
    const { key, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey) return;
    if (key === "Enter" || key === " ") this.keep({ symbol: k, anchor: null });
    else if (key === "Home") this.keys[0].focus();
    else if (key === "End") this.keys.at(-1).focus();
    else if (key in KEYS) this.keys[Math.min(Math.max(k + KEYS[key], 0), this.keys.length - 1)].focus();
    else return;
    event.preventDefault();
  }

  listen() {
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch") this.point(event.target);
    });
    document.documentElement.addEventListener("pointerleave", () => this.point(document.body));
    document.addEventListener("click", (event) => this.click(event.target));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.keep(null);
    });
    window.addEventListener("resize", () => this.place());
    document.addEventListener("scroll", () => this.place(), { capture: true, passive: true });
  }

  /** What stands at an element: {symbol, anchor}, or null. In the table the row itself says what a tip would. */
  find(element) {
    if (this.tip.contains(element) || !this.article.contains(element)) return null;
    const key = element.closest(".symbol");
    const mark = element.closest("mjx-math [class*='symbol-']");
    const token = element.closest(TOKENS);
    let symbol = mark && Number(/symbol-(\d+)/.exec(mark.getAttribute("class"))[1]);
    if (!mark) symbol = token ? this.names.get(nameOf(token)) : this.keys.indexOf(key);
    if (!(symbol in this.rows)) return null;
    return { symbol, anchor: element.closest("table.symbols") ? null : (mark ?? token) };
  }

  point(target) {
    clearTimeout(this.timer);
    if (this.tip.contains(target)) return;
    const found = this.find(target);
    this.timer = setTimeout(() => this.show(found ?? this.kept), found ? SHOW : HIDE);
  }

  click(target) {
    if (this.tip.contains(target) || target.closest("a") || !getSelection().isCollapsed) return;
    const found = this.find(target);
    if (found || this.kept) this.keep(found);
  }

  /** Keep the marks of a symbol, or take them away: null, or what is kept already. */
  keep(found) {
    clearTimeout(this.timer);
    const again = found && this.kept?.symbol === found.symbol && this.kept.anchor === found.anchor;
    this.kept = again ? null : found;
    this.keys.forEach((key, k) => key.setAttribute("aria-pressed", String(this.kept?.symbol === k)));
    this.show(this.kept);
    this.announce();
  }

  show(found) {
    this.shown = found;
    for (const one of document.querySelectorAll("[data-marked]")) delete one.dataset.marked;
    for (const one of found ? this.places(found.symbol) : []) one.dataset.marked = "";
    if (found?.anchor) this.fill(this.rows[found.symbol], this.keys[found.symbol]);
    this.place();
  }

  /** Where a symbol stands on the page, in formulas and in code. */
  places(symbol) {
    const marks = this.article.querySelectorAll(`mjx-math .symbol-${symbol}`);
    const tokens = [...this.article.querySelectorAll(TOKENS)].filter((one) => this.names.get(nameOf(one)) === symbol);
    return [...marks, ...tokens].filter((one) => !this.tip.contains(one));
  }

  fill(row, key) {
    const [, code, meaning, shape] = row.cells;
    this.tip.replaceChildren(line(key, " ", code), line(meaning));
    if (shape.textContent.trim()) this.tip.append(line("shape: ", shape));
  }

  /** Put the tip above its symbol, or below where there is no room; always within the text's width. */
  place() {
    const { tip, article } = this;
    const anchor = this.shown?.anchor;
    tip.hidden = !anchor?.isConnected;
    if (tip.hidden) return;
    const at = anchor.getBoundingClientRect();
    const frame = article.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const above = at.top - GAP - height;
    const left = Math.min(at.left, frame.right - width, innerWidth - width - GAP);
    tip.style.left = `${Math.max(left, frame.left) - frame.left}px`;
    tip.style.top = `${(above >= HEADER ? above : at.bottom + GAP) - frame.top}px`;
  }

  /** What a screen reader says when marks are kept. */
  announce() {
    if (!this.kept) {
      this.status.textContent = "";
      return;
    }
    const { symbol } = this.kept;
    const places = this.places(symbol).filter((one) => !one.closest("table.symbols"));
    const formulas = places.filter((one) => one.closest("mjx-math")).length;
    const meaning = this.rows[symbol].cells[2].textContent.trim();
    this.status.textContent =
      `${meaning}: marked ${times(formulas)} in formulas, ${times(places.length - formulas)} in code.`;
  }
}

const times = (count) => (count === 1 ? "once" : `${count} times`);

/** A line of the tip: copies of what cells of the table hold. */
function line(...parts) {
  const paragraph = document.createElement("p");
  for (const part of parts) {
    if (typeof part === "string") paragraph.append(part);
    else paragraph.append(...(part.querySelector("p") ?? part).cloneNode(true).childNodes);
  }
  return paragraph;
}

const table = document.querySelector("table.symbols");
if (table) new Symbols(table);
