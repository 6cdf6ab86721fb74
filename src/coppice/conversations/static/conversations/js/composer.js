// Betters the plain box of a post: buttons for bold, lists and links, and names after an @. Drafts are htmx's.
for (const box of document.querySelectorAll("[data-composer]")) prepare(box);

function prepare(box) {
  const words = document.getElementById("talk-tools");
  if (words) box.before(tools(box, words));
  const names = [...document.querySelectorAll("#talk-names option")].map((option) => option.value);
  if (names.length) completeNames(box, names);
}

function tools(box, words) {
  const bar = words.content.firstElementChild.cloneNode(true);
  for (const button of bar.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const { around, before } = button.dataset;
      if (around) wrap(box, around, button.dataset.end ?? around);
      else atEachLine(box, before);
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
  }
  return bar;
}

function wrap(box, start, end) {
  const { selectionStart: from, selectionEnd: to } = box;
  const chosen = box.value.slice(from, to);
  box.setRangeText(start + chosen + end, from, to, "end");
  if (!chosen) box.selectionStart = box.selectionEnd = from + start.length;
}

function atEachLine(box, mark) {
  const from = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  const lines = box.value.slice(from, box.selectionEnd).split("\n");
  box.setRangeText(lines.map((line) => mark + line).join("\n"), from, box.selectionEnd, "end");
}

// A list of the names that begin as what stands after the last @; arrows, Enter and a touch choose.
function completeNames(box, names) {
  const list = document.createElement("ul");
  list.className = "talk-names";
  list.id = `${box.id}-names`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  box.after(list);
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  let chosen = -1;

  const begun = () => /(?:^|[\s(])(@[^\s@]{0,40}(?: [^\s@]{0,40})?)$/.exec(box.value.slice(0, box.selectionStart))?.[1];
  const mark = (place) => {
    chosen = place;
    [...list.children].forEach((item, each) => item.setAttribute("aria-selected", String(each === place)));
    if (place >= 0) box.setAttribute("aria-activedescendant", list.children[place].id);
    else box.removeAttribute("aria-activedescendant");
  };
  const close = () => { list.hidden = true; mark(-1); };
  const take = (name) => {
    const start = box.selectionStart - begun().length;
    box.setRangeText(`${name} `, start, box.selectionStart, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    box.focus();
  };
  const show = () => {
    const typed = begun()?.toLocaleLowerCase();
    const found = typed ? names.filter((name) => name.toLocaleLowerCase().startsWith(typed)).slice(0, 8) : [];
    list.replaceChildren(...found.map((name, place) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${place}`;
      item.setAttribute("role", "option");
      item.textContent = name;
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(name); });
      return item;
    }));
    list.hidden = found.length === 0 || (found.length === 1 && found[0].toLocaleLowerCase() === typed);
    mark(list.hidden ? -1 : 0);
  };
  box.addEventListener("input", show);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const count = list.children.length;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) mark((chosen + move + count) % count);
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}
