// Lets a read message be put away; it stays until then, so nobody has to read fast.
function offerToHide() {
  for (const button of document.querySelectorAll("[data-dismiss]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (!button) return;
  button.closest(".toast").remove();
  document.getElementById("main")?.focus({ preventScroll: true });
});

document.addEventListener("htmx:afterSettle", offerToHide);
offerToHide();
