// What makes the pages quicker to use: suggestions, recent searches, keys. Every page works without it.

const RECENT = "searchsvc.recent";
const RECENT_KEPT = 8;
const WAIT_MS = 150;
const LONGEST_KEPT = 200;

// -- recent searches, in this browser only --------------------------------------------------------------------------

function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, RECENT_KEPT) : [];
  } catch {
    return []; // the browser keeps nothing, or holds something else
  }
}

function keep(words) {
  const said = words.trim();
  if (!said || said.length > LONGEST_KEPT) return;
  try {
    localStorage.setItem(RECENT, JSON.stringify([said, ...recent().filter((one) => one !== said)].slice(0, RECENT_KEPT)));
  } catch {
    // nothing is kept, then
  }
}

function searchAddress(words) {
  const there = new URLSearchParams({ q: words });
  const language = new URLSearchParams(location.search).get("lang");
  if (language) there.set("lang", language);
  return `/?${there}`;
}

function showRecent() {
  const section = document.querySelector("[data-recent]");
  if (!section) return;
  const words = recent();
  section.hidden = words.length === 0;
  section.querySelector("ul").replaceChildren(
    ...words.map((one) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = searchAddress(one);
      link.textContent = one;
      link.dir = "auto";
      item.append(link);
      return item;
    }),
  );
  section.querySelector("[data-recent-clear]").addEventListener("click", () => {
    try {
      localStorage.removeItem(RECENT);
    } catch {
      // there was nothing
    }
    section.hidden = true;
    document.querySelector("#q")?.focus();
  });
}

// -- suggestions: combobox with a list, https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ --------------------------

class Suggestions {
  constructor(form, address) {
    this.form = form;
    this.address = address;
    this.input = form.querySelector("input[type=search]");
    this.list = form.querySelector("[role=listbox]");
    this.status = form.querySelector("[data-suggest-status]");
    this.active = -1;
    this.asked = 0; // answers that come late are dropped
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.list.id],
    ]) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.choose(item);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const words = this.input.value.trim();
    const turn = ++this.asked;
    if (words.length < 2) return this.close();
    const mine = recent()
      .filter((one) => one !== words && one.toLowerCase().startsWith(words.toLowerCase()))
      .slice(0, 2)
      .map((text) => ({ text, kind: "recent" }));
    let found = [];
    if (this.address) {
      try {
        const answer = await fetch(`${this.address}?${new URLSearchParams({ q: words })}`, { headers: { Accept: "application/json" } });
        if (answer.ok) found = entriesOf(await answer.json());
      } catch {
        // no suggestions while the network fails; the form still works
      }
    }
    if (turn === this.asked && document.activeElement === this.input) this.show([...mine, ...found]);
  }

  show(entries) {
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(
      ...entries.map((entry, at) => {
        const item = document.createElement("li");
        item.id = `suggestion-${at}`;
        item.role = "option";
        item.setAttribute("aria-selected", "false");
        item.dataset.text = entry.text;
        if (entry.href) item.dataset.href = entry.href;
        const text = document.createElement("span");
        text.textContent = entry.text;
        text.dir = "auto";
        const kind = document.createElement("span");
        kind.textContent = this.form.getAttribute(`data-kind-${entry.kind}`) ?? "";
        item.append(text, kind);
        return item;
      }),
    );
    this.list.hidden = entries.length === 0;
    this.input.setAttribute("aria-expanded", String(entries.length > 0));
    const forms = JSON.parse(this.form.dataset.count);
    const form = new Intl.PluralRules(document.documentElement.lang).select(entries.length);
    this.status.textContent = (forms[form] ?? forms.other).replace("{n}", String(entries.length));
  }

  close() {
    this.asked++;
    clearTimeout(this.timer);
    this.active = -1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
  }

  move(step) {
    const items = [...this.list.children];
    if (this.list.hidden || items.length === 0) return;
    const places = items.length + 1; // the last is the field itself
    const next = (this.active + 1 + step + places) % places - 1;
    items[this.active]?.setAttribute("aria-selected", "false");
    this.active = next;
    if (next < 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    items[next].setAttribute("aria-selected", "true");
    items[next].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", items[next].id);
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.list.hidden) {
        if (event.key === "ArrowDown" && !goToHit(1, -1)) return;
      } else {
        this.move(event.key === "ArrowDown" ? 1 : -1);
      }
      event.preventDefault();
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.list.children[this.active]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  choose(item) {
    if (item.dataset.href) {
      location.assign(item.dataset.href);
      return;
    }
    this.input.value = item.dataset.text;
    this.close();
    this.form.requestSubmit();
  }
}

const PATHS = { title: "/resources/", person: "/people/", organization: "/organizations/", project: "/projects/" };

/** What /v1/suggest answers, with an address of this site where there is a page to go to. */
function entriesOf(answer) {
  return (answer.suggestions ?? [])
    .filter((one) => typeof one?.text === "string")
    .map((one) => ({ text: one.text, kind: one.kind, href: one.id && PATHS[one.kind] ? PATHS[one.kind] + encodeURIComponent(one.id) : "" }));
}

// -- keys -----------------------------------------------------------------------------------------------------------

function goToHit(step, from) {
  const links = [...document.querySelectorAll("[data-hit]")];
  const next = links[from + step];
  next?.focus();
  next?.closest("article")?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

function keys(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    const field = document.querySelector("#q");
    field?.focus();
    field?.select();
    return;
  }
  if (typing || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const links = [...document.querySelectorAll("[data-hit]")];
  const at = links.indexOf(document.activeElement);
  if (at < 0) return; // elsewhere the arrows scroll, as they do everywhere
  event.preventDefault();
  if (event.key === "ArrowUp" && at === 0) document.querySelector("#q")?.focus();
  else goToHit(event.key === "ArrowDown" ? 1 : -1, at);
}

// -- small things ---------------------------------------------------------------------------------------------------

/** "Cite" and "Copy link": copied where that can be done; else they lead to what is to be copied. */
function taking(link) {
  if (!navigator.clipboard) return;
  const said = link.textContent;
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      let text = location.origin + link.pathname;
      if (link.dataset.take) {
        const answer = await fetch(link.dataset.take);
        if (!answer.ok) throw new Error(answer.statusText);
        text = (await answer.text()).trim();
      }
      await navigator.clipboard.writeText(text);
      const { done } = document.body.dataset;
      link.textContent = done;
      document.querySelector("[data-suggest-status]").textContent = done;
      setTimeout(() => (link.textContent = said), 2000);
    } catch {
      location.assign(link.href);
    }
  });
}

/** Where the service counts: tell it once for each result that is opened which place it had, and nothing else. */
function counting(list) {
  const told = new Set();
  const tell = (event) => {
    const item = event.target.closest("a[href]:not([data-take])")?.closest(".hits > li");
    if (!item || event.button > 1) return;
    const position = list.start + [...list.children].indexOf(item);
    if (told.has(position)) return;
    told.add(position);
    const said = JSON.stringify({ q: list.dataset.clicks.slice(0, LONGEST_KEPT), position });
    navigator.sendBeacon("/v1/clicks", new Blob([said], { type: "application/json" }));
  };
  list.addEventListener("click", tell);
  list.addEventListener("auxclick", tell);
}

for (const form of document.querySelectorAll("[data-search]")) {
  new Suggestions(form, document.body.dataset.suggest);
  form.addEventListener("submit", () => keep(form.querySelector("input[type=search]").value));
}
const searched = document.querySelector(".results #q");
if (searched) keep(searched.value);
showRecent();
document.addEventListener("keydown", keys);
document.querySelectorAll("[data-take]").forEach(taking);
document.querySelectorAll("[data-clicks]").forEach(counting);
