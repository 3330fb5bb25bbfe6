// Buttons that copy a text, print the page or save a text as a file. They are hidden without
// scripts, where people copy the text by hand.
import { say } from "./i18n.js";

const text = (button) => document.getElementById(button.dataset.of).innerText.trim();

async function copy(button) {
  const was = button.textContent;
  try {
    await navigator.clipboard.writeText(text(button));
    button.textContent = say("action.copied");
  } catch {
    getSelection().selectAllChildren(document.getElementById(button.dataset.of)); // select it for copying by hand
  }
  setTimeout(() => {
    button.textContent = was;
  }, 3000);
}

function save(button) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text(button) + "\n"], { type: "text/plain" }));
  link.download = button.dataset.save;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

for (const button of document.querySelectorAll("[data-copy], [data-print], [data-save]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if ("copy" in button.dataset) copy(button);
    else if ("save" in button.dataset) save(button);
    else print();
  });
}
