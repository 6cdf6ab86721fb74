// Betters forms that work without it: errors get the focus, a form leaves once, the last button waits for the typed word.
const SENDING = "data-sending";

function prepare(root) {
  root.querySelector("[data-errors]")?.focus();
  for (const form of root.querySelectorAll("form[data-confirm]")) waitForTheWord(form);
}

function waitForTheWord(form) {
  const typed = form.querySelector("[data-word]");
  const button = form.querySelector("button");
  if (!typed || !button) return;
  const plain = (text) => text.trim().toLocaleLowerCase();
  const compare = () => { button.disabled = plain(typed.value) !== plain(typed.dataset.word); };
  typed.addEventListener("input", compare);
  compare();
}

// The server's key ("once") is what makes a doubled POST harmless; this only spares people the wait.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.hasAttribute(SENDING)) { event.preventDefault(); return; }
  form.setAttribute(SENDING, "");
  form.setAttribute("aria-busy", "true");
});

// Coming back with the Back button brings the page as it was left: let its forms be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll(`form[${SENDING}]`)) {
    form.removeAttribute(SENDING);
    form.removeAttribute("aria-busy");
  }
});

document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
prepare(document);
