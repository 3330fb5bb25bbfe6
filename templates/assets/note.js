// The note being written: the page re-drafts what follows from each change, what is
// missing is one key away, and signing shows the whole note once.
import { Outbox, keepMost, problemsFirst, settleFirst } from "./outbox.js";
import { sayLimits } from "./limits.js";

problemsFirst();
const form = document.querySelector("[data-save]"),
  dialog = document.querySelector("dialog.sign"),
  signing = document.querySelector("[data-signing]");
const outbox = new Outbox(form);
settleFirst(outbox);
keepMost(form);
sayLimits(form);
formats();
bringForward();
review();
keys();

let redraw, drawing;
outbox.onSaved = () => {
  clearTimeout(redraw);
  redraw = setTimeout(drawn, 400);
};

// drawn resolves once the page shows what follows from all that was saved by now.
async function drawn() {
  clearTimeout(redraw);
  redraw = 0;
  await drawing;
  await (drawing = fresh().catch(() => {})); // no line: what is there stays
  drawing = null;
}

// formats changes the format as soon as another is chosen.
function formats() {
  const menu = document.getElementById("format");
  if (!menu) return; // a note without a session has one form
  menu.form.querySelector("button").hidden = true;
  menu.addEventListener("change", async () => {
    if (await outbox.settled()) menu.form.requestSubmit();
  });
}

// bringForward copies the last plan and says where it is from.
function bringForward() {
  const button = form.querySelector("[data-bring]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const box = form.querySelector(`[name="v.${button.dataset.bring}"]`),
      plan = form.querySelector("[data-last-plan]").textContent.trim();
    box.value = `${box.value.trim()}\nFrom the plan of ${button.dataset.from}: ${plan}`.trim();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}

// review makes the part that signs a dialog. It opens on what is saved and drafted by
// then, so that what is signed was seen.
function review() {
  dialog.close();
  signing.hidden = false;
  const back = dialog.querySelector("[data-back]");
  back.hidden = false;
  back.addEventListener("click", () => dialog.close());
  signing.addEventListener("click", open);
  if (dialog.querySelector("form .problem:not([hidden])")) dialog.showModal();
}

async function open() {
  if (!(await outbox.settled())) return;
  await drawn();
  dialog.showModal();
  dialog.querySelector("[name=reviewed]").focus();
}

// keys and links lead to what is missing, and keys to signing.
function keys() {
  form.querySelector("[data-note-keys]").hidden = false;
  let at = -1;
  document.addEventListener("keydown", (e) => {
    if (dialog.open) return;
    if (e.key === "Enter" && e.ctrlKey) {
      e.preventDefault();
      open();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key],
      slots = form.querySelectorAll("[data-missing] a");
    if (!e.altKey || !step || !slots.length) return;
    e.preventDefault();
    at = (at + step + slots.length) % slots.length;
    show(slots[at].hash);
  });
  document.addEventListener("click", (e) => {
    const link = e.target.closest("a[href^='#']");
    if (!link) return;
    dialog.close();
    show(link.hash);
  });
}

// show opens what the address names, and puts the focus where it is typed or ticked.
function show(hash) {
  const part = document.getElementById(decodeURIComponent(hash.slice(1)));
  for (let d = part?.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  const inputs = "input:not([type=hidden]), textarea";
  (part?.matches(inputs) ? part : part?.querySelector(inputs))?.focus();
}

// fresh takes over from the server what follows from what was saved: drafted
// sentences, what is missing, and what is about to be signed. What somebody is writing
// is left alone.
async function fresh() {
  if (outbox.dirty()) return;
  const answer = await fetch(form.action);
  if (!answer.ok || outbox.dirty()) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html"),
    seen = page.querySelector("[name=seen]");
  if (!seen) return; // it was signed meanwhile
  for (const block of form.querySelectorAll(".block")) {
    const other = page.getElementById(block.id);
    if (other) take(block, other);
  }
  document.querySelector("[name=seen]").value = seen.value;
  form.querySelector("[data-missing]").replaceWith(page.querySelector("[data-missing]"));
  dialog.querySelector("[data-review]").replaceWith(page.querySelector("[data-review]"));
}

// take puts a block as the server has it in place of what the page shows.
function take(block, other) {
  const mine = block.querySelector("textarea"),
    theirs = other.querySelector("textarea"),
    changed = mine !== document.activeElement && mine.value !== theirs.value;
  block.className = other.className;
  if (changed) {
    mine.value = theirs.value;
    block.classList.add("changed");
    setTimeout(() => block.classList.remove("changed"), 1000);
  }
  if (mine.value && block.closest("details")) block.closest("details").open = true; // what will be signed is in sight
  if (mine.value) {
    mine.removeAttribute("aria-invalid");
    block.querySelector(".field > .problem")?.remove();
  }
  block.querySelector("h4").replaceWith(other.querySelector("h4"));
  block.querySelector(".slot")?.remove();
  const slot = other.querySelector(".slot");
  if (slot) block.querySelector(".field").before(slot);
}
