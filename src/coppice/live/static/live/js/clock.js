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
  }
}

setInterval(draw, 250);
