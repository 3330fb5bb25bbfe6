// The couple's screen: it shows what the counselor's session is at. When the
// line breaks it says so quietly and catches up by itself. Hidden, it lets the
// line go: browsers keep few of them.
const stage = document.querySelector("[data-room]"), moment = stage.querySelector("[data-moment]");
let stream;

function follow() {
  if (stream || document.hidden || stage.dataset.mode === "over") return;
  stream = new EventSource(stage.dataset.room);
  stream.onmessage = e => show(JSON.parse(e.data));
  stream.onerror = () => {
    moment.hidden = false;
    if (stream.readyState === EventSource.CLOSED) { leave(); setTimeout(follow, 2000); }
  };
}

function leave() { stream?.close(); stream = null; }

function show(screen) {
  moment.hidden = true;
  if (screen.side_by_side !== stage.dataset.pages) { leave(); location.reload(); return; }
  if (screen.mode !== stage.dataset.mode) stage.dataset.mode = screen.mode;
  for (const [name, text] of [["step", screen.step], ["text", screen.text], ["turn", screen.turn]]) {
    const place = stage.querySelector(`[data-${name}]`);
    if (place && place.textContent !== text) place.textContent = text;
  }
  if (screen.mode === "over") leave();
}

document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else follow(); });
follow();
