// Asks the browser, when its owner presses the button, for an address to knock at, and sends that as a plain form.
const form = document.querySelector("form[data-push]");
const show = (name, isShown) => (form.querySelector(`[data-push-${name}]`).hidden = !isShown);

const bytes = (words) =>
  Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const words = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

async function subscribe() {
  show("refused", false);
  try {
    const registration = await navigator.serviceWorker.register(form.dataset.worker);
    const applicationServerKey = bytes(form.dataset.key);
    let subscription = await registration.pushManager.getSubscription();
    const known = subscription?.options.applicationServerKey;
    if (subscription && (!known || words(known) !== form.dataset.key)) {
      await subscription.unsubscribe();
      subscription = null;
    }
    subscription ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
    form.elements.endpoint.value = subscription.endpoint;
    form.elements.key.value = words(subscription.getKey("p256dh"));
    form.elements.secret.value = words(subscription.getKey("auth"));
    form.requestSubmit();
  } catch {
    show("refused", true);
  }
}

if ("serviceWorker" in navigator && "PushManager" in window) {
  show("cannot", false);
  show("can", true);
  form.querySelector("button").addEventListener("click", subscribe);
}
