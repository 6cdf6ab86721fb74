// Copies the link beside a button. Without it, or where the browser lends no clipboard, the link can be selected.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const link = button.parentElement.querySelector("input");
  const said = button.parentElement.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(link.value);
    for (const other of document.querySelectorAll("[data-copied]")) other.textContent = "";
    said.textContent = said.dataset.copied;
  } catch {
    link.select(); // the browser refused: what is selected can still be copied by hand
  }
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches(".copied input")) event.target.select();
});
