// The screen on the wall follows the room.
import { draw, serverTime } from "./clock.js";
import { parts } from "./parts.js";
import { listen } from "./stream.js";

const root = document.getElementById("main");
const show = parts(root);
const READABLE = 4; // live.css: with this and larger ones letters have at least 1.5rem
const SMALLEST = 6;

// Nobody scrolls a wall: letters shrink as far as they can still be read from afar, and what lies in boxes moves
// closer (live.css has the least). Of what does not fit even so the wall says how much there is. A list that is
// `data-readable` gives way before letters become too small for the last row of a room.
function fit() {
  for (const list of root.querySelectorAll("[data-crowd]")) leaveOut(list, 0);
  if (shrink(0, root.querySelector("[data-readable]") ? READABLE : SMALLEST) || leaveOutAsNeeded()) return;
  if (!shrink(READABLE + 1, SMALLEST)) leaveOutAsNeeded();
}

// Take the largest of these sizes with which all fits, else the smallest; say whether it does.
function shrink(first, last) {
  for (let step = first; step <= last; step += 1) {
    root.dataset.fit = step;
    if (fits()) return true;
  }
  return false;
}

function leaveOutAsNeeded() {
  // The longest list gives way first, and keeps its first; a list within another gives way before that.
  for (let list = longest(); list && !fits(); list = longest()) leaveOut(list, leftOut(list) + 1);
  return fits();
}

const fits = () => document.documentElement.scrollHeight <= innerHeight;
const leftOut = (list) => [...list.children].filter((each) => each.hidden).length;

function longest() {
  const lists = [...root.querySelectorAll("[data-crowd]")].filter((each) => !each.closest("[hidden]"));
  const inner = lists.filter((each) => each.parentElement.closest("[data-crowd]"));
  const shown = (list) => list.children.length - leftOut(list);
  const long = (among) => among.filter((each) => shown(each) > 1).sort((one, other) => shown(other) - shown(one))[0];
  return long(inner) ?? long(lists);
}

function leaveOut(list, count) {
  const rows = [...list.children];
  rows.forEach((each, place) => (each.hidden = place >= rows.length - count));
  const more = (list.matches("tbody") ? list.closest("table") : list).nextElementSibling;
  const all = count + Number(list.dataset.beyond ?? 0);
  if (!more?.matches("[data-more]")) return;
  more.hidden = !all;
  more.textContent = more.dataset.more.replace("#", all);
}

fit();
addEventListener("resize", fit);
document.fonts.ready.then(fit);
root.addEventListener("load", fit, true); // photos

listen(root.dataset.stream, {
  heard(html) {
    show(html);
    draw();
    fit();
  },
  beat: serverTime,
  connected: (isOn) => root.classList.toggle("is-away", !isOn),
});
