// Shows a worksheet one question at a time, with a progress bar and a review before sending.
import { Outbox, keepMost, problemsFirst } from "./outbox.js";
import { sayLimits } from "./limits.js";
import { say } from "./i18n.js";

problemsFirst();
const form = document.querySelector("[data-pager]");
const outbox = new Outbox(form);
const all = [...form.querySelectorAll("[data-question]")];
const review = form.querySelector("[data-review]");
const nav = form.querySelector("[data-pager-nav]");
const final = form.querySelector("[data-final]");
const back = form.querySelector("[data-back]"),
  forward = form.querySelector("[data-forward]");
let at = 0;

keepMost(form);
sayLimits(form);
insteads();
growTables();
nav.hidden = false;
form.querySelector("[data-thin]").hidden = false;
back.onclick = () => go(at - 1);
forward.onclick = async () => {
  const field = visible()[at].dataset.field;
  await outbox.flush();
  if (outbox.refused(field)) {
    visible()[at].querySelector(".problem:not([hidden])")?.scrollIntoView();
    return;
  }
  go(at + 1);
};
form.addEventListener("change", show);
visualViewport?.addEventListener("resize", () => {
  const typing = document.activeElement;
  if (!typing.matches("textarea, input") || visualViewport.height > innerHeight * 0.8) return;
  typing.closest("[data-question]")?.querySelector("label, legend").scrollIntoView(); // keep it above the keyboard
});
form.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && e.target.matches("input:not([type=checkbox], [type=radio])")) {
    e.preventDefault();
    forward.click();
  }
});
form.addEventListener("submit", async (e) => {
  const button = e.submitter,
    undecided = outbox.undecided();
  if (undecided && button.value === "send") {
    e.preventDefault();
    go(visible().indexOf(undecided));
    return;
  }
  if (!outbox.dirty()) return;
  e.preventDefault();
  if (await outbox.settled()) form.requestSubmit(button);
});
const wrong = all.find((q) => q.querySelector(".problem:not([hidden])"));
at = wrong ? Math.max(0, visible().indexOf(wrong)) : (fromAddress() ?? lastAnswered());
addEventListener("popstate", () => {
  at = fromAddress() ?? 0;
  show();
  focus();
});
for (const link of document.querySelectorAll("[data-problems] a")) {
  link.addEventListener("click", (e) => {
    const q = document.getElementById(decodeURIComponent(link.hash.slice(1)))?.closest("[data-question]");
    if (q) {
      e.preventDefault();
      go(visible().indexOf(q));
    }
  });
}
show();
form.dataset.ready = "yes";

// insteads closes the answer of a question that somebody chose not to answer, and shows how to
// answer it after all. The text stays, visible to its author only.
function insteads() {
  for (const set of form.querySelectorAll(".instead")) {
    const look = () => {
      const said = Boolean(set.querySelector("input:checked")?.value);
      set.querySelector("[data-none]").hidden = !said;
      set.querySelector("[data-kept]").hidden = !said;
      set.closest("[data-question]").classList.toggle("left", said);
      for (const part of set.parentElement.children) {
        if (part !== set && !part.matches("legend, .hint, .problem, label[for]")) part.inert = said;
      }
    };
    set.addEventListener("change", look);
    look();
  }
}

// answers returns the selected or filled-in values of a question.
function answers(id) {
  const q = all.find((q) => q.dataset.field === id);
  if (!q || q.dataset.off || q.querySelector(".instead input:checked")?.value) return [];
  return [...q.querySelectorAll("input, textarea, select")]
    .filter((i) => !i.closest(".instead"))
    .filter((i) => (i.type === "checkbox" || i.type === "radio" ? i.checked : i.value !== ""))
    .map((i) => i.value);
}

// visible returns the questions that apply, given the answers.
function visible() {
  for (const q of all) {
    delete q.dataset.off;
    if (q.dataset.show) {
      const [field, op, value] = q.dataset.show.split(" ");
      const given = answers(field);
      const applies = op === "ne" ? given.length > 0 && !given.includes(value) : given.includes(value);
      if (!applies) q.dataset.off = "yes";
    }
    const role = roleNow();
    if (role !== null && q.dataset.role && role !== "both" && role !== q.dataset.role) q.dataset.off = "yes";
  }
  return all.filter((q) => !q.dataset.off);
}

// roleNow returns the role that an answer of this page gives, or null if no answer decides the
// role.
function roleNow() {
  const from = form.dataset.roleFrom;
  if (!from) return null;
  const [field, ...pairs] = from.split(" ");
  const roles = Object.fromEntries(pairs.map((p) => p.split("=")));
  return roles[answers(field)[0]] ?? "none";
}

// address returns the fragment of a question. With it, the browser's Back button steps through the
// questions.
function address(q) {
  return "#at-" + (q ? encodeURIComponent(q.dataset.field) : "review");
}

// fromAddress returns the index of the question in the address, or undefined.
function fromAddress() {
  const list = visible(),
    found = list.findIndex((q) => location.hash === address(q));
  if (found >= 0) return found;
  return location.hash === address() ? list.length : undefined;
}

// lastAnswered returns the index of the last question with an answer, as marked by the server.
function lastAnswered() {
  return Math.max(
    0,
    visible().findIndex((q) => "last" in q.dataset),
  );
}

function show() {
  const list = visible();
  at = Math.max(0, Math.min(at, list.length));
  const last = at === list.length;
  for (const q of all) q.hidden = q !== list[at];
  review.hidden = !last;
  final.hidden = false;
  for (const send of final.querySelectorAll("[value=send]")) send.hidden = !last; // some pages have no send button
  forward.hidden = last;
  forward.textContent = at === list.length - 1 ? say("action.review_answers") : say("action.next");
  back.hidden = at === 0;
  for (const p of document.querySelectorAll("[data-opening]")) p.hidden = at > 0;
  form.querySelector("[data-thin] span").style.width = (100 * at) / list.length + "%";
  const count = form.querySelector("[data-count]");
  count.hidden = last;
  count.textContent = say("worksheet.number_of_all")
    .replace("{number}", at + 1)
    .replace("{all}", list.length);
  if (last) listAnswers(list);
}

function go(to) {
  at = to;
  show();
  history.pushState(null, "", address(visible()[at]));
  focus();
}

function focus() {
  const target =
    at >= visible().length ? review.querySelector("h2") : visible()[at].querySelector("legend, label, textarea, input");
  if (target) {
    target.tabIndex = target.matches("legend, label, h2") ? -1 : target.tabIndex;
    target.focus({ preventScroll: true });
  }
  scrollTo({ top: 0 });
}

function listAnswers(list) {
  const ul = review.querySelector("[data-review-list]");
  ul.replaceChildren(
    ...list.map((q, i) => {
      const li = document.createElement("li"),
        edit = document.createElement("button"),
        words = document.createElement("div");
      const strong = document.createElement("strong"),
        span = document.createElement("p");
      strong.textContent = q.dataset.label;
      span.textContent =
        inWords(q) || (q.hasAttribute("data-required") ? say("script.still_needed") : say("worksheet.no_answer"));
      span.className = "prose";
      edit.type = "button";
      edit.textContent = say("action.change");
      edit.setAttribute("aria-label", say("action.change") + ": " + q.dataset.label);
      edit.onclick = () => go(i);
      words.append(strong, span);
      li.append(words, edit);
      return li;
    }),
  );
}

function inWords(q) {
  const instead = q.querySelector(".instead input:checked");
  if (instead?.value) return instead.parentElement.textContent.trim();
  return [...q.querySelectorAll("input, textarea, select")]
    .filter((i) => !i.closest(".instead"))
    .map((i) => {
      if (i.type === "checkbox" || i.type === "radio") {
        if (!i.checked) return "";
        const row = i.closest(".likert fieldset")?.querySelector("legend").textContent;
        return (row ? row + ": " : "") + i.parentElement.textContent.trim();
      }
      return i.tagName === "SELECT" ? i.value && i.selectedOptions[0].textContent : i.value.trim();
    })
    .filter(Boolean)
    .join("\n");
}

// growTables gives every table a button that adds a row.
function growTables() {
  for (const table of form.querySelectorAll(".lines")) {
    const more = table.querySelector("[data-more]");
    more.hidden = false;
    more.onclick = () => {
      const lines = table.querySelectorAll("[data-line]"),
        n = lines.length;
      if (n >= 50) {
        more.hidden = true;
        return;
      }
      const copy = lines[n - 1].cloneNode(true);
      copy.querySelector("[data-line-number]").textContent = n + 1;
      for (const i of copy.querySelectorAll("[id], [name], [for]")) {
        for (const a of ["id", "name", "for"]) {
          if (i.hasAttribute(a)) i.setAttribute(a, i.getAttribute(a).replace(`.${n - 1}.`, `.${n}.`));
        }
        if ("value" in i) i.value = "";
      }
      lines[n - 1].after(copy);
      copy.querySelector("input, select").focus();
    };
  }
}
