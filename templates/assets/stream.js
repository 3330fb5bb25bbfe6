// A page that follows the server: each event is shown; a line that breaks is
// told and tried again. Browsers keep few lines to one server, so that the pages
// of one browser share a single one: whoever holds the lock has it and tells the
// others. A hidden page lets it go.
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
  // A stream begins with how everything is.
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
