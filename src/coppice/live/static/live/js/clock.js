// Counts down to the end that the server named, by the server's clock: a phone's own may be minutes off.
let ahead = 0;

export function serverTime(milliseconds) {
  ahead = milliseconds - Date.now();
  draw();
}

export function draw() {
  for (const clock of document.querySelectorAll("[data-ends]")) {
    const left = Math.max(0, Math.ceil((Number(clock.dataset.ends) - Date.now() - ahead) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const text = left ? `${two(Math.floor(left / 60))}:${two(left % 60)}` : clock.dataset.over;
    if (clock.textContent !== text) clock.textContent = text;
    clock.classList.toggle("live-figure", left > 0);
    if (!left) open();
  }
  for (const turns of document.querySelectorAll("[data-turns]")) take(turns);
}

// What is to be done when the time is up opens once, and can be closed again.
function open() {
  for (const each of document.querySelectorAll("details[data-opens-at-end]")) {
    each.open = true;
    delete each.dataset.opensAtEnd;
  }
}

// Whose turn it is: the whole time in as many equal parts as there are people, counted from its end.
function take(turns) {
  const clock = document.querySelector("[data-ends], [data-left]");
  if (!clock) return;
  const left = clock.dataset.ends ? (Number(clock.dataset.ends) - Date.now() - ahead) / 1000 : Number(clock.dataset.left);
  const share = Number(turns.dataset.turns) / turns.children.length;
  const turn = Math.min(turns.children.length - 1, Math.max(0, turns.children.length - Math.ceil(left / share)));
  [...turns.children].forEach((each, place) => {
    if (each.hidden !== (place !== turn)) each.hidden = place !== turn;
  });
}

setInterval(draw, 250);
