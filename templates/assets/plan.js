// The activities of a session plan: lists those of the chosen step, and orders them by dragging or
// with a button.
const place = document.querySelector("[data-activities]"),
  refresh = document.querySelector("[data-refresh]"),
  step = document.getElementById("step");
let held;

const listOf = (target) => target.closest("[data-order] ol");

function keep(list) {
  list.closest("[data-order]").querySelector("input").value = [...list.children]
    .map((li) => li.dataset.activity)
    .join();
}

// follow lists the activities of the chosen step, like the button used without scripts.
async function follow() {
  const form = new URLSearchParams(new FormData(refresh.form));
  form.set(refresh.name, refresh.value);
  const answer = await fetch(refresh.form.action, { method: "POST", body: form });
  if (!answer.ok) return refresh.form.requestSubmit(refresh);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...page.querySelector("[data-activities]").childNodes);
  document.getElementById("step-problem")?.remove();
  const problem = page.getElementById("step-problem");
  if (problem) step.after(problem);
}

refresh.hidden = true;
step.addEventListener("change", () => follow().catch(() => refresh.form.requestSubmit(refresh)));
place.addEventListener("dragstart", (e) => {
  held = e.target.closest("li");
});
place.addEventListener("dragover", (e) => {
  const over = e.target.closest("li");
  if (!held || !over || over === held) return;
  e.preventDefault();
  const box = over.getBoundingClientRect();
  over[e.clientY < box.top + box.height / 2 ? "before" : "after"](held);
  keep(listOf(held));
});
place.addEventListener("click", (e) => {
  const button = e.target.closest("[data-up]");
  if (!button) return;
  e.preventDefault();
  const li = button.closest("li");
  li.previousElementSibling?.before(li);
  button.focus();
  keep(listOf(li));
});
