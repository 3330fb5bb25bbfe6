// The idle lock. A minute before the login expires a dialog appears; any key or tap extends the
// login. On expiry the page's content is removed from the document and kept in memory. The same
// person can sign in again in place and continue; for anybody else it is deleted.
import { say } from "./i18n.js";

const root = document.documentElement,
  { me, shared } = root.dataset;
const warning = 60; // seconds
const langQuery = "?lang=" + root.lang; // keeps the page's language on sign-in pages
const pages = new BroadcastChannel("mend");
let until = Date.now() + 1000 * root.dataset.idle,
  unused = false,
  timer,
  dialog,
  asking,
  taken,
  locked;

pages.postMessage(me ?? "");
if (me) {
  pages.onmessage = (e) => {
    if (e.data !== me) look();
  };
  document.addEventListener("visibilitychange", () => {
    cover();
    if (!document.hidden) returned();
  });
  document.addEventListener("forget", forget);
  // A page restored from the back/forward cache stays hidden until it is known who is signed in.
  addEventListener("pagehide", () => {
    root.hidden = true;
  });
  addEventListener("pageshow", async (e) => {
    if (!e.persisted) return;
    const now = await ask("GET");
    if (now?.me !== me) return location.reload();
    root.hidden = false;
    go(now);
  });
  for (const kind of ["keydown", "pointerdown", "click"]) addEventListener(kind, used, true);
  arrange();
} else {
  addEventListener("pageshow", (e) => {
    if (e.persisted) location.reload();
  }); // sign-in pages hold nothing private
}

// cover hides the page, on a shared device, from the screenshots that phones show of open apps. It
// only stops painting, so text, focus and scroll position stay.
function cover() {
  root.classList.toggle("covered", shared === "yes" && document.hidden);
}

// ask returns who is signed in and for how many more seconds, or null if the server does not
// respond. POST extends the login, GET does not.
async function ask(method) {
  try {
    const answer = await fetch("/here", { method, headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function look() {
  go(await ask("GET"));
}

// present reports whether the server responds. If the page is locked, it waits until the same
// person has signed in again.
export async function present() {
  const now = await ask("POST");
  go(now);
  await locked;
  return now !== null;
}

// used extends the login from time to time while a person uses the page, even if they only read,
// and immediately if the dialog is open.
async function used() {
  const rested = until - Date.now() < 750 * root.dataset.idle;
  if (locked || asking || (!dialog && !rested)) return;
  asking = true;
  calm();
  go(await ask("POST"));
  asking = false;
}

// returned runs when a hidden page is visible again, perhaps after the computer slept.
function returned() {
  if (Date.now() >= until) take();
  look();
}

// go applies the server's response. Without one, the countdown continues.
function go(now) {
  if (now?.me && now.me !== me) {
    forget();
    location.replace("/login");
    return;
  }
  if (now && !now.me) unused ||= Date.now() >= until;
  if (now) until = now.me ? Date.now() + 1000 * now.left : 0;
  arrange();
}

function arrange() {
  clearTimeout(timer);
  const left = until - Date.now();
  if (left <= 0) {
    lock();
    return;
  }
  if (!locked) giveBack();
  if (left <= 1000 * warning) warn();
  else calm();
  timer = setTimeout(look, left <= 1000 * warning ? left : left - 1000 * warning);
}

function warn() {
  if (dialog || locked) return;
  dialog = make("div", {
    className: "idle",
    role: "alertdialog",
    ariaLive: "assertive",
    ariaLabel: say("script.still_there"),
  });
  dialog.append(
    make("p", { textContent: say("script.still_there_help") }),
    make("button", { type: "button", textContent: say("action.stay_signed_in") }),
  );
  document.body.append(dialog);
}

function calm() {
  dialog?.remove();
  dialog = null;
}

// take removes everything from the document except the quick exit and the footer.
function take() {
  if (taken) return;
  taken = { title: document.title, focus: document.activeElement, scroll: scrollY, nodes: [] };
  document.title = document.querySelector(".exit") ? document.title : "Mend";
  for (const node of [...document.body.children]) {
    if (node.matches(".exit, .foot")) continue;
    taken.nodes.push(node);
    node.remove();
  }
}

function giveBack() {
  if (!taken) return;
  document.querySelector(".foot").before(...taken.nodes);
  document.title = taken.title;
  scrollTo(0, taken.scroll);
  taken.focus?.focus?.({ preventScroll: true });
  taken = null;
}

// forget deletes the page's content: another person signed in, or every page exits.
function forget() {
  clearTimeout(timer);
  calm();
  document.body.replaceChildren();
  taken = null;
  locked = new Promise(() => {}); // never resolves
}

// isLocked reports whether the page waits for its person to sign in again.
export const isLocked = () => Boolean(locked);

// lock resolves when the same person has signed in again.
export function lock() {
  return (locked ??= new Promise((resolve) => {
    unused ||= until > 0 && Date.now() >= until;
    calm();
    take();
    const main = signInAgain(() => {
      main.remove();
      locked = null;
      unused = false;
      until = Date.now() + 1000 * root.dataset.idle;
      arrange();
      resolve();
    });
    document.querySelector(".foot").before(main);
    main.querySelector("h1").focus();
    look();
  }));
}

function signInAgain(done) {
  const main = make("main", { id: "main", className: "locked" });
  const auto = shared === "yes" ? "off" : "username";
  let why = "";
  if (unused && shared === "yes") why = say("script.unused_shared");
  else if (unused) why = say("script.unused");
  main.innerHTML = `<div class="card narrow">
    <h1 tabindex="-1">${say("script.sign_in_again")}</h1>
    <p>${why} ${say("script.still_here")}</p>
    <form>
      <div class="field">
        <label for="again-name">${say("sign_in.name")}</label>
        <input id="again-name" autocomplete="${auto}">
      </div>
      <div class="field">
        <label for="again-pass">${say("sign_in.password")}</label>
        <input id="again-pass" type="password" autocomplete="${auto === "off" ? auto : "current-password"}">
      </div>
      <p class="problem" role="alert" hidden></p>
      <button class="go">${say("action.continue")}</button>
    </form>
    <form method="post" action="/logout">
      <button class="quiet">${say("action.sign_in_as_other")}</button>
    </form>
  </div>`;
  const [name, pass] = main.querySelectorAll("input"),
    problem = main.querySelector(".problem");
  main.querySelector("form").addEventListener("submit", async (e) => {
    e.preventDefault();
    const code = main.querySelector("#again-code");
    const body = new URLSearchParams(
      code ? { code: code.value } : { sign_in: name.value, password: pass.value, same: me, shared },
    );
    let answer,
      said = {};
    try {
      answer = await fetch((code ? "/login/code" : "/login") + langQuery, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
      });
      said = await answer.json();
    } catch {
      /* reported below */
    }
    if (answer?.ok) return said.code ? askCode(main, said.passkey && done) : done();
    pass.value = "";
    problem.hidden = false;
    problem.textContent = said.problem ?? say("script.unreachable");
  });
  return main;
}

// askCode replaces the password form with the second step. Signing in with a passkey calls signed.
async function askCode(main, signed) {
  const [name, pass] = main.querySelectorAll(".field");
  pass.remove();
  name.innerHTML = `<label for="again-code">${say("script.second_step_code")}</label>
    <input id="again-code" autocomplete="one-time-code">`;
  main.querySelector(".problem").hidden = true;
  main.querySelector("#again-code").focus();
  const passkeys = signed && (await import("./passkey.js"));
  if (!passkeys?.possible) return;
  const button = make("button", { type: "button", textContent: say("action.use_passkey") });
  button.addEventListener("click", async () => {
    const problem = main.querySelector(".problem");
    try {
      const body = new URLSearchParams({ answer: await passkeys.sign("/login/passkey/ask") });
      const answer = await fetch("/login/passkey" + langQuery, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
      });
      if (answer.ok) return signed();
    } catch {
      /* reported below */
    }
    problem.hidden = false;
    problem.textContent = passkeys.refused;
  });
  main.querySelector("form").append(button);
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
