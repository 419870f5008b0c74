import type { MergerEffect } from "../../models/merger-effect/merger-study.ts";
import type { MergerIndicator } from "./merger-panel.ts";

const SUBJECT: Readonly<Record<MergerIndicator, string>> = {
  share_1_term: "la part des ménages devant au moins 1 terme",
  share_3_terms: "la part des ménages devant au moins 3 termes",
  onset_rate: "le taux mensuel d’entrée en impayé",
};

/** What may be said of a merger that is held against agencies not yet merged. */
export function comparedStatement(
  indicator: MergerIndicator,
  effect: MergerEffect,
  closings: number,
): string {
  const { estimate, low, high, pValue, pValueBefore, controls } = effect;
  const sentences = [
    `Sur les ${closings} clôtures au plus qui suivent la fusion, ${SUBJECT[indicator]} évolue de ${points(estimate)} par rapport ${
      controls === 1
        ? "à l’agence qui n’était pas encore fusionnée"
        : `aux ${controls} agences qui n’étaient pas encore fusionnées`
    }, à situation des ménages comparable (${interval(low, high)} ; p = ${number(pValue, 3)}).`,
    pValue < SURE
      ? "Le hasard seul explique mal cet écart."
      : "Le hasard seul peut expliquer cet écart : on ne conclut pas.",
  ];
  if (pValueBefore < SURE)
    sentences.push(
      "Avant la fusion déjà, les agences n’évoluaient pas de la même façon : à lire avec prudence.",
    );
  return sentences.join(" ");
}

/** What may be said where nothing can be held against: before and after, and no word of cause. */
export function beforeAfterStatement(indicator: MergerIndicator, estimate: number, closings: number): string {
  return [
    `Avant/après sans témoin : entre les mois d’avant et les ${closings} clôtures au plus qui suivent la fusion, ${
      SUBJECT[indicator]
    } évolue de ${points(estimate)}, à situation des ménages comparable.`,
    "Aucune agence ne permet de savoir comment elle aurait évolué sans fusion.",
  ].join(" ");
}

const SURE = 0.05;

function interval(low: number | null, high: number | null): string {
  if (low === null || high === null) return "trop peu d’agences pour donner un intervalle";
  return `intervalle à 95 % : de ${points(low)} à ${points(high)}`;
}

function points(share: number): string {
  const value = 100 * share;
  const sign = value < 0 ? "−" : "+";
  const size = Math.abs(value);
  return `${sign}${number(size, 2)} point${Math.round(100 * size) / 100 < 2 ? "" : "s"}`;
}

function number(value: number, digits: number): string {
  return value.toFixed(digits).replace(".", ",");
}
