// Keeps what is typed into a long form in this browser until it is saved, for a week: a lost page loses no words.
const WEEK = 7 * 24 * 60 * 60 * 1000;
const OWN = new Set(["csrfmiddlewaretoken", "once", "opened_with", "agreed"]);

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);

function keep(form) {
  const key = `coppice-draft-${form.dataset.draft}`;
  const opened = form.elements.opened_with;
  const kept = read(key);
  const isSaved = kept?.sent && kept.opened !== opened.value;
  if (kept && !isSaved && Date.now() - kept.at < WEEK) restore(form, kept, opened);
  else drop(key);
  const write = (sent) => store(key, { typed: typedIn(form), opened: opened.value, sent, at: Date.now() });
  form.addEventListener("input", () => write(false));
  form.addEventListener("submit", () => write(true));
  form.querySelector("[data-draft-drop]").addEventListener("click", () => { drop(key); location.replace(location.href); });
}

function typedIn(form) {
  return [...new FormData(form)].filter(([name]) => !OWN.has(name));
}

// The mark of then goes with the words of then, so that what others saved meanwhile is still noticed.
function restore(form, kept, opened) {
  if (JSON.stringify(kept.typed) === JSON.stringify(typedIn(form))) return;
  const typed = new Map();
  for (const [name, value] of kept.typed) typed.set(name, [...(typed.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || OWN.has(control.name) || control.type === "submit") continue;
    const values = typed.get(control.name) ?? [];
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else control.value = values[0] ?? "";
  }
  opened.value = kept.opened;
  form.querySelector("[data-draft-notice]").hidden = false;
}

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

function store(key, draft) {
  try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* Without storage, nothing is kept. */ }
}

function drop(key) {
  try { localStorage.removeItem(key); } catch { /* Nothing was kept. */ }
}
