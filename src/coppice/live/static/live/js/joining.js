// Whoever was in this room on this phone goes on where they were.
const been = document.querySelector("[data-been]");
let place = null;
try {
  place = JSON.parse(localStorage.getItem(`coppice-live-room-${been.dataset.room}`));
} catch {
  place = null;
}
if (place?.path?.startsWith("/live/")) {
  been.querySelector("a").href = place.path;
  been.querySelector("span").textContent = `: ${place.name}`;
  been.hidden = false;
}
