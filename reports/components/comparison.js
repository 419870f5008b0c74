/** What pages say of agencies compared with households of the same situation, the same words everywhere. */
import { pathOf, twoDecimals, whole } from "./french.js";

/** Whether an agency differs from what its households' situation led to expect. */
export const flags = {
  worse: "moins bien qu’attendu",
  better: "mieux qu’attendu",
  none: "dans l’attendu",
};

/** What an agency's row says in words. */
export const verdict = (row) => {
  if (row.suppressed) return "secret statistique";
  return row.judged === false ? "trop peu de ménages pour juger" : (flags[row.flag] ?? flags.none);
};

/** The look of a flag. */
export const tones = { worse: "bad", better: "good", none: "plain" };

/** « 1,42 (de 1,31 à 1,53) » */
export const ratioText = (row) => {
  if (row.suppressed) return "secret statistique";
  if (!Number.isFinite(row.ratio)) return "non calculable";
  const bounds =
    Number.isFinite(row.low) && Number.isFinite(row.high)
      ? ` (de ${twoDecimals(row.low)} à ${twoDecimals(row.high)})`
      : "";
  return `${twoDecimals(row.ratio)}${bounds}`;
};

/** « 1er à 4e » */
export const rankText = (row) => {
  const rank = (value) => `${whole(value)}${value === 1 ? "er" : "e"}`;
  if (!Number.isFinite(row.rank_low) || !Number.isFinite(row.rank_high)) return "–";
  return row.rank_low === row.rank_high
    ? rank(row.rank_low)
    : `${rank(row.rank_low)} à ${rank(row.rank_high)}`;
};

/** Agencies of one indicator as rows of intervals, from the best to the worst. */
export const ratioRows = (rows) => {
  const sign = rows[0]?.good_direction === "up" ? -1 : 1;
  const at = (row) => (Number.isFinite(row.ratio) ? sign * row.ratio : Number.POSITIVE_INFINITY);
  return [...rows]
    .sort((one, other) => (at(one) < at(other) ? -1 : at(one) > at(other) ? 1 : 0))
    .map((row) => ({
      label: row.slice_label,
      value: row.ratio,
      low: row.low,
      high: row.high,
      tone: row.suppressed ? "plain" : (tones[row.flag] ?? "plain"),
      text: row.suppressed ? "secret statistique" : `${ratioText(row)} · ${verdict(row)}`,
    }));
};

/** The page that compares agencies on one indicator. */
export const comparisonPath = (indicator) => pathOf("agences", indicator);
