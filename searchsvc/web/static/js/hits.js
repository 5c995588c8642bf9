// Goes from one passage found to the next, and copies a passage with its reference. The links do the first without it.

const bar = document.querySelector(".hits-bar");
const text = document.querySelector("#text");
const ids = bar?.dataset.hits.split(" ").filter(Boolean) ?? [];
let current = bar?.dataset.current ?? "";

/** All that a passage stands in. */
const partsOf = (id) => (id ? [...text.querySelectorAll(`[data-in~="${CSS.escape(id)}"]`)] : []);

function show(id) {
  for (const part of partsOf(current)) mark(part, null);
  current = id;
  for (const part of partsOf(id)) mark(part, id);
  const at = ids.indexOf(id);
  const said = bar.querySelector(".steps .said");
  if (said) said.textContent = bar.dataset.said.replace("{n}", at < 0 ? "–" : String(at + 1)).replace("{total}", String(ids.length));
}

/** On a slide the picture is asked for again, with the passage in its address. */
function mark(part, id) {
  if (part.tagName !== "IMG") {
    part.classList.toggle("current", id !== null);
    return;
  }
  const there = new URL(part.src);
  if (id) there.searchParams.set("passage", id);
  else there.searchParams.delete("passage");
  part.src = there.href;
  part.closest("a").href = there.href;
}

function step(by) {
  if (!ids.length) return;
  const order = [...text.querySelectorAll("[data-passage]")].map((one) => one.dataset.passage);
  const here = ids.indexOf(current);
  const place = order.indexOf(current);
  let next = here + by;
  if (here < 0) {
    const after = ids.findIndex((one) => order.indexOf(one) > place);
    next = by > 0 ? after : after - 1;
  }
  const id = ids.at(((next % ids.length) + ids.length) % ids.length);
  location.replace(`#passage-${id}`); // the viewer of a PDF listens to it
  document.getElementById(`passage-${id}`)?.scrollIntoView({ block: "start" });
  show(id);
}

const asked = () => decodeURIComponent(location.hash).match(/passage[-=](.+)$/)?.[1];

function quoted() {
  const selection = getSelection();
  if (selection.toString().trim() && bar.closest("article").contains(selection.anchorNode)) {
    const node = selection.anchorNode;
    const inside = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("[data-in]");
    return { said: selection.toString(), id: inside?.dataset.in.trim().split(" ").at(-1) || current };
  }
  const parts = partsOf(current).filter((one) => one.tagName !== "IMG");
  return { said: parts.map((one) => one.textContent.trim()).join("\n"), id: current };
}

async function copy(button) {
  const { said, id } = quoted();
  const word = button.querySelector(".word");
  if (said) {
    const place = document.getElementById(`passage-${id}`)?.closest("[data-place]")?.dataset.place;
    const address = id ? `${bar.dataset.address}?passage=${encodeURIComponent(id)}#passage-${id}` : bar.dataset.address;
    await navigator.clipboard.writeText([`“${said.trim()}”`, [bar.dataset.reference, place].filter(Boolean).join(" "), address].join("\n"));
  }
  word.textContent = said ? document.body.dataset.done : bar.dataset.none;
  button.classList.add("done");
  document.querySelector("[data-suggest-status]").textContent = word.textContent;
  setTimeout(() => {
    word.textContent = button.getAttribute("aria-label");
    button.classList.remove("done");
  }, 2000);
}

if (bar) {
  bar.addEventListener("click", (event) => {
    const link = event.target.closest("[data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    step(Number(link.dataset.step));
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "n" || event.key === "p") step(event.key === "n" ? 1 : -1);
  });
  addEventListener("hashchange", () => {
    const id = asked();
    if (id && id !== current && document.getElementById(`passage-${id}`)) show(id);
  });
  const opened = location.hash ? null : text.querySelector("[autofocus]");
  opened?.focus({ preventScroll: true }); // else the browser does it later, and scrolls back
  opened?.scrollIntoView({ block: "start", behavior: "instant" });
  const button = bar.querySelector("[data-copy-passage]");
  if (navigator.clipboard) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  addEventListener("beforeprint", () => text.querySelectorAll("details").forEach((one) => (one.open = true)));
}
