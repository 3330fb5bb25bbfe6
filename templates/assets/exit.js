// The way out: by its button or by Shift three times. The page goes blank at
// once, what was typed is saved, the login ends on the server, and the
// practice's neutral site takes the page's place in the history. Every other
// page of this browser goes with it.
import { encode, sendAlive } from "./keepalive.js";

const form = document.querySelector(".exit"),
  to = form.dataset.exit;
const saving = 700,
  within = 2000; // ms: for the last words, and for three presses
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

// out ends the login, and brings along what is not saved yet.
function out(saves) {
  const button = form.querySelector("button");
  const body = saves.length ? encode([["page", button.value], ...saves.map((save) => ["save", save])]) : undefined;
  return sendAlive("/exit", {
    method: "POST",
    body,
    headers: body ? { "Content-Type": "application/x-www-form-urlencoded" } : {},
  });
}

// soon waits for a promise, but not for long.
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

// Three presses of Shift by itself: writing capitals is not one of them.
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
