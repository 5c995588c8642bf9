// <resource-search>: search in the archive of a searchsvc, inside any page. One module, nothing else is loaded.
// Attributes: endpoint, key, mode (inline, dialog), kinds, language, limit, placeholder, theme (auto, light, dark), target.
// Events: search (an answer is shown), select (a result is chosen; preventDefault() keeps the page). See docs/widget.md.

const VERSION = "1.3.0";

const WAIT_MS = 250; // after the last key
const PATIENCE_MS = 15_000; // for an answer
const FEWEST_LETTERS = 2;
const LIMIT = { usual: 6, most: 20 };
const EXCERPT = { length: 240, before: 60 }; // in characters; how much of it stands before the first marked word

const TEXTS = {}; // language -> texts; the service fills them in from its own (searchsvc/texts), the usual language first

const CSS = `
:host { display: block; }
:host([mode="dialog"]) { display: inline-block; }
:host([hidden]) { display: none; }
[hidden] { display: none !important; }
.tone { position: absolute; visibility: hidden; color: color-mix(in srgb, currentColor, currentColor); transition: color 1ms; }
.root {
  all: initial;
  display: block;
  color-scheme: light;
  --text: var(--resource-search-text, light-dark(#1b1f24, #e8eaed));
  --muted: var(--resource-search-muted, light-dark(#57606a, #a4acb6));
  --background: var(--resource-search-background, light-dark(#ffffff, #16191d));
  --hover: var(--resource-search-hover, light-dark(#eef3fa, #252b34));
  --border: var(--resource-search-border, light-dark(#85909c, #69737f));
  --line: var(--resource-search-line, light-dark(#dde1e6, #31373f));
  --accent: var(--resource-search-accent, light-dark(#0b57a4, #8ab8ee));
  --mark: var(--resource-search-mark, light-dark(#fff0a8, #5a4a00));
  --alert: var(--resource-search-alert, light-dark(#9a1c1c, #ffaaa3));
  --radius: var(--resource-search-radius, 0.5em);
  color: var(--text);
  font: var(--resource-search-font, medium/1.45 system-ui, sans-serif);
  overflow-wrap: anywhere;
}
.root.dark { color-scheme: dark; }
.root *, .root *::before, .root *::after, dialog::backdrop { box-sizing: border-box; }
.box { position: relative; min-inline-size: 0; }
.field { position: relative; display: flex; align-items: center; }
svg { inline-size: 1.15em; block-size: 1.15em; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; }
.field > svg { position: absolute; inset-inline-start: 0.75em; color: var(--muted); pointer-events: none; }
input {
  appearance: none; margin: 0; inline-size: 100%; min-inline-size: 0; flex: 1;
  padding: 0.6em 0.75em; padding-inline-start: 2.5em;
  font: inherit; color: var(--text); background: var(--background);
  border: 1px solid var(--border); border-radius: var(--radius);
}
input::placeholder { color: var(--muted); opacity: 1; }
button {
  appearance: none; margin: 0; padding: 0.6em 0.9em; display: inline-flex; align-items: center; gap: 0.55em;
  font: inherit; color: var(--text); background: var(--background);
  border: 1px solid var(--border); border-radius: var(--radius); cursor: pointer;
}
button:hover { background: var(--hover); }
.open { inline-size: 100%; color: var(--muted); }
.open svg { color: var(--muted); }
.close { border-color: transparent; padding: 0.6em; }
.note button { padding: 0.2em 0.7em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
input:focus-visible { outline-offset: -1px; }
.panel:focus { outline: none; }
.tabs { flex: none; display: flex; gap: 0.2em; padding: 0 0.5em; overflow-x: auto; border-block-end: 1px solid var(--line); font-size: 0.92em; }
.tabs button { flex: none; padding: 0.55em 0.45em; border: 0; border-radius: 0; color: var(--muted); background: none; }
.tabs [aria-selected="true"] { color: var(--accent); box-shadow: inset 0 -2px var(--accent); }
.tabs :focus-visible { outline-offset: -2px; }
.meant { flex: none; margin: 0; padding: 0.6em 0.9em; font-size: 0.92em; border-block-end: 1px solid var(--line); }
.meant button { display: inline; padding: 0; border: 0; color: var(--accent); background: none; text-align: start; text-decoration: underline; }
.panel {
  position: absolute; z-index: var(--resource-search-z-index, 1000);
  inset-block-start: calc(100% + 0.3em); inset-inline-start: 0;
  inline-size: 100%; max-block-size: var(--resource-search-height, min(70vh, 36em));
  display: flex; flex-direction: column; overflow: hidden;
  color: var(--text); background: var(--background);
  border: 1px solid var(--border); border-radius: var(--radius);
  box-shadow: 0 0.5em 1.5em rgb(0 0 0 / 0.22);
}
.panel.wider { inline-size: min(26em, 92vw); }
.panel.above { inset-block: auto calc(100% + 0.3em); }
.panel.end { inset-inline: auto 0; }
.list { flex: 0 1 auto; min-block-size: 0; overflow: auto; overscroll-behavior: contain; }
.result { display: block; padding: 0.65em 0.9em; color: inherit; text-decoration: none; cursor: pointer; border-block-end: 1px solid var(--line); }
.result:last-child { border-block-end: 0; }
.result:hover, .result[aria-selected="true"] { background: var(--hover); }
.result[aria-selected="true"] { outline: 2px solid var(--accent); outline-offset: -2px; }
.title, .meta, .passage { display: block; }
.card { border-inline-start: 3px solid var(--accent); }
.title { color: var(--accent); font-weight: 600; text-wrap: pretty; }
.meta { color: var(--muted); font-size: 0.85em; }
.passage { font-size: 0.92em; }
mark { color: inherit; background: var(--mark); border-radius: 0.15em; }
.note, .foot { flex: none; margin: 0; padding: 0.6em 0.9em; display: flex; flex-wrap: wrap; gap: 0.4em 1em; align-items: center; justify-content: space-between; font-size: 0.92em; }
.note.wrong { color: var(--alert); }
.list:not([hidden]) ~ .foot, .note:not([hidden]) ~ .list:not([hidden]), .note:not([hidden]) ~ .foot { border-block-start: 1px solid var(--line); }
.foot { color: var(--muted); }
.foot a { color: var(--accent); border-radius: 0.15em; }
.live { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.list[aria-busy="true"] { opacity: 0.5; }
.busy::after {
  content: ""; position: absolute; inset-block-end: 1px; inset-inline: var(--radius); block-size: 2px; border-radius: 1px;
  background: var(--accent);
}
@media (prefers-reduced-motion: no-preference) {
  .busy::after { animation: busy 1s ease-in-out infinite alternate; }
  @keyframes busy { from { opacity: 0.15; } }
}
dialog {
  inline-size: min(44em, 100vw - 1.5em); max-inline-size: none; max-block-size: min(85vh, 48em);
  margin: 8vh auto auto; padding: 0; overflow: hidden;
  color: var(--text); background: var(--background);
  border: 1px solid var(--border); border-radius: var(--radius);
}
dialog[open] { display: flex; }
dialog::backdrop { background: rgb(0 0 0 / 0.5); }
dialog .box { display: flex; flex-direction: column; flex: 1; min-block-size: 0; }
dialog .field { flex: none; padding: 0.6em; gap: 0.4em; }
dialog .field > svg { inset-inline-start: 1.35em; }
dialog .panel {
  position: static; inline-size: auto; max-inline-size: none; max-block-size: none; min-block-size: 0; flex: 0 1 auto;
  border: 0; border-block-start: 1px solid var(--line); border-radius: 0; box-shadow: none;
}
`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);

/** What the service answered instead of results. */
class Refused extends Error {
  constructor(answer, detail) {
    super(detail);
    this.status = answer.status;
    this.retryAfterS = Number.parseInt(answer.headers.get("Retry-After"), 10) || 60;
  }
}

class ResourceSearch extends HTMLElement {
  static version = VERSION;
  static observedAttributes = ["mode", "placeholder", "lang", "theme", "endpoint", "key", "kinds", "language", "limit", "target"];

  #texts = null;
  #parts = null; // the elements, once they are made
  #timer = 0;
  #asking = null; // the AbortController of the only question whose answer is still wanted
  #shown = null; // {query, hits, total} of the answer on display
  #active = -1; // the option that an arrow key has reached
  #kind = ""; // of the tab that is chosen; empty for all that the attribute allows
  #asTyped = false; // what was typed is asked for, whatever was meant
  #told = ""; // what the page's owner has been told

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    this.#build();
  }

  disconnectedCallback() {
    this.#forget();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#parts || before === after) return;
    if (name === "theme") this.#shade();
    else if (name === "mode" || name === "placeholder" || name === "lang") {
      this.#build();
    } else {
      this.#forget(); // what is shown was the answer to another question
      this.#clear();
    }
  }

  focus(options) {
    (this.#parts?.open ?? this.#parts?.input)?.focus(options);
  }

  // -- what is on the screen ------------------------------------------------------------------------------------------

  #build() {
    const typed = this.#parts?.input.value ?? "";
    this.#forget();
    this.#shown = null;
    const language = languageOf(this);
    const spoken = spokenOf(language);
    const texts = (this.#texts = TEXTS[spoken]);
    const label = this.getAttribute("placeholder") || texts.label;
    const isDialog = this.getAttribute("mode") === "dialog";

    const input = make("input", {
      part: "input", type: "text", role: "combobox", placeholder: label, "aria-label": label, "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": "list", dir: "auto", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      inputmode: "search", enterkeyhint: "search", maxlength: "500",
    });
    input.value = typed;
    const again = make("button", { part: "again", type: "button" }, texts.again);
    const said = make("span");
    const note = make("p", { class: "note", part: "note", hidden: "" }, said, again);
    const list = make("div", { class: "list", part: "list", id: "list", role: "listbox", "aria-label": texts.results, hidden: "" });
    const count = make("span", { part: "count" });
    const all = make("a", { part: "all" }, texts.all);
    const foot = make("div", { class: "foot", part: "foot", hidden: "" }, count, all);
    const meant = make("p", { class: "meant", part: "meant", hidden: "" });
    const tabs = make("div", { class: "tabs", part: "tabs", role: "tablist", "aria-label": texts.kind, hidden: "" });
    const panel = make("div", { class: "panel", part: "panel", tabindex: "-1", hidden: "" }, tabs, meant, note, list, foot);
    const live = make("p", { class: "live", role: "status" });
    const field = make("div", { class: "field", part: "field" }, lens(), input);
    const box = make("div", { class: "box", part: "box" }, field, panel, live);
    const root = make("div", { class: "root", part: "root", lang: spoken, dir: texts.direction });
    const tone = make("span", { class: "tone" });
    this.#parts = { input, again, said, note, meant, tabs, list, count, all, foot, panel, live, field, box, root, tone };

    if (isDialog) {
      const open = make("button", { class: "open", part: "button", type: "button", "aria-haspopup": "dialog" }, lens(), label);
      const close = make("button", { class: "close", part: "close", type: "button", "aria-label": texts.close }, cross());
      const dialog = make("dialog", { part: "dialog", "aria-label": label }, box);
      field.append(close);
      root.append(open, dialog);
      Object.assign(this.#parts, { open, dialog });
      open.addEventListener("click", () => {
        dialog.showModal();
        input.focus();
        input.select();
      });
      close.addEventListener("click", () => dialog.close());
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // on what is behind it
      dialog.addEventListener("close", () => this.#forget());
    } else {
      root.append(box);
      box.addEventListener("focusout", (event) => box.contains(event.relatedTarget) || this.#close());
      input.addEventListener("click", () => this.#reopen());
    }
    input.addEventListener("input", (event) => event.isComposing || this.#typed());
    input.addEventListener("compositionend", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("keydown", (event) => this.#escape(event));
    again.addEventListener("click", () => {
      input.focus();
      this.#search(this.#query);
    });
    tabs.addEventListener("keydown", (event) => this.#turn(event));
    tone.addEventListener("transitionend", () => this.#shade()); // the page has changed its colours
    this.addEventListener("focusin", () => this.#shade());
    this.shadowRoot.replaceChildren(tone, root);
    this.#shade();
  }

  /** Dark where the page's own words are light, whatever made them so; `theme` decides before that. */
  #shade() {
    const { root, tone } = this.#parts;
    const theme = this.getAttribute("theme");
    const [red, green, blue] = getComputedStyle(tone).color.match(/[\d.]+(e-\d+)?/g) ?? []; // each from 0 to 1
    const light = 0.21 * red + 0.72 * green + 0.07 * blue;
    root.classList.toggle("dark", theme === "dark" || (theme !== "light" && light > 0.5));
  }

  get #query() {
    return this.#parts.input.value.trim();
  }

  #open() {
    const { panel, input, list, field, dialog } = this.#parts;
    if (panel.hidden && !dialog) {
      const place = field.getBoundingClientRect();
      const inside = document.documentElement;
      panel.classList.toggle("wider", place.width < Math.min(320, inside.clientWidth * 0.8));
      panel.classList.toggle("end", place.left > inside.clientWidth / 2);
      panel.classList.toggle("above", innerHeight - place.bottom < 280 && place.top > innerHeight - place.bottom);
    }
    panel.hidden = false;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  #close() {
    this.#activate(-1);
    this.#parts.panel.hidden = true;
    this.#parts.input.setAttribute("aria-expanded", "false");
  }

  #reopen() {
    if (this.#shown && this.#shown.query === this.#query) this.#open();
  }

  /** No results, and nothing said. */
  #clear() {
    const { list, foot, note, meant, tabs, live } = this.#parts;
    this.#shown = null;
    this.#kind = "";
    list.replaceChildren();
    list.hidden = foot.hidden = note.hidden = meant.hidden = tabs.hidden = true;
    live.textContent = "";
    this.#close();
  }

  #say(text, wrong) {
    const { note, said, again, live } = this.#parts;
    said.textContent = text;
    again.hidden = !wrong;
    note.classList.toggle("wrong", wrong);
    note.hidden = !text;
    live.textContent = text;
  }

  // -- keys -----------------------------------------------------------------------------------------------------------

  #key(event) {
    const { panel, list, all } = this.#parts;
    if (event.isComposing) return;
    const options = panel.hidden ? [] : list.children;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      event.preventDefault();
      if (event.altKey) {
        if (step > 0) this.#reopen();
        else this.#close();
        return;
      }
      if (panel.hidden) this.#reopen();
      const places = this.#parts.panel.hidden ? 1 : list.children.length + 1; // and the input itself, as one of them
      this.#activate(((this.#active + 1 + step + places) % places) - 1);
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      this.#activate(-1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = options[this.#active];
      if (chosen) press(chosen, event);
      else if (letters(this.#query) >= FEWEST_LETTERS) {
        this.#pointAtAll();
        if (all.href) press(all, event);
      }
    }
  }

  #escape(event) {
    const { panel, input, dialog } = this.#parts;
    if (event.key !== "Escape" || event.isComposing || dialog || (panel.hidden && !input.value)) return;
    event.preventDefault();
    event.stopPropagation(); // it is not for what is around the widget
    input.focus();
    if (panel.hidden) {
      input.value = "";
      this.#forget();
      this.#clear();
    } else {
      this.#close();
    }
  }

  #activate(index) {
    const { input, list } = this.#parts;
    list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const option = list.children[index];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  // -- questions and answers --------------------------------------------------------------------------------------------

  #typed() {
    this.#activate(-1);
    this.#forget();
    this.#parts.live.textContent = ""; // the same count once more is news again
    const query = this.#query;
    this.#asTyped = false;
    if (letters(query) < FEWEST_LETTERS) this.#clear();
    else this.#timer = setTimeout(() => this.#search(query), WAIT_MS);
  }

  /** Whatever was asked: its answer is not wanted any more. */
  #forget() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
    this.#busy(false);
  }

  #busy(is) {
    this.#parts?.field.classList.toggle("busy", is);
    this.#parts?.list.setAttribute("aria-busy", String(is));
  }

  async #search(query) {
    this.#forget();
    const asking = (this.#asking = new AbortController());
    let slow = false;
    const patience = setTimeout(() => {
      slow = true;
      asking.abort();
    }, PATIENCE_MS);
    this.#busy(true);
    this.#parts.live.textContent = this.#texts.searching;
    if (this.#shown) this.#parts.count.textContent = this.#texts.searching;
    let body, error;
    try {
      body = await this.#ask(query, asking.signal);
    } catch (caught) {
      error = caught;
    }
    clearTimeout(patience);
    if (this.#asking !== asking) return; // it comes late
    this.#asking = null;
    this.#busy(false);
    if (error) this.#fail(error, slow);
    else this.#show(query, body);
  }

  /** For the page's owner, once: what the service says has to be set, and where. */
  #tellOwner(text) {
    if (text && text !== this.#told) console.error(`<resource-search> ${this.#endpoint}: ${text}`);
    this.#told = text;
  }

  /** {hits, total}; throws Refused, TypeError when the network fails, SyntaxError when it is no JSON. */
  async #ask(query, signal) {
    const url = new URL("v1/search", this.#endpoint);
    const most = Number.parseInt(this.getAttribute("limit"), 10);
    url.searchParams.set("q", query);
    url.searchParams.set("limit", String(most >= 1 ? Math.min(most, LIMIT.most) : LIMIT.usual));
    this.#narrow(url);
    if (this.getAttribute("key")) url.searchParams.set("key", this.getAttribute("key"));
    const answer = await fetch(url, { signal, credentials: "omit", headers: { Accept: "application/json" } });
    const body = await answer.json().catch(() => null);
    if (!answer.ok) throw new Refused(answer, body?.detail);
    if (!Array.isArray(body?.hits)) throw new SyntaxError("no hits");
    const named = Array.isArray(body.named) ? body.named : [];
    return { ...body, named, total: Number(body.total) || body.hits.length };
  }

  /** What is asked besides the words. */
  #narrow(url) {
    const add = (name, values) => values.forEach((value) => url.searchParams.append(name, value));
    add("kind", this.#kind ? [this.#kind] : words(this.getAttribute("kinds")));
    add("language", words(this.getAttribute("language")));
    if (this.#asTyped) add("as_typed", ["true"]);
  }

  /** The service's address with a slash at its end; without the attribute, where this module comes from. */
  get #endpoint() {
    const url = new URL(this.getAttribute("endpoint") || new URL(".", import.meta.url), document.baseURI);
    if (!/^https?:$/.test(url.protocol)) throw new SyntaxError(`endpoint is no http address: ${url}`);
    url.pathname = url.pathname.replace(/\/*$/, "/");
    url.search = url.hash = "";
    return url;
  }

  #show(query, { named, hits, total, facets, did_you_mean: meant, corrected }) {
    const { list, foot, count, live } = this.#parts;
    const texts = this.#texts;
    const options = [
      ...named.map((entry, at) => this.#card(entry, at, query)),
      ...hits.map((hit, at) => this.#option(hit, named.length + at, query)),
    ];
    this.#activate(-1);
    this.#shown = { query, options, total };
    list.replaceChildren(...options);
    list.scrollTop = 0;
    list.hidden = foot.hidden = !options.length;
    this.#say(options.length ? "" : filled(texts.nothing, { query }), false);
    this.#showMeant(query, meant, corrected);
    this.#showTabs(facets?.kind);
    const counted = countOf(hits.length, total, texts);
    count.textContent = hits.length ? counted : "";
    if (options.length) live.textContent = [corrected && filled(texts.corrected, { q: meant }), ...named.map((entry) => entry?.name), counted].filter(Boolean).join(", ");
    this.#pointAtAll();
    this.#open();
    this.#tell("search", { query, total, shown: hits.length });
  }

  /** What may have been meant, or what was searched because it was. */
  #showMeant(query, meant, corrected) {
    const texts = this.#texts;
    const line = this.#parts.meant;
    line.hidden = !meant;
    if (!meant) return;
    const choice = make("button", { type: "button", part: "correction" }, corrected ? filled(texts.as_typed, { q: query }) : meant);
    choice.addEventListener("click", () => {
      const { input } = this.#parts;
      if (!corrected) input.value = meant;
      this.#asTyped = Boolean(corrected);
      input.focus();
      this.#search(this.#query);
    });
    line.replaceChildren(corrected ? filled(texts.corrected, { q: meant }) : texts.did_you_mean, " ", choice);
  }

  /** A tab for everything and for each kind that was found; none where there is no choice. */
  #showTabs(counts) {
    const { tabs } = this.#parts;
    const wanted = words(this.getAttribute("kinds"));
    const found = (Array.isArray(counts) ? counts : []).filter((one) => one?.count && (!wanted.length || wanted.includes(one.value)));
    if (this.#kind && !found.some((one) => one.value === this.#kind)) found.push({ value: this.#kind, count: 0 });
    tabs.hidden = found.length < 2 && !this.#kind;
    const tab = (kind, ...label) => {
      const isChosen = kind === this.#kind;
      const one = make("button", { type: "button", part: "tab", role: "tab", "aria-selected": String(isChosen), "aria-controls": "list", tabindex: isChosen ? "0" : "-1" }, ...label);
      one.addEventListener("click", () => {
        this.#kind = kind;
        this.#search(this.#query);
      });
      return one;
    };
    const named = ({ value, label, count }) => tab(value, this.#texts.kinds_many[value] ?? label ?? value, make("small", {}, count));
    const old = [...tabs.children];
    const fresh = [tab("", this.#texts.every), ...found.map(named)];
    tabs.append(...fresh);
    const next = tabs.hidden ? this.#parts.input : fresh.find((one) => one.tabIndex === 0);
    if (tabs.contains(this.shadowRoot.activeElement)) next.focus(); // before the focus is lost with its tab
    old.forEach((one) => one.remove());
  }

  /** An arrow key on the tabs. */
  #turn(event) {
    const all = [...this.#parts.tabs.children];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = all[(all.indexOf(event.target) + (this.#texts.direction === "rtl" ? -step : step) + all.length) % all.length];
    next.focus();
    next.click();
  }

  #fail(error, slow) {
    const texts = this.#texts;
    let text = texts.failed;
    if (slow) text = texts.slow;
    else if (error instanceof TypeError) text = texts.unreachable;
    else if (error.status === 429) text = filled(texts.many, { seconds: error.retryAfterS });
    else if (error.status === 503) text = texts.busy;
    else if (error.status === 401 || error.status === 403) {
      text = texts.forbidden;
      this.#tellOwner(error.message);
    }
    const kept = this.#shown?.options.length && this.#shown.query !== this.#query ? ` ${filled(texts.kept, { query: this.#shown.query })}` : "";
    this.#say(text + kept, true);
    this.#pointAtAll();
    this.#open();
  }

  /** The address of the page with everything that was found. */
  #pointAtAll() {
    const { all } = this.#parts;
    try {
      const url = this.#endpoint;
      url.searchParams.set("q", this.#query);
      this.#narrow(url);
      this.#leadTo(all, url.href);
    } catch {
      all.removeAttribute("href");
    }
  }

  #leadTo(link, href) {
    link.href = href;
    const target = this.getAttribute("target");
    if (target) link.target = target;
    if (target) link.rel = "noopener";
  }

  #option(hit, at, query) {
    const texts = this.#texts;
    const resource = hit?.resource ?? {};
    const passage = hit?.passages?.[0];
    const authors = (resource.authors ?? []).map((author) => author?.name).filter(Boolean);
    const facts = [
      texts.kinds[resource.kind] ?? resource.kind,
      resource.year,
      authors.length > 3 ? `${authors[0]} et al.` : authors.join(", "),
      placeOf(passage?.locator, texts),
      hit?.only_words ? texts.words : hit?.band === "weak" && texts.weak,
    ];
    const link = this.#link(at, "result", resource.title || resource.file_name, facts);
    if (passage?.text) {
      link.append(make("span", { class: "passage", part: "passage", id: `passage-${at}`, dir: "auto" }, ...excerpt(passage.reading ?? passage)));
      link.setAttribute("aria-describedby", `passage-${at}`);
    }
    const href = this.#reader(resource, passage, query) || this.#resolved(passage?.href ?? resource.href);
    return this.#leading(link, { query, position: at + 1, kind: resource.kind, id: resource.id, title: resource.title, href });
  }

  /** Somebody or something of the register that is asked for by name. */
  #card(entry, at, query) {
    const facts = [
      this.#texts.kinds[entry?.kind] ?? entry?.kind,
      entry?.note,
      (entry?.organizations ?? []).map((one) => one?.name).filter(Boolean).join(", "),
      entry?.place,
    ];
    const link = this.#link(at, "result card", entry?.name, facts);
    const href = this.#resolved(entry?.href);
    return this.#leading(link, { query, position: at + 1, kind: entry?.kind, id: entry?.id, title: entry?.name, href });
  }

  #link(at, names, title, facts) {
    return make(
      "a",
      {
        class: names, part: names, role: "option", id: `option-${at}`, tabindex: "-1", "aria-selected": "false",
        "aria-labelledby": `title-${at} meta-${at}`,
      },
      make("span", { class: "title", part: "title", id: `title-${at}`, dir: "auto" }, title),
      make("span", { class: "meta", part: "meta", id: `meta-${at}` }, facts.filter(Boolean).join(" · ")),
    );
  }

  /** With what a click tells the page, and where it leads. */
  #leading(link, detail) {
    if (detail.href) this.#leadTo(link, detail.href);
    link.addEventListener("click", (event) => {
      if (!this.#tell("select", detail)) event.preventDefault();
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // it opens elsewhere, and the next may follow
      this.#parts.input.focus();
      this.#close();
      this.#parts.dialog?.close();
    });
    return link;
  }

  /** Where the service shows the passage marked; nothing when the answer does not say which one it is. */
  #reader(resource, passage, query) {
    if (!resource.id || !passage?.id) return "";
    try {
      const url = new URL(`resources/${encodeURIComponent(resource.id)}/read`, this.#endpoint);
      url.search = new URLSearchParams({ passage: passage.id, q: query });
      url.hash = `passage-${passage.id}`;
      return url.href;
    } catch {
      return "";
    }
  }

  /** An address of the service's answer, whole; nothing for what is no http address. */
  #resolved(href) {
    try {
      const base = this.#endpoint;
      const local = /^\/(?!\/)/.test(href);
      const url = new URL(local ? href.slice(1) : href, base);
      return /^https?:$/.test(url.protocol) ? url.href : "";
    } catch {
      return "";
    }
  }

  /** Whether the page let it be. */
  #tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: type === "select" }));
  }
}

// -- small things ---------------------------------------------------------------------------------------------------------

/** An element; children that are no elements become text, whatever they hold. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map((child) => (child instanceof Node ? child : String(child ?? ""))));
  return element;
}

function drawing(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const lens = () => drawing("M16.5 16.5 21 21M18.5 10.75a7.75 7.75 0 1 1-15.5 0 7.75 7.75 0 0 1 15.5 0Z");
const cross = () => drawing("M6 6l12 12M18 6L6 18");

/** A click as the key would have made it, so that Ctrl opens a new tab. */
function press(link, { ctrlKey, metaKey, shiftKey }) {
  link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, ctrlKey, metaKey, shiftKey }));
}

function words(text) {
  return (text ?? "").split(/[\s,]+/).filter(Boolean);
}

function letters(text) {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** The language that the element stands in, through all shadow roots around it. */
function languageOf(element) {
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    const language = at.getAttribute("lang");
    if (language) return language;
  }
  return "";
}

/** Which of the texts are meant by a tag such as `fr-CH`. */
function spokenOf(language) {
  const code = language.toLowerCase().split(/[-_]/)[0];
  return Object.hasOwn(TEXTS, code) ? code : Object.keys(TEXTS)[0];
}

/** `{name}` in a text is a value; what a value holds is left as it is. */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function countOf(shown, total, texts) {
  if (shown < total) return filled(texts.part, { shown, n: total });
  return filled(texts.count[new Intl.PluralRules(texts.language).select(total)] ?? texts.count.other, { n: total });
}

function placeOf(locator, texts) {
  if (locator?.kind === "page" && locator.number) return filled(texts.page, { number: locator.name || locator.number });
  if (locator?.kind === "slide" && locator.number) return filled(texts.slide, locator);
  if (locator?.kind === "time") return locator.label;
  return locator?.heading ? filled(texts.heading, { text: locator.heading }) : "";
}

/** A passage around its first marked word, as strings and <mark>s. The service counts whole characters, not UTF-16 units. */
function excerpt({ text, highlights }) {
  const characters = Array.from(String(text));
  const marks = (Array.isArray(highlights) ? highlights : []).filter(([start, end]) => 0 <= start && start < end);
  let from = Math.max(0, Math.min((marks[0]?.[0] ?? 0) - EXCERPT.before, characters.length - EXCERPT.length));
  let to = Math.min(characters.length, from + EXCERPT.length);
  const isGap = (at) => /\s/u.test(characters[at]);
  for (let at = from; from > 0 && at < from + 20; at++) if (isGap(at)) { from = at + 1; break; }
  for (let at = to; to < characters.length && at > to - 20; at--) if (isGap(at)) { to = at; break; }
  const slice = (start, end) => characters.slice(start, end).join("");
  const pieces = [from > 0 ? "…\u00a0" : ""];
  let done = from;
  for (const [start, end] of marks) {
    const [first, last] = [Math.max(start, done), Math.min(end, to)];
    if (first >= last) continue;
    pieces.push(slice(done, first), make("mark", { part: "mark" }, slice(first, last)));
    done = last;
  }
  pieces.push(slice(done, to), to < characters.length ? "\u00a0…" : "");
  return pieces.filter((piece) => piece !== "");
}

if (!customElements.get("resource-search")) customElements.define("resource-search", ResourceSearch);

export { ResourceSearch };
