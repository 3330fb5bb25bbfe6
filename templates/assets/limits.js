// Shows how many characters are left while somebody types near a text's limit. Nothing is
// truncated: text over the limit is kept and can be shortened later.
import { say } from "./i18n.js";

const near = 0.8;
const letters = typeof Intl.Segmenter === "function" ? new Intl.Segmenter() : null;

// count counts user-perceived characters: an emoji with its skin tone is one.
const count = (text) => (letters && /[^\u0000-\u02ff]/.test(text) ? [...letters.segment(text)].length : text.length);

export function sayLimits(form) {
  form.addEventListener("input", (e) => {
    if (e.target.dataset.limit) show(e.target);
  });
  for (const text of form.querySelectorAll("[data-limit]")) show(text);
}

function show(text) {
  const limit = Number(text.dataset.limit),
    used = text.value.length < limit * near ? 0 : count(text.value);
  let line = text.parentElement.querySelector(".limit");
  if (!line && used < limit * near) return;
  if (!line) {
    line = document.createElement("p");
    line.className = "hint limit";
    line.setAttribute("aria-live", "polite");
    text.after(line);
  }
  line.textContent =
    used < limit * near
      ? ""
      : used <= limit
        ? say("script.characters_left") + " " + (limit - used)
        : say("script.over_limit") +
          " " +
          (used - limit) +
          "." +
          (text.dataset.kept === undefined ? "" : " " + say("script.all_kept"));
}
