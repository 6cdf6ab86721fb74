// Sends a file in pieces while the rest of its form is filled in, and goes on where it stopped: after a lost line by
// itself, after a reload when the same file is chosen again. Without this module the form sends the file whole.
const LEAST = 256 * 1024, MOST = 8 * 1024 * 1024, QUICK = 2000, SLOW = 8000, LONGEST_WAIT = 15000, PATIENCE = 90000;

for (const form of document.querySelectorAll("form[data-upload]")) attend(form);

function attend(form) {
  const input = form.querySelector("input[type=file]");
  const here = { form, input, key: form.elements.key, state: form.querySelector("[data-upload-state]"), turn: 0 };
  here.name = input.name;
  input.addEventListener("change", () => { if (input.files[0]) send(here, input.files[0]); else drop(here); });
  form.addEventListener("submit", (event) => {
    if (!here.sending) return;
    event.preventDefault();
    here.waiting = true;
    say(here, form.dataset.waiting);
  });
}

async function send(here, file) {
  const turn = ++here.turn;
  here.sending = true;
  here.waiting = false;
  here.input.removeAttribute("name");
  here.input.removeAttribute("aria-invalid");
  nameIt(here.form, file.name);
  const sent = await whole(here, file, () => turn === here.turn);
  if (turn !== here.turn) return;
  here.sending = false;
  if (!sent) return;
  here.key.value = sent.key;
  show(here, sent);
  say(here, here.form.dataset.here);
  if (here.waiting) here.form.requestSubmit();
}

// Goes on until the file is whole; returns nothing when it was refused or another one was chosen.
async function whole(here, file, isWanted) {
  let known = null, step = LEAST * 2, wait = 1000;
  while (isWanted()) {
    try {
      known = known?.whole === undefined ? await begin(here, file) : known;
      if (known.refused) return refuse(here, known.refused);
      show(here, known);
      if (known.whole) return known;
      const began = performance.now();
      const piece = await file.slice(known.offset, known.offset + step).arrayBuffer();
      const answer = await ask(here, known.address, {
        method: "POST", body: piece,
        headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": known.offset },
      });
      if (answer.refused) return refuse(here, answer.refused);
      known = answer;
      wait = 1000;
      const took = performance.now() - began;
      if (took < QUICK) step = Math.min(step * 2, MOST);
      else if (took > SLOW) step = Math.max(step / 2, LEAST);
    } catch {
      if (!isWanted()) return null;
      say(here, here.form.dataset.lost);
      await lineIsBack(wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
      step = Math.max(step / 2, LEAST);
      known = null;
    }
  }
  return null;
}

// What began before goes on: the server knows a file by its name, size and day.
function begin(here, file) {
  const body = new FormData();
  body.set("name", file.name);
  body.set("size", file.size);
  body.set("marks", String(file.lastModified));
  return ask(here, here.form.dataset.upload, { method: "POST", body });
}

async function ask(here, address, what) {
  const headers = { ...what.headers, "X-CSRFToken": here.form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(address, { ...what, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.type === "opaqueredirect" || answer.status === 403) return { refused: here.form.dataset.signedOut };
  if (answer.status === 413) return { refused: here.form.dataset.tooLarge };
  if (answer.status === 422) return { refused: (await answer.json()).sentence };
  if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
  return answer.json();
}

function lineIsBack(most) {
  return new Promise((resolve) => {
    const done = () => { removeEventListener("online", done); clearTimeout(clock); resolve(); };
    const clock = setTimeout(done, most);
    addEventListener("online", done);
  });
}

function refuse(here, sentence) {
  drop(here);
  here.state.hidden = false;
  here.state.querySelector("progress").hidden = true;
  say(here, sentence);
  here.input.setAttribute("aria-invalid", "true");
  return null;
}

function drop(here) {
  here.turn += 1;
  here.sending = here.waiting = false;
  here.input.name = here.name;
  here.input.value = "";
  here.state.hidden = true;
}

function show(here, known) {
  const bar = here.state.querySelector("progress");
  const percent = Math.floor((100 * known.offset) / known.size);
  here.state.hidden = bar.hidden = false;
  bar.value = percent;
  if (!here.waiting) say(here, here.form.dataset.arriving.replace("{percent}", percent));
}

function say(here, words) {
  here.state.hidden = false;
  const place = here.state.querySelector("[data-upload-words]");
  if (place.textContent !== words) place.textContent = words;
}

function nameIt(form, name) {
  const title = form.elements.title;
  if (title && !title.value) title.value = name.replace(/\.[^.]*$/, "").replace(/[_]+/g, " ");
}
