// The screen on the wall follows the room.
import { draw, serverTime } from "./clock.js";
import { parts } from "./parts.js";
import { listen } from "./stream.js";

const root = document.getElementById("main");
const show = parts(root);

listen(root.dataset.stream, {
  heard(html) {
    show(html);
    draw();
  },
  beat: serverTime,
  connected: (isOn) => root.classList.toggle("is-away", !isOn),
});
