// Carries people between columns: a mouse at once, a finger or pen after holding still, so that both still scroll.
// The drop sends the form that "Move to…" sends. Forms work without this; here only what has changed is drawn anew.
const FAR_ENOUGH = 6;
const HOLD = 400;
const EDGE = 88;
const FASTEST = 18;
let press = null;
let dropped = false;
let sent = 0;

const columns = () => document.querySelector(".columns[data-movable]");

document.addEventListener("pointerdown", (event) => {
  dropped = false;
  if (press || !event.isPrimary || event.button !== 0) return;
  const person = event.target.closest(".column-person");
  if (!person || !columns()?.contains(person)) return;
  press = { person, origin: person.closest("[data-community]"), x: event.clientX, y: event.clientY, id: event.pointerId };
  if (event.pointerType !== "mouse") press.timer = setTimeout(lift, HOLD);
});

document.addEventListener("pointermove", (event) => {
  if (!press || event.pointerId !== press.id) return;
  const isFar = Math.hypot(event.clientX - press.x, event.clientY - press.y) > FAR_ENOUGH;
  if (press.copy || !isFar) return press.copy && follow(event.clientX, event.clientY);
  if (press.timer) return putDown();
  press.x = event.clientX;
  press.y = event.clientY;
  lift();
});

document.addEventListener("pointerup", (event) => {
  if (!press || event.pointerId !== press.id) return;
  const { person, target, onto, copy } = press;
  dropped = Boolean(copy);
  putDown();
  if (onto) offer(person, onto);
  else if (target) move(person, target);
});

document.addEventListener("pointercancel", putDown);
addEventListener("blur", putDown);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") putDown(); });

// Once somebody is carried, a finger no longer scrolls. This must be heard before the first touch, and be able to refuse.
document.addEventListener("touchmove", (event) => { if (press?.copy) event.preventDefault(); }, { passive: false });
// Holding a link would open its menu, pulling one would drag its address.
document.addEventListener("contextmenu", (event) => { if (press?.timer) event.preventDefault(); });
document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".columns[data-movable]")) event.preventDefault(); });

// The click that ends a carry must not also open the person.
document.addEventListener("click", (event) => {
  if (!dropped || !event.target.closest(".column-person")) return;
  dropped = false;
  event.preventDefault();
  event.stopPropagation();
}, true);

function lift() {
  const copy = press.person.cloneNode(true);
  copy.removeAttribute("id");
  copy.classList.add("carried");
  copy.setAttribute("aria-hidden", "true");
  document.body.append(copy);
  document.documentElement.classList.add("is-carrying");
  press.person.classList.add("is-lifted");
  press.copy = copy;
  follow(press.x, press.y);
  press.frame = requestAnimationFrame(scrollAtEdges);
}

function follow(x, y) {
  Object.assign(press, { x, y });
  press.copy.style.translate = `${x + 8}px ${y + 8}px`;
  const under = document.elementFromPoint(x, y);
  const column = under?.closest("[data-community]") ?? null;
  const target = column === press.origin ? null : column;
  const onto = target && under.closest(".column-person");
  mark("target", target);
  mark("onto", onto);
}

function mark(name, element) {
  if (press[name] === element) return;
  press[name]?.classList.remove(`is-${name}`);
  element?.classList.add(`is-${name}`);
  press[name] = element;
}

function scrollAtEdges() {
  if (!press?.copy) return;
  const fromEnd = innerHeight - press.y;
  const depth = press.y < EDGE ? press.y - EDGE : fromEnd < EDGE ? EDGE - fromEnd : 0;
  if (depth) {
    scrollBy(0, (depth / EDGE) * FASTEST);
    follow(press.x, press.y);
  }
  press.frame = requestAnimationFrame(scrollAtEdges);
}

function putDown() {
  if (!press) return;
  clearTimeout(press.timer);
  cancelAnimationFrame(press.frame);
  press.copy?.remove();
  press.person.classList.remove("is-lifted");
  mark("target", null);
  mark("onto", null);
  document.documentElement.classList.remove("is-carrying");
  press = null;
}

function move(person, column) {
  const form = document.querySelector("[data-move-form]");
  const to = column.dataset.community;
  const address = new URL("move/", person.href).pathname;
  // The page's key with a number: a repeated request happens once, the next move is another act.
  const once = `${form.elements.once.value}-${++sent}`;
  htmx.ajax("POST", address, { source: form, swap: "none", values: { to, once } });
}

// Dropped onto somebody, the panel offers to change places with them, or to join them, with what either would cost.
function offer(person, onto) {
  const address = new URL(person.href);
  address.searchParams.set("onto", onto.id.replace("place-", ""));
  htmx.ajax("GET", address.pathname + address.search, { source: columns(), target: "#panel", swap: "outerHTML show:none" });
}

// Undo in a message is a plain form; here it changes the page in place as the move did.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("#toasts") || !columns()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const place = document.querySelector("[data-move-form]");
  const values = Object.fromEntries(new FormData(form));
  const chosen = document.getElementById("panel-chosen");
  if (chosen) values.chosen = chosen.value;
  htmx.ajax("POST", form.action, { source: place, swap: "none", values });
}, true);

// The panel takes room from the columns, which flow anew: whoever was chosen stays where the eye is.
let stood = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const person = event.detail.target.id === "panel" && event.detail.requestConfig.elt.closest?.(".column-person");
  stood = person ? { person, top: person.getBoundingClientRect().top } : null;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "panel") return;
  document.querySelector(".column-person[aria-current]")?.removeAttribute("aria-current");
  const chosen = document.querySelector("[data-panel-head]")?.dataset.panelHead;
  document.getElementById(chosen)?.setAttribute("aria-current", "true");
});

// Choosing somebody leads to their panel; "Back" leads to their place in the columns, without asking the server.
document.addEventListener("htmx:afterSettle", (event) => {
  unfold();
  if (event.detail.target.id !== "panel") return;
  if (stood && beside.matches) scrollBy({ top: stood.person.getBoundingClientRect().top - stood.top, behavior: "instant" });
  document.querySelector("[data-panel-head]")?.focus({ preventScroll: beside.matches });
});

// Where there is room the style shows every fold; here it is told so to whoever does not see it, and leaves the tab order.
const roomy = matchMedia("(min-width: 48rem)");
const beside = matchMedia("(min-width: 75rem)");
function unfold() {
  for (const fold of document.querySelectorAll(".fold")) {
    if (roomy.matches) fold.open = true;
    fold.querySelector("summary").tabIndex = roomy.matches ? -1 : 0;
  }
}
roomy.addEventListener("change", unfold);
unfold();

document.addEventListener("click", (event) => {
  const back = event.target.closest("[data-panel-back]");
  const person = back && document.getElementById(back.hash.slice(1));
  if (!person) return;
  event.preventDefault();
  person.focus();
  person.scrollIntoView({ block: "center" });
});

for (const trouble of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(trouble, () => {
    const told = document.querySelector("template[data-not-moved]");
    if (told) document.getElementById("toasts").replaceChildren(told.content.cloneNode(true));
  });
}
