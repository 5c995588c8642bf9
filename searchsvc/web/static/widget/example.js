// The example page: copying, the last event of the widgets, and what was searched above shown in the pages in small.

const first = document.getElementById("inline");
const samples = document.querySelectorAll(".sample resource-search");

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = "Copied";
  });
}

for (const type of ["search", "select"]) {
  document.addEventListener(type, (event) => {
    if (!event.detail || [...samples].includes(event.target)) return;
    document.getElementById("event").textContent = `${type} ${JSON.stringify(event.detail, null, 2)}`;
    if (event.target === first && type === "search") show(event.detail.query);
  });
}

function show(query) {
  for (const sample of samples) {
    const input = sample.shadowRoot.querySelector("input");
    input.value = query;
    input.dispatchEvent(new Event("input"));
  }
}

// Until something is searched: words of what is newest here.
new IntersectionObserver(async (seen, observer) => {
  if (!seen.some((one) => one.isIntersecting)) return;
  observer.disconnect();
  const answer = await fetch("v1/search?limit=1");
  const title = answer.ok && (await answer.json()).hits[0]?.resource.title;
  if (title && !samples[0].shadowRoot.querySelector("input").value) show(title.split(/\s+/).slice(0, 4).join(" "));
}).observe(document.querySelector(".samples"));
