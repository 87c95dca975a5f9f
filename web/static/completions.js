// Completes what is typed into the search box: a combobox with a listbox, as the ARIA Authoring
// Practices describe it. Without this file the box is a plain search field.

const form = document.getElementById("search");
const box = document.getElementById("q");

const DELAY = 120; // ms of calm typing before completions are asked for
const SHORTEST = 2; // characters before which everything would be a completion

const list = document.getElementById("completions");
let completing = 0;
let asking = null;
let active = -1;

box.setAttribute("role", "combobox");
box.setAttribute("aria-autocomplete", "list");
box.setAttribute("aria-controls", list.id);
box.setAttribute("aria-expanded", "false");

function forget() {
  clearTimeout(completing);
  asking?.abort();
}

function close() {
  forget();
  list.hidden = true;
  list.replaceChildren();
  active = -1;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

async function complete() {
  const request = new AbortController();
  asking = request;
  try {
    const query = new URLSearchParams({ q: box.value });
    const response = await fetch(`/api/v1/suggest?${query}`, { signal: request.signal });
    if (!response.ok) return;
    offer((await response.json()).suggestions);
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function offer(suggestions) {
  if (document.activeElement !== box || suggestions.length === 0) {
    close();
    return;
  }
  active = -1;
  box.removeAttribute("aria-activedescendant");
  list.replaceChildren(...suggestions.map((suggestion, number) => {
    const option = document.createElement("li");
    option.id = `completion-${number}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.query = suggestion.query;
    const text = suggestion.kind === "word" ? suggestion.query : suggestion.text;
    const kind = `${suggestion.kind} · ${suggestion.articles.toLocaleString("en")}`;
    option.append(part("text", text), " ", part("kind", kind));
    return option;
  }));
  list.hidden = false;
  box.setAttribute("aria-expanded", "true");
}

function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.dir = "auto";
  span.textContent = text;
  return span;
}

function activate(number) {
  forget(); // whoever chooses from a list does not want another one
  const options = [...list.children];
  active = (number + options.length + 1) % (options.length + 1); // the last place is the box itself
  options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
  if (active === options.length) {
    active = -1;
    box.removeAttribute("aria-activedescendant");
  } else {
    box.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }
}

function choose(option) {
  box.value = option.dataset.query;
  close();
  form.requestSubmit();
}

box.addEventListener("input", () => {
  forget();
  if (box.value.trim().length < SHORTEST) close();
  else completing = setTimeout(complete, DELAY);
});

box.addEventListener("keydown", (event) => {
  if (event.isComposing || list.hidden) return;
  switch (event.key) {
    case "ArrowDown": activate(active + 1); break;
    case "ArrowUp": activate(active === -1 ? list.children.length - 1 : active - 1); break;
    case "Escape": close(); break;
    case "Enter":
      if (active === -1) return;
      choose(list.children[active]);
      break;
    default: return;
  }
  event.preventDefault();
});

list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
list.addEventListener("click", (event) => {
  const option = event.target.closest("li");
  if (option) choose(option);
});

box.addEventListener("blur", close);
form.addEventListener("submit", close);
