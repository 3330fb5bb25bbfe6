// The jump box: press /, type a few letters, press Enter. It finds couples, worksheets, steps and
// commands. Its link opens the same search as a page.
const link = document.querySelector("[data-jump]"),
  box = document.querySelector("[data-jump-box]");
const input = box.querySelector("input"),
  list = box.querySelector("ul");
const couple = location.pathname.match(/^\/couples\/([A-Z2-7]{26})/)?.[1] ?? "";
let asked = 0;

async function find() {
  const turn = ++asked;
  let places = null;
  try {
    const answer = await fetch("/jump?" + new URLSearchParams({ find: input.value, couple }), {
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    if (answer.ok) places = await answer.json();
  } catch {
    /* fall back to the link below */
  }
  if (turn !== asked) return;
  if (!places) {
    location.href = link.href;
    return;
  }
  list.replaceChildren(
    ...places.map((place) => {
      const li = document.createElement("li"),
        a = document.createElement("a"),
        kind = document.createElement("span");
      a.href = place.path;
      a.textContent = place.label + " ";
      kind.textContent = place.kind;
      a.append(kind);
      li.append(a);
      return li;
    }),
  );
  box.querySelector("[data-none]").hidden = places.length > 0;
}

function open() {
  input.value = "";
  box.showModal();
  find();
}

link.addEventListener("click", (e) => {
  e.preventDefault();
  open();
});
input.addEventListener("input", find);
box.addEventListener("keydown", (e) => {
  const all = [input, ...list.querySelectorAll("a")],
    step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (step) {
    e.preventDefault();
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  }
  if (e.key === "Enter" && document.activeElement === input) {
    e.preventDefault();
    list.querySelector("a")?.click();
  }
});
list.addEventListener("click", () => box.close());
document.addEventListener("keydown", (e) => {
  if (
    e.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog") ||
    e.ctrlKey ||
    e.metaKey ||
    e.altKey
  )
    return;
  if (e.key === "/") {
    e.preventDefault();
    open();
  }
  if (e.key === "h") document.querySelector("[data-hide-names]")?.click();
});
