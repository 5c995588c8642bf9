// The example page: copying, and the last event of the widgets.

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = "Copied";
  });
}

for (const type of ["search", "select"]) {
  document.addEventListener(type, (event) => {
    if (event.detail) document.getElementById("event").textContent = `${type} ${JSON.stringify(event.detail, null, 2)}`;
  });
}
