// Lets a mouse or pen carry a person to another column; the drop sends the same form that "Move to…" sends.
const FAR_ENOUGH = 6;
let carrying = null;
let justDropped = false;

function columnAt(event) {
  return document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-community]") ?? null;
}

function lift(event) {
  const { person } = carrying;
  const copy = person.cloneNode(true);
  copy.removeAttribute("id");
  copy.classList.add("carried");
  copy.setAttribute("aria-hidden", "true");
  document.body.append(copy);
  person.classList.add("is-lifted");
  person.setPointerCapture(event.pointerId);
  carrying.copy = copy;
}

function show(event) {
  carrying.copy.style.translate = `${event.clientX + 8}px ${event.clientY + 8}px`;
  const target = columnAt(event);
  if (target === carrying.target) return;
  carrying.target?.classList.remove("is-target");
  carrying.target = target === carrying.origin ? null : target;
  carrying.target?.classList.add("is-target");
}

function putDown() {
  if (!carrying) return;
  carrying.copy?.remove();
  carrying.person.classList.remove("is-lifted");
  carrying.target?.classList.remove("is-target");
  carrying = null;
}

function send(person, column) {
  const form = document.querySelector("[data-move-form]");
  form.action = person.dataset.move;
  form.elements.to.value = column.dataset.community;
  form.requestSubmit();
}

document.addEventListener("pointerdown", (event) => {
  const person = event.target.closest("[data-move]");
  justDropped = false;
  // A finger scrolls the page; people on phones move others by "Move to…".
  if (!person || event.button !== 0 || event.pointerType === "touch") return;
  carrying = { person, origin: person.closest("[data-community]"), x: event.clientX, y: event.clientY };
});

document.addEventListener("pointermove", (event) => {
  if (!carrying) return;
  if (!carrying.copy) {
    if (Math.hypot(event.clientX - carrying.x, event.clientY - carrying.y) < FAR_ENOUGH) return;
    lift(event);
  }
  show(event);
});

document.addEventListener("pointerup", () => {
  if (!carrying) return;
  const { person, target, copy } = carrying;
  putDown();
  justDropped = Boolean(copy);
  if (target) send(person, target);
});

document.addEventListener("pointercancel", putDown);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") putDown(); });

// The click that ends a carry must not also open the person.
document.addEventListener("click", (event) => {
  if (!justDropped || !event.target.closest("[data-move]")) return;
  justDropped = false;
  event.preventDefault();
  event.stopPropagation();
}, true);
