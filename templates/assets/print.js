// Prints text areas as plain text. Otherwise only the lines visible in the box would be printed.
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
