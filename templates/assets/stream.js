// Follows a stream of events from the server and reconnects if it breaks. Browsers allow few
// connections per server, so all pages of a browser share one: the page that holds the lock has
// the connection and passes events on. A hidden page releases the lock.
export function follow(url, show, broke = () => {}) {
  const others = new BroadcastChannel(url);
  let stream, release, waiting;
  const leave = () => {
    stream?.close();
    release?.();
    waiting?.abort();
    stream = release = waiting = null;
  };
  const told = (said) =>
    said.broke
      ? broke()
      : show(said.event, () => {
          leave();
          others.close();
        });
  const tell = (said) => {
    others.postMessage(said);
    told(said);
  };
  // The first event of a stream is the complete state.
  const listen = () => {
    stream?.close();
    stream = new EventSource(url);
    stream.onmessage = (e) => tell({ event: JSON.parse(e.data) });
    stream.onerror = () => {
      tell({ broke: true });
      if (stream?.readyState === EventSource.CLOSED)
        setTimeout(() => {
          if (release) listen();
        }, 2000);
    };
  };
  others.onmessage = (e) => {
    if (e.data.joined) {
      if (stream) listen();
    } else if (!stream && !document.hidden) told(e.data);
  };
  const go = () => {
    if (waiting || document.hidden) return;
    waiting = new AbortController();
    others.postMessage({ joined: true });
    const hold = () =>
      new Promise((done) => {
        release = done;
        listen();
      });
    if (navigator.locks) navigator.locks.request(url, { signal: waiting.signal }, hold).catch(() => {});
    else hold();
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : go()));
  go();
}
