// Adds the device's local time to a time shown in another zone.
const { lang } = document.documentElement,
  locale = lang.includes("-") ? lang : `${lang}-US`;
for (const time of document.querySelectorAll("time[data-local-time]")) {
  const at = new Date(time.dateTime),
    hour = (language, timeZone) => at.toLocaleTimeString(language, { hour: "numeric", minute: "2-digit", timeZone });
  if (hour("en") !== hour("en", time.dataset.zone)) {
    const line = document.createElement("small");
    line.textContent = ` (${time.dataset.localTime.replace("{time}", hour(locale))})`;
    time.after(line);
  }
}
