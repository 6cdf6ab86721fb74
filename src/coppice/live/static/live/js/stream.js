// One open stream of a room: it closes while the tab is hidden, and comes back by itself after any break.
const SILENCE = 40_000; // the server sends a sign of life every 15 seconds
const AGAIN = 2_000;

// `heard(html, drawn)` gets each new state and when the server drew it, `beat(serverTime)` each sign of life, `connected(isOn)` each change of that.
export function listen(address, { heard, beat = () => {}, connected = () => {} }) {
  let source = null;
  let lastSign = 0;
  let isOn = null;
  let drawn = 0;

  function tell(state) {
    if (state !== isOn) connected((isOn = state));
  }

  function close() {
    source?.close();
    source = null;
  }

  function open() {
    close();
    if (document.hidden) return;
    lastSign = Date.now();
    source = new EventSource(address);
    source.addEventListener("beat", ({ data }) => {
      lastSign = Date.now();
      beat(Number(data));
      tell(true);
    });
    source.addEventListener("drawn", ({ data }) => (drawn = Number(data)));
    source.addEventListener("screen", ({ data }) => {
      lastSign = Date.now();
      heard(data, drawn);
    });
    source.addEventListener("error", () => {
      tell(navigator.onLine === false || source?.readyState !== EventSource.OPEN ? false : isOn);
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => source && open(), AGAIN);
    });
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("online", open);
  addEventListener("offline", () => tell(false));
  addEventListener("pagehide", close);
  addEventListener("pageshow", ({ persisted }) => persisted && open());
  setInterval(() => source && Date.now() - lastSign > SILENCE && open(), 5_000);
  open();
}
