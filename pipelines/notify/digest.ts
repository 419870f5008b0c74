import { z } from "zod";
import { changeFr, dateFr, figureFr, ofMonthFr } from "./french.ts";

/** What tonight changed about one alert: a row of `alert.digest`. */
export const alertChange = z.object({
  alert_id: z.string(),
  change: z.enum(["opened", "worsened", "closed"]),
  level: z.enum(["company", "sector", "agency"]),
  slice_id: z.string(),
  slice_fr: z.string(),
  agencies: z.array(z.string()),
  indicator_fr: z.string(),
  unit: z.string(),
  kind: z.enum(["level_red", "shift_red"]),
  month: z.string(),
  value: z.number().nullable(),
  value_before: z.number().nullable(),
  target: z.number().nullable(),
  red: z.number().nullable(),
  months_red: z.number(),
  main_fr: z.string().nullable(),
  main_weight: z.number().nullable(),
  action_fr: z.string().nullable(),
  owner_fr: z.string().nullable(),
  due_on: z.string().nullable(),
});

export type AlertChange = z.infer<typeof alertChange>;

/** One part of a digest: a heading and what is said under it. */
export interface DigestPart {
  readonly heading: string;
  readonly alerts: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** The words of one digest, from which a mail or a card is made. */
export interface Digest {
  readonly subject: string;
  readonly opening: string;
  readonly parts: readonly DigestPart[];
  readonly closing: string;
  readonly link: string | undefined;
}

/**
 * The digest of one agency, sector or company: what opened, worsened and closed tonight, in this order. `changes` are of
 * that slice only, at least one. Nothing in it tells of a household.
 */
export function digestOf(changes: readonly AlertChange[], asOf: string, siteUrl: string | undefined): Digest {
  const [first] = changes;
  if (first === undefined) throw new Error("a digest tells at least one change");
  const parts = (["opened", "worsened", "closed"] as const).flatMap((change) => {
    const alerts = changes.filter((each) => each.change === change);
    if (alerts.length === 0) return [];
    return [{ heading: HEADINGS[change], alerts: alerts.map(wordsOf) }];
  });
  const counted = (["opened", "worsened", "closed"] as const).flatMap((change) => {
    const count = changes.filter((each) => each.change === change).length;
    return count === 0 ? [] : [COUNTED[change](count)];
  });
  return {
    subject: `${first.slice_fr} : ${counted.join(", ")}`,
    opening: `Voici ce qui a changé pour ${placeOf(first)} : données au ${dateFr(asOf)}, clôture ${ofMonthFr(first.month)}.`,
    parts,
    closing:
      "Chaque alerte a un plan, un responsable et une date. Derrière chaque impayé il y a un ménage : prendre contact tôt et proposer une solution tenable reste la première réponse. Ce message ne contient aucune donnée sur un ménage.",
    link: linkTo(siteUrl),
  };
}

const HEADINGS = {
  opened: "Nouvelles alertes",
  worsened: "Alertes qui s’aggravent",
  closed: "Alertes terminées",
} as const;

const COUNTED = {
  opened: (count: number) => (count === 1 ? "1 nouvelle alerte" : `${count} nouvelles alertes`),
  worsened: (count: number) => (count === 1 ? "1 alerte s’aggrave" : `${count} alertes s’aggravent`),
  closed: (count: number) => (count === 1 ? "1 alerte terminée" : `${count} alertes terminées`),
} as const;

function placeOf({ level, slice_fr }: AlertChange): string {
  if (level === "company") return `l’ensemble (${slice_fr})`;
  return level === "sector" ? `le secteur ${slice_fr}` : `l’agence ${slice_fr}`;
}

function linkTo(siteUrl: string | undefined): string | undefined {
  return siteUrl === undefined ? undefined : `${siteUrl.replace(/\/$/, "")}/alertes/`;
}

function wordsOf(alert: AlertChange): { title: string; lines: string[] } {
  const title = `${alert.indicator_fr} : ${figureFr(alert.unit, alert.value)}`;
  const lines: string[] = [];
  const limits = [
    ...(alert.red === null ? [] : [`seuil d’alerte ${figureFr(alert.unit, alert.red)}`]),
    ...(alert.target === null ? [] : [`objectif ${figureFr(alert.unit, alert.target)}`]),
  ];
  if (alert.change === "closed") {
    lines.push(`Le chiffre n’est plus en alerte${limits.length > 0 ? ` (${limits.join(", ")})` : ""}.`);
    return { title, lines };
  }
  if (limits.length > 0) lines.push(`${capital(limits.join(", "))}.`);
  if (alert.change === "worsened" && alert.value_before !== null && alert.value !== null) {
    const before = figureFr(alert.unit, alert.value_before);
    lines.push(
      `${changeFr(alert.unit, alert.value - alert.value_before)} depuis le dernier message (${before}).`,
    );
  }
  lines.push(
    alert.kind === "level_red"
      ? `Au-delà du seuil d’alerte${closings(alert.months_red)}.`
      : "Le mouvement du mois sort de ses limites habituelles.",
  );
  if (alert.main_fr !== null && alert.main_weight !== null)
    lines.push(`Ce qui pèse le plus : ${alert.main_fr} (${changeFr(alert.unit, alert.main_weight)}).`);
  if (alert.action_fr !== null && alert.owner_fr !== null && alert.due_on !== null)
    lines.push(
      `Prochaine action : ${alert.action_fr} (${alert.owner_fr}, avant le ${dateFr(alert.due_on)}).`,
    );
  return { title, lines };
}

function closings(count: number): string {
  return count > 1 ? ` depuis ${count} clôtures` : "";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
