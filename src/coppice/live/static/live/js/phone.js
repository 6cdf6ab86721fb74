// A participant's page: it follows the room, keeps what is sent, and remembers where this phone belongs.
import { draw, serverTime } from "./clock.js";
import { drafts } from "./drafts.js";
import { parts } from "./parts.js";
import { queue } from "./queue.js";
import { post } from "./sending.js";
import { listen } from "./stream.js";

const root = document.getElementById("main");
const words = root.dataset;
const said = root.querySelector("[data-said]");
const line = root.querySelector("[data-line]");
const show = parts(root);
const typed = drafts(`coppice-live-drafts-${words.base}`, root);
let here = place();
let stands = standing();
// What this phone has sent, by step and round: a room may come back to a step.
const sentAt = new Map([[here, JSON.parse(document.getElementById("mine").textContent) ?? {}]]);
let ownMark = markOfOwn();
let askAgain = 0;
let asked = ownMark.base;
let unsent = ""; // what is said of a file that did not leave, until it has

// A refusal that came before this module did stands under the address of what was sent: forms and reload need this one.
if (location.pathname !== words.base) history.replaceState(null, "", words.base);

const waiting = queue(`coppice-live-queue-${words.base}`, words.csrf, {
  waiting: () => say(unsent || words.saved, "hazel"),
  taken(entry) {
    if (!entry.clears) sentAt.set(entry.place, { ...sentAt.get(entry.place), [entry.act]: entry.fields });
    if (entry.asks) askAnew();
    mark();
    say(unsent || words.sent, unsent ? "hazel" : "leaf");
  },
  refused(reason, entry) {
    const sentence = reason || words.gone;
    say(sentence, "hazel");
    if (entry.place === here) sayAtForm(entry.act, sentence);
  },
});

try {
  const remembered = JSON.stringify({ path: words.base, name: words.name });
  localStorage.setItem(`coppice-live-room-${words.room}`, remembered);
} catch {
  // Without storage this phone joins anew.
}

root.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-send=phone]");
  if (!form) return;
  event.preventDefault();
  sendWords(form, form.action);
});

root.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-send][data-act]");
  if (form) typed.note(form, here);
});

typed.restore(here);

function sendWords(form, address) {
  typed.forget(form, here);
  const fields = [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !["once", "csrfmiddlewaretoken"].includes(name),
  );
  const byName = {};
  for (const [name, value] of fields) (byName[name] ??= []).push(value);
  say(words.sending, "");
  form.querySelector("[data-refused]")?.remove();
  const clears = form.dataset.clears !== undefined;
  const asks = form.dataset.asks !== undefined;
  waiting.add(address, fields, { act: form.dataset.act, fields: byName, place: place(), clears, asks });
  form.dataset.isFilled = here;
  if (clears) form.reset();
}

root.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-send=file]");
  if (!form) return;
  event.preventDefault();
  sendFile(form);
});

// A file is sent at once or not at all: a phone has no room to keep it. The words with it wait like others.
async function sendFile(form) {
  const files = [...form.querySelectorAll("input[type=file]")];
  const withWords = form.dataset.words;
  unsent = "";
  if (withWords && !files.some((field) => field.files.length)) return sendWords(form, withWords);
  const button = form.querySelector("button");
  say(words.sending, "");
  button.disabled = true;
  try {
    const answer = await post(form.action, new FormData(form), words.csrf);
    if (answer.ok) typed.forget(form, here);
    if (answer.ok) for (const field of files) field.value = "";
    if (answer.ok) say(words.sent, "leaf");
    else say(answer.status === 422 ? await answer.text() : form.dataset.away, "hazel");
  } catch {
    if (!withWords) say(form.dataset.away, "hazel");
    else {
      unsent = form.dataset.away;
      sendWords(form, withWords);
    }
  }
  button.disabled = false;
}

root.querySelector("[data-errors]")?.focus();

listen(words.stream, {
  heard(html) {
    const title = root.querySelector("h1").textContent;
    show(html);
    draw();
    const isNew = place() !== here;
    const wasTyping = isNew && typed.has(here);
    if (isNew) {
      here = place();
      unsent = "";
      begin();
    }
    if (isNew || standing() !== stands) {
      // What was said of a step that is over is no longer so.
      stands = standing();
      if (said.textContent !== words.saved && said.textContent !== words.away) say("", "");
    }
    if (wasTyping) say(words.kept, "hazel");
    typed.restore(here);
    mark();
    markThings();
    askForOwn();
    const now = root.querySelector("h1").textContent;
    if (now !== title && !isNew) line.textContent = now;
    waiting.send();
  },
  beat: serverTime,
  connected: (isOn) => {
    if (!isOn) say(words.away, "hazel");
    else if (said.textContent === words.away) say(words.back, "leaf");
    if (isOn) {
      waiting.send();
      askForOwn();
    }
  },
});

// Which step and round the page shows.
function place() {
  const { step, round } = root.querySelector("[data-part=task]").dataset;
  return `${step}.${round}`;
}

// Whether that step is open or closed, and the room over.
function standing() {
  return root.querySelector("[data-part=task]").dataset.stands;
}

// A new step begins at its title, wherever the page was scrolled before; the title is read aloud.
function begin() {
  const title = root.querySelector("h1");
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// What tells whether this phone's own part is as the room has it.
function markOfOwn() {
  const { step, round, own = "", ownEach = "", ownPeople = "0" } = root.querySelector("[data-part=task]").dataset;
  const each = ownEach.split(" ").find((one) => one.startsWith(`${words.me}:`)) ?? "";
  const base = `${step}.${round}.${own}`;
  return { wanted: own !== "", base, text: `${base}.${each}`, people: Number(ownPeople) };
}

// Ask for this phone's own part when it has changed; until it has come, that of another step is not shown.
async function askForOwn() {
  const wanted = markOfOwn();
  if (wanted.text === ownMark.text) return;
  const part = root.querySelector("[data-part=own]");
  const { step, round } = root.querySelector("[data-part=task]").dataset;
  if (part.dataset.step !== step || part.dataset.round !== round) part.replaceChildren();
  if (!wanted.wanted) {
    ownMark = wanted;
    return;
  }
  if (wanted.base !== ownMark.base && wanted.base !== asked) {
    // All phones ask at once: a thousand of them would keep the host's next press waiting.
    asked = wanted.base;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * wanted.people * 10));
  }
  try {
    const answer = await fetch(`${words.base}own/`);
    const html = answer.ok ? await answer.text() : "";
    if (markOfOwn().text !== wanted.text) return askForOwn();
    if (!html) return;
    show(html);
    draw();
    typed.restore(here);
    markThings();
    ownMark = wanted;
  } catch {
    clearTimeout(askAgain);
    askAgain = setTimeout(askForOwn, 3_000);
  }
}

// What a form changed that no mark of the room tells, such as one's own profile.
function askAnew() {
  ownMark = { ...ownMark, text: "" };
  askForOwn();
}

// Say on things of the room what they are to this phone, as its own part has it.
function markThings() {
  const own = [...root.querySelectorAll("[data-part=own] [data-is]")];
  const states = new Map(own.map(({ dataset }) => [dataset.of, dataset.is]));
  for (const { dataset } of root.querySelectorAll("[data-thing]")) dataset.state = states.get(dataset.thing) ?? "";
}

// Say on the buttons what was sent before, and fill a form that nobody has touched with it.
function mark() {
  for (const form of root.querySelectorAll("form[data-send=phone]")) {
    const sent = sentAt.get(here)?.[form.dataset.act];
    if (!sent) continue;
    const button = form.querySelector("[data-again]");
    if (button) button.textContent = button.dataset.again;
    if (form.dataset.isFilled === here) continue;
    form.dataset.isFilled = here;
    for (const field of form.elements) fill(field, sent[field.name]);
  }
}

function fill(field, values) {
  if (!values || field.type === "hidden") return;
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (!field.value) field.value = values[0];
}

// Why something was not taken stands at its form as well, until it is sent again or drawn anew.
function sayAtForm(act, sentence) {
  const form = [...root.querySelectorAll("form[data-send=phone]")].find((each) => each.dataset.act === act);
  if (!form || !sentence) return;
  form.querySelector("[data-refused]")?.remove();
  const told = Object.assign(document.createElement("p"), { className: "field-error", textContent: sentence });
  told.dataset.refused = "";
  form.append(told);
}

let fading = 0;

// It stands over the page for a moment only: what went well then goes, troubles stay at the foot of the page.
function say(sentence, tone) {
  clearTimeout(fading);
  said.classList.remove("is-resting");
  if (tone === "leaf") fading = setTimeout(() => say("", ""), 6000);
  else if (sentence) fading = setTimeout(() => said.classList.add("is-resting"), 8000);
  said.textContent = sentence;
  said.className = tone ? `notice notice-${tone}` : "notice";
  said.hidden = !sentence;
}
