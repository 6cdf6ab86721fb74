// A choice of mail is saved as soon as it is made; without this module each row has its Save button.
for (const form of document.querySelectorAll("form[data-saves-itself]")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
