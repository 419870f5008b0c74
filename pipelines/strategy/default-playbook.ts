import type { PlannedAction } from "./planned-action.ts";

/** The roles that the usual actions name, with their words on screen. */
export const DEFAULT_ROLES: Readonly<Record<string, string>> = {
  agency_manager: "Direction de l’agence",
  prevention_desk: "Pôle prévention des impayés",
  litigation_desk: "Pôle contentieux et suivi social",
  social_adviser: "Conseillère sociale (CESF) du secteur",
  accounting: "Comptabilité locataires",
  recovery_manager: "Responsable du recouvrement",
};

const ASSUMED = "hypothèse prudente de départ, à remplacer par l’effet mesuré";
const SOLUTION_FOCUSED =
  "hypothèse prudente : les études sur l’approche orientée solutions sont favorables, mais peu portent sur le logement social";

const CALL_EARLY: PlannedAction = {
  action:
    "Appeler dans les dix jours chaque ménage dont le premier terme est impayé, pour comprendre avant d’écrire à nouveau",
  owner: "prevention_desk",
  days: 30,
  expected: -0.005,
  source: ASSUMED,
};
const SOLUTION_FOCUSED_INTERVIEW: PlannedAction = {
  action:
    "Proposer un entretien orienté solutions, en binôme recouvrement et travail social, aux ménages qui doivent plusieurs termes",
  owner: "social_adviser",
  days: 60,
  expected: -0.005,
  source: SOLUTION_FOCUSED,
};
const PLAN_OFFER: PlannedAction = {
  action:
    "Proposer un plan d’apurement tenable, calculé sur le reste à vivre, à chaque ménage joint qui n’en a pas",
  owner: "prevention_desk",
  days: 45,
  expected: -0.003,
  source: ASSUMED,
};
const HOUSING_FUND: PlannedAction = {
  action:
    "Examiner avec les ménages concernés une demande au FSL et l’ouverture ou le rétablissement de leurs droits",
  owner: "social_adviser",
  days: 60,
  expected: -0.003,
  source: ASSUMED,
};
const DIRECT_BENEFIT: PlannedAction = {
  action:
    "Proposer le versement direct de l’aide au logement au bailleur aux ménages qui la perçoivent eux-mêmes",
  owner: "prevention_desk",
  days: 60,
  expected: -0.002,
  source: ASSUMED,
};
const withoutFigure = (action: string, owner: string, days: number): PlannedAction => ({
  action,
  owner,
  days,
  expected: null,
  source: "effet attendu à fixer avec le responsable",
});
const REVIEW = withoutFigure(
  "Réunir l’agence et les pôles autour des tranches qui expliquent l’écart et décider qui contacter en premier",
  "agency_manager",
  15,
);

/**
 * The usual answer to an indicator in alert, by indicator or by family: early contact, solution-focused interviews,
 * plans that can be kept, aid that fits. Never more fees. An indicator's own plan comes before that of its family.
 */
export const DEFAULT_PLANS: Readonly<Record<string, readonly PlannedAction[]>> = {
  arrears_rate: [CALL_EARLY, SOLUTION_FOCUSED_INTERVIEW, DIRECT_BENEFIT],
  share_1_term: [CALL_EARLY, DIRECT_BENEFIT],
  share_2_terms: [CALL_EARLY, PLAN_OFFER, SOLUTION_FOCUSED_INTERVIEW],
  share_3_terms: [SOLUTION_FOCUSED_INTERVIEW, PLAN_OFFER, HOUSING_FUND],
  share_12_months: [
    SOLUTION_FOCUSED_INTERVIEW,
    HOUSING_FUND,
    withoutFigure(
      "Revoir un à un les dossiers anciens en commission : droits, plan, relogement adapté, avant toute suite contentieuse",
      "litigation_desk",
      60,
    ),
  ],
  share_late: [CALL_EARLY, PLAN_OFFER],
  onset_rate: [
    {
      action:
        "Contacter avant l’échéance les ménages dont la situation a changé et proposer une autre date de prélèvement",
      owner: "prevention_desk",
      days: 30,
      expected: -0.002,
      source: ASSUMED,
    },
    CALL_EARLY,
    withoutFigure(
      "Faire à l’entrée dans les lieux le diagnostic social des nouveaux locataires",
      "social_adviser",
      60,
    ),
  ],
  recovery_rate_12m: [
    { ...CALL_EARLY, expected: 0.002 },
    { ...PLAN_OFFER, expected: 0.002 },
    withoutFigure(
      "Vérifier les encaissements en attente d’affectation et les régularisations de charges avant toute relance",
      "accounting",
      15,
    ),
  ],
  fees_to_principal: [
    withoutFigure(
      "Cesser d’imputer des frais de relance, vérifier ceux qui restent et annuler ceux que le bail ou la loi n’autorise pas",
      "litigation_desk",
      30,
    ),
  ],
  unlawful_fees: [
    withoutFigure(
      "Annuler les frais interdits et en informer par écrit les ménages concernés",
      "litigation_desk",
      15,
    ),
    withoutFigure("Retirer du logiciel les libellés de frais que la loi interdit", "accounting", 30),
  ],
  chased_though_paid: [
    withoutFigure("Présenter des excuses aux ménages relancés à tort", "agency_manager", 15),
    withoutFigure(
      "Raccourcir le délai entre l’encaissement et son affectation, et suspendre les relances pendant l’attente",
      "accounting",
      30,
    ),
  ],
  plan_kept_rate: [
    withoutFigure(
      "Appeler dans la semaine chaque ménage dont une mensualité de plan manque",
      "prevention_desk",
      30,
    ),
    withoutFigure(
      "Revoir avec la conseillère sociale les plans dont la mensualité dépasse ce que le ménage peut tenir",
      "social_adviser",
      45,
    ),
  ],
  reaction_days: [
    withoutFigure(
      "Réserver chaque semaine un temps d’appel aux premiers impayés, dès le dixième jour",
      "prevention_desk",
      30,
    ),
  ],
  freshness: [
    withoutFigure("Relancer la livraison des fichiers et vérifier l’export automatique", "accounting", 7),
  ],
  recovery: [REVIEW, withoutFigure("Vérifier les encaissements en attente d’affectation", "accounting", 15)],
  arrears: [REVIEW, { ...CALL_EARLY, expected: null }, { ...SOLUTION_FOCUSED_INTERVIEW, expected: null }],
  departed: [
    withoutFigure(
      "Prendre contact avec les locataires partis dans le mois du départ et leur proposer un échéancier",
      "litigation_desk",
      45,
    ),
    withoutFigure(
      "Préparer le départ avec le ménage dès le congé : état du compte, dépôt de garantie, adresse nouvelle",
      "agency_manager",
      60,
    ),
  ],
  ageing: [REVIEW, { ...PLAN_OFFER, expected: null }, { ...HOUSING_FUND, expected: null }],
  flows: [REVIEW, { ...CALL_EARLY, expected: null }, { ...PLAN_OFFER, expected: null }],
  fees: [
    withoutFigure(
      "Affecter les paiements d’abord au loyer et revoir les frais restant dus",
      "accounting",
      30,
    ),
  ],
  conduct: [
    withoutFigure(
      "Revoir avec l’équipe les dossiers hors procédure et ce qui a empêché de la tenir",
      "recovery_manager",
      30,
    ),
  ],
  plans: [
    withoutFigure(
      "Revoir les plans rompus avec la conseillère sociale et proposer des mensualités tenables",
      "social_adviser",
      45,
    ),
  ],
  social: [
    withoutFigure(
      "Faire le point sur les dossiers CAF, FSL et CCAPEX en retard et fixer une date pour chacun",
      "social_adviser",
      30,
    ),
  ],
  cost: [REVIEW, { ...PLAN_OFFER, expected: null }],
  productivity: [
    withoutFigure(
      "Regarder avec les équipes la charge de chacun et ce qui peut être automatisé sans perdre le contact humain",
      "recovery_manager",
      45,
    ),
  ],
};
