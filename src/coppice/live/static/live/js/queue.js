// What a phone has to send, kept on it until the server has taken it: in order, each with its own key.
import { newKey, post } from "./sending.js";

const AGAIN = 3_000;

// `states.waiting(count)`, `states.taken(entry)` and `states.refused(sentence, entry)` are told what becomes of entries.
export function queue(name, token, states) {
  let entries = read(name);
  let isSending = false;
  let timer = 0;

  function keep() {
    try {
      localStorage.setItem(name, JSON.stringify(entries));
    } catch {
      // A phone that keeps nothing still sends while this page is open.
    }
  }

  async function send() {
    if (isSending) return;
    isSending = true;
    clearTimeout(timer);
    while (entries.length) {
      const [entry] = entries;
      let answer = null;
      try {
        answer = await post(entry.address, entry.body, token);
      } catch {
        answer = null;
      }
      if (!answer || answer.status >= 500 || answer.status === 403) {
        states.waiting(entries.length);
        timer = setTimeout(send, AGAIN);
        break;
      }
      entries = entries.filter((each) => each.once !== entry.once);
      keep();
      if (answer.ok) states.taken(entry);
      else states.refused(answer.status === 422 ? await answer.text() : "", entry);
    }
    isSending = false;
  }

  addEventListener("online", send);
  if (entries.length) {
    states.waiting(entries.length);
    send();
  }
  return {
    send,
    add(address, fields, about) {
      const once = newKey();
      const body = new URLSearchParams([...fields, ["once", once]]).toString();
      entries.push({ address, body, once, ...about });
      keep();
      send();
    },
    waitingFor: (step) => entries.filter((entry) => entry.step === step).at(-1),
  };
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? [];
  } catch {
    return [];
  }
}
