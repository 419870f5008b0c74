/** Numbers, dates and addresses as the pages write them. Dates are days without an hour, read in UTC. */

const number = (options) => {
  const format = new Intl.NumberFormat("fr-FR", options);
  return (value) => format.format(value).replaceAll("-", "−");
};

const date = (options) => {
  const format = new Intl.DateTimeFormat("fr-FR", { timeZone: "UTC", ...options });
  return (value) => format.format(value);
};

/** 12 345 */
export const whole = number({ maximumFractionDigits: 0 });

const percentWith = (digits) =>
  number({ style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });

const toTenths = percentWith(1);
const toHundredths = percentWith(2);

/** 0.123 → 12,3 %; very small shares and those very close to the whole with one more digit: 0.0004 → 0,04 % */
export const percent = (value) => {
  const size = Math.abs(value);
  const close = (size > 0 && size < 0.001) || (size > 0.9995 && size < 1);
  return (close ? toHundredths : toTenths)(value);
};

/** How a share is written on an axis whose marks lie `step` apart: with as many digits as tell them apart. */
export const percentOnAxis = (step) =>
  percentWith(Math.min(4, Math.max(1, Math.ceil(-Math.log10(step * 100) - 1e-9))));

/** 1234.56 → 1 234,56 € */
export const euros = number({ style: "currency", currency: "EUR" });

const oneDecimal = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** 711 → 711 €; 2500 → 2,5 k€; 309000 → 309 k€; 6102610 → 6,1 M€ */
export const shortEuros = (value) => {
  const size = Math.abs(value);
  if (size >= 1_000_000) return `${oneDecimal(value / 1_000_000)}\u00a0M€`;
  if (size >= 10_000) return `${whole(value / 1_000)}\u00a0k€`;
  if (size >= 1_000) return `${oneDecimal(value / 1_000)}\u00a0k€`;
  return `${whole(value)}\u00a0€`;
};

const upToOneDecimal = number({ maximumFractionDigits: 1 });

/** 1 jour, 3 jours, 4,5 jours, 143 jours */
export const days = (value) => {
  const size = Math.abs(value);
  return `${size < 20 ? upToOneDecimal(value) : whole(value)}\u00a0jour${size >= 2 ? "s" : ""}`;
};

/** 0.1234 → 0,123: a figure without a unit, three significant digits at most below ten, one decimal below a thousand. */
export const plainNumber = (value) => {
  const size = Math.abs(value);
  if (size < 10) return number({ maximumSignificantDigits: 3 })(value);
  return size < 1_000 ? upToOneDecimal(value) : whole(value);
};

/** 1.0432 → 1,04 */
export const twoDecimals = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** nov. 2026 */
export const month = date({ month: "short", year: "numeric" });

/** nov. */
export const shortMonth = date({ month: "short" });

/** novembre 2026 */
export const longMonth = date({ month: "long", year: "numeric" });

const plainShortDay = date({ day: "numeric", month: "short", year: "numeric" });

/** 18 nov. 2026, 1er déc. 2026 */
export const shortDay = (value) => plainShortDay(value).replace(/^1 /, "1er ");

/** Novembre */
export const monthName = (value) => {
  const name = date({ month: "long" })(value);
  return name.charAt(0).toUpperCase() + name.slice(1);
};

const longDay = date({ day: "numeric", month: "long", year: "numeric" });

/** 18 novembre 2026, 1er décembre 2026 */
export const day = (value) => longDay(value).replace(/^1 /, "1er ");

/** d’octobre, de novembre */
export const ofMonth = (value) => {
  const name = longMonth(value);
  return /^[aeiouyhéè]/i.test(name) ? `d’${name}` : `de ${name}`;
};

/** A value in the unit of its indicator: ratio, days, count, number or euros. */
export const inUnit = (unit, value) => {
  if (unit === "ratio") return percent(value);
  if (unit === "days") return days(value);
  if (unit === "count") return whole(value);
  if (unit === "number") return plainNumber(value);
  return shortEuros(value);
};

/** A difference between two values of one unit, with its sign: +0,4 point, −12 jours. */
export const difference = (unit, value) => {
  const size = Math.abs(value);
  const amount =
    unit === "ratio"
      ? `${oneDecimal(size * 100)}\u00a0point${size * 100 >= 2 ? "s" : ""}`
      : inUnit(unit, size);
  if (!/[1-9]/.test(amount)) return amount;
  return `${value > 0 ? "+" : "−"}${amount}`;
};

/** What stands in a cell: the value, or why there is none. */
export const shown = (row, write, column = "value") => {
  const value = row?.[column];
  if (row?.suppressed) return "secret statistique";
  return value === null || value === undefined || Number.isNaN(value) ? "non calculable" : write(value);
};

/** The same month one year earlier, as a number to compare with. */
export const yearBefore = (value) => Date.UTC(value.getUTCFullYear() - 1, value.getUTCMonth(), 1);

/** Whether a row holds a figure that may be shown. */
export const hasFigure = (row, column = "value") =>
  row !== undefined && !row.suppressed && Number.isFinite(row[column]);

/** What the indicator aims at, in words: objectif ≤ 5,5 %, alerte au‑delà de 8,0 %; as many as it has. */
export const objectives = (row) => {
  const up = row.good_direction === "up";
  const words = [];
  if (Number.isFinite(row.target)) {
    words.push(`objectif ${up ? "≥" : "≤"}\u00a0${inUnit(row.unit, row.target)}`);
  }
  if (Number.isFinite(row.red)) {
    words.push(`alerte ${up ? "sous" : "au\u2011delà de"} ${inUnit(row.unit, row.red)}`);
  }
  return words;
};

/**
 * How a value moved between two rows of one indicator: { text, better }. `better` is undefined when it did not move
 * enough to matter, and there is no answer when one of the two is missing or secret.
 */
export const movement = (unit, goodDirection, before, after) => {
  if (!hasFigure(before) || !hasFigure(after)) return undefined;
  const step = unit === "ratio" ? (after.value - before.value) * 100 : after.value - before.value;
  const size = Math.abs(step);
  if (size < (unit === "number" ? 0.005 : 0.05)) return { text: "stable", better: undefined };
  const amount = unit === "ratio" ? `${oneDecimal(size)} point${size >= 2 ? "s" : ""}` : inUnit(unit, size);
  const better = step > 0 === (goodDirection === "up");
  return { text: `${step > 0 ? "+" : "−"}${amount}`, better };
};

const plain = /[A-Za-z0-9_-]/;

/** An identifier as one piece of an address: what is not a plain letter, digit, _ or - is written ~ and its code. */
export const toPath = (identifier) =>
  [...identifier]
    .map((character) => (plain.test(character) ? character : `~${character.codePointAt(0).toString(16)}.`))
    .join("");

/** The identifier that `toPath` wrote. */
export const fromPath = (path) =>
  path.replace(/~([0-9a-f]+)\./g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)));

/** The address of the page of one indicator, agency or alert. */
export const pathOf = (folder, identifier) => `/${folder}/${toPath(identifier)}/`;
