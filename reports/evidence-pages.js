/** How a page of Evidence (Markdown, SQL fences, components) becomes a page of SvelteKit. */
import evidencePreprocess from "@evidence-dev/preprocess";

const fence = /^```sql (\w+)\n([\s\S]*?)\n```\n/gm;

/**
 * The queries of a page by name, in order. A query may name a parameter of the page's address as `$indicateur`: it is
 * bound as a value, never written into the SQL.
 */
export const queriesOf = (page) =>
  Object.fromEntries([...page.matchAll(fence)].map(([, name, sql]) => [name, sql]));

/**
 * Takes the queries out of a page, and declares in its script what it may use: the rows of each query under its name, the
 * components that it shows, and `address`, which makes an address of the site from a path in it.
 */
const declare = {
  name: "page-declarations",
  markup({ content, filename }) {
    if (!filename?.endsWith("+page.md")) return undefined;
    const names = Object.keys(queriesOf(content));
    const markup = content.replaceAll(fence, "");
    const shown = [...new Set([...markup.matchAll(/<([A-Z]\w*)/g)].map(([, component]) => component))];
    const declarations = `
      import { ${[...shown, "rowsOf as vigieRowsOf", "siteAddress as vigieSiteAddress"].join(", ")} } from "$components";
      export let data;
      const { ${names.join(", ")} } = vigieRowsOf(data.answers);
      const address = vigieSiteAddress();
    `;
    const code = /<script>/.test(markup)
      ? markup.replace("<script>", `<script>${declarations}`)
      : `${markup}\n<script>${declarations}</script>\n`;
    return { code };
  },
};

const [partials, scripts, , markdown] = evidencePreprocess();

/** Svelte's preprocessors: ours in the place of Evidence's own, which asks for the data once the page is shown. */
export const evidencePages = [declare, partials, scripts, markdown];
