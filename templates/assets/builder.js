// The worksheet editor: autosaves the draft as one field, refreshes the preview, and shows only
// the inputs that fit each question's type.
import { Outbox, problemsFirst, settleFirst } from "./outbox.js";

problemsFirst();
const form = document.querySelector("[data-draft]");
if (form) write();
else bringIn();

function write() {
  const outbox = new Outbox(form);
  settleFirst(outbox);
  outbox.onSaved = redraw;
  for (const card of form.querySelectorAll(".draft")) {
    const kind = card.querySelector("[name$='.type']");
    const fit = () => {
      for (const part of card.querySelectorAll("[data-for]"))
        part.hidden = !part.dataset.for.split(" ").includes(kind.value);
    };
    kind.addEventListener("change", fit);
    fit();
  }
}

// redraw loads the preview and the options for conditions from the server.
async function redraw() {
  const answer = await fetch(form.action);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const mine = document.querySelector("[data-preview]"),
    open = [...mine.querySelectorAll("details")].map((d) => d.open);
  mine.replaceWith(page.querySelector("[data-preview]"));
  document.querySelectorAll("[data-preview] details").forEach((d, i) => {
    d.open = open[i] ?? d.open;
  });
  for (const select of form.querySelectorAll("[name$='.when']")) {
    const fresh = page.getElementById(select.id);
    if (fresh && select !== document.activeElement) select.replaceChildren(...fresh.children);
  }
}

// bringIn reads a chosen file in the browser and puts its text into the field below.
function bringIn() {
  const field = document.querySelector("[data-file]"),
    file = field.querySelector("input");
  field.hidden = false;
  file.addEventListener("change", async () => {
    if (file.files[0]) document.querySelector("#text").value = await file.files[0].text();
  });
}
