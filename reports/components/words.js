/** The words that all sites use, each with what it means. */
export const commonWords = [
  [
    "Quittance",
    "Loyer, charges et supplément de loyer appelés pour un mois. La quittance nette en retire l’aide au logement versée au bailleur et la réduction de loyer : c’est ce que le ménage doit payer.",
  ],
  ["Terme", "Une quittance nette d’un mois. Devoir deux termes, c’est devoir l’équivalent de deux mois."],
  [
    "Échu",
    "Dont la date de paiement est passée. Une quittance qui n’est pas encore échue n’est pas un impayé.",
  ],
  [
    "Impayé",
    "Ce qui est échu et reste dû sur un bail. L’avance d’un bail ne compense jamais la dette d’un autre.",
  ],
  [
    "Locataire présent, locataire parti",
    "Présent tant que le bail court ; parti après la sortie, même s’il reste une dette. Les deux sont toujours comptés à part.",
  ],
  [
    "Entrée en impayé",
    "Première fin de mois où un ménage doit un terme entier, alors qu’il n’en devait aucun.",
  ],
  [
    "Sortie, rechute",
    "Sortie : le ménage ne doit plus aucun terme entier parce qu’il a payé ; un départ ou une dette effacée n’est pas une sortie. Rechute : il en doit de nouveau un dans les six mois.",
  ],
  ["Épisode", "Suite de fins de mois où le ménage doit au moins un terme entier."],
  [
    "Principal, frais, dépens",
    "Principal : loyers, charges et réparations dus. Frais : relance et recouvrement. Dépens : coûts de procédure fixés par un juge. Les trois ne sont jamais mélangés.",
  ],
  [
    "Clôture",
    "Dernier mois complet. Les statuts portent sur lui. Le mois en cours est partiel et n’a pas de statut.",
  ],
  [
    "Objectif, à surveiller, alerte",
    "Conforme : dans la cible. À surveiller : le premier seuil est franchi. Alerte : le second l’est. Un objectif est fixé par le bailleur, ou proposé d’après le passé de l’agence et la situation de ses ménages.",
  ],
  [
    "Alerte ouverte",
    "Un indicateur au-delà du seuil d’alerte deux clôtures de suite, ou dont le mouvement du mois sort de ses limites habituelles. Elle a des raisons, un plan, une personne chargée de l’action et une date ; elle se referme après deux clôtures revenues dans les limites.",
  ],
  [
    "Limites habituelles",
    "Où un mois devait tomber compte tenu de la saison, des mois précédents et du nombre de ménages. En sortir est inhabituel, en bien ou en mal.",
  ],
  [
    "Secret statistique",
    "Un effectif de 1 à 10 ménages n’est pas montré, ni ce qui permettrait de le retrouver : personne ne doit pouvoir être reconnu. Ce n’est pas un zéro.",
  ],
  [
    "Rapprochement",
    "Comparaison des écritures lues avec les soldes que tient le bailleur : vérifié, vérifié en partie, écart, ou non vérifié quand ces soldes manquent.",
  ],
];

/** What directors read besides. */
export const comparisonWords = [
  [
    "À situation de ménages égale",
    "Ce que l’agence aurait si ses ménages, selon l’ancienneté dans le logement, le poids du loyer, la taille du ménage, le type de logement et le versement de l’aide, avaient le comportement moyen de ces mêmes ménages chez le bailleur. On parle d’« attendu ».",
  ],
  [
    "Rapport observé / attendu",
    "1 veut dire : exactement ce que la situation des ménages laissait attendre. 1,20 : 20 % de plus.",
  ],
  [
    "Intervalle à 95 %",
    "L’ensemble des valeurs que les données n’écartent pas. Plus l’agence est petite, plus il est large. Deux intervalles qui se recouvrent largement ne permettent pas de classer.",
  ],
  [
    "Rangs possibles",
    "Du meilleur au moins bon rang que l’agence pourrait avoir compte tenu de l’incertitude. Un rang seul n’est jamais montré.",
  ],
  [
    "Graphique en entonnoir",
    "Chaque point est une agence : plus elle compte de ménages, plus elle est à droite. À l’intérieur de l’entonnoir, l’écart peut n’être dû qu’au hasard.",
  ],
  [
    "Avant/après sans témoin",
    "Comparaison du seul passé de l’agence, sans agence semblable à qui la comparer. On ne peut pas dire que la fusion en est la raison.",
  ],
  [
    "Recouvrement socialement responsable",
    "L’argent du locataire rembourse d’abord ce qu’il doit de loyer et de charges ; les frais restent rares, légaux et proportionnés.",
  ],
];

/** What is said of households at risk, of lists and of the model. */
export const preventionWords = [
  [
    "Ménage à risque",
    "Ménage qui ne doit aucun terme entier aujourd’hui, et que ses paiements ou sa situation rapprochent d’un impayé. Ce n’est ni un jugement ni une certitude : la plupart n’auront pas d’impayé.",
  ],
  [
    "Score",
    "Sur 100 ménages dans la même situation, combien devront au moins un terme entier dans les mois qui viennent. Il sert à proposer une aide ; il ne déclenche jamais ni lettre, ni frais, ni procédure. Il cesse de valoir à la date indiquée.",
  ],
  [
    "Ce qui inquiète, ce qui rassure",
    "Les raisons du score, de la plus forte à la moins forte. La longueur de la barre dit combien chacune pèse. Avec les raisons qui ne sont pas montrées, elles font exactement le score.",
  ],
  [
    "Liste",
    "Les ménages qu’une agence peut contacter dans la période, du risque le plus fort au moins fort : autant que les équipes peuvent en appeler. Un ménage déjà sur la liste y reste tant que son risque ne baisse pas nettement.",
  ],
  [
    "Liste reconstituée",
    "Liste d’un mois passé où aucune n’avait été donnée, refaite telle qu’elle aurait été : avec ce qui était connu ce jour-là, sans rien de la suite.",
  ],
  [
    "Laissés de côté",
    "Ménages sans terme dû qu’on ne sollicite pas, quel que soit leur risque : contactés il y a peu, déjà aidés, ou protégés par une suspension.",
  ],
  [
    "Annoncé à temps, passé à côté",
    "Parmi les ménages entrés en impayé : ceux qui étaient sur une liste entre un et six mois avant, et ceux qui n’y étaient pas.",
  ],
  [
    "Inquiétude sans suite",
    "Ménage sur une liste, que personne n’a contacté, et qui n’est pas entré en impayé. Un ménage aidé et resté à jour n’en est pas une.",
  ],
  ["Temps pour agir", "Jours entre la première liste où figure un ménage et son entrée en impayé."],
  [
    "Manière de payer",
    "Type de paiement d’un ménage : quand, avec quelle régularité, en entier ou non, par quel moyen. Le type décrit des paiements, pas des personnes.",
  ],
  [
    "Modèle, règle simple",
    "Le modèle apprend des entrées en impayé passées. Il ne sert que s’il en annonce plus que la meilleure règle simple, par exemple le retard du dernier paiement, à nombre d’appels égal ; sinon c’est la règle qui sert.",
  ],
  [
    "En observation",
    "Un modèle nouveau est d’abord comparé pendant quelques mois à ce qui arrive vraiment, sans que ses listes soient données.",
  ],
  [
    "Équitable, inéquitable, trop peu pour le dire",
    "Le modèle repère-t-il aussi bien dans chaque groupe de ménages ? L’écart est dit équitable quand il est petit à coup sûr, inéquitable quand il est grand à coup sûr. Sinon les données ne permettent pas de le dire.",
  ],
  [
    "Dérive",
    "Ce que le modèle regarde ne ressemble plus à ce sur quoi il a appris. Il faut alors comprendre pourquoi, et souvent apprendre à nouveau.",
  ],
];
