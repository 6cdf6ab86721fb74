// Whoever was in this room on this phone goes on where they were.
const been = document.querySelector("[data-been]");
let place = null;
try {
  place = JSON.parse(localStorage.getItem(`coppice-live-room-${been.dataset.room}`));
} catch {
  place = null;
}
if (place?.path?.startsWith("/live/")) {
  const link = been.querySelector("a");
  link.href = place.path;
  link.textContent = `${link.textContent.trim()}: ${place.name}`;
  for (const other of document.querySelectorAll("form .button-main")) other.classList.remove("button-main");
  been.hidden = false;
}
