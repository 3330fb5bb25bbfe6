// The order of activities: dragged, or moved up by a button, without asking the
// server.
const group = document.querySelector("[data-order]"),
  list = group?.querySelector("ol");
let held;

function keep() {
  group.querySelector("input").value = [...list.children].map((li) => li.dataset.activity).join();
}

list?.addEventListener("dragstart", (e) => {
  held = e.target.closest("li");
});
list?.addEventListener("dragover", (e) => {
  const over = e.target.closest("li");
  if (!held || !over || over === held) return;
  e.preventDefault();
  const box = over.getBoundingClientRect();
  over[e.clientY < box.top + box.height / 2 ? "before" : "after"](held);
  keep();
});
list?.addEventListener("click", (e) => {
  const button = e.target.closest("[data-up]");
  if (!button) return;
  e.preventDefault();
  const li = button.closest("li");
  li.previousElementSibling?.before(li);
  button.focus();
  keep();
});
