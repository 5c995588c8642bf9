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
