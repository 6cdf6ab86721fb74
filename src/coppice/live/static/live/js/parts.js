// Puts a new state into the page part by part: what has not changed stays, and so do focus and typed words.
import { newKey } from "./sending.js";

const FIELDS = "input:not([type=hidden]), select, textarea";

export function parts(root) {
  const shown = new Map();

  return function show(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const changed = [];
    for (const fresh of template.content.querySelectorAll("[data-part]")) {
      const name = fresh.dataset.part;
      const text = fresh.outerHTML;
      const old = root.querySelector(`[data-part="${name}"]`);
      if (!old || shown.get(name) === text) continue;
      shown.set(name, text);
      for (const form of fresh.querySelectorAll("form[method=post]")) giveKeys(form, root.dataset.csrf);
      replace(old, fresh, root);
      changed.push(fresh);
    }
    return changed;
  };
}

function replace(old, fresh, root) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const isSame = old.dataset.step === fresh.dataset.step && old.dataset.round === fresh.dataset.round;
  const typed = isSame ? [...old.querySelectorAll(FIELDS)] : [];
  for (const { dataset } of old.querySelectorAll("details[open][data-keep]")) {
    fresh.querySelector(`details[data-keep="${dataset.keep}"]`)?.setAttribute("open", "");
  }
  old.replaceWith(fresh);
  for (const field of typed) {
    const twin = twinOf(field, fresh);
    if (!twin) continue;
    if (field.type === "checkbox" || field.type === "radio") twin.checked = field.checked;
    else if (field.type === "file") twin.files = field.files;
    else twin.value = field.value;
  }
  for (const form of isSame ? old.querySelectorAll("form[data-act][data-is-filled]") : []) {
    const twin = fresh.querySelector(`form[data-act="${form.dataset.act}"]`);
    if (twin) twin.dataset.isFilled = form.dataset.isFilled;
  }
  if (held) keepFocus(held, fresh, root);
}

// What goes to everybody has no keys: each browser puts in its own, as the page had them.
function giveKeys(form, token) {
  for (const [name, value] of [["csrfmiddlewaretoken", token], ["once", newKey()]]) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.prepend(field);
  }
}

function twinOf(element, within) {
  const { name, value, type } = element;
  const isChoice = type === "checkbox" || type === "radio";
  if (name) return [...within.querySelectorAll(FIELDS)].find((each) => each.name === name && (!isChoice || each.value === value));
  if (element.dataset.key) return within.querySelector(`[data-key="${element.dataset.key}"]`);
  return element.matches("button") ? within.querySelector(`form[data-act="${element.form?.dataset.act}"] button`) : null;
}

function keepFocus(held, fresh, root) {
  const twin = twinOf(held, fresh) ?? root.closest("[tabindex]") ?? document.getElementById("main");
  const selected = typeof held.selectionStart === "number" ? [held.selectionStart, held.selectionEnd] : null;
  twin?.focus({ preventScroll: true });
  if (selected && twin?.setSelectionRange && twin.name === held.name) twin.setSelectionRange(...selected);
}
