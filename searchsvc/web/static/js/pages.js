// What pages other than that of results have: a reference to copy, a list to filter. Every page works without it.

function copying(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const said = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.done;
      setTimeout(() => (button.textContent = said), 2000);
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    }
  });
}

function filtering(box) {
  box.hidden = false;
  const items = [...document.querySelectorAll("[data-filtered] > *")];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = items.map((item) => plain(item.textContent));
  box.querySelector("input").addEventListener("input", (event) => {
    const wanted = plain(event.target.value).split(/\s+/);
    items.forEach((item, at) => (item.hidden = !wanted.every((word) => texts[at].includes(word))));
  });
}

document.querySelectorAll("[data-copy]").forEach(copying);
document.querySelectorAll("[data-filter]").forEach(filtering);

// -- what is related in one respect: read when it is seen, one after another, as it may take seconds -----------------

let reading = Promise.resolve();

const AGAIN_MS = 3000;

async function part(address, tries = 3) {
  const answer = await fetch(address);
  if (answer.status === 503 && tries > 1) {
    await new Promise((done) => setTimeout(done, AGAIN_MS));
    return part(address, tries - 1);
  }
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes;
}

async function respect(details) {
  const link = details.querySelector("a");
  const note = link.parentElement;
  note.textContent = details.dataset.busy;
  try {
    note.replaceWith(...(await part(details.dataset.respect)));
  } catch {
    note.replaceChildren(link); // which leads to the same
  }
}

function respects(whole) {
  const all = [...whole.querySelectorAll("[data-respect]")];
  const asked = new Set();
  const read = (details) => {
    if (!asked.has(details)) reading = reading.then(() => respect(details));
    asked.add(details);
  };
  for (const details of all) details.addEventListener("toggle", () => read(details));
  if (!matchMedia("(min-width: 60rem)").matches) return;
  new IntersectionObserver((seen, observer) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    observer.disconnect();
    for (const details of all) {
      details.open = true;
      read(details);
    }
  }).observe(whole);
}

document.querySelectorAll(".respects").forEach(respects);
