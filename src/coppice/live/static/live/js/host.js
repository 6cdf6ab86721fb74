// The host's page: buttons and keys that act without leaving it, and a dot that says whether it is connected.
import { draw, serverTime } from "./clock.js";
import { parts } from "./parts.js";
import { newKey, post } from "./sending.js";
import { listen } from "./stream.js";

const root = document.querySelector("[data-stream]");
const dot = document.querySelector("[data-connection]");
const said = document.querySelector("[data-said]");
const keys = document.querySelector("[data-keys]");
const isOn = keys.querySelector("[data-keys-on]");
const show = parts(root);
const STORED = "coppice-live-keys";

let doneAt = 0; // when the server had done what was pressed last
let older = 0;

function heard(html) {
  show(html);
  draw();
}

// What was drawn before that would take the page back for a moment, and a press with it: the newer comes soon.
function heardFromStream(html, drawn) {
  clearTimeout(older);
  if (drawn < doneAt) older = setTimeout(heard, 2_000, html);
  else heard(html);
}

listen(root.dataset.stream, {
  heard: heardFromStream,
  beat: serverTime,
  connected(state) {
    dot.textContent = state ? dot.dataset.on : dot.dataset.off;
    dot.classList.toggle("is-on", state);
  },
});

root.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-send=host]");
  if (!form) return;
  event.preventDefault();
  const pressed = pressing(form);
  inTurn(() => send(pressed));
});

// One after the other: a key acts on the page as the press before it has left it.
let last = Promise.resolve();

function inTurn(act) {
  last = last.then(act);
}

function pressing(form) {
  const fields = [...new FormData(form)].filter(([name]) => !["once", "csrfmiddlewaretoken"].includes(name));
  return { address: form.action, body: new URLSearchParams([...fields, ["once", newKey()]]).toString() };
}

async function send({ address, body }) {
  said.hidden = true;
  try {
    const answer = await post(address, body, root.dataset.csrf);
    if (answer.redirected) location.reload(); // signed out meanwhile: the door of this page says so
    else if (answer.ok) {
      doneAt = Number(answer.headers.get("X-Live-Done") ?? 0);
      heard(await answer.text());
    }
    else say(answer.status === 422 ? await answer.text() : root.dataset.failed);
  } catch {
    say(root.dataset.failed);
  }
}

function say(sentence) {
  said.textContent = sentence;
  said.hidden = false;
}

keys.hidden = false;
isOn.checked = localStorage.getItem(STORED) !== "no";
isOn.addEventListener("change", () => localStorage.setItem(STORED, isOn.checked ? "yes" : "no"));

document.addEventListener("keydown", (event) => {
  if (!isOn.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const key = CSS.escape(event.key.toLowerCase());
  const button = () => root.querySelector(`[data-key="${key}"]`);
  if (!button()) return;
  event.preventDefault();
  inTurn(() => button() && send(pressing(button().form)));
});
