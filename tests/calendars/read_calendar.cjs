// Reads a calendar from standard input with ical.js and writes [[uid, start, end, status, sequence, summary]] as JSON.
const ICAL = require("../../node_modules/ical.js/dist/ical.es5.cjs");
const calendar = new ICAL.Component(ICAL.parse(require("node:fs").readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const rows = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return [
    event.uid,
    event.startDate.toJSDate().toISOString(),
    event.endDate.toJSDate().toISOString(),
    component.getFirstPropertyValue("status"),
    event.sequence,
    event.summary,
  ];
});
console.log(JSON.stringify(rows));
