// On paper a text stands whole, with its line breaks: a text box would show the
// lines that fit into it.
addEventListener("beforeprint", () => {
  for (const box of document.querySelectorAll("textarea")) {
    const whole = document.createElement("div");
    whole.className = "whole";
    whole.textContent = box.value;
    box.after(whole);
  }
});
addEventListener("afterprint", () => {
  for (const whole of document.querySelectorAll(".whole")) whole.remove();
});
