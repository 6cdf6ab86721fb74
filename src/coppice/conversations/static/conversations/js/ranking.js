// A ranking whose options move up and down by buttons; without this, each has a list of places.
for (const ranking of document.querySelectorAll("[data-ranking]")) {
  const rows = () => [...ranking.querySelectorAll("[data-rank]")];
  const select = (row) => row.querySelector("select");
  const place = (row) => Number(select(row).value) || Infinity;
  const name = (row) => row.querySelector("label").firstChild.textContent.trim();
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "fine";

  const number = () => rows().forEach((row, index) => { select(row).value = String(index + 1); });

  const move = (row, step) => {
    const all = rows();
    const other = all[all.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row); else other.after(row);
    number();
    status.textContent = `${name(row)} ${ranking.dataset.moved} ${rows().indexOf(row) + 1}`;
  };

  for (const row of rows().sort((a, b) => place(a) - place(b))) {
    ranking.append(row);
    const buttons = document.createElement("div");
    buttons.className = "talk-rank";
    for (const [words, step] of [[ranking.dataset.up, -1], [ranking.dataset.down, 1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-dense";
      button.textContent = words;
      button.setAttribute("aria-label", `${words}: ${name(row)}`);
      button.addEventListener("click", () => { move(row, step); button.focus(); });
      buttons.append(button);
    }
    row.append(buttons);
  }
  ranking.append(status);
}
