import type { FeatureMatrix } from "../../models/household-risk/features.ts";
import type { Meaning } from "./households.ts";
import { decimalFr, wholeFr } from "./statements.ts";

/** How many reasons are told of one household at most. */
export interface ReasonLimits {
  readonly raising: number;
  readonly lowering: number;
  /** What adds less to the log-odds, up or down, is told with the rest. */
  readonly least: number;
}

/** Reasons of many households, one place a reason: which household, its place among its reasons, which term, how much. */
export interface Reasons {
  readonly count: number;
  readonly row: Int32Array;
  readonly position: Int32Array;
  /** Place among the terms; -1 for all that is not told in words. */
  readonly term: Int32Array;
  readonly contribution: Float64Array;
}

/** Takes contributions household by household, and gives the reasons of all. */
export interface ReasonChooser {
  /** The contributions of one more household, which are those of `rows[at · terms …]`. */
  take(row: number, contributions: Float64Array, at: number): void;
  reasons(): Reasons;
}

/**
 * Chooses what is told of each household: what raises its score most, then what lowers it most, in order of
 * size, equal ones in the terms' order. All the rest is one reason more, so that they add up to the whole.
 */
export function chooseReasons(terms: number, households: number, limits: ReasonLimits): ReasonChooser {
  const most = Math.min(limits.raising + limits.lowering, terms) + 1;
  const row = new Int32Array(households * most);
  const position = new Int32Array(households * most);
  const term = new Int32Array(households * most);
  const contribution = new Float64Array(households * most);
  let count = 0;
  const told = new Int32Array(limits.raising + limits.lowering);

  return {
    take(household, contributions, at) {
      const raising = largest(
        { contributions, at, terms, sign: 1, limit: limits.raising },
        limits.least,
        told,
        0,
      );
      const lowering = largest(
        { contributions, at, terms, sign: -1, limit: limits.lowering },
        limits.least,
        told,
        raising,
      );
      let others = 0;
      for (let place = 0; place < terms; place++) {
        if (!told.subarray(0, raising + lowering).includes(place)) others += contributions[at + place] ?? 0;
      }
      for (let place = 0; place < raising + lowering; place++) {
        const chosen = told[place] ?? 0;
        put(household, place + 1, chosen, contributions[at + chosen] ?? 0);
      }
      if (raising + lowering < terms) put(household, raising + lowering + 1, -1, others);
    },
    reasons: () => ({
      count,
      row: row.subarray(0, count),
      position: position.subarray(0, count),
      term: term.subarray(0, count),
      contribution: contribution.subarray(0, count),
    }),
  };

  function put(household: number, place: number, chosen: number, adds: number): void {
    row[count] = household;
    position[count] = place;
    term[count] = chosen;
    contribution[count] = adds;
    count += 1;
  }
}

interface OneSide {
  readonly contributions: Float64Array;
  readonly at: number;
  readonly terms: number;
  readonly sign: 1 | -1;
  readonly limit: number;
}

/** Puts the places of the largest contributions of one sign into `told` from `from` on; how many there are. */
function largest(
  { contributions, at, terms, sign, limit }: OneSide,
  least: number,
  told: Int32Array,
  from: number,
): number {
  let found = 0;
  for (let place = 0; place < terms; place++) {
    const size = sign * (contributions[at + place] ?? 0);
    if (!(size > 0) || size < least) continue;
    if (found === limit && size <= sign * (contributions[at + (told[from + found - 1] ?? 0)] ?? 0)) continue;
    if (limit === 0) continue;
    if (found < limit) found += 1;
    let slot = from + found - 1;
    while (slot > from && sign * (contributions[at + (told[slot - 1] ?? 0)] ?? 0) < size) {
      told[slot] = told[slot - 1] ?? 0;
      slot -= 1;
    }
    told[slot] = place;
  }
  return found;
}

/** What a term of a model is made of: its features, by their places in the matrix. */
export interface ShownTerm {
  readonly name: string;
  readonly features: readonly number[];
}

/** Writes reasons in French, from the sentences that the features' meanings give. */
export function reasonWriter(
  meanings: readonly Meaning[],
  matrix: FeatureMatrix,
  terms: readonly ShownTerm[],
): (row: number, term: number, raises: boolean) => string {
  const usual = new Map<number, number>();
  const ofFeature = matrix.features.map(({ name }) => meanings.find((meaning) => meaning.name === name));
  const sentence = (feature: number, row: number, raises: boolean): string => {
    const meaning = ofFeature[feature];
    const spec = matrix.features[feature];
    if (meaning === undefined || spec === undefined) throw new Error(`no meaning of feature ${feature}`);
    const value = matrix.columns[feature]?.[row] ?? Number.NaN;
    if (!Number.isFinite(value)) return meaning.missingFr;
    const words = raises ? meaning.raisesFr : meaning.lowersFr;
    const level = spec.levels?.[value];
    const told =
      level === undefined ? valueFr(meaning.display, value) : (meaning.wordsFr.get(level) ?? level);
    return words.replaceAll("{value}", told);
  };
  return (row, term, raises) => {
    const shown = terms[term];
    if (shown === undefined) return raises ? "autres éléments du dossier" : "autres éléments favorables";
    const [only] = shown.features;
    if (only !== undefined && shown.features.length === 1) return sentence(only, row, raises);
    const risky = shown.features.map((feature) => speaksOfRisk(feature, row, raises));
    const both = shown.features
      .map((feature, place) => sentence(feature, row, risky[place] ?? raises))
      .join(", et en même temps ");
    // Two worrying signs that together weigh less than their sum reassure nobody: they say the same thing twice.
    return !raises && risky.every(Boolean) ? `deux signes qui se recoupent : ${both}` : both;
  };

  /**
   * Which of a feature's two sentences is true of this household. A pair may lower the risk of somebody whose one feature
   * raises it: its words are those of the values, beside what is usual, and not of what the pair adds.
   */
  function speaksOfRisk(feature: number, row: number, raises: boolean): boolean {
    const direction = matrix.features[feature]?.direction ?? "none";
    if (direction === "none") return raises;
    const value = matrix.columns[feature]?.[row] ?? Number.NaN;
    const usual = usualOf(feature);
    return direction === "increasing" ? value > usual : value < usual;
  }

  function usualOf(feature: number): number {
    const known = usual.get(feature);
    if (known !== undefined) return known;
    const values = (matrix.columns[feature] ?? new Float32Array()).filter(Number.isFinite).sort();
    const middle = values[values.length >> 1] ?? 0;
    usual.set(feature, middle);
    return middle;
  }
}

/** A feature's value as its sentence holds it: in French, with its unit; nothing where the sentence has no place for it. */
export function valueFr(display: string, value: number): string {
  switch (display) {
    case "count":
      return wholeFr(value);
    case "days":
      return counted(Math.round(value), "jour", "jours");
    case "months":
      return Math.round(value) < 24
        ? counted(Math.round(value), "mois", "mois")
        : counted(Math.floor(Math.round(value) / 12), "an", "ans");
    case "people":
      return counted(Math.round(value), "personne", "personnes");
    case "percent":
      return `${wholeFr(100 * value)}\u202f%`;
    case "change":
      return `${value > 0 ? "+" : ""}${wholeFr(100 * value)}\u202f%`;
    case "terms":
      return `${decimalFr(value, 1)} ${Math.abs(value) < 2 ? "terme" : "termes"}`;
    case "euros":
      return `${wholeFr(value)} €`;
    case "square_metres":
      return `${wholeFr(value)} m²`;
    case "decimal":
      return decimalFr(value, 1);
    default:
      return "";
  }
}

function counted(count: number, one: string, many: string): string {
  return `${wholeFr(count)} ${Math.abs(count) < 2 ? one : many}`;
}
