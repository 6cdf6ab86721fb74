// What a page says about itself when it is looked at: each function returns all that is wrong, in words.
window.looking = (() => {
  const shown = (each) => each.checkVisibility({checkVisibilityCSS: true});
  const brief = (each) => each.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const count = (selector) => document.querySelectorAll(selector).length;

  // True in every layout, so asked once.
  function whole() {
    const wrong = [];
    const must = (held, words) => { if (!held) wrong.push(words); };
    must(document.title.replace("· Coppice", "").trim(), "no title");
    must(document.documentElement.lang, "no language");
    must(count("h1") === 1, `${count("h1")} headings h1`);
    must(document.querySelector("h1")?.textContent.trim(), "an empty heading h1");
    must(count("main") === 1, `${count("main")} main landmarks`);
    const primary = [...document.querySelectorAll(".button-main")].filter(shown).map((each) => each.innerText.trim());
    must(primary.length <= 1, `${primary.length} primary buttons: ${primary.join(" | ")}`);
    for (const each of document.querySelectorAll("[style], [onclick], script:not([src], [type='application/json'])"))
      must(false, `inline style or script: ${brief(each)}`);
    for (const form of document.querySelectorAll("form[method=post]"))
      must(form.querySelector("[name=csrfmiddlewaretoken]") && form.querySelector("[name=once]"),
        `a form without its keys: ${form.action}`);
    return wrong;
  }

  // Controls of 44 px, 34 in dense rows. A link within a sentence is text, not a control. A box or a circle is
  // as large as its label; what only scripts or screen readers use needs no size.
  const CONTROLS = "button, .button, select, summary, input:not([type=hidden]), textarea, .tabs a, .pages a, .bar a, .rail a";
  const DENSE = ".button-dense, .table-dense, .column-person";

  function small() {
    return [...document.querySelectorAll(CONTROLS)]
      .map((each) => each.matches("[type=checkbox], [type=radio]") ? each.closest("label") ?? each : each)
      .filter((each) => shown(each) && !each.closest(".unseen"))
      .filter((each) => {
        const {width, height} = each.getBoundingClientRect();
        return Math.round(height) < (each.closest(DENSE) ? 34 : 44) || width < 24;
      })
      .map((each) => `too small: ${brief(each)}`);
  }

  // Lines of text of more than 70 signs, and a few where the letters happen to be narrow.
  function long() {
    const wrong = new Set();
    for (const block of document.querySelectorAll("main :is(p, li, dd, blockquote, .field-help)")) {
      if (!shown(block) || block.innerText.length <= 75) continue;
      const most = Math.max(...lengths(block));
      if (most > 75) wrong.add(`a line of ${most} signs: ${block.innerText.slice(0, 60)}`);
    }
    return [...wrong];
  }

  function lengths(block) {
    const lines = new Map();
    const range = document.createRange();
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (text.parentElement.closest(".unseen, pre")) continue;
      for (let at = 0; at < text.length; at++) {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const box = range.getClientRects()[0];
        if (box?.width) lines.set(Math.round(box.top), (lines.get(Math.round(box.top)) ?? 0) + 1);
      }
    }
    return lines.values();
  }

  // After a refused form: the summary has the focus, each of its links leads to a field that can take it, and
  // each wrong field says its error itself.
  function refusal() {
    const summary = document.querySelector("[data-errors]");
    if (!summary) return ["no summary of errors"];
    const wrong = [];
    if (count("[data-errors]") > 1) wrong.push("more than one summary of errors");
    if (document.activeElement !== summary) wrong.push(`the focus is at ${brief(document.activeElement)}`);
    if (!summary.querySelector("li")) wrong.push("an empty summary");
    for (const link of summary.querySelectorAll("a")) {
      const field = document.getElementById(link.hash.slice(1));
      field?.focus();
      if (!field || document.activeElement !== field) wrong.push(`a link to nowhere: ${link.hash}`);
    }
    for (const field of document.querySelectorAll("[aria-invalid=true]"))
      if (!says(field) && !says(field.closest("fieldset"))) wrong.push(`an error not said with its field: ${brief(field)}`);
    return wrong;
  }

  function says(each) {
    return (each?.getAttribute("aria-describedby") ?? "").split(" ")
      .some((id) => id.endsWith("_error") && document.getElementById(id)?.innerText.trim());
  }

  // Colours that change take a moment, however short.
  function settled() {
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
      for (const each of document.getAnimations())
        if (each.effect.getComputedTiming().endTime !== Infinity) each.finish();
      done();
    })));
  }

  // Sends a form from this page, as a browser would.
  function send(action, fields) {
    const form = Object.assign(document.createElement("form"), {method: "post", action});
    for (const [name, value] of Object.entries(fields))
      form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    document.body.append(form);
    form.submit();
  }

  return {whole, small, long, refusal, settled, send};
})();
