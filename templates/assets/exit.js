// The quick exit, by its button or by pressing Shift three times. It blanks the page immediately,
// saves what was typed, ends the login on the server, and replaces the page in the history with
// the practice's neutral site. All other pages of this browser exit, too.
import { encode, sendAlive } from "./keepalive.js";

const form = document.querySelector(".exit"),
  to = form.dataset.exit;
const saving = 700,
  within = 2000; // ms: limits for the last save and for three presses
const others = new BroadcastChannel("mend-exit");
let presses = [],
  alone = false;

function blank() {
  document.documentElement.hidden = true;
}

async function leave() {
  blank();
  others.postMessage("out");
  const saves = [];
  document.dispatchEvent(new CustomEvent("leaving", { detail: saves }));
  await soon(out(saves).catch(() => out([])));
  location.replace(to);
}

// out ends the login and sends along what is not saved yet.
function out(saves) {
  const button = form.querySelector("button");
  const body = saves.length ? encode([["page", button.value], ...saves.map((save) => ["save", save])]) : undefined;
  return sendAlive("/exit", {
    method: "POST",
    body,
    headers: body ? { "Content-Type": "application/x-www-form-urlencoded" } : {},
  });
}

// soon resolves with the promise or after the time limit, whichever is first.
function soon(promise) {
  return Promise.race([promise.catch(() => {}), new Promise((done) => setTimeout(done, saving))]);
}

others.onmessage = () => {
  blank();
  document.dispatchEvent(new Event("forget"));
  location.replace(to);
};
form.querySelector("button").addEventListener("click", (e) => {
  e.preventDefault();
  leave();
});

// Counts only presses of Shift alone, not those for typing capitals.
addEventListener(
  "keydown",
  (e) => {
    alone = e.key === "Shift";
  },
  true,
);
addEventListener(
  "pointerdown",
  () => {
    alone = false;
    presses = [];
  },
  true,
);
addEventListener(
  "keyup",
  (e) => {
    if (e.key !== "Shift" || !alone) {
      presses = [];
      return;
    }
    presses = [...presses.filter((t) => Date.now() - t < within), Date.now()];
    if (presses.length >= 3) leave();
  },
  true,
);
