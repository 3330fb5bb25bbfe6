// The running session: every tick and word saves itself, the clock counts up
// on the server's time, and prompts change without leaving the keyboard.
import { Outbox, keepMost, problemsFirst, settleFirst } from "./outbox.js";

problemsFirst();
const form = document.querySelector("[data-run]");
const outbox = new Outbox(form);
keepMost(form);
settleFirst(outbox);
clock();
prompts();

for (const field of form.querySelectorAll("[data-reload]")) {
  field.addEventListener("change", async () => { if (await outbox.settled()) location.reload(); });
}

function clock() {
  const box = form.querySelector("[data-clock]"), shown = box.querySelector("[data-total-shown]");
  let state = { now: box.dataset.now, total: Number(box.dataset.total) }, since = performance.now();
  const draw = () => {
    const runs = state.now && state.now !== "pause";
    const s = Math.floor(state.total + (runs ? (performance.now() - since) / 1000 : 0));
    shown.textContent = `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
  };
  draw();
  setInterval(draw, 1000);
  for (const b of box.querySelectorAll("button[name=then]")) {
    b.addEventListener("click", async e => {
      e.preventDefault();
      if (b.value === "end" || b.value === "stop") { if (await outbox.settled()) submit(b); return; }
      let answer;
      try {
        answer = await fetch(`/sessions/${form.dataset.run}/clock`, { method: "POST", body: new URLSearchParams({ kind: b.value }), headers: { Accept: "application/json" } });
      } catch { /* the line below says so */ }
      if (!answer?.ok) { outbox.line.textContent = "The clock could not be turned. Please try again."; outbox.line.classList.add("late"); return; }
      state = await answer.json();
      since = performance.now();
      for (const other of box.querySelectorAll("button[name=then]")) other.setAttribute("aria-pressed", String(other.value === state.now));
      draw();
    });
  }
}

// submit sends the run's form with the pressed button.
function submit(button) {
  const then = document.createElement("input");
  then.type = "hidden"; then.name = "then"; then.value = button.value;
  form.append(then);
  form.submit();
}

// turn gives the turn to whoever is next.
function turn() {
  const all = [...form.querySelectorAll("[data-field=turn] input[type=radio]")];
  all[(all.findIndex(r => r.checked) + 1) % all.length].click();
}

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
  const use = () => { list[at].querySelector("input[type=checkbox]").click(); };
  nav.querySelector("[data-prev]").onclick = () => show(at - 1);
  nav.querySelector("[data-next]").onclick = () => show(at + 1);
  nav.querySelector("[data-use]").onclick = use;
  list.forEach((li, i) => { li.querySelector("[data-pick]").onclick = () => show(i); });
  document.addEventListener("keydown", e => {
    if (e.target.closest("input:not([type=checkbox], [type=radio]), textarea, select") || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "n") show(at + 1);
    if (e.key === "b") show(at - 1);
    if (e.key === "u") use();
    if (e.key === "p") form.querySelector(`button[name=then][value=${form.querySelector("[name=then][value=pause][aria-pressed=true]") ? "joint" : "pause"}]`)?.click();
    if (e.key === "t") turn();
    if (e.key === "w") form.querySelector(".writing").toggleAttribute("hidden");
    if (e.key === "?") keys.open ? keys.close() : keys.showModal();
  });
  show(at, false);
}
