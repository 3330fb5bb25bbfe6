// The couple's screen: follows the counselor's session. If the connection breaks it shows a quiet
// notice and reconnects.
import { follow } from "./stream.js";

const stage = document.querySelector("[data-room]"),
  moment = stage.querySelector("[data-moment]");

if (stage.dataset.mode !== "over")
  follow(stage.dataset.room, show, () => {
    moment.hidden = false;
  });

function show(screen, leave) {
  moment.hidden = true;
  if (screen.side_by_side !== stage.dataset.pages || screen.language !== document.documentElement.lang) {
    leave();
    location.reload();
    return;
  }
  if (screen.mode !== stage.dataset.mode) stage.dataset.mode = screen.mode;
  for (const [name, text] of [
    ["step", screen.step],
    ["text", screen.text],
    ["turn", screen.turn],
  ]) {
    const place = stage.querySelector(`[data-${name}]`);
    if (place && place.textContent !== text) place.textContent = text;
  }
  if (screen.mode === "over") leave();
}
