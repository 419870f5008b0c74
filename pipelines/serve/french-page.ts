/** A link of a page: where it goes, and its words as HTML. */
export interface Link {
  href: string;
  html: string;
}

/** A small French page that needs no other file: a title, a sentence and links, all given as HTML. */
export function frenchPage(title: string, sentence: string, links: Link[] = []): string {
  const items = links.map(({ href, html }) => `      <li><a href="${href}">${html}</a></li>`);
  const list = items.length === 0 ? [] : ["    <ul>", ...items, "    </ul>"];
  return [
    "<!doctype html>",
    '<html lang="fr">',
    "  <head>",
    '    <meta charset="utf-8">',
    '    <meta name="viewport" content="width=device-width, initial-scale=1">',
    `    <title>${title}</title>`,
    "    <style>",
    "      body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem }",
    "    </style>",
    "  </head>",
    "  <body>",
    `    <h1>${title}</h1>`,
    `    <p>${sentence}</p>`,
    ...list,
    "  </body>",
    "</html>",
    "",
  ].join("\n");
}

/** The page for an HTTP status that is not a success; `home` adds a link to the first page. */
export function errorPage(status: number): string {
  const home = { href: "/", html: "Revenir à l’accueil" };
  switch (status) {
    case 404:
      return frenchPage("Page introuvable", "Cette page n’existe pas ou n’existe plus.", [home]);
    case 405:
      return frenchPage("Action refusée", "Ce site se consulte seulement.");
    case 421:
      return frenchPage("Adresse refusée", "Ce site ne répond qu’à son adresse sur cet ordinateur.");
    case 503:
      return frenchPage("Pas encore de données", "Aucune nuit n’est publiée. Réessayez plus tard.");
    default:
      return status < 500
        ? frenchPage("Demande incomprise", "L’adresse demandée n’est pas valable.", [home])
        : frenchPage("Erreur", "La page n’a pas pu être affichée. Réessayez plus tard.", [home]);
  }
}
