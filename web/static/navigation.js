// Takes away waiting, and nothing else: every link, form and address works without this file.
// A result page asked for by a link, a control or the history is fetched, and its <main> takes
// the place of the one on screen.

const main = document.getElementById("main");
const form = document.getElementById("search");
const box = document.getElementById("q");
const announcer = document.getElementById("status");

const STATUS_DELAY = 600; // ms after which a screen reader hears the count, once things are calm
const FIND_DELAY = 250; // ms of calm typing before a list of values is looked up

document.documentElement.classList.add("scripted");

let underWay = null;
let announcement = 0;

const onSearchPage = () => main.classList.contains("searching");

function addressOf(data) {
  const given = [...data].filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return query ? `${form.action}?${query}` : form.action;
}

// remember: how the address gets into the history, "push", "replace" or not at all.
async function show(address, { remember = "push", keepFocus = false } = {}) {
  underWay?.abort();
  const request = new AbortController();
  underWay = request;
  main.querySelector(".answer")?.classList.add("loading");
  let response, text;
  try {
    response = await fetch(address, { signal: request.signal, headers: { Accept: "text/html" } });
    text = await response.text();
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const next = page.getElementById("main");
  if (!response.ok || !next?.classList.contains("searching")) {
    location.assign(address);
    return;
  }
  if (remember) history[`${remember}State`](null, "", response.url);
  shown = pageAddress();
  replace(page, next, keepFocus);
}

function replace(page, next, keepFocus) {
  const focused = keepFocus ? placeOf(document.activeElement) : null;
  const open = [...main.querySelectorAll("details[open]")].map((details) => details.className);
  main.replaceChildren(...next.childNodes);
  document.title = page.title;
  const text = page.getElementById("q").value;
  if (document.activeElement !== box || !keepFocus) box.value = text;
  for (const name of open) {
    const details = main.querySelector(`details.${name}`);
    if (details) details.open = true;
  }
  openFilters();
  restore(focused);
  clearTimeout(announcement);
  const total = document.getElementById("total")?.dataset.total ?? "";
  announcement = setTimeout(() => { announcer.textContent = `${total} found`; }, STATUS_DELAY);
}

// A control is found again by what it does, since the controls themselves are new. A link beside
// a value ("not") leads back to the checkbox of that value.
function placeOf(element) {
  if (!element || !main.contains(element)) return null;
  const control = element.closest(".facet li")?.querySelector("input") ?? element;
  return {
    facet: element.closest("[data-facet]")?.dataset.facet,
    name: plainName(control),
    value: ["checkbox", "radio"].includes(control.type) ? control.value : null,
    label: element.getAttribute("aria-label"),
    typed: element.type === "search" ? element : null,
  };
}

const plainName = (control) => control.name?.replace(/^not\./, "");

function restore(place) {
  if (!place) return;
  const controls = [...main.querySelectorAll("a, button, input:not([type=hidden])")];
  const isSame = (control) => place.name && plainName(control) === place.name
    && (place.value === null || control.value === place.value);
  const isNamed = (control) => place.label && control.getAttribute("aria-label") === place.label;
  const isNear = (control) => place.facet
    && control.closest("[data-facet]")?.dataset.facet === place.facet;
  const found = controls.find(isSame) ?? controls.find(isNamed) ?? controls.find(isNear)
    ?? document.getElementById("total");
  if (found.id === "total") found.tabIndex = -1;
  found.focus({ preventScroll: true });
  if (place.typed && found.type === "search") {
    found.value = place.typed.value;
    found.setSelectionRange(place.typed.selectionStart, place.typed.selectionEnd);
  }
}

form.addEventListener("submit", (event) => {
  if (!onSearchPage()) return;
  event.preventDefault();
  show(addressOf(new FormData(form)), { keepFocus: true });
});

main.addEventListener("change", (event) => {
  const control = event.target;
  if (control.form !== form || control.type === "search") return;
  if (control.type === "date" && !datesAgree()) return;
  show(addressOf(new FormData(form)), { keepFocus: true });
});

let finding = 0;
main.addEventListener("input", (event) => {
  if (!event.target.matches(".find")) return;
  clearTimeout(finding);
  finding = setTimeout(
    () => show(addressOf(new FormData(form)), { remember: "replace", keepFocus: true }), FIND_DELAY);
});

main.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a");
  if (!link || !onSearchPage()) return;
  const href = link.href.baseVal ?? link.getAttribute("href"); // links in SVG keep theirs apart
  const address = new URL(href, location.href);
  if (address.origin !== location.origin || address.pathname !== "/" || address.hash) return;
  event.preventDefault();
  const turning = link.closest(".pages");
  show(address.href, { keepFocus: !turning }).then(() => {
    if (!turning) return;
    main.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  });
});

const pageAddress = () => location.pathname + location.search;
let shown = pageAddress();

window.addEventListener("popstate", () => {
  const movedWithin = pageAddress() === shown; // to an anchor, as by the skip link
  if (onSearchPage() && !movedWithin) show(location.href, { remember: "" });
});

// A date is complete, and not before the other one's time, when it is worth a search.
function datesAgree() {
  const [from, to] = ["from", "to"].map((name) => form.elements[name]);
  const whole = [from, to].every((input) => input.validity.valid && !/^0/.test(input.value));
  return whole && (!from.value || !to.value || from.value <= to.value);
}

// On a wide screen the filters stand open, also in browsers where CSS alone cannot do that.

const wide = matchMedia("(min-width: 56.001rem)");

function openFilters() {
  const filters = main.querySelector("details.filters");
  if (filters && wide.matches) filters.open = true;
}

wide.addEventListener("change", () => {
  const filters = main.querySelector("details.filters");
  if (filters) filters.open = wide.matches;
});
openFilters();

// A slash goes to the search box, except while typing.

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  box.focus();
  box.select();
});
