// The note being written: blocks save themselves; what is only drafted is
// marked until it is touched or accepted.
import { Outbox, problemsFirst, settleFirst } from "./outbox.js";
import { sayLimits } from "./limits.js";

problemsFirst();
const form = document.querySelector("[data-save]");
const outbox = new Outbox(form);
settleFirst(outbox);
sayLimits(form);

const feeds = /^(progress|risk|a_reported|b_reported|impression|rationale|plan_text|status_choice|accepted|text)/;
let redraw, drawing;
outbox.onSaved = (name) => {
  form.querySelector(`[id="${CSS.escape(name)}"]`)?.classList?.remove("drafted");
  if (!feeds.test(name)) return;
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

// What was typed a moment ago may have changed the draft: it is looked at first,
// and signed at once only if it still says what the counselor saw.
document.querySelector('form[action$="/sign"]')?.addEventListener("submit", async (e) => {
  if (e.defaultPrevented || (!redraw && !drawing)) return;
  e.preventDefault();
  const said = () =>
      [...form.querySelectorAll('textarea[name^="v.text."]')]
        .map((t) => t.value)
        .concat(document.getElementById("misprinted").textContent)
        .join("\0"),
    before = said();
  await drawn();
  if (said() === before) return e.target.requestSubmit(e.submitter);
  outbox.line.textContent = "What you typed changed the draft, or can’t be printed as is. Review it again, then sign.";
  outbox.line.scrollIntoView();
});

// fresh takes over from the server what follows from what was saved: drafted
// sentences, marks, and what is about to be signed. What somebody is writing
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
    if (!other) continue;
    block.className = other.className;
    const mine = block.querySelector('textarea[name^="v.text."]'),
      theirs = other.querySelector('textarea[name^="v.text."]');
    if (mine !== document.activeElement) mine.value = theirs.value;
    if (mine.value && block.closest("details")) block.closest("details").open = true; // what will be signed is in sight
    if (mine.value) {
      mine.removeAttribute("aria-invalid");
      block.querySelector(".field > .problem")?.remove();
    }
    block.querySelector("h3").replaceWith(other.querySelector("h3"));
    const accept = block.querySelector(".accept"),
      otherAccept = other.querySelector(".accept");
    if (accept && !otherAccept) accept.remove();
    if (!accept && otherAccept) block.append(otherAccept);
    if (accept && otherAccept && !accept.contains(document.activeElement)) accept.replaceWith(otherAccept);
    if (accept && !otherAccept && document.activeElement === document.body) mine.focus();
  }
  document.querySelector("[name=seen]").value = seen.value;
  document.getElementById("misprinted")?.replaceWith(page.getElementById("misprinted"));
  document.querySelector(".sign .muted")?.replaceWith(page.querySelector(".sign .muted") ?? "");
}
