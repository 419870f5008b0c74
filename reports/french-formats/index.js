/**
 * Stands in for `ssf`, which formats every number and date that Evidence itself writes and knows English only. The
 * real one does the work; its answer is then put in French: 1 234,56 € · 12,3 % · nov. 2026.
 */
import original from "ssf-original";

const narrowSpace = "\u202f";
const space = "\u00a0";

/** Codes of dates hold day, month or year letters outside quotes and brackets. */
const isDateCode = (code) => /[dmy]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, ""));

const months = (length) => {
  const format = new Intl.DateTimeFormat("fr-FR", { month: length, timeZone: "UTC" });
  return Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2023, month, 1)));
};

/** 1 January 2023 was a Sunday, the first day of ssf's weeks. */
const days = (length) => {
  const format = new Intl.DateTimeFormat("fr-FR", { weekday: length, timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2023, 0, 1 + day)));
};

const english = (names) => new RegExp(`\\b(?:${names.join("|")})\\b`, "g");

const englishNames = (words) => words.split(" ");
const monthNames = englishNames(
  "January February March April May June July August September October November December",
);
const dayNames = englishNames("Sunday Monday Tuesday Wednesday Thursday Friday Saturday");

const translate = (text, names, length, french) =>
  text.replace(english(names.map((name) => name.slice(0, length))), (found) => {
    const position = names.findIndex((name) => name.slice(0, length) === found);
    return french[position];
  });

const frenchDate = (code, text) => {
  const short = { months: !/m{4}/i.test(code), days: !/d{4}/i.test(code) };
  const monthLength = short.months ? 3 : undefined;
  const dayLength = short.days ? 3 : undefined;
  const named = /m{3}/i.test(code)
    ? translate(text, monthNames, monthLength, months(short.months ? "short" : "long"))
    : text;
  return /d{3}/i.test(code)
    ? translate(named, dayNames, dayLength, days(short.days ? "short" : "long"))
    : named;
};

const frenchNumber = (text) => {
  const number = text.replace(/[.,]/g, (mark) => (mark === "." ? "," : narrowSpace));
  const euroLast = number.replace(/^([-(]?)\s*€\s*(.*?)([kM]?)(\)?)$/, `$1$2${space}$3€$4`);
  return euroLast.replace(/\s*%/, `${narrowSpace}%`);
};

/** Formats as ssf does, in French. Same arguments, same errors. */
export const format = (code, value, options) => {
  const text = original.format(code, value, options);
  if (typeof value === "string") return text;
  return typeof code === "string" && isDateCode(code) ? frenchDate(code, text) : frenchNumber(text);
};

export default { ...original, format };
