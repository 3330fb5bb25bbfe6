// Fills in the invitation code from the fragment of a scanned link. A fragment never reaches a
// server or its log.
document.documentElement.classList.add("scripted");
const code = decodeURIComponent(location.hash.slice(1));
const field = document.getElementById("code");
if (code && !field.value) field.value = code;
history.replaceState(null, "", location.pathname + location.search);
for (const other of document.querySelectorAll("[hreflang]"))
  other.onclick = () => {
    other.hash = field.value;
  };
