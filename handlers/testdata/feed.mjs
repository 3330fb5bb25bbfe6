// Reads an iCalendar file with ical.js and prints a line for each event: its UID, its status, its
// minutes, and its start in each zone, by the zone data of the platform.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, file, ...zones] = process.argv.slice(2);
const { default: ICAL } = await import(pathToFileURL(library + "/dist/ical.js"));
const clocks = zones.map(
  (timeZone) =>
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "numeric",
      minute: "2-digit",
      hour12: true,
    }),
);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
for (const component of calendar.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(component);
  const starts = event.startDate.toJSDate();
  const said = clocks.map((clock) => {
    const part = Object.fromEntries(clock.formatToParts(starts).map((p) => [p.type, p.value]));
    return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute} ${part.dayPeriod}`;
  });
  const minutes = event.duration.toSeconds() / 60;
  console.log([event.uid, component.getFirstPropertyValue("status"), minutes, ...said].join("\t"));
}
