// Fills in how many a kind of rule usually asks for, until somebody types a number of their own.
document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-usual]")) event.target.dataset.typed = "";
});

document.addEventListener("change", (event) => {
  const number = /^kind_(\d+)$/.exec(event.target.name ?? "")?.[1];
  const amount = number && event.target.form.elements[`amount_${number}`];
  if (!amount || "typed" in amount.dataset) return;
  amount.value = JSON.parse(amount.dataset.usual)[event.target.value] ?? "";
}, true);
