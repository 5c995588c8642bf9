// The network as a picture. The table below it says the same; without this file there is the table alone.

const SVG = "http://www.w3.org/2000/svg";
const TICKS = 260;
const NAMED = 60; // with more nodes, names are shown when they are looked at closely, pointed at or marked
const LEGIBLE = 0.65; // of the size of a name; smaller ones are not shown either
const ZOOM = 1.4;
const GROUPS = 8; // colours; the letter tells apart those that share one
const STRONG = ["co-authorship", "project"];

const make = (name, attributes = {}, ...children) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

class Picture {
  constructor(figure, data) {
    this.figure = figure;
    this.data = data;
    this.svg = figure.querySelector("svg");
    this.said = figure.querySelector("[data-said]");
    this.hint = this.said.textContent;
    this.colours = new Map([...figure.querySelectorAll("[data-sign]")].map((one, at) => [one.dataset.sign, at % GROUPS]));
    this.kinds = new Set(["person"]);
    this.chosen = null;
    this.layout();
    this.draw();
    this.all();
    for (const button of figure.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.zoomed(button.dataset.zoom));
    }
    for (const box of figure.querySelectorAll("[data-kind]")) {
      box.checked = false;
      box.addEventListener("change", () => {
        if (box.checked) this.kinds.add(box.dataset.kind);
        else this.kinds.delete(box.dataset.kind);
        this.layout();
        this.draw();
        this.all();
        this.choose(null);
      });
    }
    figure.querySelector("[data-find]").addEventListener("input", (event) => this.find(event.target.value));
    this.moving();
  }

  /** Places, computed at once: nothing moves by itself. The same data give the same places. */
  layout() {
    const places = new Map(); // place in the data -> node
    this.data.nodes.forEach((node, at) => {
      if (this.kinds.has(node.kind)) places.set(at, { ...node, near: new Set() });
    });
    this.nodes = [...places.values()];
    this.links = this.data.edges
      .filter(([a, b]) => places.has(a) && places.has(b))
      .map(([a, b, how]) => ({ source: places.get(a), target: places.get(b), how }));
    for (const { source, target } of this.links) {
      source.near.add(target);
      target.near.add(source);
    }
    const wide = this.svg.clientWidth > this.svg.clientHeight * 1.3;
    d3.forceSimulation(this.nodes)
      .force("tie", d3.forceLink(this.links).distance(70))
      .force("room", d3.forceManyBody().strength(-260).distanceMax(500))
      .force("apart", d3.forceCollide(26))
      .force("x", d3.forceX().strength(wide ? 0.04 : 0.09))
      .force("y", d3.forceY().strength(wide ? 0.09 : 0.05))
      .stop()
      .tick(TICKS);
  }

  draw() {
    const way = this.data.path ?? [];
    const steps = new Set(way.slice(1).map((to, at) => [way[at], to].sort().join("\n")));
    this.root = make("g");
    for (const link of this.links) {
      link.element = make("line", { x1: link.source.x, y1: link.source.y, x2: link.target.x, y2: link.target.y });
      if (link.how.includes("of")) link.element.classList.add("of");
      else if (link.how.some((one) => STRONG.includes(one))) link.element.classList.add("strong");
      if (steps.has([link.source.id, link.target.id].sort().join("\n"))) link.element.classList.add("way");
      this.root.append(link.element);
    }
    for (const node of this.nodes) {
      node.element = make("g", { class: `node ${node.kind}`, transform: `translate(${node.x} ${node.y})`, "data-id": node.id });
      if (this.colours.has(node.group)) node.element.classList.add(`g${this.colours.get(node.group)}`);
      node.element.append(this.shape(node));
      if (node.group) node.element.append(make("text", { class: "sign", y: 3.5 }, node.group));
      node.element.append(make("text", { y: 23 }, node.name));
      if (way.includes(node.id)) node.element.classList.add("lit");
      node.element.addEventListener("click", () => this.choose(this.chosen === node ? null : node));
      this.root.append(node.element);
    }
    this.svg.replaceChildren(this.root);
  }

  shape(node) {
    if (node.kind === "organization") return make("rect", { class: "shape", x: -9, y: -9, width: 18, height: 18, rx: 2 });
    if (node.kind === "project") return make("path", { class: "shape", d: "M0-12 12 0 0 12-12 0Z" });
    return make("circle", { class: "shape", r: 10 });
  }

  // -- what is seen ---------------------------------------------------------------------------------------------------

  all() {
    const xs = this.nodes.map((node) => node.x);
    const ys = this.nodes.map((node) => node.y);
    const [left, top] = [Math.min(...xs) - 60, Math.min(...ys) - 25];
    this.view = { x: left, y: top, w: Math.max(240, Math.max(...xs) + 60 - left), h: Math.max(160, Math.max(...ys) + 40 - top) };
    this.show();
  }

  zoomed(how) {
    if (how === "all") return this.all();
    const by = how === "in" ? 1 / ZOOM : ZOOM;
    const { x, y, w, h } = this.view;
    this.view = { x: x + (w * (1 - by)) / 2, y: y + (h * (1 - by)) / 2, w: w * by, h: h * by };
    this.show();
  }

  show() {
    this.svg.setAttribute("viewBox", [this.view.x, this.view.y, this.view.w, this.view.h].join(" "));
    const scale = Math.min(this.svg.clientWidth / this.view.w, this.svg.clientHeight / this.view.h);
    this.root.classList.toggle("many", scale < LEGIBLE || (this.nodes.length > NAMED && scale < 1.5));
  }

  /** Drag to move, Ctrl and the wheel to zoom; the wheel alone scrolls the page, as everywhere. */
  moving() {
    let from = null;
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.button === 0) from = { x: event.clientX, y: event.clientY };
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const scale = this.svg.getScreenCTM();
      this.view.x -= (event.clientX - from.x) / scale.a;
      this.view.y -= (event.clientY - from.y) / scale.d;
      from = { x: event.clientX, y: event.clientY };
      this.show();
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) this.svg.addEventListener(end, () => (from = null));
    this.svg.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.zoomed(event.deltaY < 0 ? "in" : "out");
      },
      { passive: false },
    );
  }

  // -- who is marked --------------------------------------------------------------------------------------------------

  /** One, and whom it is tied to; null for nobody. */
  choose(node) {
    this.chosen = node;
    const lit = node ? new Set([node, ...node.near]) : null;
    for (const one of this.nodes) {
      one.element.classList.toggle("dim", Boolean(lit) && !lit.has(one));
      one.element.classList.toggle("lit", lit ? lit.has(one) : (this.data.path ?? []).includes(one.id));
    }
    for (const link of this.links) {
      link.element.classList.toggle("dim", Boolean(node) && link.source !== node && link.target !== node);
    }
    if (!node) {
      this.said.textContent = this.hint;
      return;
    }
    const name = document.createElement("a");
    name.href = node.href;
    name.textContent = node.name;
    const others = [...node.near].map((one) => one.name).sort((a, b) => a.localeCompare(b));
    this.said.replaceChildren(name, others.length ? ` – ${this.figure.dataset.knows}: ${others.join(", ")}` : "");
  }

  find(typed) {
    const wanted = plain(typed.trim());
    const found = wanted ? this.nodes.filter((node) => plain(node.name).includes(wanted)) : [];
    this.choose(found.find((node) => plain(node.name) === wanted) ?? (found.length === 1 ? found[0] : null));
    if (found.length > 1 && !this.chosen) {
      for (const node of this.nodes) {
        node.element.classList.toggle("lit", found.includes(node));
        node.element.classList.toggle("dim", !found.includes(node));
      }
    }
  }
}

const figure = document.querySelector("[data-network]");
if (figure && globalThis.d3) {
  try {
    const answer = await fetch(figure.dataset.network, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    figure.hidden = false;
    new Picture(figure, await answer.json());
    figure.dataset.drawn = "";
  } catch {
    const note = document.createElement("p");
    note.className = "note";
    note.setAttribute("role", "status");
    note.textContent = figure.dataset.failed;
    figure.hidden = true;
    figure.before(note);
  }
}
