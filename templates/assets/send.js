// Submits a form only while the server responds and the same person is signed in. If the request
// failed or led to a sign-in page, the browser would lose what was typed.
import { present } from "./lock.js";
import { say } from "./i18n.js";

const asking = new Set(),
  sure = new WeakSet();

document.addEventListener("submit", async (e) => {
  const form = e.target,
    typed = form.method === "post" && form.querySelector("main textarea, main input:not([type=hidden])");
  if (e.defaultPrevented || !typed || sure.delete(form)) return;
  e.preventDefault();
  if (asking.has(form)) return;
  asking.add(form);
  const there = await present();
  asking.delete(form);
  form.querySelector(".problem.unsent")?.remove();
  if (there) {
    sure.add(form);
    form.requestSubmit(e.submitter);
    return;
  }
  const line = document.createElement("p");
  line.className = "problem unsent";
  line.role = "alert";
  line.textContent = say("script.unsent");
  (e.submitter?.closest(".buttons") ?? e.submitter ?? form.lastElementChild).before(line);
});
