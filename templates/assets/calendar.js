// Moves appointments to another day by dragging, with a mouse or by touch, and adds keyboard
// shortcuts. Without this script, appointments are moved on their own pages.
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

// By touch, a long press picks up an appointment: a tap still opens it, and a swipe scrolls.
let touch = null;
let lifted = false; // by the current or latest touch

const dayAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day]");

function mark(day) {
  if (touch.day) touch.day.style.outline = "";
  if (day) day.style.outline = "2px dashed";
  touch.day = day;
}

function lift() {
  lifted = true;
  touch.item.style.opacity = 0.6;
}

function letGo() {
  if (!touch) return;
  clearTimeout(touch.timer);
  mark(null);
  touch.item.style.opacity = "";
  touch = null;
}

calendar.addEventListener("pointerdown", (event) => {
  letGo();
  lifted = false;
  const item = event.target.closest("[data-appointment]");
  if (!item || event.pointerType !== "touch" || !event.isPrimary) return;
  touch = { item, x: event.clientX, y: event.clientY, timer: setTimeout(lift, 400) };
});
calendar.addEventListener("pointermove", (event) => {
  if (!touch) return;
  if (!lifted) {
    if (Math.hypot(event.clientX - touch.x, event.clientY - touch.y) > 10) letGo();
    return;
  }
  mark(dayAt(event));
  if (event.clientY < 60) scrollBy(0, -12);
  if (event.clientY > innerHeight - 60) scrollBy(0, 12);
});
calendar.addEventListener("pointerup", (event) => {
  const item = touch?.item;
  const day = item && lifted && dayAt(event);
  letGo();
  if (day && day !== item.closest("[data-day]")) send(item, day.dataset.day);
});
calendar.addEventListener("pointercancel", letGo);

// While an appointment is picked up, do not scroll the page or open the appointment afterward.
for (const type of ["touchmove", "touchend"]) {
  calendar.addEventListener(type, (event) => lifted && event.cancelable && event.preventDefault(), { passive: false });
}
// Suppress the browser's responses to a long press: context menu, selection and native dragging.
for (const type of ["contextmenu", "selectstart", "dragstart"]) {
  calendar.addEventListener(type, (event) => touch && event.preventDefault());
}
calendar.style.webkitTouchCallout = "none";

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
