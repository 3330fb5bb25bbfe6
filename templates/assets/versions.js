// Resolves conflicts between the text typed here and one saved elsewhere. Both stay on the server
// until somebody decides. The focus does not move, so no key typed into the text can decide
// anything.
import { say } from "./i18n.js";

// showClash shows, next to a field, what another window saved.
export function showClash(outbox, name, wrap, data) {
  let box = wrap.querySelector(".version.live");
  if (!box) {
    box = document.createElement("aside");
    box.className = "version live";
    box.setAttribute("role", "status");
    const mine = button(say("action.keep_mine")),
      theirs = button(say("action.use_other_version"));
    mine.onclick = () => keepMine(outbox, name, wrap);
    theirs.onclick = () => reload(outbox, wrap);
    box.append(document.createElement("p"), document.createElement("pre"), mine, " ", theirs);
    wrap.append(box);
  }
  box.querySelector("p").textContent = say("script.two_versions");
  box.querySelector("pre").textContent = data.theirs || say("script.nothing");
}

// keepMine makes the text typed here the field's value, once all of it is saved.
async function keepMine(outbox, name, wrap) {
  if (!(await outbox.settled())) return;
  const { key } = outbox.entries.get(name);
  await put(outbox, name, wrap, { restore: key.slice(0, key.lastIndexOf(".")) });
}

// decide handles the buttons that restore or dismiss a version.
export function decide(outbox) {
  outbox.form.addEventListener("click", async (e) => {
    const pressed = e.target.closest("button[name=restore], button[name=dismiss]");
    if (!pressed) return;
    e.preventDefault();
    if (!(await outbox.settled())) return;
    const [name, id] = pressed.value.split(" ");
    await put(outbox, name, pressed.closest("[data-field]") ?? pressed, { [pressed.name]: id });
  });
}

async function put(outbox, name, wrap, decision) {
  const body = new URLSearchParams({
    ...decision,
    base: "0",
    key: crypto.randomUUID?.() ?? String(Math.random()).slice(2),
  });
  try {
    const answer = await fetch(outbox.base + encodeURIComponent(name), {
      method: "PUT",
      body,
      headers: { Accept: "application/json", "Mend-Person": document.documentElement.dataset.me },
      redirect: "error",
    });
    if (answer.ok || answer.status === 404) return reload(outbox, wrap);
  } catch {
    /* reported below */
  }
  outbox.problem(wrap, say("script.not_saved"));
}

// reload reloads the page at the same question.
async function reload(outbox, wrap) {
  if (!(await outbox.settled())) return;
  if (wrap.dataset.field) history.replaceState(history.state, "", "#at-" + encodeURIComponent(wrap.dataset.field));
  location.reload();
}

function button(text) {
  const b = document.createElement("button");
  b.type = "button";
  b.textContent = text;
  return b;
}
