// Wording hints next to a text being written: one at a time, in the browser only. They are never
// sent, stored or counted, and "Keep as it is" dismisses one.

import { say } from "./i18n.js";

const pause = 700;

// read returns the hints embedded in the page.
export function read(template) {
  return [...template.content.querySelectorAll("li")].map((li) => ({
    id: li.dataset.hint,
    pattern: new RegExp(li.dataset.pattern, "iu"),
    say: li.textContent,
  }));
}

// sentences splits text after periods, exclamation and question marks, and at line ends.
export function sentences(text) {
  return (text.match(/[^.!?\n]*[.!?\n]?/gu) ?? []).map((s) => s.trim()).filter(Boolean);
}

// first returns the first sentence that matches a hint not dismissed for it, with the hint, or
// null.
export function first(hints, text, aside = new Set()) {
  for (const sentence of sentences(text)) {
    const hint = hints.find((h) => !aside.has(h.id + sentence) && h.pattern.test(sentence));
    if (hint) return { sentence, hint };
  }
  return null;
}

// beside shows hints below a text area while somebody types in it.
function beside(area, hints) {
  const aside = new Set(),
    note = document.createElement("aside");
  note.className = "wording";
  note.setAttribute("role", "status");
  note.hidden = true;
  area.after(note);
  let timer;
  const look = () => {
    const found = first(hints, area.value, aside);
    note.hidden = !found;
    if (!found) return note.replaceChildren();
    const words = document.createElement("q"),
      p = document.createElement("p"),
      keep = document.createElement("button");
    words.textContent = found.sentence;
    p.textContent = found.hint.say;
    keep.type = "button";
    keep.textContent = say("action.keep_as_is");
    keep.onclick = () => {
      aside.add(found.hint.id + found.sentence);
      look();
      area.focus();
    };
    note.replaceChildren(words, p, keep);
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, pause);
  });
  if (area.value) look();
}

const template = document.querySelector("template[data-hints]");
if (template) {
  const hints = read(template);
  for (const area of document.querySelectorAll("[data-hinted] textarea")) beside(area, hints);
}
