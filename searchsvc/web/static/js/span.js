// A span of numbers drawn over their bars, with a pointer or with Shift and arrows. Without it every bar is a link.

function drawing(chart) {
  const bars = chart.querySelector(".bars");
  const said = chart.querySelector(".said");
  const form = chart.closest("section").querySelector("form");
  const fields = form.querySelectorAll("input[type=number]");
  const cells = [...bars.children];
  const links = cells.filter((cell) => cell.href);
  const asked = cells.map((cell) => cell.className);
  let from = null; // the place of the cell where it begins
  let pressed = false;
  let drawn = false; // it is a span by now, and no click

  function at(x) {
    const box = bars.getBoundingClientRect();
    return Math.max(0, Math.min(cells.length - 1, Math.floor(((x - box.left) / box.width) * cells.length)));
  }

  function draw(to) {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    drawn = true;
    cells.forEach((cell, place) => cell.classList.toggle("within", place >= first && place <= last));
    const ends = [cells[first].dataset.ends.split("–")[0], cells[last].dataset.ends.split("–")[1]];
    ends.forEach((end, place) => (fields[place].value = end));
    said.textContent = ends[0] === ends[1] ? ends[0] : ends.map((end) => end || "…").join("–");
  }

  function reset() {
    from = null;
    pressed = drawn = false;
    form.reset();
    cells.forEach((cell, place) => (cell.className = asked[place]));
    said.textContent = chart.dataset.hint;
  }

  function key(event) {
    const now = links.indexOf(document.activeElement);
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: links.length - 1 }[event.key];
    if (event.key === "Escape") reset();
    if (event.key === "Enter" && drawn) form.requestSubmit();
    else if (!links[to] || event.ctrlKey || event.metaKey || event.altKey) return;
    else {
      links[now].tabIndex = -1;
      links[to].tabIndex = 0;
      if (event.shiftKey) from ??= cells.indexOf(links[now]);
      else reset();
      links[to].focus();
      if (event.shiftKey) draw(cells.indexOf(links[to]));
    }
    event.preventDefault();
  }

  const on = (target, name, act) => target.addEventListener(name, act);
  const tell = ({ target }) => from === null && (said.textContent = target.closest("a")?.textContent ?? chart.dataset.hint);
  on(bars, "dragstart", (event) => event.preventDefault()); // of the link
  on(bars, "pointerdown", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    from = at(event.clientX);
    pressed = true;
    drawn = false;
  });
  on(document, "pointermove", ({ clientX }) => pressed && (drawn || at(clientX) !== from) && draw(at(clientX)));
  on(document, "pointerup", () => {
    if (pressed && drawn) form.requestSubmit();
    pressed = false;
    from = null;
  });
  on(document, "pointercancel", reset);
  on(bars, "click", (event) => drawn && event.preventDefault()); // the end of a drag
  on(bars, "pointerover", tell);
  on(bars, "focusin", tell);
  on(bars, "pointerleave", () => from === null && reset());
  on(bars, "focusout", ({ relatedTarget }) => pressed || bars.contains(relatedTarget) || reset());
  on(bars, "keydown", key);
  on(window, "pageshow", (event) => event.persisted && reset());
  chart.classList.add("live");
  bars.role = "toolbar"; // one stop for Tab, arrows inside
  const here = bars.querySelector("a[aria-current]") ?? links[0];
  for (const link of links) link.tabIndex = link === here ? 0 : -1;
  reset();
}

document.querySelectorAll("[data-span]").forEach(drawing);
