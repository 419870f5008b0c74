/** What a page rendered by SvelteKit still needs to be whole in itself. */

const start = /Promise\.all\(\[\s*(import\([^)]+\),\s*import\([^)]+\))\s*\]\)/;

/**
 * Lets the page's script start only once every module of it has come: SvelteKit would else replace the whole page by an error
 * when one of them is missing. A page that cannot start stays as it was rendered.
 */
const startWhole = (html, link) => {
  const modules = [...(link ?? "").matchAll(/<([^>]+)>; rel="modulepreload"/g)].map(([, path]) => path);
  if (!start.test(html) || modules.length === 0) throw new Error("the page has no script that starts it");
  const imports = modules.map((path) => `import(${JSON.stringify(path)})`).join(", ");
  const preloads = modules.map((path) => `<link rel="modulepreload" href="${path}">`).join("");
  return html
    .replace(start, (_, first) => `Promise.all([${first}, ${imports}])`)
    .replace("</head>", `${preloads}</head>`);
};

export const handle = async ({ event, resolve }) => {
  const response = await resolve(event);
  if (response.status !== 200) return response;
  const html = startWhole(await response.text(), response.headers.get("link"));
  return new Response(html, { status: 200, headers: { "content-type": "text/html" } });
};

/** A page that fails is not published: the one who renders it is told why. */
export const handleError = ({ error, event, status }) => {
  if (status !== 404) event.platform?.fail(error);
};
