// Saves a criterion when it is checked or unchecked.
document.documentElement.classList.add("scripted");
for (const form of document.querySelectorAll("[data-criterion]")) {
  form.addEventListener("change", async () => {
    const box = form.querySelector("[type=checkbox]");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw answer;
    } catch {
      box.checked = !box.checked;
      box.focus();
      form.classList.add("problem");
    }
  });
}
