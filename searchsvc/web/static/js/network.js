// The network as a picture on a canvas. The table below it says the same; without this file there is the table alone.
// Places come with the data: nothing is computed here but what is seen, so that thousands of people cost a phone nothing.

const ZOOM = 1.4;
const MARGIN = 30; // around all, in units of the picture
const NEAR = 14; // pixels from a node that still choose it
const NAMED = 1.5; // scale from which on names are shown
const FEW = 60; // people, of whom names are shown at once
const NAME = 60; // pixels of half a name
const LABELS = 12; // groups that are named in the picture
const STEP = 0.12; // of the picture, for one arrow key

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

class Picture {
  constructor(figure, data) {
    this.figure = figure;
    this.canvas = figure.querySelector("canvas");
    this.pen = this.canvas.getContext("2d");
    this.said = figure.querySelector("[data-said]");
    this.hint = this.said.textContent;
    this.nodes = data.nodes;
    this.path = data.path ?? [];
    this.bridges = new Set(data.bridges);
    this.gaps = data.gaps;
    this.colours = new Map();
    this.names = new Map();
    for (const one of figure.querySelectorAll("figcaption [data-sign]")) {
      this.colours.set(one.dataset.sign, Number(one.dataset.colour));
      this.names.set(one.dataset.sign, one.dataset.name);
    }
    this.links = [];
    for (const node of this.nodes) node.near = [];
    for (let at = 0; at < data.edges.length; at += 4) {
      const [a, b, kind, year] = data.edges.slice(at, at + 4);
      const link = { a: this.nodes[a], b: this.nodes[b], kind, year };
      this.links.push(link);
      link.a.near.push(link.b);
      link.b.near.push(link.a);
    }
    this.people = this.nodes.filter((node) => node.kind === "person");
    this.kinds = new Set(["person"]);
    this.shown = new Set();
    this.until = Infinity;
    this.lit = null;
    this.centres = this.middles();
    this.read();
    this.all();
    this.listen();
  }

  /** Colours of the theme. */
  read() {
    const style = getComputedStyle(this.figure);
    const value = (name) => style.getPropertyValue(name).trim();
    this.theme = { ink: value("--ink"), soft: value("--soft"), ground: value("--raised"), accent: value("--accent"), sans: value("--sans") };
    this.palette = Array.from({ length: 8 }, (_, at) => value(`--g${at}`));
  }

  middles() {
    const sums = new Map();
    for (const { group, x, y } of this.people) {
      if (!group) continue;
      const one = sums.get(group) ?? { x: 0, y: 0, n: 0, top: Infinity };
      sums.set(group, { x: one.x + x, y: one.y + y, n: one.n + 1, top: Math.min(one.top, y) });
    }
    for (const one of sums.values()) {
      one.x /= one.n;
      one.y /= one.n;
    }
    return sums;
  }

  // -- what is seen ---------------------------------------------------------------------------------------------------

  all() {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { x, y } of this.people) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    this.x = (left + right) / 2;
    this.y = (top + bottom) / 2;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const names = this.people.length <= FEW ? Math.min(NAME, width / 12) : 0; // pixels on each side
    this.scale = Math.min((width - 2 * names) / (right - left + 2 * MARGIN), height / (bottom - top + 2 * MARGIN), 5);
    this.later();
  }

  zoomed(by, at = null) {
    const before = at && this.there(at);
    this.scale = Math.min(40, Math.max(0.02, this.scale * by));
    if (before) {
      const now = this.there(at);
      this.x += before.x - now.x;
      this.y += before.y - now.y;
    }
    this.later();
  }

  there({ x, y }) {
    return { x: (x - this.canvas.clientWidth / 2) / this.scale + this.x, y: (y - this.canvas.clientHeight / 2) / this.scale + this.y };
  }

  later() {
    this.figure.dataset.scale = this.scale.toFixed(3);
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  /** What is on the screen in the colours and the room of paper, which does not wait; and back. */
  print(begins) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (begins) this.onScreen = this.scale;
    this.scale = begins ? this.scale * Math.min(width / this.size[0], height / this.size[1]) : this.onScreen;
    this.read();
    this.draw();
  }

  draw() {
    const { canvas, pen } = this;
    const dense = globalThis.devicePixelRatio || 1;
    const [width, height] = (this.size = [canvas.clientWidth, canvas.clientHeight]);
    if (canvas.width !== Math.round(width * dense) || canvas.height !== Math.round(height * dense)) {
      canvas.width = Math.round(width * dense);
      canvas.height = Math.round(height * dense);
    }
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = this.theme.ground;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    const place = ({ x, y }) => [(x - this.x) * this.scale + width / 2, (y - this.y) * this.scale + height / 2];
    this.drawLinks(place);
    if (this.shown.has("gaps")) this.drawGaps(place);
    this.drawNodes(place, width, height);
    this.drawLabels(place);
  }

  drawLinks(place) {
    const pen = this.pen;
    const faint = Math.max(0.025, Math.min(0.45, 300 / this.links.length + this.scale * 0.06));
    const way = new Set(this.path.slice(1).map((to, at) => [this.path[at], to].sort().join("\n")));
    const lines = { 0: [], 1: [], 2: [], lit: [], way: [] };
    for (const link of this.links) {
      if (!this.seen(link)) continue;
      if (way.size && way.has([link.a.id, link.b.id].sort().join("\n"))) lines.way.push(link);
      else if (!this.lit) lines[link.kind].push(link);
      else if (this.chosen ? link.a === this.chosen || link.b === this.chosen : this.lit.has(link.a) && this.lit.has(link.b)) lines.lit.push(link);
    }
    const stroke = (some, colour, size, alpha, dash = []) => {
      pen.beginPath();
      for (const { a, b } of some) {
        pen.moveTo(...place(a));
        pen.lineTo(...place(b));
      }
      pen.setLineDash(dash);
      [pen.strokeStyle, pen.lineWidth, pen.globalAlpha] = [colour, size, alpha];
      pen.stroke();
      pen.globalAlpha = 1;
      pen.setLineDash([]);
    };
    stroke(lines[1], this.theme.soft, 0.8, faint);
    stroke(lines[2], this.theme.soft, 1.2, Math.min(0.6, faint * 1.4));
    stroke(lines[0], this.theme.soft, 1, 0.6, [3, 3]);
    stroke(lines.lit, this.theme.ink, 1.4, 0.7);
    stroke(lines.way, this.theme.accent, 4, 1);
  }

  drawGaps(place) {
    const pen = this.pen;
    pen.setLineDash([8, 6]);
    [pen.strokeStyle, pen.lineWidth] = [this.theme.accent, 2];
    pen.beginPath();
    for (const [a, b] of this.gaps) {
      const [from, to] = [this.centres.get(a), this.centres.get(b)];
      if (!from || !to) continue;
      pen.moveTo(...place(from));
      pen.lineTo(...place(to));
    }
    pen.stroke();
    pen.setLineDash([]);
  }

  drawNodes(place, width, height) {
    const pen = this.pen;
    const size = Math.max(this.people.length <= FEW ? 6 : 1.6, Math.min(9, 5 * this.scale));
    const named = this.scale >= NAMED || this.people.length <= FEW;
    const bridges = this.shown.has("bridges");
    const names = [];
    this.nodes.forEach((node, at) => {
      if (!this.kinds.has(node.kind)) return;
      const [x, y] = place(node);
      if (x < -80 || y < -40 || x > width + 80 || y > height + 40) return;
      const dim = this.lit && !this.lit.has(node);
      const absent = this.until !== Infinity && node.kind === "person" && !this.present.has(node);
      const bridge = bridges && this.bridges.has(at);
      pen.globalAlpha = dim ? 0.14 : absent ? 0.12 : 1;
      pen.fillStyle = node.kind === "person" ? (this.palette[this.colours.get(node.group)] ?? this.theme.soft) : this.theme.ground;
      pen.beginPath();
      if (node.kind === "organization") pen.rect(x - size, y - size, 2 * size, 2 * size);
      else if (node.kind === "project") {
        pen.moveTo(x, y - size * 1.3);
        pen.lineTo(x + size * 1.3, y);
        pen.lineTo(x, y + size * 1.3);
        pen.lineTo(x - size * 1.3, y);
        pen.closePath();
      } else pen.arc(x, y, size, 0, 7);
      pen.fill();
      const strong = this.lit?.has(node) && this.lit.size < 200;
      if (node.kind !== "person" || strong || bridge || size > 4 || this.path.includes(node.id)) {
        [pen.strokeStyle, pen.lineWidth] = node.kind !== "person" || strong || bridge ? [this.theme.ink, bridge ? 3 : 1.5] : [this.theme.ground, 1.2];
        pen.stroke();
      }
      if ((named && !dim) || (strong && this.lit.size < 40) || bridge || this.path.includes(node.id)) names.push([node, x, y + size + 12]);
    });
    pen.globalAlpha = 1;
    pen.font = `12px ${this.theme.sans}`;
    pen.textAlign = "center";
    names.sort(([a], [b]) => b.near.length - a.near.length);
    this.taken = [];
    for (const [node, x, y] of names) this.word(node.name, x, y);
  }

  drawLabels(place) {
    if (this.lit || this.scale >= NAMED || this.people.length <= FEW) return;
    this.pen.font = `600 13px ${this.theme.sans}`;
    this.pen.textAlign = "center";
    this.taken = [];
    for (const [sign, name] of [...this.names].slice(0, LABELS)) {
      const centre = this.centres.get(sign);
      if (!centre) continue;
      const short = name.split(/[,:]/)[0];
      const [x, y] = place(centre);
      this.word(this.canvas.clientWidth > 600 ? `${sign} ${short.length > 28 ? `${short.slice(0, 27)}…` : short}` : sign, x, y + 4);
    }
  }

  /** Unless it would stand on another. */
  word(text, x, y) {
    const pen = this.pen;
    const half = pen.measureText(text).width / 2 + 3;
    if (this.taken.some((one) => Math.abs(one.x - x) < one.half + half && Math.abs(one.y - y) < 14)) return;
    this.taken.push({ x, y, half });
    [pen.lineWidth, pen.lineJoin, pen.strokeStyle, pen.fillStyle] = [4, "round", this.theme.ground, this.theme.ink];
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }

  seen({ a, b, kind, year }) {
    if (!this.kinds.has(a.kind) || !this.kinds.has(b.kind)) return false;
    return this.until === Infinity || (kind > 0 && year > 0 && year <= this.until);
  }

  // -- what is done ---------------------------------------------------------------------------------------------------

  listen() {
    const { figure, canvas } = this;
    for (const button of figure.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => (button.dataset.zoom === "all" ? this.all() : this.zoomed(button.dataset.zoom === "in" ? ZOOM : 1 / ZOOM)));
    }
    for (const [name, set] of [["kind", this.kinds], ["show", this.shown]]) {
      for (const box of figure.querySelectorAll(`[data-${name}]`)) {
        box.checked = false;
        box.addEventListener("change", () => {
          if (box.checked) set.add(box.dataset[name]);
          else set.delete(box.dataset[name]);
          this.later();
        });
      }
    }
    figure.querySelector("[data-find]").addEventListener("input", (event) => this.find(event.target.value));
    figure.querySelector("input[data-until]")?.addEventListener("input", (event) => this.year(event.target));
    figure.querySelector("[data-png]").addEventListener("click", (event) => this.save(event.target.dataset.png));
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.moving();
    new ResizeObserver(() => this.later()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.read();
      this.later();
    });
    matchMedia("print").addEventListener("change", ({ matches }) => this.print(matches));
  }

  key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves[event.key]) {
      const [x, y] = moves[event.key];
      this.x += (x * STEP * this.canvas.clientWidth) / this.scale;
      this.y += (y * STEP * this.canvas.clientHeight) / this.scale;
      this.later();
    } else if (event.key === "+" || event.key === "=") this.zoomed(ZOOM);
    else if (event.key === "-") this.zoomed(1 / ZOOM);
    else if (event.key === "0") this.all();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Drag to move, Ctrl and the wheel to zoom; the wheel alone scrolls the page, as everywhere. */
  moving() {
    const { canvas } = this;
    let from = null;
    let moved = false;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      [from, moved] = [{ x: event.clientX, y: event.clientY }, false];
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (!moved && Math.hypot(x, y) < 4) return;
      moved = true;
      this.x -= x / this.scale;
      this.y -= y / this.scale;
      from = { x: event.clientX, y: event.clientY };
      this.later();
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) canvas.addEventListener(end, () => (from = null));
    canvas.addEventListener("click", (event) => {
      if (!moved) this.choose(this.at({ x: event.offsetX, y: event.offsetY }));
    });
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.zoomed(event.deltaY < 0 ? ZOOM : 1 / ZOOM, { x: event.offsetX, y: event.offsetY });
      },
      { passive: false },
    );
  }

  at(point) {
    const { x, y } = this.there(point);
    let [best, far] = [null, NEAR / this.scale];
    for (const node of this.nodes) {
      const away = this.kinds.has(node.kind) ? Math.hypot(node.x - x, node.y - y) : Infinity;
      if (away < far) [best, far] = [node, away];
    }
    return best === this.chosen ? null : best;
  }

  /** One, and whom it is tied to; null for nobody. */
  choose(node) {
    this.chosen = node;
    const near = node ? node.near.filter((one) => this.kinds.has(one.kind)) : [];
    this.lit = node ? new Set([node, ...near]) : null;
    this.later();
    if (!node) {
      this.said.textContent = this.hint;
      return;
    }
    const name = document.createElement("a");
    const lang = this.figure.dataset.lang;
    name.href = `/${{ person: "people", organization: "organizations", project: "projects" }[node.kind]}/${encodeURIComponent(node.id)}${lang ? `?lang=${lang}` : ""}`;
    name.textContent = node.name;
    const others = [...new Set(near)].map((one) => one.name).sort((a, b) => a.localeCompare(b));
    this.said.replaceChildren(name, others.length ? ` – ${this.figure.dataset.knows}: ${others.join(", ")}` : "");
  }

  find(typed) {
    const wanted = plain(typed.trim());
    const found = wanted ? this.nodes.filter((node) => this.kinds.has(node.kind) && plain(node.name).includes(wanted)) : [];
    this.choose(found.find((node) => plain(node.name) === wanted) ?? (found.length === 1 ? found[0] : null));
    if (found.length > 1 && !this.chosen) this.lit = new Set(found);
    this.later();
  }

  year(input) {
    const said = this.figure.querySelector("#until-said");
    this.until = input.value === input.max ? Infinity : Number(input.value);
    const seen = this.links.filter((link) => link.kind > 0 && this.seen(link));
    this.present = new Set(seen.flatMap(({ a, b }) => [a, b]));
    said.textContent =
      this.until === Infinity
        ? input.dataset.all
        : this.figure.dataset.until.replace("{year}", input.value).replace("{people}", this.present.size).replace("{ties}", seen.length);
    this.later();
  }

  save(name) {
    const link = document.createElement("a");
    link.download = name;
    link.href = this.canvas.toDataURL("image/png");
    link.click();
  }
}

const figure = document.querySelector("[data-network]");
if (figure) {
  try {
    const answer = await fetch(figure.dataset.network, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const data = await answer.json();
    figure.hidden = false;
    const picture = new Picture(figure, data);
    picture.draw();
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
