import { agencies, closedMonths, month, type Row, wobble } from "./sample-landlord.ts";

/** Scopes of the sample, each with its agencies: no household of the one may stand in a file of the other. */
const scopes = {
  loire: { name: "Secteur Loire", agencies: ["A01", "A02", "A03", "A04", "A05"] },
  vilaine: { name: "Secteur Vilaine", agencies: ["A06", "A07", "A08", "A09", "A10"] },
} as const;

export type ScopeName = keyof typeof scopes;

/** What the sample's night says of the model behind its scores. */
export type ModelState = "model" | "rule" | "shadow";

const ofScope = { scope_id: "varchar" };

/** What the night's own row says besides on a site of a scope. */
export const scopeColumns = {
  ...ofScope,
  scope_fr: "varchar",
  agencies: "integer",
  horizon_months: "integer",
};

/** Columns of the tables of prevention, with their DuckDB types. */
export const preventionColumns: Record<string, Record<string, string>> = {
  agency: {
    ...ofScope,
    agency_id: "varchar",
    agency_fr: "varchar",
    sector: "varchar",
    position: "integer",
    list_size: "integer",
    listed: "integer",
  },
  household: {
    ...ofScope,
    lease_id: "varchar",
    position: "integer",
    agency_id: "varchar",
    agency_fr: "varchar",
    name_fr: "varchar",
    representative_fr: "varchar",
    entered_on: "date",
    probability: "double",
    of_100: "integer",
    horizon_on: "date",
    place: "integer",
    kept: "boolean",
    listed_since: "date",
    stratum_fr: "varchar",
    segment: "varchar",
    segment_fr: "varchar",
    help_fr: "varchar",
    other_help_fr: "varchar",
    channel_fr: "varchar",
    freshness_days: "integer",
    expires_on: "date",
    months: "varchar",
  },
  reason: {
    ...ofScope,
    lease_id: "varchar",
    position: "integer",
    side: "varchar",
    reason_code: "varchar",
    reason_fr: "varchar",
    text_fr: "varchar",
    contribution: "double",
    share: "double",
  },
  excluded: {
    ...ofScope,
    reason: "varchar",
    reason_fr: "varchar",
    position: "integer",
    households: "integer",
    at_risk: "integer",
  },
  segment: {
    ...ofScope,
    segment: "varchar",
    label_fr: "varchar",
    description_fr: "varchar",
    help_fr: "varchar",
    position: "integer",
    households: "integer",
    share: "double",
    share_year_before: "double",
    moved_in: "integer",
    moved_out: "integer",
  },
  segment_month: { ...ofScope, segment: "varchar", month: "date", households: "integer", share: "double" },
  list_month: {
    ...ofScope,
    month: "date",
    onsets: "integer",
    alerted: "integer",
    missed: "integer",
  },
  list_value: {
    ...ofScope,
    first_month: "date",
    last_month: "date",
    lists: "integer",
    lists_given: "integer",
    listed: "integer",
    contacted: "integer",
    spared: "integer",
    false_alarms: "integer",
    precision_uncontacted: "double",
    stability: "double",
    onsets: "integer",
    alerted: "integer",
    missed: "integer",
    reached: "integer",
    warning_days: "double",
  },
};

/** A household's last 24 months as the strip shows them. */
function monthsOf(key: string): string {
  const months = Array.from({ length: 24 }, (_, i) => {
    const at = closedMonths - 23 + i;
    const luck = wobble(key, at) + (i > 17 ? -0.25 : 0.15);
    const late = Math.max(-3, Math.round(4 + i / 3 - 9 * luck));
    if (i === 23) return [month(at).slice(0, 7), "open", null, null, 0];
    if (luck < -0.85) return [month(at).slice(0, 7), "none", 0, null, i % 2];
    if (luck < -0.55) return [month(at).slice(0, 7), "partial", Math.round(60 + 30 * luck) / 100, null, 0];
    return [month(at).slice(0, 7), late > 10 ? "late" : "on_time", 1, late, 0];
  });
  return JSON.stringify(months.slice(key.endsWith("3") ? 14 : 0));
}

const people = [
  ["Madame", "Arnaud Lucie"],
  ["Monsieur", "Bertin Karim"],
  ["Madame et Monsieur", "Cosson Anne et Yves"],
  ["Madame", "Diallo Aminata"],
  ["Monsieur", "Evrard Joël"],
  ["Madame", "Fernandes Maria-Assunção de la Sainte-Trinité"],
] as const;

const segments = [
  ["steady", "Régulier, à l’heure", "Paie en entier, à peu près le même jour chaque mois.", 0.58],
  ["late_regular", "Régulier, en retard", "Paie en entier, chaque mois après la date.", 0.17],
  ["in_pieces", "En plusieurs fois", "Paie en plusieurs versements dans le mois.", 0.11],
  ["irregular", "Irrégulier", "Paie à des dates et pour des montants qui changent.", 0.09],
  ["new", "Trop récent", "Moins de six mois de paiements : rien ne se dit encore.", 0.05],
] as const;

const raising = [
  ["rejected_hardship_3", "Prélèvement rejeté", "prélèvement rejeté deux fois en 3 mois"],
  ["days_late_trend", "Paiement de plus en plus tardif", "paiement de plus en plus tardif depuis 6 mois"],
  ["benefit_missing_months", "Aide au logement suspendue", "aide au logement suspendue depuis 2 mois"],
  [
    "rent_burden",
    "Poids du loyer",
    "le loyer, aide déduite, prend 38 % des ressources connues, et la part a augmenté depuis un an",
  ],
] as const;
const lowering = [
  ["tenure_months", "Ancienneté dans le logement", "locataire depuis 14 ans"],
  ["direct_debit", "Prélèvement", "paie par prélèvement automatique"],
] as const;

const helps = [
  "Proposer de verser l’aide au logement directement au bailleur",
  "Proposer une autre date de paiement, après l’arrivée des ressources",
  "Faire le point avec la CAF sur les droits suspendus",
  null,
];

interface Listed {
  readonly scope: ScopeName;
  readonly lease: string;
  readonly agency: (typeof agencies)[number];
  readonly index: number;
  readonly place: number;
}

/** The households listed in a scope: as many in each agency, the most at risk first. */
export function listedIn(scope: ScopeName): Listed[] {
  const own = agencies.filter(({ id }) => (scopes[scope].agencies as readonly string[]).includes(id));
  return own
    .flatMap((agency, at) =>
      people.map((_, place) => ({ scope, agency, index: 6 * at + place, place: place + 1, lease: "" })),
    )
    .sort((one, other) => one.place - other.place || one.agency.id.localeCompare(other.agency.id))
    .map((listed) => ({
      ...listed,
      lease: `${scope === "loire" ? "L" : "V"}-${String(4_070_000 + 131 * listed.index)}`,
    }));
}

function householdRow(scope: ScopeName, listed: Listed, position: number): Row {
  const probability = 0.52 - 0.0105 * position;
  const segment = segments[(listed.index * 3 + 1) % segments.length] ?? segments[0];
  const [civility, name] = people[listed.place - 1] ?? people[0];
  return {
    scope_id: scope,
    lease_id: listed.lease,
    position: position + 1,
    agency_id: listed.agency.id,
    agency_fr: listed.agency.label,
    name_fr: listed.place === 5 ? null : `${civility} ${name}`,
    representative_fr: listed.place === 2 ? "UDAF de Loire-Atlantique" : null,
    entered_on: listed.place === 3 ? "2026-09-01" : "2014-03-15",
    probability,
    of_100: Math.round(100 * probability),
    horizon_on: "2027-02-28",
    place: listed.place,
    kept: listed.index % 3 > 0,
    listed_since: listed.index % 3 > 0 ? "2026-11-04" : "2026-11-18",
    stratum_fr: listed.place === 3 ? "Nouvel entrant" : "Jamais d’impayé",
    segment: segment[0],
    segment_fr: segment[1],
    help_fr: helps[listed.index % helps.length] ?? null,
    other_help_fr: listed.index % 3 === 0 ? "Faire le point sur le budget avec la conseillère sociale" : null,
    channel_fr: listed.place === 2 ? "par courrier au représentant légal" : "par téléphone",
    freshness_days: 2,
    expires_on: "2027-02-16",
    months: monthsOf(listed.lease),
  };
}

function reasonRows(scope: ScopeName, listed: Listed): Row[] {
  const first = listed.index % raising.length;
  const up = [0, 1, 2].map((step) => raising[(first + step) % raising.length] ?? raising[0]);
  const reasons = [
    ...up.map((reason, at) => [reason, "raises", 1.3 / (at + 1)] as const),
    ...lowering.map((reason, at) => [reason, "lowers", -0.5 / (at + 1)] as const),
  ];
  return reasons.map(([[code, label, text], side, contribution], at) => ({
    scope_id: scope,
    lease_id: listed.lease,
    position: at + 1,
    side,
    reason_code: code,
    reason_fr: label,
    text_fr: text,
    contribution,
    share: Math.abs(contribution) / 1.3,
  }));
}

const listMonths = Array.from({ length: 9 }, (_, i) => {
  const at = closedMonths - 12 + i;
  const onsets = 21 + Math.round(6 * wobble("onsets", at));
  const alerted = Math.round(onsets * (0.52 + 0.12 * wobble("caught", at)));
  return { month: month(at), onsets, alerted, missed: onsets - alerted };
});

/** What the night's row says of the scope. */
export const scopeRow = (scope: ScopeName): Row => ({
  scope_id: scope,
  scope_fr: scopes[scope].name,
  agencies: scopes[scope].agencies.length,
  horizon_months: 3,
});

/** The rows of every table of prevention that tells of one scope. */
export function scopeTables(scope: ScopeName, state: ModelState, bare: boolean): Record<string, Row[]> {
  const { name, agencies: own } = scopes[scope];
  const listed = bare || state === "shadow" ? [] : listedIn(scope);
  const sum = (key: "onsets" | "alerted" | "missed") =>
    listMonths.reduce((total, row) => total + row[key], 0);
  return {
    agency: agencies
      .filter(({ id }) => (own as readonly string[]).includes(id))
      .map(({ id, label }, at) => ({
        scope_id: scope,
        agency_id: id,
        agency_fr: label,
        sector: name,
        position: at + 1,
        list_size: people.length,
        listed: listed.length / own.length,
      })),
    household: listed.map((one, position) => householdRow(scope, one, position)),
    reason: listed.flatMap((one) => reasonRows(scope, one)),
    excluded: bare
      ? []
      : [
          ["contacted", "contactés ces dernières semaines", 43],
          ["helped", "déjà aidés", 12],
          ["hold", "suspension en cours : on ne les sollicite pas", 7],
        ].map(([reason = "", words = "", households = 0], at) => ({
          scope_id: scope,
          reason,
          reason_fr: words,
          position: at + 1,
          households,
          at_risk: at === 0 ? 9 : 0,
        })),
    segment: segments.map(([segment, label, description, share], at) => ({
      scope_id: scope,
      segment,
      label_fr: label,
      description_fr: description,
      help_fr: segment === "late_regular" ? "Une date de paiement mieux placée" : null,
      position: at + 1,
      households: Math.round(6400 * share),
      share,
      share_year_before: bare ? null : share + 0.01 * (at - 2),
      moved_in: 40 + 11 * at,
      moved_out: 62 - 9 * at,
    })),
    segment_month: segments.flatMap(([segment, , , share]) =>
      Array.from({ length: bare ? 1 : 24 }, (_, i) => ({
        scope_id: scope,
        segment,
        month: month(closedMonths - 1 - i),
        households: Math.round(6400 * share),
        share: share * (1 + 0.05 * wobble(segment, i)),
      })),
    ),
    list_month: bare ? [] : listMonths.map((row) => ({ scope_id: scope, ...row })),
    list_value: bare
      ? []
      : [
          {
            scope_id: scope,
            first_month: listMonths[0]?.month ?? null,
            last_month: listMonths.at(-1)?.month ?? null,
            lists: 9,
            lists_given: 2,
            listed: 412,
            contacted: 122,
            spared: 88,
            false_alarms: 201,
            precision_uncontacted: 0.31,
            stability: 0.83,
            onsets: sum("onsets"),
            alerted: sum("alerted"),
            missed: sum("missed"),
            reached: 61,
            warning_days: 64,
          },
        ],
  };
}

const { list_month, list_value, segment, segment_month } = preventionColumns;

/** The tables of prevention that directors read: the landlord as a whole, and its agencies, without a household. */
export const directorsColumns: Record<string, Record<string, string>> = {
  risk_list_month: { ...list_month, suppressed: "boolean" },
  risk_list_value: { ...list_value, level: "varchar", suppressed: "boolean" },
  risk_list_agency: {
    agency_id: "varchar",
    agency_fr: "varchar",
    position: "integer",
    listed: "integer",
    contacted_share: "double",
    onsets: "integer",
    caught_share: "double",
    suppressed: "boolean",
  },
  risk_segment: { ...segment },
  risk_segment_month: { ...segment_month, suppressed: "boolean" },
};
for (const columns of Object.values(directorsColumns)) delete columns.scope_id;

/** Their rows: one scope's figures serve for the whole. */
export function directorsTables(bare: boolean): Record<string, Row[]> {
  const whole = scopeTables("loire", "model", bare);
  return {
    risk_list_month: (whole.list_month ?? []).map((row) => ({ ...row, suppressed: false })),
    risk_list_value: (whole.list_value ?? []).map((row) => ({ ...row, level: "company", suppressed: false })),
    risk_list_agency: bare
      ? []
      : agencies.map(({ id, label }, at) => ({
          agency_id: id,
          agency_fr: label,
          position: at + 1,
          listed: 90 + 7 * at,
          contacted_share: 0.6 + 0.02 * at,
          onsets: id === "A14" ? null : 34 + at,
          caught_share: id === "A14" ? null : 0.41 + 0.015 * at,
          suppressed: id === "A14",
        })),
    risk_segment: whole.segment ?? [],
    risk_segment_month: (whole.segment_month ?? []).map((row) => ({ ...row, suppressed: false })),
  };
}

const answers = {
  model: {
    served: "model",
    statement_fr:
      "Le modèle repère davantage de ménages que la meilleure règle simple, à nombre d’appels égal : 58 % contre 49 %.",
    in_shadow: false,
  },
  rule: {
    served: "rule",
    statement_fr:
      "La règle simple sert, d’après le retard moyen de paiement sur douze mois : trop peu de ménages sont entrés en impayé, et il en faut 100.",
    in_shadow: false,
  },
  shadow: {
    served: "model",
    statement_fr:
      "Jusqu’au 31 janvier 2027, le modèle est en observation : ses listes ne sont remises à personne.",
    in_shadow: true,
  },
} as const;

export const riskColumns: Record<string, Record<string, string>> = {
  risk_model: {
    question: "varchar",
    question_fr: "varchar",
    position: "integer",
    model_version: "varchar",
    trained_as_of: "date",
    served: "varchar",
    statement_fr: "varchar",
    in_shadow: "boolean",
    shadow_until: "date",
    training_rows: "integer",
  },
  risk_card: {
    question: "varchar",
    section: "varchar",
    position: "integer",
    title_fr: "varchar",
    text_fr: "varchar",
  },
  risk_evaluation: {
    question: "varchar",
    model: "varchar",
    model_fr: "varchar",
    position: "integer",
    is_serving: "boolean",
    caught_share: "double",
    caught_low: "double",
    caught_high: "double",
    precision: "double",
    auc: "double",
    households: "integer",
    onsets: "integer",
  },
  risk_importance: {
    question: "varchar",
    term: "varchar",
    label_fr: "varchar",
    position: "integer",
    importance: "double",
    share: "double",
  },
  risk_fairness: {
    attribute: "varchar",
    attribute_fr: "varchar",
    group_key: "varchar",
    group_fr: "varchar",
    position: "integer",
    suppressed: "boolean",
    households: "integer",
    recall: "double",
    gap: "double",
    low: "double",
    high: "double",
    verdict: "varchar",
    verdict_fr: "varchar",
    false_omission_rate: "double",
  },
  risk_drift: {
    question: "varchar",
    feature: "varchar",
    label_fr: "varchar",
    position: "integer",
    psi: "double",
    usual: "double",
    level: "varchar",
    level_fr: "varchar",
    action_fr: "varchar",
  },
};

const importances = [
  ["days_late_mean_3", "Retard moyen des 3 derniers mois", 0.41],
  ["rejected_hardship_12", "Prélèvements rejetés faute de provision", 0.32],
  ["months_since_arrears", "Temps depuis le dernier impayé", 0.25],
  ["rent_burden", "Poids du loyer dans les ressources", 0.17],
  ["benefit_missing_months", "Mois sans l’aide au logement attendue", 0.12],
] as const;

/** The rows of the tables on the model, the same for every scope. */
export function riskTables(state: ModelState, bare: boolean): Record<string, Row[]> {
  const answer = answers[state];
  return {
    risk_model: [
      { question: "onset", question_fr: "Entrée en impayé", ...answer },
      {
        question: "worsening",
        question_fr: "Aggravation",
        served: "rule",
        in_shadow: false,
        statement_fr:
          "Trop peu d’aggravations pour apprendre : la règle simple « solde dû » sert à classer ces ménages.",
      },
    ].map((row, at) => ({
      ...row,
      position: at + 1,
      model_version: row.served === "model" ? "2026-11-01.1" : null,
      trained_as_of: row.served === "model" ? "2026-11-01" : null,
      shadow_until: row.in_shadow ? "2027-01-31" : null,
      training_rows: 248_120,
    })),
    risk_card: bare
      ? []
      : [
          [
            "purpose",
            "À quoi sert ce score",
            "À appeler avant la dette, pour proposer une aide. Jamais à punir.",
          ],
          [
            "limits",
            "Ce qu’il ne sait pas faire",
            "Il ne voit ni une séparation, ni une perte d’emploi annoncée.",
          ],
          [
            "data",
            "Ce qu’il regarde",
            "Les paiements, les quittances, l’aide au logement, la composition du foyer.",
          ],
          ["decision", "Qui décide", "Une personne, toujours. Un refus se note avec sa raison."],
        ].map(([section = "", title = "", text = ""], at) => ({
          question: "onset",
          section,
          position: at + 1,
          title_fr: title,
          text_fr: text,
        })),
    risk_evaluation: bare
      ? []
      : ["onset", "worsening"].flatMap((question) =>
          [
            ["champion", "Modèle en service", 0.58],
            ["logistic", "Régression logistique", 0.54],
            ["rule:days_late_last", "Règle : retard du dernier mois", 0.49],
          ].map(([model = "", words = "", share = 0], at) => ({
            question,
            model,
            model_fr: words,
            position: at + 1,
            is_serving: at === (state === "rule" || question === "worsening" ? 2 : 0),
            caught_share: Number(share),
            caught_low: Number(share) - 0.03,
            caught_high: Number(share) + 0.03,
            precision: Number(share) / 2,
            auc: 0.6 + Number(share) / 2,
            households: 31_200,
            onsets: 812,
          })),
        ),
    risk_importance:
      state === "rule"
        ? []
        : importances.map(([term, label, importance], at) => ({
            question: "onset",
            term,
            label_fr: label,
            position: at + 1,
            importance,
            share: importance / 0.41,
          })),
    risk_fairness: bare
      ? []
      : [
          ["age_band", "Âge", "moins de 25 ans", 48, 0.61, 0.03, -0.05, 0.09, "fair", "équitable"],
          [
            "age_band",
            "Âge",
            "75 ans et plus",
            null,
            null,
            null,
            null,
            null,
            "too_few",
            "trop peu pour le dire",
          ],
          ["sex", "Sexe", "femmes", 431, 0.57, -0.01, -0.05, 0.03, "fair", "équitable"],
          [
            "household_size",
            "Taille du foyer",
            "5 personnes et plus",
            66,
            0.41,
            -0.19,
            -0.27,
            -0.11,
            "unfair",
            "inéquitable",
          ],
        ].map(([attribute, words, group, households, recall, gap, low, high, verdict, verdictWords], at) => ({
          attribute: attribute ?? "",
          attribute_fr: words ?? "",
          group_key: group ?? "",
          group_fr: group ?? "",
          position: at + 1,
          suppressed: households === null,
          households: households ?? null,
          recall: recall ?? null,
          gap: gap ?? null,
          low: low ?? null,
          high: high ?? null,
          verdict: verdict ?? "",
          verdict_fr: verdictWords ?? "",
          false_omission_rate: recall === null ? null : 0.012,
        })),
    risk_drift: [
      ["score", "Le score lui-même", 0.04, "green", "stable", "Rien à faire."],
      ["rent_burden", "Poids du loyer", 0.17, "amber", "à surveiller", "Regarder d’où vient le changement."],
    ].map(([feature = "", label = "", psi = 0, level = "", words = "", action = ""], at) => ({
      question: "onset",
      feature,
      label_fr: label,
      position: at + 1,
      psi,
      usual: 0.08,
      level,
      level_fr: words,
      action_fr: action,
    })),
  };
}
