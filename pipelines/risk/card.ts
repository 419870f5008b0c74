import { dateFr } from "../notify/french.ts";
import type { Strategy } from "../strategy/strategy.ts";
import type { Meaning } from "./households.ts";
import type { Figure, Paragraph, Question } from "./model-memory.ts";
import { decimalFr, fallenFr, percentFr, ruleFr, wholeFr } from "./statements.ts";

/** What a card is written from. */
export interface CardFacts {
  readonly question: Question;
  readonly asOf: string;
  readonly served: "additive" | "logistic" | "rule";
  readonly ruleName: string;
  readonly statement: string;
  readonly risk: Strategy["risk"];
  readonly meanings: readonly Meaning[];
  readonly trainingRows: number;
  readonly onsets: number;
  /** Past dates that the figures stand on. */
  readonly dates: number;
  readonly evaluation: readonly Figure[];
}

/** The model's card, in plain French: what it is for, what it cannot do, what it was made of, how good it is, who decides. */
export function writeCard(facts: CardFacts): Paragraph[] {
  const { question, asOf, served, ruleName, risk, meanings } = facts;
  const model = served !== "rule";
  const purpose =
    question === "onset"
      ? "Repérer les ménages présents, sans terme entier dû, qui risquent d’en devoir un d’ici " +
        `${wholeFr(risk.horizon_months)} mois, pour leur proposer de l’aide avant que la dette n’existe.`
      : "Repérer les ménages qui doivent déjà un ou deux termes et risquent d’en devoir trois d’ici " +
        `${wholeFr(risk.horizon_months)} mois, pour les aider pendant qu’un plan reste simple.`;
  const paragraphs: [section: string, title: string, texts: string[]][] = [
    [
      "purpose",
      "À quoi il sert",
      [
        purpose,
        "Un score ouvre une offre d’aide, rien d’autre : ni courrier de relance, ni frais, ni procédure n’en dépend.",
      ],
    ],
    [
      "limits",
      "Ce qu’il ne sait pas faire",
      [
        "Il ne dit pas pourquoi un ménage aura des difficultés ni ce qui l’en sortira : il rapproche des situations passées. " +
          "Une perte d’emploi, une séparation ou une maladie qui ne se voient pas encore dans le compte lui échappent.",
        `Un score vaut ${wholeFr(risk.expires_days)} jours au plus. La plupart des ménages signalés n’entreront pas en impayé, ` +
          "et certains impayés ne seront pas annoncés : les chiffres plus bas disent combien.",
      ],
    ],
    ["data", "De quoi il est fait", dataFr(facts, model)],
    ["figures", "Ce qu’il vaut", figuresFr(facts)],
    [
      "drift",
      "Comment il est surveillé",
      [
        "Chaque nuit, les situations du jour sont comparées à celles dont le modèle a appris, donnée par donnée et score par score " +
          `(indice de stabilité : attention à partir de ${decimalFr(risk.psi_amber, 2)}, action à partir de ${decimalFr(risk.psi_red, 2)}). ` +
          "Un écart rouge d’une donnée se vérifie, et avance l’apprentissage suivant si les scores bougent avec elle ; si les scores " +
          "eux-mêmes sont au rouge, la règle simple reprend la main.",
        `Un modèle est appris au plus tôt tous les ${wholeFr(risk.retrain_days)} jours, et ne remplace ce qui est en place qu’après ` +
          "avoir fait ses preuves sur des mois passés qu’il ne connaissait pas. L’équité entre groupes de ménages est mesurée à part, " +
          "dans le tableau d’équité.",
      ],
    ],
    [
      "decision",
      "Qui décide",
      [
        "Une personne décide de chaque contact, et dit pourquoi quand elle écarte un signalement. La direction du bailleur approuve " +
          "le modèle, peut le retirer à tout moment et revenir au précédent.",
        facts.statement,
        model
          ? `Fiche écrite à l’apprentissage du ${dateFr(asOf)}.`
          : `Fiche de la règle simple (${ruleFr(ruleName)}), au ${dateFr(asOf)}.`,
      ],
    ],
  ];
  if (meanings.length === 0) return [];
  return paragraphs.flatMap(([section, title_fr, texts]) =>
    texts.filter((text) => text !== "").map((text_fr) => ({ section, title_fr, text_fr })),
  );
}

function dataFr(
  { question, served, risk, meanings, trainingRows, onsets, ruleName }: CardFacts,
  model: boolean,
): string[] {
  const leftOut =
    "L’âge et le sexe n’y entrent pas : ils ne servent qu’à vérifier l’équité. Ni nationalité, ni santé, ni texte libre ; " +
    "aucune relance, aucun courrier, aucun frais, qui suivent la difficulté au lieu de l’annoncer.";
  if (!model)
    return [
      `La règle classe les ménages d’après ${ruleFr(ruleName)} ; leur chance est celle des ménages semblables du passé ` +
        `(${wholeFr(trainingRows)} situations).`,
      leftOut,
    ];
  const household = meanings.filter(({ name }) =>
    [
      "rent_burden",
      "household_size",
      "children",
      "single_parent",
      "household_shrunk",
      "left_to_live",
    ].includes(name),
  );
  return [
    `Appris de ${wholeFr(trainingRows)} situations de ménages à des dates passées, dont ${fallenFr(question, onsets)} ` +
      `dans les ${wholeFr(risk.horizon_months)} mois ; de tous ceux qui sont entrés en difficulté, et d’un tirage des autres, pondéré.`,
    `Il lit ${wholeFr(meanings.length)} données, telles qu’elles étaient connues à la date : ${meanings
      .map(({ labelFr }) => inSentence(labelFr))
      .join(" ; ")}.`,
    ...(household.length === 0
      ? []
      : [
          `La composition et les ressources du ménage (${household.map(({ labelFr }) => inSentence(labelFr)).join(", ")}) y entrent parce ` +
            "que le poids du loyer précède beaucoup d’impayés et ouvre droit à des aides que la liste permet de proposer.",
        ]),
    leftOut,
    ...(served === "additive"
      ? [
          "Chaque donnée ajoute ou retire sa part, sur une courbe qui ne change pas de sens là où le bon sens l’exclut ; quelques paires " +
            "de données comptent ensemble. La somme des parts est exactement le score : rien n’est caché.",
        ]
      : [
          "Chaque donnée ajoute ou retire une part proportionnelle à sa valeur. La somme des parts est exactement le score.",
        ]),
    "Les ménages qui ont été aidés et ne sont pas entrés en impayé sont laissés de côté : l’aide a pu l’éviter, et ce serait une " +
      "erreur d’apprendre d’eux qu’il n’y avait pas de risque.",
  ];
}

/** A label within a sentence: « retard de la dernière quittance ». */
function inSentence(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}

function figuresFr(facts: CardFacts): string[] {
  const { question, evaluation, dates, ruleName, risk } = facts;
  const of = (model: string, metric: string, stratum = "all") =>
    evaluation.find(
      (figure) =>
        figure.model === model &&
        figure.metric === metric &&
        figure.stratum === stratum &&
        figure.origin === "pooled",
    );
  const rule = `rule:${ruleName}`;
  const names: [name: string, label: string][] = [
    ["challenger", facts.served === "logistic" ? "Un modèle plus détaillé" : "Le modèle"],
    ["champion", "Le modèle en place alors"],
    [
      "logistic",
      facts.served === "logistic" ? "Le modèle (une régression logistique)" : "Une régression logistique",
    ],
    [rule, `La règle simple (${ruleFr(ruleName)})`],
  ];
  const lines = names.flatMap(([name, label]) => {
    const recall = of(name, "recall");
    const precision = of(name, "precision");
    const ranking = of(name, "auc");
    if (recall?.value == null || precision?.value == null) return [];
    const bounds =
      recall.low === null || recall.high === null
        ? ""
        : ` (entre ${percentFr(recall.low)} et ${percentFr(recall.high)})`;
    const order = ranking?.value == null ? "" : ` ; AUC ${decimalFr(ranking.value, 3)}`;
    return [
      `${label} : ${percentFr(recall.value)} des ${fallenFr(question, 2).replace(/^\S+\s/, "")} auraient été sur une liste${bounds}, ` +
        `et ${percentFr(precision.value)} des ménages listés y sont entrés${order}.`,
    ];
  });
  if (lines.length === 0) return ["Aucun mois passé ne permet encore de le mesurer."];
  const strata: [name: string, label: string][] = [
    ["new_entrant", "nouveaux entrants"],
    ["never", "jamais en impayé"],
    ["clean", `sans impayé depuis ${wholeFr(risk.clean_months)} mois`],
    ["other", "autres"],
  ];
  const best = facts.served === "additive" ? "challenger" : facts.served === "logistic" ? "logistic" : rule;
  const byStratum = strata.flatMap(([name, label]) => {
    const value = of(best, "recall", name)?.value;
    return value == null ? [] : [`${label} ${percentFr(value)}`];
  });
  return [
    `Mesuré sur ${wholeFr(dates)} dates passées, chacune notée sans rien connaître de la suite, ` +
      "avec des listes aussi longues que ce que les équipes peuvent appeler.",
    ...lines,
    ...(byStratum.length === 0 ? [] : [`Part repérée selon le passé du ménage : ${byStratum.join(", ")}.`]),
  ];
}
