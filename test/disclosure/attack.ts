/** One figure as a reader sees it; null where it is withheld. */
export interface PublishedFigure {
  readonly indicator: string;
  readonly level: string;
  readonly slice: string;
  readonly sector: string | null;
  readonly month: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly volume: number | null;
}

const PARTS = ["numerator", "denominator", "volume"] as const;
export type Part = (typeof PARTS)[number];

/** A number that was withheld, worked out. */
export interface Found {
  readonly indicator: string;
  readonly part: Part;
  readonly level: string;
  readonly slice: string;
  readonly month: string;
  readonly value: number;
}

interface Sum {
  readonly terms: ReadonlyMap<string, number>;
  readonly total: number;
}

/**
 * A reader who has every published file, knows that agencies make their sector and sectors the company, notices every sum
 * or equality that holds between published columns wherever he can see it (A = B, A = B + C, also against the month
 * before), and solves the whole system of equations for what was withheld.
 */
export function attack(figures: readonly PublishedFigure[]): {
  readonly noticed: string[];
  readonly found: Found[];
} {
  const columns = readColumns(figures);
  const rules = notice(columns);
  const unknown = new Map<string, Found>();
  for (const figure of figures)
    for (const part of PARTS)
      if (figure[part] === null) unknown.set(cellOf(figure, part), { ...figure, part, value: Number.NaN });
  const sums: Sum[] = [...upwards(figures, unknown)];
  const places = [...new Set(figures.map(({ level, slice, month }) => `${level}/${slice} ${month}`))];
  for (const rule of rules)
    for (const place of places) {
      const terms = new Map<string, number>();
      let total = 0;
      let complete = true;
      for (const [column, lag, factor] of rule) {
        const cell = `${column} ${lag === 0 ? place : monthBefore(place)}`;
        const value = columns.get(column)?.get(lag === 0 ? place : monthBefore(place));
        if (value !== undefined) total -= factor * value;
        else if (unknown.has(cell)) terms.set(cell, (terms.get(cell) ?? 0) + factor);
        else complete = false;
      }
      if (complete && terms.size > 0) sums.push({ terms, total });
    }
  const found = solve(sums).flatMap(([cell, value]): Found[] => {
    const hidden = unknown.get(cell);
    return hidden === undefined ? [] : [{ ...hidden, value }];
  });
  return { noticed: rules.map((rule) => rule.map(tellTerm).join(" ")), found };
}

type Columns = Map<string, Map<string, number>>;
type Rule = readonly (readonly [column: string, lag: 0 | 1, factor: number])[];

function readColumns(figures: readonly PublishedFigure[]): Columns {
  const columns: Columns = new Map();
  for (const figure of figures)
    for (const part of PARTS) {
      const value = figure[part];
      if (value === null) continue;
      const name = `${figure.indicator}.${part}`;
      const column = columns.get(name) ?? new Map<string, number>();
      columns.set(name, column);
      column.set(`${figure.level}/${figure.slice} ${figure.month}`, value);
    }
  return columns;
}

const SEEN_ENOUGH = 20;

/** Sums of two or three columns that hold wherever all are published, and do so often enough to be no chance. */
function notice(columns: Columns): Rule[] {
  const names = [...columns.keys()].filter((name) => (columns.get(name)?.size ?? 0) >= SEEN_ENOUGH);
  const lagged = (name: string, lag: 0 | 1, place: string) =>
    columns.get(name)?.get(lag === 0 ? place : monthBefore(place));
  const holds = (rule: Rule) => {
    let seen = 0;
    let telling = 0;
    const [first] = rule;
    if (first === undefined) return false;
    for (const place of columns.get(first[0])?.keys() ?? []) {
      let total = 0;
      let scale = 0;
      let complete = true;
      for (const [column, lag, factor] of rule) {
        const value = lagged(column, lag, place);
        if (value === undefined) {
          complete = false;
          break;
        }
        total += factor * value;
        scale = Math.max(scale, Math.abs(value));
      }
      if (!complete) continue;
      if (Math.abs(total) > 0.011) return false;
      seen++;
      if (scale > 12) telling++;
    }
    return seen >= SEEN_ENOUGH && telling >= SEEN_ENOUGH / 2;
  };
  const rules: Rule[] = [];
  for (const [i, one] of names.entries()) {
    for (const other of names.slice(i + 1)) {
      const same: Rule = [
        [one, 0, 1],
        [other, 0, -1],
      ];
      if (holds(same)) rules.push(same);
    }
    for (const other of names) {
      const before: Rule = [
        [one, 0, 1],
        [other, 1, -1],
      ];
      if (holds(before)) rules.push(before);
    }
  }
  const isAlias = new Set(
    rules.filter((rule) => rule.every(([, lag]) => lag === 0)).map((rule) => rule[1]?.[0]),
  );
  const own = names.filter((name) => !isAlias.has(name));
  for (const whole of own)
    for (const [i, one] of own.entries()) {
      if (one === whole) continue;
      for (const other of own.slice(i + 1)) {
        if (other === whole) continue;
        const parts: Rule = [
          [whole, 0, 1],
          [one, 0, -1],
          [other, 0, -1],
        ];
        if (holds(parts)) rules.push(parts);
      }
    }
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const group = /^(.+)\.[^.]+\.numerator$/.exec(name)?.[1];
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  for (const parts of groups.values()) {
    if (parts.length < 3) continue;
    for (const whole of own) {
      const all: Rule = [[whole, 0, 1], ...parts.map((part) => [part, 0, -1] as const)];
      if (!parts.includes(whole) && holds(all)) rules.push(all);
    }
  }
  return rules;
}

/** The sums over levels. */
function upwards(figures: readonly PublishedFigure[], unknown: ReadonlyMap<string, unknown>): Sum[] {
  const sums = new Map<string, { terms: Map<string, number>; total: number; parts: number }>();
  const add = (key: string, cell: string, value: number | null, factor: number) => {
    const sum = sums.get(key) ?? { terms: new Map<string, number>(), total: 0, parts: 0 };
    sums.set(key, sum);
    sum.parts++;
    if (value !== null) sum.total -= factor * value;
    else if (unknown.has(cell)) sum.terms.set(cell, factor);
  };
  for (const figure of figures)
    for (const part of PARTS) {
      const cell = cellOf(figure, part);
      const name = `${figure.indicator}.${part} ${figure.month}`;
      const value = figure[part];
      add(`${name} ${figure.level}/${figure.slice}`, cell, value, -1);
      if (figure.level === "agency") add(`${name} sector/${figure.sector}`, cell, value, 1);
      if (figure.level === "sector") add(`${name} company/company`, cell, value, 1);
    }
  return [...sums.values()].filter((sum) => sum.parts > 1 && sum.terms.size > 0);
}

/** Elimination with numbers; gives each cell that one equation alone ends up telling. */
function solve(sums: readonly Sum[]): [string, number][] {
  const rows = new Map<string, { terms: Map<string, number>; total: number }>();
  const uses = new Map<string, Set<string>>();
  const note = (pivot: string, terms: ReadonlyMap<string, number>) => {
    for (const cell of terms.keys()) {
      const pivots = uses.get(cell) ?? new Set<string>();
      uses.set(cell, pivots.add(pivot));
    }
  };
  const subtract = (row: { terms: Map<string, number>; total: number }, other: Sum, factor: number) => {
    for (const [cell, value] of other.terms) {
      const left = (row.terms.get(cell) ?? 0) - factor * value;
      if (Math.abs(left) < 1e-9) row.terms.delete(cell);
      else row.terms.set(cell, left);
    }
    row.total -= factor * other.total;
  };
  for (const sum of sums) {
    const row = { terms: new Map(sum.terms), total: sum.total };
    for (const cell of [...row.terms.keys()]) {
      const known = rows.get(cell);
      const factor = row.terms.get(cell);
      if (known !== undefined && factor !== undefined) subtract(row, known, factor);
    }
    const [pivot] = row.terms.keys();
    if (pivot === undefined) continue;
    const factor = row.terms.get(pivot) ?? 1;
    for (const [cell, value] of row.terms) row.terms.set(cell, value / factor);
    row.total /= factor;
    for (const other of uses.get(pivot) ?? []) {
      const target = rows.get(other);
      const times = target?.terms.get(pivot);
      if (target === undefined || times === undefined) continue;
      subtract(target, row, times);
      note(other, row.terms);
    }
    rows.set(pivot, row);
    note(pivot, row.terms);
  }
  return [...rows].flatMap(([cell, row]) =>
    row.terms.size === 1 ? [[cell, row.total] as [string, number]] : [],
  );
}

function cellOf(
  figure: Pick<PublishedFigure, "indicator" | "level" | "slice" | "month">,
  part: Part,
): string {
  return `${figure.indicator}.${part} ${figure.level}/${figure.slice} ${figure.month}`;
}

const earlier = new Map<string, string>();

/** The same place a month before. */
function monthBefore(place: string): string {
  const known = earlier.get(place);
  if (known !== undefined) return known;
  const cut = place.lastIndexOf(" ") + 1;
  const month = new Date(Date.parse(place.slice(cut)) - 86_400_000).toISOString().slice(0, 7);
  const before = `${place.slice(0, cut)}${month}-01`;
  earlier.set(place, before);
  return before;
}

function tellTerm([column, lag, factor]: Rule[number]): string {
  return `${factor < 0 ? "−" : "+"} ${column}${lag === 1 ? " of the month before" : ""}`;
}
