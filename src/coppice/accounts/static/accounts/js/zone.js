// Offers the time zone that the browser keeps, when the person has not chosen it already; a select that says
// "take" is set to it at once.
const select = document.querySelector("select[data-suggests-zone]");
const suggestion = document.querySelector("[data-zone-suggestion]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const options = [...(select?.options ?? [])];
const option =
  options.find((each) => each.value === zone) ??
  options.find((each) => each.value.endsWith(`/${zone.split("/").pop()}`));

if (option && select.dataset.suggestsZone === "take") {
  select.value = option.value;
}

if (suggestion && option && select.value !== option.value) {
  const button = suggestion.querySelector("button");
  button.textContent = option.text;
  button.addEventListener("click", () => {
    select.value = option.value;
    suggestion.hidden = true;
    select.focus();
  });
  select.closest(".field").append(suggestion);
  suggestion.hidden = false;
}
