// Keeps the reader's own choice of light or dark. Runs before the first paint, so the page never flashes.
(() => {
  const root = document.documentElement;
  const read = () => { try { return localStorage.getItem("scheme"); } catch { return null; } };
  const keep = (scheme) => { try { localStorage.setItem("scheme", scheme); } catch { /* private windows may refuse */ } };
  const chosen = read();
  if (chosen === "light" || chosen === "dark") root.dataset.scheme = chosen;

  const isDark = () => root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-scheme-switch]")) button.hidden = false;
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-scheme-switch]")) return;
    root.dataset.scheme = isDark() ? "light" : "dark";
    keep(root.dataset.scheme);
  });
})();
