// The page of an unsigned note: redrafts sentences after each change, jumps to missing parts by
// key, and shows the whole note before it is signed.
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

// drawn resolves once the page reflects everything saved so far.
async function drawn() {
  clearTimeout(redraw);
  redraw = 0;
  await drawing;
  await (drawing = fresh().catch(() => {})); // offline: the page stays as it is
  drawing = null;
}

// formats switches the note's format as soon as another one is chosen.
function formats() {
  const menu = document.getElementById("format");
  if (!menu) return; // standalone notes have a single format
  menu.form.querySelector("button").hidden = true;
  menu.addEventListener("change", async () => {
    if (await outbox.settled()) menu.form.requestSubmit();
  });
}

// bringForward copies the last note's plan, with its date.
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

// review turns the signing form into a dialog. It opens after everything is saved and redrafted,
// so that the signer sees what is signed.
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

// keys adds shortcuts for missing parts and for signing, and makes links open their part.
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

// show opens the part named by a fragment and focuses its first input.
function show(hash) {
  const part = document.getElementById(decodeURIComponent(hash.slice(1)));
  for (let d = part?.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  const inputs = "input:not([type=hidden]), textarea";
  (part?.matches(inputs) ? part : part?.querySelector(inputs))?.focus();
}

// fresh loads from the server what depends on the saved fields: drafted sentences, missing parts,
// and the note to be signed. It does not touch the block being typed in.
async function fresh() {
  if (outbox.dirty()) return;
  const answer = await fetch(form.action);
  if (!answer.ok || outbox.dirty()) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html"),
    seen = page.querySelector("[name=seen]");
  if (!seen) return; // it was signed in the meantime
  for (const block of form.querySelectorAll(".block")) {
    const other = page.getElementById(block.id);
    if (other) take(block, other);
  }
  document.querySelector("[name=seen]").value = seen.value;
  form.querySelector("[data-missing]").replaceWith(page.querySelector("[data-missing]"));
  dialog.querySelector("[data-review]").replaceWith(page.querySelector("[data-review]"));
}

// take replaces a block with the server's version.
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
  if (mine.value && block.closest("details")) block.closest("details").open = true; // show what will be signed
  if (mine.value) {
    mine.removeAttribute("aria-invalid");
    block.querySelector(".field > .problem")?.remove();
  }
  block.querySelector("h4").replaceWith(other.querySelector("h4"));
  block.querySelector(".slot")?.remove();
  const slot = other.querySelector(".slot");
  if (slot) block.querySelector(".field").before(slot);
}
