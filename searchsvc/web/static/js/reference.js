// The page of the API: what is linked to opens, and questions are tried out. Nothing is sent but GET.

const MOST = 20_000; // letters of an answer that are shown

function unfold() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let at = named; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
  named?.scrollIntoView();
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Fields for what the operation takes, in place of the button. */
function form(operation, button) {
  const fields = [...operation.querySelectorAll("[data-name]")].map(({ dataset: { name, in: where, required } }) => {
    const input = make("input", { name, ...(required === undefined ? {} : { required: "" }), autocomplete: "off" });
    return { name, where, input, label: make("label", {}, make("code", {}, name), input) };
  });
  const key = make("input", { type: "password", autocomplete: "off" });
  const asked = make("form", { class: "tried" }, ...fields.map((one) => one.label));
  if (operation.querySelector("summary .key")) asked.append(make("label", {}, "Key", key));
  asked.append(make("button", {}, "Send"));
  const said = make("div", { role: "status" });
  asked.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.replaceChildren("…");
    said.replaceChildren(...(await answer(operation.dataset.path, fields, key.value)));
  });
  button.parentElement.replaceWith(asked, said);
  asked.querySelector("input, button").focus();
}

async function answer(path, fields, key) {
  const given = fields.filter((one) => one.input.value);
  const values = Object.fromEntries(given.map((one) => [one.name, one.input.value]));
  const url = new URL(path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? "")), location);
  for (const one of given) if (one.where === "query") url.searchParams.append(one.name, one.input.value);
  const headers = Object.fromEntries(given.filter((one) => one.where === "header").map((one) => [one.name, one.input.value]));
  if (key) headers.Authorization = `Bearer ${key}`;
  try {
    const got = await fetch(url, { headers });
    let text = await got.text();
    if (/json/.test(got.headers.get("Content-Type"))) text = JSON.stringify(JSON.parse(text), null, 2);
    const cut = text.length > MOST ? `${text.slice(0, MOST)}\n…` : text;
    const link = make("a", { href: url.href }, url.pathname + url.search);
    return [make("p", {}, `${got.status} `, link), make("pre", { tabindex: "0", "aria-label": "The answer" }, make("code", {}, cut))];
  } catch (error) {
    return [make("p", {}, String(error))];
  }
}

for (const button of document.querySelectorAll("[data-try]")) {
  button.hidden = false;
  button.addEventListener("click", () => form(button.closest(".operation"), button));
}
addEventListener("hashchange", unfold);
unfold();
