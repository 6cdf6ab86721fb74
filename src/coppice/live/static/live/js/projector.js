// The screen on the wall follows the room.
import { draw, serverTime } from "./clock.js";
import { parts } from "./parts.js";
import { listen } from "./stream.js";

const root = document.getElementById("main");
const show = parts(root);
const READABLE = 4; // live.css: with this and larger ones letters have at least 1.5rem
const SMALLEST = 6;
const WALL = matchMedia("(min-width: 60rem)"); // as live.css has it

// Nobody scrolls a wall. Letters shrink as far as they can be read from the last row of a room; what does not fit
// then goes over pages, which hosts turn. A list within another gives way before that where it is `data-spare`, else
// when a page of one does not fit either, and says how much it left out. What cannot be parted is set smaller.
function fit() {
  const lists = [...root.querySelectorAll("[data-crowd]")].filter((each) => !each.closest("[hidden]"));
  const outer = lists.filter((each) => !each.parentElement.closest("[data-crowd]"));
  const inner = lists.filter((each) => !outer.includes(each));
  whole(lists);
  root.dataset.fit = READABLE;
  if (!WALL.matches) return; // a narrow window is in somebody's hand, and scrolls
  const spare = inner.filter((each) => each.matches("[data-spare]"));
  if (shrink(0, READABLE) || shortened(spare) || onPages(outer) || shortened(inner)) return;
  whole(lists);
  if (!shrink(READABLE + 1, SMALLEST) && !onPages(outer)) shortened(inner);
}

function whole(lists) {
  for (const list of lists) showOnly(list, 0, list.children.length);
  sayPage(0, 1);
}

// Take the largest of these sizes with which all fits, else the smallest; say whether it does.
function shrink(first, last) {
  for (let step = first; step <= last; step += 1) {
    root.dataset.fit = step;
    if (fits()) return true;
  }
  return false;
}

const fits = () => document.documentElement.scrollHeight <= innerHeight;

// Of each list as many rows on a page as fit on every one of its pages; the longest gives way first.
function onPages(lists) {
  const sizes = new Map(lists.map((each) => [each, each.children.length]));
  const pagesOf = (list) => Math.max(1, Math.ceil(list.children.length / sizes.get(list)));
  const count = () => Math.max(1, ...lists.map(pagesOf));
  const lay = (page) => {
    sayPage(page, count());
    for (const list of lists) showPage(list, page % pagesOf(list), pagesOf(list));
    return fits();
  };
  for (let page = 0; page < count(); page += 1) {
    while (!lay(page)) {
      const longest = lists.filter((each) => sizes.get(each) > 1).sort((one, other) => sizes.get(other) - sizes.get(one))[0];
      if (!longest) return lay(turned(count()));
      sizes.set(longest, sizes.get(longest) - 1);
      page = 0;
    }
  }
  return lay(turned(count()));
}

const turns = () => Number(root.querySelector("[data-turn]").dataset.turn);
let heardTurn = 0;
let page = 0;

// A wall that gets more pages, or fewer, stays where it is: only hosts turn it, and each move of theirs goes to the first.
function turned(pages) {
  const turn = turns();
  if (turn !== heardTurn) page = turn === 0 ? 0 : page + turn - heardTurn;
  page = turn === heardTurn && page >= pages ? pages - 1 : page % pages;
  heardTurn = turn;
  return page;
}

// Pages are about equally long.
function showPage(list, page, pages) {
  const size = Math.ceil(list.children.length / pages);
  showOnly(list, page * size, (page + 1) * size);
}

function showOnly(list, from, to) {
  [...list.children].forEach((each, place) => (each.hidden = place < from || place >= to));
  sayMore(list, Number(list.dataset.beyond ?? 0));
}

function sayPage(page, pages) {
  root.toggleAttribute("data-paged", pages > 1);
  const said = root.querySelector("[data-pages]");
  said.hidden = pages === 1;
  said.textContent = said.dataset.pages.replace("##", pages).replace("#", page + 1);
}

function shortened(lists) {
  const shown = (list) => [...list.children].filter((each) => !each.hidden).length;
  while (!fits()) {
    const seen = lists.filter((each) => each.checkVisibility() && shown(each) > 1);
    const [longest] = seen.sort((one, other) => shown(other) - shown(one));
    if (!longest) return false;
    const keep = shown(longest) - 1;
    showOnly(longest, 0, keep);
    sayMore(longest, longest.children.length - keep + Number(longest.dataset.beyond ?? 0));
  }
  return true;
}

function sayMore(list, count) {
  const more = (list.matches("tbody") ? list.closest("table") : list).nextElementSibling;
  if (!more?.matches("[data-more]")) return;
  more.hidden = !count;
  more.textContent = more.dataset.more.replace("#", count);
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
