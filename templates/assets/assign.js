// The form that assigns a worksheet: searches the list, and offers who can fill in the chosen one.
const form = document.querySelector("[data-assign]"),
  select = form?.querySelector("select[name=worksheet]");

// search keeps the options that contain every word. It removes and re-adds options, because not
// every browser can hide them.
function search() {
  const box = form.querySelector("[data-find]"),
    input = box.querySelector("input"),
    groups = [...select.querySelectorAll("optgroup")].map((group) => [group, [...group.children]]);
  box.hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/),
      chosen = select.value,
      fits = (option) => words.every((word) => option.textContent.toLowerCase().includes(word));
    for (const [group, options] of groups) group.replaceChildren(...options.filter(fits));
    select.replaceChildren(...groups.map(([group]) => group).filter((group) => group.children.length));
    if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
    if (select.value !== chosen) audience();
  });
  input.addEventListener("keydown", (e) => {
    if (e.key === "Enter") e.preventDefault(); // submitting would assign the first match
  });
}

// allowed returns who can fill in the chosen worksheet, the default first.
function allowed(kind) {
  const breach = form.querySelector("[name=breach]:checked, [name=breach][type=hidden]");
  if (kind === "joint") return ["joint"];
  if (kind === "hurt" || kind === "broke") return [breach?.dataset[kind]];
  return ["each", "A", "B"];
}

// audience enables those who can fill in the worksheet and selects the default.
function audience() {
  const kind = select.selectedOptions[0]?.dataset.for,
    sides = allowed(kind);
  for (const radio of form.querySelectorAll("[name=to]")) {
    radio.disabled = !sides.includes(radio.value);
    if (radio.disabled) radio.checked = false;
  }
  if (!form.querySelector("[name=to]:checked")) {
    const usual = form.querySelector(`[name=to][value="${sides[0]}"]`);
    if (usual) usual.checked = true;
  }
  for (const why of form.querySelectorAll("[data-why]")) why.hidden = why.dataset.why !== kind;
}

if (form) {
  search();
  audience();
  form.addEventListener("change", (e) => {
    if (e.target === select || e.target.name === "breach") audience();
  });
}
