// The screen on the wall follows the room.
import { draw, serverTime } from "./clock.js";
import { parts } from "./parts.js";
import { listen } from "./stream.js";

const root = document.getElementById("main");
const show = parts(root);

// Nobody scrolls a wall: letters shrink as far as they can still be read from afar (live.css has the least).
function fit() {
  for (const step of [0, 1, 2, 3, 4]) {
    root.dataset.fit = step;
    if (document.documentElement.scrollHeight <= innerHeight) break;
  }
}

fit();
addEventListener("resize", fit);
document.fonts.ready.then(fit);

listen(root.dataset.stream, {
  heard(html) {
    show(html);
    draw();
    fit();
  },
  beat: serverTime,
  connected: (isOn) => root.classList.toggle("is-away", !isOn),
});
