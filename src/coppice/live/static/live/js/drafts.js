// Words that somebody has typed and not sent yet, kept on the phone by step, round and form: a reload, or a host who
// goes on, takes nothing away. They come back with their step, and go when they are sent.

const WORDS = "textarea[name], input[type=text][name], input:not([type])[name]";

export function drafts(name, root) {
  const kept = read(name);

  function keep() {
    try {
      localStorage.setItem(name, JSON.stringify(kept));
    } catch {
      // A phone that keeps nothing still has them while this page is open.
    }
  }

  return {
    note(form, place) {
      const typed = [...form.querySelectorAll(WORDS)].filter((field) => field.value !== field.defaultValue);
      const words = Object.fromEntries(typed.map((field) => [field.name, field.value]));
      if (typed.length) kept[key(form, place)] = words;
      else delete kept[key(form, place)];
      keep();
    },
    forget(form, place) {
      delete kept[key(form, place)];
      keep();
    },
    has: (place) => Object.keys(kept).some((each) => each.startsWith(`${place} `)),
    // Put them back where nobody has typed since.
    restore(place) {
      for (const form of root.querySelectorAll("form[data-send][data-act]")) {
        const words = kept[key(form, place)] ?? {};
        for (const field of form.querySelectorAll(WORDS)) {
          if (words[field.name] && field.value === field.defaultValue) field.value = words[field.name];
        }
      }
    },
  };
}

const key = (form, place) => `${place} ${form.dataset.act}`;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}
