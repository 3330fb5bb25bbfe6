// The running session: autosaves every field, counts the clock from the server's time, changes
// prompts by keyboard, and shows what other windows of the session save.
import { Outbox, keepMost, problemsFirst, settleFirst } from "./outbox.js";
import { sayLimits } from "./limits.js";
import { follow } from "./stream.js";

problemsFirst();
const form = document.querySelector("[data-run]"),
  field = (name) => form.querySelector(`[data-field="${name}"]`);
const outbox = new Outbox(form);
keepMost(form);
settleFirst(outbox);
sayLimits(form);
const turned = clock(),
  showPrompt = prompts(),
  given = turns(),
  keys = document.querySelector("[data-keys]");
bothHere();
fold(history.state?.folded);
keyboard();
outbox.onSaved = (name) => {
  if (reloads(name)) reload();
};
follow(`/sessions/${form.dataset.run}/changes`, (said) => {
  for (const [name, saved] of Object.entries(said.fields ?? {})) {
    if (!outbox.take(name, saved)) continue;
    if (reloads(name)) reload();
    if (name === "now") showPrompt(saved.value);
    if (name === "turn") given();
  }
  if (said.clock) turned(said.clock);
});

// reloads reports whether a field changes other parts of the page.
function reloads(name) {
  return Boolean(field(name)?.closest("[data-reload]"));
}

async function reload() {
  if (!form.contains(document.activeElement?.closest("textarea")) && (await outbox.settled())) location.reload();
}

const own = field("prompts").querySelector("textarea");
own.addEventListener("change", async () => {
  if (await outbox.settled()) location.reload();
});

function minutes(s) {
  return `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
}

// clock draws the time and returns a function that applies the server's clock.
function clock() {
  const box = form.querySelector("[data-clock]"),
    shown = box.querySelector("[data-total-shown]"),
    alone = box.querySelector("[data-alone]");
  const buttons = [...box.querySelectorAll("button[name=then]")],
    names = ["A", "B"].map((side) => buttons.find((b) => b.value === side)?.textContent);
  let state = { now: box.dataset.now, total: +box.dataset.total, a: +box.dataset.a, b: +box.dataset.b },
    since = performance.now();
  const draw = () => {
    const runs = (performance.now() - since) / 1000,
      add = (kind) => (state.now === kind ? runs : 0);
    const total = state.total + (state.now && state.now !== "pause" ? runs : 0);
    shown.textContent = minutes(total);
    arc(total / 60);
    const [a, b] = [state.a + add("A"), state.b + add("B")];
    alone.hidden = !names[0] || a + b < 1;
    const uneven = Math.abs(a - b) > 120 ? ". About the same for both keeps it even." : "";
    alone.textContent = `${names[0]} ${minutes(a)}, ${names[1]} ${minutes(b)}${uneven}`;
  };
  const turned = (said) => {
    state = said;
    since = performance.now();
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.value === state.now));
    for (const p of form.querySelectorAll("[data-alone-with]")) p.hidden = p.dataset.aloneWith !== state.now;
    draw();
  };
  draw();
  setInterval(draw, 1000);
  for (const b of buttons) {
    b.addEventListener("click", async (e) => {
      e.preventDefault();
      if (b.value === "stop" && !(await confirmStop())) return;
      if (b.value === "end" || b.value === "stop") {
        if (await outbox.settled()) submit(b);
        return;
      }
      let answer;
      try {
        answer = await fetch(`/sessions/${form.dataset.run}/clock`, {
          method: "POST",
          body: new URLSearchParams({ kind: b.value }),
          headers: { Accept: "application/json" },
        });
      } catch {
        /* reported below */
      }
      if (answer?.ok) return turned(await answer.json());
      outbox.line.textContent = "The timer didn’t respond. Please try again.";
      outbox.line.classList.add("late");
    });
  }
  return turned;
}

// arc marks the part of the session outline that the elapsed time falls into. It is only a guide.
function arc(now) {
  let ends = 0,
    found = false;
  for (const part of form.querySelectorAll("[data-arc] li")) {
    ends += +part.dataset.minutes;
    part.classList.toggle("about", !found && now < ends);
    found ||= now < ends;
  }
}

// submit submits the run's form with the pressed button.
function submit(button) {
  const then = document.createElement("input");
  then.type = "hidden";
  then.name = "then";
  then.value = button.value;
  form.append(then);
  form.submit();
}

// turns shows how long the current turn has lasted. It counts up and never prompts.
function turns() {
  const shown = form.querySelector("[data-turn-shown]");
  let since = performance.now() - 1000 * shown.dataset.seconds;
  const draw = () => {
    shown.textContent = field("turn").querySelector(":checked") ? minutes((performance.now() - since) / 1000) : "";
  };
  const given = () => {
    since = performance.now();
    draw();
  };
  field("turn").addEventListener("change", given);
  draw();
  setInterval(draw, 1000);
  return given;
}

// turn passes the turn to the next option.
function turn() {
  const all = [...field("turn").querySelectorAll("input")];
  all[(all.findIndex((r) => r.checked) + 1) % all.length].click();
}

// prompts lets buttons and keys change the prompt, and returns a function that shows one.
function prompts() {
  const list = [...form.querySelectorAll("[data-prompt]")],
    now = form.querySelector("[data-now-prompt]"),
    kept = form.querySelector("[data-now-field]");
  const nav = form.querySelector("[data-prompts-nav]");
  kept.dataset.field = "now";
  nav.hidden = false;
  let at = Math.max(
    0,
    list.findIndex((li) => li.dataset.prompt === kept.value),
  );
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
  list.forEach((li, i) => {
    li.querySelector("[data-pick]").onclick = () => show(i);
  });
  show(at, false);
  return (id) =>
    show(
      Math.max(
        0,
        list.findIndex((li) => li.dataset.prompt === id),
      ),
      false,
    );
}

// bothHere offers a button that records both as attending as planned, as long as something is
// unrecorded.
function bothHere() {
  const offer = form.querySelector("[data-both-here]");
  const groups = () =>
    ["attendance.A", "attendance.B", "mode.A", "mode.B"].map(field).filter((g) => !g.querySelector(":checked"));
  const look = () => {
    offer.hidden = groups().length === 0;
  };
  offer.querySelector("button").onclick = () => {
    for (const g of groups())
      g.querySelector(`[value="${g.dataset.field.startsWith("mode") ? offer.dataset.bothHere : "present"}"]`)?.click();
  };
  form.addEventListener("change", look);
  look();
}

// fold hides or shows notes and checkboxes. The history state keeps this across reloads.
function fold(away) {
  form.querySelector(".writing").toggleAttribute("hidden", Boolean(away));
  history.replaceState({ ...history.state, folded: Boolean(away) }, "");
}

// go focuses an element, unfolding what contains it.
function go(to) {
  if (!to) return;
  if (form.querySelector(".writing").contains(to)) fold(false);
  for (let d = to.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  document.getElementById(`view-${to.closest("section").className}`)?.click();
  to.focus();
}

const writes = "input:not([type=checkbox], [type=radio]), textarea, select";

// lostFocus returns a function that reports whether a key was meant for a text that lost its focus
// unexpectedly in the last two seconds. Such a key must not trigger a shortcut.
function lostFocus() {
  let typed = -Infinity; // when text was last typed, unless the field was left on purpose
  for (const event of ["pointerdown", "keydown"]) {
    document.addEventListener(
      event,
      (e) => {
        if (event === "pointerdown" || e.key === "Escape" || e.key === "Tab") typed = -Infinity;
      },
      true,
    );
  }
  document.addEventListener(
    "input",
    (e) => {
      if (e.target.matches(writes)) typed = performance.now();
    },
    true,
  );
  return (e) => {
    if (performance.now() - typed > 2000) return false;
    typed = performance.now();
    e.preventDefault();
    return true;
  };
}

// confirmStop asks for confirmation, because stopping shows on the couple's screen immediately.
function confirmStop() {
  const dialog = document.querySelector("[data-stopping]");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "stop"), { once: true });
  });
}

// keyboard adds the shortcuts. They are disabled while somebody types; Escape leaves the field.
function keyboard() {
  const button = form.querySelector("[data-keys-show]");
  if (button) {
    button.hidden = false;
    button.onclick = () => keys.showModal();
  }
  const press = (what) => form.querySelector(what)?.click();
  const next = (name, sides = ["A", "B"]) =>
    go(
      sides
        .map((side) => field(`${name}.${side}`)?.querySelector("input:not([type=hidden])"))
        .find((i) => i && i !== document.activeElement),
    );
  const first = (what) => () => go(form.querySelector(`${what} input[type=checkbox]`));
  const does = {
    n: () => press("[data-next]"),
    b: () => press("[data-prev]"),
    u: () => press("[data-use]"),
    t: turn,
    p: () => press(`[name=then][value=${form.querySelector("[value=pause][aria-pressed=true]") ? "joint" : "pause"}]`),
    w: () => fold(!form.querySelector(".writing").hidden),
    i: first("[data-tools]"),
    r: () => next("response"),
    c: () => next("checkin"),
    f: () => go(field("observation").querySelector("textarea")),
    "?": () => (keys.open ? keys.close() : keys.showModal()),
  };
  const lost = lostFocus();
  document.addEventListener("keydown", (e) => {
    const typing = e.target.closest(writes);
    if (typing && e.key === "Escape") typing.blur();
    if (typing || lost(e) || e.ctrlKey || e.metaKey || e.altKey || (keys.open && e.key !== "?")) return;
    const act =
      does[e.key] ??
      (/^[1-9]$/.test(e.key) && (() => press(`[data-activities] li:nth-child(${e.key}) input[type=checkbox]`)));
    if (!act) return;
    e.preventDefault();
    act();
  });
}
