// Reads a calendar with ical.js, and prints what it found as JSON.
//
//     calendar.mjs FILE
import fs from "node:fs";
import ICAL from "ical.js";

/** A day as a day, a moment in UTC. */
const moment = (time) =>
  time.isDate ? time.toString() : time.toJSDate().toISOString().replace(/\.\d+Z$/, "Z");

const alarm = (one) => ({
  action: one.getFirstPropertyValue("action"),
  seconds: one.getFirstPropertyValue("trigger").toSeconds(),
  description: one.getFirstPropertyValue("description"),
});

const event = (one) => ({
  uid: one.getFirstPropertyValue("uid"),
  stamp: moment(one.getFirstPropertyValue("dtstamp")),
  start: moment(one.getFirstPropertyValue("dtstart")),
  end: moment(one.getFirstPropertyValue("dtend")),
  summary: one.getFirstPropertyValue("summary"),
  description: one.getFirstPropertyValue("description"),
  url: one.getFirstPropertyValue("url"),
  categories: one.getFirstProperty("categories").getValues(),
  alarms: one.getAllSubcomponents("valarm").map(alarm),
});

ICAL.design.strict = true;
const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(process.argv[2], "utf8")));
const events = calendar.getAllSubcomponents("vevent").map(event);
const name = calendar.getFirstPropertyValue("x-wr-calname");
console.log(JSON.stringify({ name, errors: [], events }));
