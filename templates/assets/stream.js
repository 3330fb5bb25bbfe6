// A page that follows the server: each event is shown; a line that breaks is
// told and tried again. Hidden, the page lets the line go: browsers keep few.
export function follow(url, show, broke = () => {}) {
  let stream;
  const leave = () => { stream?.close(); stream = null; };
  const go = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(url);
    stream.onmessage = e => show(JSON.parse(e.data), leave);
    stream.onerror = () => {
      broke();
      if (stream?.readyState === EventSource.CLOSED) { leave(); setTimeout(go, 2000); }
    };
  };
  document.addEventListener("visibilitychange", () => document.hidden ? leave() : go());
  go();
}
