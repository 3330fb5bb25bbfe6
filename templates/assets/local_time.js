// Adds the device's local time to a time shown in another zone.
for (const time of document.querySelectorAll("time[data-local-time]")) {
  const at = new Date(time.dateTime);
  const local = at.toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
  const says = time.textContent.replaceAll(/\s/g, " ");
  if (!says.includes(local.replaceAll(/\s/g, " "))) {
    const line = document.createElement("small");
    line.textContent = ` (${time.dataset.localTime.replace("{time}", local)})`;
    time.after(line);
  }
}
