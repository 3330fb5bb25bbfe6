// Moves an appointment to another day by dragging it there, and leads through the
// calendar by keys. Without this script each appointment's page moves it.
const calendar = document.querySelector("[data-calendar]");

function send(item, day) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = `${calendar.dataset.calendar}/appointments/${item.dataset.appointment}/day`;
  const fields = { day, base: item.dataset.revision, key: `${calendar.dataset.key}-${item.dataset.appointment}` };
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

let dragged = null;

calendar.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-appointment]");
});
calendar.addEventListener("dragend", () => {
  dragged = null;
});
calendar.addEventListener("dragover", (event) => {
  const day = event.target.closest("[data-day]");
  if (dragged && day && day !== dragged.closest("[data-day]")) event.preventDefault();
});
calendar.addEventListener("drop", (event) => {
  const day = event.target.closest("[data-day]");
  if (!dragged || !day) return;
  event.preventDefault();
  send(dragged, day.dataset.day);
});

const keys = {
  ArrowLeft: "[rel=prev]",
  ArrowRight: "[rel=next]",
  t: "[data-today]",
  d: "[data-span=day]",
  w: "[data-span=week]",
  m: "[data-span=month]",
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, dialog, summary");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const link = keys[event.key] && document.querySelector(keys[event.key]);
  if (link) link.click();
});

calendar.dataset.ready = "yes";
