import type { Duel } from "../../models/household-risk/gate.ts";
import { RULES } from "../../models/household-risk/rules.ts";
import { numberFr } from "../french-number.ts";
import { dateFr } from "../notify/french.ts";
import type { Question } from "./model-memory.ts";

interface FallenWords {
  readonly one: string;
  readonly many: string;
  readonly verbOfOne: string;
  readonly verb: string;
}

const FALLEN: Readonly<Record<Question, FallenWords>> = {
  onset: {
    one: "entrée en impayé",
    many: "entrées en impayé",
    verbOfOne: "est entré en impayé",
    verb: "sont entrés en impayé",
  },
  worsening: {
    one: "passage à trois termes dus",
    many: "passages à trois termes dus",
    verbOfOne: "a atteint trois termes dus",
    verb: "ont atteint trois termes dus",
  },
};

/** « 412 entrées en impayé » */
export function fallenFr(question: Question, count: number): string {
  const { one, many } = FALLEN[question];
  return `${wholeFr(count)} ${count < 2 ? one : many}`;
}

/** What a rule goes by: « le retard moyen de paiement sur douze mois ». */
export function ruleFr(name: string): string {
  return RULES.find((rule) => rule.name === name)?.labelFr ?? name;
}

/** Why the simple rule serves where there is too little to learn from. */
export function tooFewFr(question: Question, rule: string, fallen: number, least: number): string {
  const { verbOfOne, verb } = FALLEN[question];
  // How many they are may be a secret: few households are not counted before those who see none.
  const some = fallen === 0 ? `aucun ménage n’${verbOfOne}` : `trop peu de ménages ${verb}`;
  return (
    `La règle simple sert, d’après ${ruleFr(rule)} : dans l’historique qui peut servir à apprendre, ${some}, ` +
    `et il en faut ${wholeFr(least)}.`
  );
}

/** Why the simple rule serves where nobody says how many households can be called. */
export function noCapacityFr(rule: string): string {
  return (
    `La règle simple sert, d’après ${ruleFr(rule)} : la capacité d’appel des équipes n’est pas déclarée, ` +
    "si bien qu’aucun modèle ne peut être jugé sur ce qu’il leur apporterait."
  );
}

/** What a gate found: the duels of the challenger, and those of the logistic regression where that one serves. */
interface GateFacts {
  /** Past dates that the lists were made for. */
  readonly dates: number;
  readonly rule: string;
  readonly duels: readonly Duel[];
  readonly duelsOfLogistic?: readonly Duel[];
}

/** What the gate found, in words. */
export function gateFr(
  question: Question,
  trainedAsOf: string,
  { dates, rule, duels, duelsOfLogistic }: GateFacts,
): string {
  const against = (duelsOfLogistic ?? duels).find(({ role }) => role === "rule");
  const model =
    duelsOfLogistic === undefined ? "modèle" : "modèle le plus simple (une régression logistique)";
  const facts =
    `Sur ${wholeFr(dates)} dates passées qu’il ne connaissait pas, et à nombre d’appels égal, ` +
    `le ${model} appris le ${dateFr(trainedAsOf)} aurait repéré ${fallenFr(question, against?.caughtByChallenger ?? 0)} ; ` +
    `la règle simple (${ruleFr(rule)}), ${wholeFr(against?.caughtByRival ?? 0)}`;
  const lost = duels.filter(({ passed }) => !passed);
  if (duelsOfLogistic !== undefined)
    return `${facts} : ${moreFr(against)}. Il sert parce qu’un modèle plus détaillé ne fait pas sûrement mieux (${moreFr(lost[0])}).`;
  if (lost.length === 0)
    return `${facts} : ${moreFr(against)}. Il fait au moins aussi bien que les autres méthodes, à la marge admise près.`;
  const reasons = lost.map((duel) =>
    duel.role === "rule"
      ? `l’avantage sur la règle n’est pas sûr (${moreFr(duel)})`
      : `rien n’assure qu’il fasse au moins aussi bien que ${ROLE[duel.role]} (${moreFr(duel)})`,
  );
  return `${facts}. Il n’est pas retenu : ${reasons.join(" ; ")}.`;
}

const ROLE: Readonly<Record<Duel["role"], string>> = {
  rule: "la règle",
  champion: "le modèle en place",
  logistic: "la régression logistique",
};

/** « 17,7 % de plus, entre 12,0 % et 24,1 % » */
function moreFr(duel: Duel | undefined): string {
  if (duel === undefined) return "aucune comparaison";
  const { value, low, high } = duel.difference;
  const said = value < 0 ? `${percentFr(-value)} de moins` : `${percentFr(value)} de plus`;
  return `${said}, entre ${percentFr(low)} et ${percentFr(high)} avec 95\u202f% de confiance`;
}

/** What stands in place after a challenger was beaten, or between two trainings. */
export function keptFr(trainedAsOf: string): string {
  return `Le modèle appris le ${dateFr(trainedAsOf)} reste en place.`;
}

/** What serves where a challenger was beaten and there is no model. */
export function ruleServesFr(rule: string): string {
  return `La règle simple sert, d’après ${ruleFr(rule)}.`;
}

/** Why a model that is there does not serve. */
export function withdrawnFr(trainedAsOf: string): string {
  return `Le modèle appris le ${dateFr(trainedAsOf)} a été retiré par une personne.`;
}

/** Why a model does not serve tonight although nothing else is wrong with it. */
export function driftedFr(rule: string): string {
  return (
    "Les situations de cette nuit s’écartent trop de celles dont le modèle a appris : par prudence, " +
    `la règle simple sert en attendant, d’après ${ruleFr(rule)}.`
  );
}

/** What was refused tonight, by name. */
export function refusedFr(refused: readonly string[]): string {
  return refused.length === 0 ? "" : `Écarté cette nuit : ${refused.join(" ; ")}.`;
}

/** A file or a model that is damaged. */
export function damagedFr(name: string): string {
  return `${name}, illisible ou modifié depuis qu’il a été écrit`;
}

/** A model that reads other features than tonight's. */
export function foreignFr(version: string): string {
  return `${version}, appris sur d’autres données que celles d’aujourd’hui`;
}

/** Until when a model's lists are given to nobody. */
export function shadowFr(until: string): string {
  return (
    `Jusqu’au ${dateFr(until)}, le modèle est en observation : ses listes sont établies et comparées à ce qui arrive, ` +
    "et ne sont remises à personne."
  );
}

/** « 12,5 % »; a negative one with its sign. */
export function percentFr(share: number): string {
  return `${decimalFr(share * 100, 1)}\u202f%`;
}

/** « 17 000 » */
export function wholeFr(count: number): string {
  return decimalFr(count, 0);
}

/** « 0,91 », « −3,0 » */
export function decimalFr(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return "non mesuré";
  return numberFr(value, decimals).replace("-", "−");
}
