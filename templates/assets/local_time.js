// Adds the device's local time to a time shown in another zone.
for (const time of document.querySelectorAll("time[data-local-time]")) {
  const at = new Date(time.dateTime),
    hour = (locale, timeZone) => at.toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit", timeZone });
  if (hour("en") !== hour("en", time.dataset.zone)) {
    const line = document.createElement("small");
    line.textContent = ` (${time.dataset.localTime.replace("{time}", hour(`${document.documentElement.lang}-US`))})`;
    time.after(line);
  }
}
