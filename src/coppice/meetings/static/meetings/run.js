// The page of a meeting that goes on: its clock counts by the server's time; htmx asks again what moved.
import { draw, serverTime } from "../live/js/clock.js";

function setClock() {
  const now = Number(document.querySelector("[data-now]")?.dataset.now);
  if (now) serverTime(now);
  draw();
}

document.addEventListener("htmx:afterSettle", setClock);
setClock();
