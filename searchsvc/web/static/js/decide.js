// One key for each action of the thing that is current: what can be pressed says its key itself. Pages work without it.

const tasks = [...document.querySelectorAll("[data-task]")];
const AT = "searchsvc.at"; // which one was current, from the top, when a page comes again after a decision
let current = 0;

function show(at, { move = true } = {}) {
  if (!tasks.length) return;
  current = Math.max(0, Math.min(at, tasks.length - 1));
  tasks.forEach((one, number) => one.classList.toggle("current", number === current));
  if (move) tasks[current].focus({ preventScroll: false });
}

function typing(event) {
  const target = event.target;
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function remember() {
  try {
    sessionStorage.setItem(AT, String(current));
  } catch {
    // then the first one is current
  }
}

function remembered() {
  try {
    const at = Number(sessionStorage.getItem(AT));
    sessionStorage.removeItem(AT);
    return Number.isInteger(at) ? at : 0;
  } catch {
    return 0;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event)) {
    if (event.key === "Escape" && tasks[current]?.contains(event.target)) show(current);
    return;
  }
  if (event.key === "j" || event.key === "k") {
    show(current + (event.key === "j" ? 1 : -1));
    event.preventDefault();
    return;
  }
  const field = event.key === "c" ? tasks[current]?.querySelector("[data-value]") : null;
  if (field) {
    field.focus();
    field.select();
    event.preventDefault();
    return;
  }
  const key = CSS.escape(event.key);
  const selector = `:is([data-key="${key}"], [data-also="${key}"])`;
  const button = tasks[current]?.querySelector(selector) ?? document.querySelector(`${selector}:not([data-task] *)`);
  if (button instanceof HTMLButtonElement) {
    event.preventDefault();
    button.click();
  }
});

// Enter in the field says what is true; without this the first button of the form would be pressed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || !event.target.matches("[data-value]")) return;
  event.preventDefault();
  event.target.form?.querySelector('button[value="correct"]')?.click();
});

let sent = false;
document.addEventListener("submit", (event) => {
  if (sent) {
    event.preventDefault(); // a key that is held down decides once
    return;
  }
  sent = true;
  remember();
});
window.addEventListener("pageshow", () => {
  sent = false;
});
document.addEventListener("focusin", (event) => {
  const at = tasks.findIndex((one) => one.contains(event.target));
  if (at >= 0 && at !== current) show(at, { move: false });
});

// What is graded stays where it stands, so the first that is not comes next; what is decided leaves the list.
const before = remembered();
const grading = document.querySelector('[data-tasks="grade"]') !== null;
const next = grading ? Math.max(0, tasks.findIndex((one) => !("said" in one.dataset))) : before;
show(next, { move: next > 0 });
