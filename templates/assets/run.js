// The running session: every tick and word saves itself, the clock counts up
// on the server's time, prompts change without leaving the keyboard, and what
// another window of the session saves stands here, too.
import { Outbox, keepMost, problemsFirst, settleFirst } from "./outbox.js";
import { follow } from "./stream.js";

problemsFirst();
const form = document.querySelector("[data-run]"), field = name => form.querySelector(`[data-field="${name}"]`);
const outbox = new Outbox(form);
keepMost(form);
settleFirst(outbox);
const turned = clock(), showPrompt = prompts(), given = turns();
outbox.onSaved = name => { if (reloads(name)) reload(); };
follow(`/sessions/${form.dataset.run}/changes`, said => {
  for (const [name, saved] of Object.entries(said.fields ?? {})) {
    if (!outbox.take(name, saved)) continue;
    if (reloads(name)) reload();
    if (name === "now") showPrompt(saved.value);
    if (name === "turn") given();
  }
  if (said.clock) turned(said.clock);
});

// Some fields change what else is on the page.
function reloads(name) { return Boolean(field(name)?.closest("[data-reload]")); }

async function reload() { if (!form.contains(document.activeElement?.closest("textarea")) && await outbox.settled()) location.reload(); }

const own = field("prompts").querySelector("textarea");
own.addEventListener("change", async () => { if (await outbox.settled()) location.reload(); });

function minutes(s) { return `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`; }

// clock shows the time and returns what takes it over from the server.
function clock() {
  const box = form.querySelector("[data-clock]"), shown = box.querySelector("[data-total-shown]"), alone = box.querySelector("[data-alone]");
  const buttons = [...box.querySelectorAll("button[name=then]")], names = ["A", "B"].map(side => buttons.find(b => b.value === side)?.textContent);
  let state = { now: box.dataset.now, total: +box.dataset.total, a: +box.dataset.a, b: +box.dataset.b }, since = performance.now();
  const draw = () => {
    const runs = (performance.now() - since) / 1000, add = kind => state.now === kind ? runs : 0;
    shown.textContent = minutes(state.total + (state.now && state.now !== "pause" ? runs : 0));
    const [a, b] = [state.a + add("A"), state.b + add("B")];
    alone.hidden = !names[0] || a + b < 1;
    alone.textContent = `${names[0]} ${minutes(a)}, ${names[1]} ${minutes(b)}${Math.abs(a - b) > 120 ? ". About the same for both keeps it even." : ""}`;
  };
  const turned = said => {
    state = said;
    since = performance.now();
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.value === state.now));
    draw();
  };
  draw();
  setInterval(draw, 1000);
  for (const b of buttons) {
    b.addEventListener("click", async e => {
      e.preventDefault();
      if (b.value === "end" || b.value === "stop") { if (await outbox.settled()) submit(b); return; }
      let answer;
      try {
        answer = await fetch(`/sessions/${form.dataset.run}/clock`, { method: "POST", body: new URLSearchParams({ kind: b.value }), headers: { Accept: "application/json" } });
      } catch { /* the line below says so */ }
      if (answer?.ok) return turned(await answer.json());
      outbox.line.textContent = "The clock could not be turned. Please try again.";
      outbox.line.classList.add("late");
    });
  }
  return turned;
}

// submit sends the run's form with the pressed button.
function submit(button) {
  const then = document.createElement("input");
  then.type = "hidden"; then.name = "then"; then.value = button.value;
  form.append(then);
  form.submit();
}

// turns shows for how long somebody has had the turn, softly: it counts up and
// asks for nothing.
function turns() {
  const shown = form.querySelector("[data-turn-shown]");
  let since = performance.now() - 1000 * shown.dataset.seconds;
  const draw = () => { shown.textContent = field("turn").querySelector(":checked") ? minutes((performance.now() - since) / 1000) : ""; };
  const given = () => { since = performance.now(); draw(); };
  field("turn").addEventListener("change", given);
  draw();
  setInterval(draw, 1000);
  return given;
}

// turn gives the turn to whoever is next.
function turn() {
  const all = [...field("turn").querySelectorAll("input")];
  all[(all.findIndex(r => r.checked) + 1) % all.length].click();
}

// prompts lets them be changed by buttons and keys, and returns what shows one.
function prompts() {
  const keys = document.querySelector("[data-keys]"), button = form.querySelector("[data-keys-show]");
  if (button) { button.hidden = false; button.onclick = () => keys.showModal(); }
  const list = [...form.querySelectorAll("[data-prompt]")], now = form.querySelector("[data-now-prompt]"), kept = form.querySelector("[data-now-field]");
  const nav = form.querySelector("[data-prompts-nav]");
  kept.dataset.field = "now";
  nav.hidden = false;
  let at = Math.max(0, list.findIndex(li => li.dataset.prompt === kept.value));
  const show = (to, save = true) => {
    at = (to + list.length) % list.length;
    const li = list[at];
    now.querySelector(".for").textContent = li.dataset.for;
    now.querySelector(".big").textContent = li.querySelector("[data-text]").textContent;
    for (const other of list) other.toggleAttribute("aria-current", other === li);
    kept.value = li.dataset.prompt;
    if (save) outbox.changed(kept, true);
  };
  const use = () => list[at].querySelector("input[type=checkbox]").click();
  nav.querySelector("[data-prev]").onclick = () => show(at - 1);
  nav.querySelector("[data-next]").onclick = () => show(at + 1);
  nav.querySelector("[data-use]").onclick = use;
  list.forEach((li, i) => { li.querySelector("[data-pick]").onclick = () => show(i); });
  const press = then => form.querySelector(`button[name=then][value=${then}]`)?.click();
  const does = {
    n: () => show(at + 1), b: () => show(at - 1), u: use, t: turn,
    p: () => press(form.querySelector("[name=then][value=pause][aria-pressed=true]") ? "joint" : "pause"),
    w: () => form.querySelector(".writing").toggleAttribute("hidden"),
    "?": () => keys.open ? keys.close() : keys.showModal(),
  };
  document.addEventListener("keydown", e => {
    if (e.target.closest("input:not([type=checkbox], [type=radio]), textarea, select") || e.ctrlKey || e.metaKey || e.altKey) return;
    does[e.key]?.();
  });
  show(at, false);
  return id => show(Math.max(0, list.findIndex(li => li.dataset.prompt === id)), false);
}
