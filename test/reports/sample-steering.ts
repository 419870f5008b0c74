import {
  agencies,
  asOf,
  closedMonths,
  type indicatorMonths,
  indicators,
  month,
  type Row,
  slices,
  wobble,
} from "./sample-landlord.ts";

/** The monthly flows behind an indicator, where there are any. */
const flows: readonly (readonly [indicator: string, flow: string])[] = [
  ["recovery_rate_12m", "collection_m0"],
  ["arrears_rate", "onset_rate"],
  ["share_1_term", "onset_rate"],
  ["share_3_terms", "onset_rate"],
  ["share_3_terms", "cure_rate_1m"],
  ["onset_rate", "onset_rate"],
  ["collection_m0", "collection_m0"],
];

/** Which flow stands behind which indicator. */
export const flowRows: Row[] = flows.map(([indicator_id, flow_id]) => ({
  indicator_id,
  flow_id,
  flow_fr: indicators.find(({ id }) => id === flow_id)?.label ?? flow_id,
  unit: "ratio",
}));

/** Target and thresholds of each slice: half of them the landlord's own, the others proposed from its past. */
export const objectiveRows: Row[] = indicators.flatMap((indicator, index) => {
  const { thresholds } = indicator;
  if (thresholds === undefined) return [];
  return slices.map((slice, position): Row => {
    const own = slice.level === "company" || index % 2 === 0;
    const easier = indicator.good === "up" ? 0.997 : 1.04;
    return {
      indicator_id: indicator.id,
      level: slice.level,
      slice_id: slice.id,
      target: own ? thresholds.target : thresholds.target * easier,
      amber: thresholds.amber,
      red: thresholds.red,
      minimum_volume: 200,
      source: own ? "landlord" : "proposed",
      source_fr: own ? "fixé par le bailleur" : "proposé",
      proposed_target: thresholds.target * (indicator.good === "up" ? 0.999 : 1 + 0.02 * (position % 3)),
      basis_fr: own
        ? "Fixé par le bailleur"
        : "Le meilleur quart de ses douze derniers mois, à situation de ménages égale",
    };
  });
});

type Figure = ReturnType<typeof indicatorMonths>[number];

/** Control limits of each flow; two months of Nantes Nord lie above them. */
export const controlRows = (figures: readonly Figure[]): Row[] =>
  [...new Set(flows.map(([, flow]) => flow))].flatMap((flow_id) =>
    slices.flatMap((slice) => {
      const months = figures.filter(
        (row) => row.indicator_id === flow_id && row.level === slice.level && row.slice_id === slice.id,
      );
      const values = months.map((row) => Number(row.value)).filter(Number.isFinite);
      const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
      return months
        .filter((row) => row.is_partial === false)
        .map((row, index): Row => {
          const judged = index >= 24;
          const width = mean * (slice.level === "agency" ? 0.14 : 0.08);
          const expected = mean * (1 + 0.05 * Math.cos(((index - 1) * Math.PI) / 6));
          const out = flow_id === "onset_rate" && slice.id === "A02" && index >= closedMonths - 2;
          const observed = out ? expected + 1.4 * width : expected + 0.6 * width * wobble(slice.id, index);
          return {
            flow_id,
            level: slice.level,
            slice_id: slice.id,
            month: row.month ?? null,
            observed: row.suppressed ? null : observed,
            expected: judged && !row.suppressed ? expected : null,
            low: judged && !row.suppressed ? expected - width : null,
            high: judged && !row.suppressed ? expected + width : null,
            volume: row.volume ?? null,
            verdict: out ? "above" : "none",
            judged: judged && !row.suppressed,
          };
        });
    }),
  );

type Alert = {
  indicator: string;
  slice: string;
  kind: "level_red" | "shift_red";
  opened: number;
  trend: "new" | "worsened" | "unchanged" | "improved";
  closed?: boolean;
};

const opened: Alert[] = [
  { indicator: "arrears_rate", slice: "A02", kind: "level_red", opened: 53, trend: "worsened" },
  { indicator: "onset_rate", slice: "A02", kind: "shift_red", opened: 57, trend: "new" },
  { indicator: "share_3_terms", slice: "A02", kind: "level_red", opened: 51, trend: "unchanged" },
  { indicator: "arrears_rate", slice: "A07", kind: "level_red", opened: 55, trend: "improved" },
  { indicator: "recovery_rate_12m", slice: "A11", kind: "level_red", opened: 56, trend: "unchanged" },
  { indicator: "unlawful_fees", slice: "company", kind: "level_red", opened: 57, trend: "new" },
  { indicator: "share_1_term", slice: "A03", kind: "level_red", opened: 47, trend: "improved", closed: true },
];

const alertId = (alert: Alert) =>
  `${alert.indicator}/${alert.slice}/${alert.kind}/${month(alert.opened).slice(0, 7)}`;
const trends = { new: "Nouveau", worsened: "S’aggrave", unchanged: "Stable", improved: "S’améliore" };
const sliceOf = (id: string) => slices.find((slice) => slice.id === id);
const indicatorOf = (id: string) => indicators.find((indicator) => indicator.id === id);

/** Alerts, open and closed. */
export const alertRows = (figures: readonly Figure[]): Row[] =>
  opened.map((alert, position) => {
    const indicator = indicatorOf(alert.indicator);
    const slice = sliceOf(alert.slice);
    const value = (index: number) =>
      figures.find(
        (row) =>
          row.indicator_id === alert.indicator && row.slice_id === alert.slice && row.month === month(index),
      )?.value ?? null;
    return {
      alert_id: alertId(alert),
      position: position + 1,
      indicator_id: alert.indicator,
      family: indicator?.family ?? null,
      label_fr: indicator?.label ?? null,
      unit: indicator?.unit ?? null,
      good_direction: indicator?.good ?? null,
      level: slice?.level ?? null,
      slice_id: alert.slice,
      slice_label: slice?.label ?? null,
      kind: alert.kind,
      opened_on: `${month(alert.opened + 1).slice(0, 7)}-02`,
      opened_month: month(alert.opened),
      base_month: month(alert.opened - 12),
      month: month(closedMonths - 1),
      closed_on: alert.closed === true ? "2026-11-02" : null,
      status: alert.closed === true ? "closed" : "open",
      trend: alert.trend,
      trend_fr: trends[alert.trend],
      value_at_opening: value(alert.opened),
      value: value(closedMonths - 1),
      target: indicator?.thresholds?.target ?? null,
      red: indicator?.thresholds?.red ?? null,
      months_red: closedMonths - alert.opened,
      change: alert.trend === "new" ? "opened" : alert.trend === "worsened" ? "worsened" : null,
    };
  });

const dimensions = [
  ["tenure", "Ancienneté dans le logement", ["moins de 2 ans", "2 à 5 ans", "5 à 10 ans", "plus de 10 ans"]],
  [
    "rent_burden",
    "Part du loyer dans les ressources",
    ["moins de 20 %", "20 à 30 %", "plus de 30 %", "inconnu"],
  ],
  ["benefit_direct", "Aide au logement", ["versée au bailleur", "versée au ménage", "sans aide"]],
] as const;

/** The slices that explain each alert; along one dimension they sum to the whole change. */
export const explanationRows: Row[] = opened
  .filter(({ indicator }) => indicator !== "unlawful_fees")
  .flatMap((alert) =>
    dimensions.flatMap(([dimension, dimension_fr, names]) =>
      names.map((slice_fr, index): Row => {
        const sign = indicatorOf(alert.indicator)?.good === "up" ? -1 : 1;
        const performance =
          sign * 0.004 * (names.length - index - 1.2) * (1 + 0.3 * wobble(dimension, index));
        const mix = sign * 0.0012 * wobble(`${dimension}/${alert.slice}`, index);
        return {
          alert_id: alertId(alert),
          dimension,
          dimension_fr,
          slice: slice_fr,
          slice_fr,
          contribution: performance + mix,
          mix,
          performance,
          position: index + 1,
        };
      }),
    ),
  );

const actions = [
  [
    "Appeler chaque ménage entré en impayé depuis moins d’un mois",
    "agency_adviser",
    "conseillère d’agence",
    10,
  ],
  [
    "Revoir les dossiers au-delà de trois termes avec la CESF",
    "cesf",
    "conseillère en économie sociale et familiale",
    30,
  ],
  ["Proposer le versement direct de l’aide au logement", "agency_manager", "responsable d’agence", 45],
] as const;

const dayAfter = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The plan of each alert: who does what by when, and what it changed. */
export const planRows: Row[] = opened.flatMap((alert) =>
  actions
    .slice(0, alert.trend === "new" ? 3 : 2)
    .map(([action_fr, owner_role, owner_fr, days], index): Row => {
      const opened_on = `${month(alert.opened + 1).slice(0, 7)}-02`;
      const due_on = dayAfter(opened_on, days);
      const measured = index === 0 && alert.trend !== "new";
      const sign = indicatorOf(alert.indicator)?.good === "up" ? 1 : -1;
      return {
        plan_id: `${alertId(alert)}/${index + 1}`,
        alert_id: alertId(alert),
        position: index + 1,
        action_fr,
        owner_role,
        owner_fr,
        opened_on,
        due_on,
        expected_effect: sign * 0.004,
        expected_fr: "ramener la part des ménages concernés d’un demi-point en trois mois",
        status: measured ? "measured" : due_on < asOf ? "due" : "open",
        measured_effect: measured ? sign * 0.0031 : null,
        measured_low: measured ? sign * 0.0031 - 0.0022 : null,
        measured_high: measured ? sign * 0.0031 + 0.0022 : null,
        measured_basis_fr: measured ? "Écart à ce que les mois précédents laissaient attendre" : null,
      };
    }),
);

const compared = ["share_1_term", "share_3_terms", "onset_rate", "cure_rate_3m"];

/** Observed over expected of each agency at the last closing, with intervals, ranks and the funnel's limits. */
export const standardisedRows: Row[] = compared.flatMap((indicator_id) => {
  const indicator = indicatorOf(indicator_id);
  const ratios = agencies.map((agency, index) => {
    const ratio =
      agency.id === "A02" ? 1.42 : agency.id === "A09" ? 0.71 : 1 + 0.13 * wobble(indicator_id, index);
    const half = 4.2 / Math.sqrt(agency.leases);
    return { agency, ratio, half };
  });
  const order = [...ratios].sort((one, other) => one.ratio - other.ratio);
  return ratios.map(({ agency, ratio, half }): Row => {
    const suppressed = agency.id === "A14";
    const rank = order.findIndex((row) => row.agency.id === agency.id) + 1;
    const high = ratio > 1 + half;
    const expected = 0.06 * (0.7 + 0.5 * agency.hardship);
    const worse = indicator?.good === "up" ? ratio < 1 - half : high;
    const better = indicator?.good === "up" ? high : ratio < 1 - half;
    const shown = (value: number) => (suppressed ? null : value);
    return {
      indicator_id,
      label_fr: indicator?.label ?? null,
      unit: indicator?.unit ?? null,
      good_direction: indicator?.good ?? null,
      position: compared.indexOf(indicator_id) + 1,
      slice_id: agency.id,
      slice_label: agency.label,
      month: month(closedMonths - 1),
      ratio: shown(ratio),
      low: shown(ratio - half),
      high: shown(ratio + half),
      households: agency.leases,
      raw_value: shown(expected * ratio),
      expected_value: shown(expected),
      judged: !suppressed && agency.leases >= 400,
      rank: shown(rank),
      rank_low: shown(Math.max(1, rank - 3)),
      rank_high: shown(Math.min(agencies.length, rank + 3)),
      flag: suppressed ? "none" : worse ? "worse" : better ? "better" : "none",
      funnel_low_95: shown(1 - half),
      funnel_high_95: shown(1 + half),
      funnel_low_998: shown(1 - 1.55 * half),
      funnel_high_998: shown(1 + 1.55 * half),
      overdispersed: indicator_id !== "onset_rate",
      suppressed,
    };
  });
});

const merged = ["A08", "A09", "A10"];

/** Agencies that came by a merger. */
export const mergerRows: Row[] = merged.map((agency_id, index) => ({
  agency_id,
  agency_label: agencies.find(({ id }) => id === agency_id)?.label ?? null,
  merged_on: month(30 + 6 * index),
  last_merged_on: month(30 + 6 * index),
  former_agencies: `R${index + 1}1, R${index + 1}2`,
  landlords: index === 0 ? null : "Habitat de Vilaine",
}));

/** What changed with the mergers: three agencies with a comparison, one indicator without. */
export const mergerEffectRows: Row[] = ["share_3_terms", "arrears_rate"].flatMap((indicator_id, which) =>
  ["all", ...merged].map((agency_id, index): Row => {
    const indicator = indicatorOf(indicator_id);
    const estimate = 0.006 - 0.002 * index;
    const compared_to = which === 0;
    return {
      agency_id,
      agency_label: agencies.find(({ id }) => id === agency_id)?.label ?? "Toutes les agences fusionnées",
      indicator_id,
      label_fr: indicator?.label ?? null,
      unit: indicator?.unit ?? null,
      good_direction: indicator?.good ?? null,
      position: which + 1,
      merged_on: agency_id === "all" ? null : month(30 + 6 * (index - 1)),
      estimate,
      low: compared_to ? estimate - 0.005 : null,
      high: compared_to ? estimate + 0.005 : null,
      p_value: compared_to ? 0.04 + 0.1 * index : null,
      p_value_before: compared_to ? 0.4 : null,
      controls: compared_to ? 11 : 0,
      basis: compared_to ? "difference_in_differences" : "before_after",
      statement_fr: compared_to
        ? "Par rapport aux agences non encore fusionnées, la part a monté de 0,6 point dans les douze mois qui ont suivi la fusion."
        : "Avant/après sans témoin : le taux était de 6,1 % avant la fusion et de 6,4 % après.",
    };
  }),
);

/** The months before and after the mergers. */
export const mergerPathRows: Row[] = ["share_3_terms", "arrears_rate"].flatMap((indicator_id) =>
  Array.from({ length: 25 }, (_, index) => index - 12).map((relative_month): Row => {
    const estimate =
      relative_month < 0 ? 0.0006 * wobble(indicator_id, relative_month) : 0.0005 * relative_month;
    return {
      agency_id: "all",
      indicator_id,
      relative_month,
      estimate,
      low: estimate - 0.003,
      high: estimate + 0.003,
      period: relative_month < 0 ? "before" : "after",
    };
  }),
);

const outcomes = [
  ["cured_60_days", "Sortis d’impayé dans les 60 jours"],
  ["relapsed_6_months", "De nouveau en impayé dans les six mois"],
] as const;

/** Effects of actions, one of which cannot be estimated. */
export const effectRows: Row[] = (
  [
    ["call", "Appel, plutôt que rien", 1840, 1702, 0.061],
    ["interview", "Entretien orienté solutions, plutôt que standard", 412, 371, 0.094],
    ["letter", "Première lettre, plutôt que rien", 5120, 0, undefined],
  ] as const
).flatMap(([action, label_fr, treated, matched, effect], position) =>
  outcomes.map(([outcome, outcome_fr], index): Row => {
    const estimable = effect !== undefined;
    const difference = estimable ? effect * (index === 0 ? 1 : -0.2) : null;
    const from = (value: number) => (difference === null ? null : difference + value);
    return {
      comparison_id: action,
      position: position + 1,
      basis: "matched",
      action,
      outcome,
      label_fr,
      outcome_fr,
      treated,
      matched,
      overlap_share: matched / treated,
      share_treated: from(0.42),
      share_control: estimable ? 0.42 : null,
      difference,
      low: from(-0.05),
      high: from(0.05),
      estimable,
      statement_fr: estimable
        ? "Écart avec des ménages semblables qui n’avaient pas encore eu cette action. Le hasard seul l’explique mal."
        : "Non estimable sans groupe témoin : à date fixe, presque tous ceux qui étaient dans le même cas l’ont eue.",
      caveat_fr: estimable
        ? "Comparaison sans tirage au sort : elle ne prouve pas la cause. Ce que les équipes savent et que les fichiers ne disent pas peut expliquer une partie de l’écart."
        : "Les parts observées chez ceux qui l’ont eue ne disent rien de ce qui serait arrivé sans elle.",
    };
  }),
);

/** How much the households compared are alike. */
export const overlapRows: Row[] = effectRows
  .filter(({ estimable, outcome }) => estimable && outcome === "cured_60_days")
  .flatMap(({ comparison_id, matched }) =>
    Array.from({ length: 10 }, (_, bin) => ({
      comparison_id: comparison_id ?? null,
      bin: bin + 1,
      treated: Math.round((Number(matched) / 10) * (1 + 0.7 * Math.sin(bin / 3))),
      controls: Math.round((Number(matched) / 8) * (1 + 0.7 * Math.cos(bin / 3))),
    })),
  );
