/** The families of indicators, in the order in which pages tell them: [id, name, what they answer]. */
export const families = [
  ["recovery", "Recouvrement", "Ce qui est appelé finit-il par être payé\u00a0?"],
  ["arrears", "Impayés des locataires présents", "Combien de ménages et d’euros, aujourd’hui\u00a0?"],
  ["flows", "Entrées, sorties et rechutes", "Qui entre en impayé, qui en sort, qui y revient\u00a0?"],
  ["ageing", "Ancienneté de la dette", "De quand date ce qui est dû\u00a0?"],
  ["departed", "Locataires partis", "Que reste-t-il dû après le départ\u00a0?"],
  ["fees", "Principal et frais", "L’argent reçu rembourse-t-il le loyer, ou des frais\u00a0?"],
  ["conduct", "Relances et premiers contacts", "Agissons-nous tôt, au bon rythme, et à bon escient\u00a0?"],
  ["plans", "Plans d’apurement", "Les plans sont-ils tenus et bien construits\u00a0?"],
  ["social", "Étapes sociales et juridiques", "Les aides et les obligations viennent-elles à temps\u00a0?"],
  ["cost", "Coût de l’impayé", "Que coûte l’impayé au bailleur\u00a0?"],
  ["productivity", "Moyens et activité", "Combien de dossiers et d’actions par personne\u00a0?"],
  ["freshness", "Fraîcheur des données", "De quand datent les chiffres\u00a0?"],
];

/** Rows that have a family, as groups in that order: { id, name, question, rows }[]; families without rows are left out. */
export const byFamily = (rows) =>
  families
    .map(([id, name, question]) => ({ id, name, question, rows: rows.filter((row) => row.family === id) }))
    .filter((family) => family.rows.length > 0);
