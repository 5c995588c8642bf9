// Shows a PDF page by page, with the passage that was asked for marked on its page. pdf.js does the drawing.

const viewer = document.querySelector("#viewer");
const area = document.querySelector("#page-area");
const sheet = area.querySelector(".sheet");
const canvas = area.querySelector("canvas");
const layer = area.querySelector(".textLayer");
const status = document.querySelector("#viewer-status");
const field = document.querySelector("#page-number");
const count = document.querySelector("#page-count");
const text = document.querySelector("#text");
const { file, of, failed } = viewer.dataset;
const folder = new URL(viewer.dataset.pdfjs, location.href).href;
const ZOOM_STEP = 1.2;
const RUN = 24; // letters and digits that must agree to find a stretch of the passage

let pdfjs, pdf, names, zoom = 1, page = 1, turn = 0, drawing, marked = null;

// -- where to open ----------------------------------------------------------------------------------------------------

/** `#page=4`, `#page=4&passage=ID`, `#page-4` or `#passage-ID`; what the server said without any. */
function asked() {
  const hash = decodeURIComponent(location.hash.slice(1));
  const named = new URLSearchParams(hash);
  const id = named.get("passage") ?? hash.match(/^passage-(.+)$/)?.[1];
  const paragraph = id ? text.querySelector(`[data-passage="${CSS.escape(id)}"]`) : null;
  const number = Number(named.get("page") ?? hash.match(/^page-(\d+)$/)?.[1]);
  const given = viewer.dataset.passage ? passageOf(text.querySelector(`[data-passage="${CSS.escape(viewer.dataset.passage)}"]`)) : null;
  const passage = paragraph ? passageOf(paragraph) : given;
  return { page: number || passage?.page || 1, passage };
}

function passageOf(paragraph) {
  if (!paragraph) return null;
  const words = new Set([...paragraph.querySelectorAll("mark")].flatMap((one) => one.textContent.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []));
  return { page: Number(paragraph.dataset.page) || 1, text: paragraph.textContent, words };
}

// -- drawing ----------------------------------------------------------------------------------------------------------

async function show(number, { focus = false } = {}) {
  const mine = ++turn;
  page = Math.min(Math.max(1, number), pdf.numPages);
  field.value = String(page);
  count.textContent = of.replace("{n}", String(pdf.numPages)) + nameOf(page);
  viewer.querySelector('[data-go="previous"]').disabled = page === 1;
  viewer.querySelector('[data-go="next"]').disabled = page === pdf.numPages;
  const one = await pdf.getPage(page);
  if (mine !== turn) return;
  drawing?.cancel();
  const unscaled = one.getViewport({ scale: 1 });
  const room = Math.max(200, area.clientWidth - 2 * parseFloat(getComputedStyle(area).paddingLeft));
  const viewport = one.getViewport({ scale: Math.min(room / unscaled.width, 1.6) * zoom });
  const dense = Math.min(window.devicePixelRatio || 1, 3);
  canvas.width = Math.floor(viewport.width * dense);
  canvas.height = Math.floor(viewport.height * dense);
  sheet.style.width = `${viewport.width}px`;
  sheet.style.height = `${viewport.height}px`;
  sheet.style.setProperty("--total-scale-factor", String(viewport.scale));
  layer.replaceChildren();
  drawing = one.render({ canvas, viewport, transform: dense === 1 ? null : [dense, 0, 0, dense, 0, 0] });
  try {
    await drawing.promise;
  } catch (error) {
    if (error?.name === "RenderingCancelledException") return;
    throw error;
  }
  const content = await one.getTextContent();
  if (mine !== turn) return;
  const words = new pdfjs.TextLayer({ textContentSource: content, container: layer, viewport });
  await words.render();
  for (const measuring of document.querySelectorAll("body > .hiddenCanvasElement")) viewer.append(measuring);
  const wanted = marked && marked.page === page;
  let first = wanted ? markPassage(words.textDivs, marked) : null;
  if (!first && (wanted || !words.textDivs.some((one) => LETTER.test(one.textContent)))) {
    const lines = await seenLines(page);
    if (mine !== turn) return;
    if (lines.length) {
      const spans = layLines(lines, viewport);
      first = wanted ? markPassage(spans, marked) : null;
    }
  }
  status.textContent = "";
  if (wanted) {
    status.textContent = first ? viewer.dataset.marked : viewer.dataset.notMarked;
    if (first) first.scrollIntoView({ block: "center", inline: "nearest" });
  } else if (focus) {
    area.scrollTo({ top: 0 });
  }
}

/** What the document calls the page, where that is not its number. */
function nameOf(number) {
  const name = names?.[number - 1]?.trim();
  return name && name !== String(number) ? ` (${name})` : "";
}

/** The lines that OCR saw on a page; none where it was not looked at. */
async function seenLines(number) {
  const answer = await fetch(`${viewer.dataset.seen}?place=${encodeURIComponent(`page ${number}`)}`);
  return answer.ok ? (await answer.json()).lines : [];
}

/** Lays lines over their places, so that they are selected and marked, in the stead of what the page has as text. */
function layLines(lines, viewport) {
  layer.replaceChildren();
  return lines.map((line) => {
    const [x, y] = [line.x.map((one) => one * viewport.width), line.y.map((one) => one * viewport.height)];
    const [length, height] = [Math.hypot(x[1] - x[0], y[1] - y[0]), Math.hypot(x[3] - x[0], y[3] - y[0])];
    const span = document.createElement("span");
    span.textContent = line.text;
    span.dir = "auto";
    Object.assign(span.style, { left: `${x[0]}px`, top: `${y[0]}px`, font: `${0.8 * height}px/${height}px sans-serif`, transform: "none" });
    layer.append(span);
    const angle = Math.atan2(y[1] - y[0], x[1] - x[0]);
    span.style.transform = `rotate(${angle}rad) scaleX(${length / Math.max(1, span.offsetWidth)})`;
    return span;
  });
}

// -- marking ----------------------------------------------------------------------------------------------------------

const LETTER = /[\p{L}\p{N}]/u;

/** Letters and digits of a text, folded, each with the place it came from. */
function folded(source) {
  let out = "";
  const at = [];
  for (let i = 0; i < source.length; i++) {
    for (const sign of source[i].normalize("NFKD").toLowerCase()) {
      if (LETTER.test(sign)) {
        out += sign;
        at.push(i);
      }
    }
  }
  return { text: out, at };
}

/** Marks in the spans of the page what belongs to the passage; the first mark, or null. */
function markPassage(spans, passage) {
  const wanted = folded(passage.text).text;
  let whole = "";
  const places = []; // of each sign: [span, offset]
  spans.forEach((span, number) => {
    const { text: part, at } = folded(span.textContent);
    whole += part;
    for (const offset of at) places.push([number, offset]);
  });
  const inside = found(whole, wanted);
  if (!inside.size) return null;
  const offsets = new Map(); // span -> offsets that belong to the passage
  for (const at of inside) {
    const [number, offset] = places[at];
    if (!offsets.has(number)) offsets.set(number, []);
    offsets.get(number).push(offset);
  }
  for (const [number, list] of offsets) markSpan(spans[number], Math.min(...list), Math.max(...list) + 1, passage.words);
  return layer.querySelector("mark");
}

/** The places in `whole` that agree with `wanted`: all of it, or the runs of it that stand there in this order. */
function found(whole, wanted) {
  const inside = new Set();
  const start = whole.indexOf(wanted);
  if (wanted && start >= 0) {
    for (let i = start; i < start + wanted.length; i++) inside.add(i);
    return inside;
  }
  let from = 0;
  for (let i = 0; i + RUN <= wanted.length; ) {
    const at = whole.indexOf(wanted.slice(i, i + RUN), from);
    if (at < 0) {
      i += 4;
      continue;
    }
    let length = RUN;
    while (i + length < wanted.length && whole[at + length] === wanted[i + length]) length++;
    for (let j = at; j < at + length; j++) inside.add(j);
    i += length;
    from = at + length;
  }
  return inside;
}

function markSpan(span, start, end, words) {
  const said = span.textContent;
  const parts = [said.slice(0, start)];
  for (const piece of said.slice(start, end).split(/([\p{L}\p{N}\p{M}]+)/u)) {
    if (!piece) continue;
    const mark = document.createElement("mark");
    mark.textContent = piece;
    if (words.has(piece.toLowerCase())) mark.className = "word";
    parts.push(mark);
  }
  span.replaceChildren(...parts, said.slice(end));
}

// -- what people do ---------------------------------------------------------------------------------------------------

function go(where) {
  if (where === "passage" && marked) show(marked.page);
  else if (where === "previous" || where === "next") turnTo(page + (where === "next" ? 1 : -1));
}

function turnTo(number) {
  const wanted = Math.min(Math.max(1, number), pdf.numPages);
  history.replaceState(null, "", `#page=${wanted}`);
  show(wanted, { focus: true });
}

function zoomBy(how) {
  zoom = how === "fit" ? 1 : Math.min(4, Math.max(0.4, how === "in" ? zoom * ZOOM_STEP : zoom / ZOOM_STEP));
  show(page);
}

function toggleText(button) {
  const shown = !text.classList.contains("shown");
  text.classList.toggle("shown", shown);
  viewer.classList.toggle("text-only", shown);
  button.setAttribute("aria-pressed", String(shown));
}

viewer.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.toggle) toggleText(button);
  else if (!pdf) return;
  else if (button.dataset.go) go(button.dataset.go);
  else if (button.dataset.zoom) zoomBy(button.dataset.zoom);
});
field.addEventListener("change", () => pdf && turnTo(Number(field.value) || 1));
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest?.("input, textarea, select");
  if (!pdf || busy || event.ctrlKey || event.metaKey || event.altKey || text.classList.contains("shown")) return;
  const sideways = area.scrollWidth > area.clientWidth; // then the arrows move the page about
  if (event.key === "PageDown" || (event.key === "ArrowRight" && !sideways)) go("next");
  else if (event.key === "PageUp" || (event.key === "ArrowLeft" && !sideways)) go("previous");
  else return;
  event.preventDefault();
});
addEventListener("hashchange", () => {
  if (!pdf) return;
  const there = asked();
  marked = there.passage;
  show(there.page);
});
let resized;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => pdf && show(page), 200);
});

// -- start ------------------------------------------------------------------------------------------------------------

try {
  pdfjs = await import(`${folder}pdf.min.mjs`);
  pdfjs.GlobalWorkerOptions.workerSrc = `${folder}pdf.worker.min.mjs`;
  pdf = await pdfjs.getDocument({
    url: file,
    standardFontDataUrl: `${folder}standard_fonts/`,
    wasmUrl: `${folder}wasm/`,
    enableXfa: false,
    isEvalSupported: false,
  }).promise;
  names = await pdf.getPageLabels();
  field.max = String(pdf.numPages);
  const there = asked();
  marked = there.passage;
  await show(there.page);
} catch {
  status.textContent = failed;
  area.hidden = true;
  text.classList.add("shown");
}
