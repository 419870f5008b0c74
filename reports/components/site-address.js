import { getContext, setContext } from "svelte";

const SITE = "site";

/** Says to everything on the page where its site begins: `/pilotage`, `/prevention/ville-et-vallee`. */
export const beginSite = (base) => setContext(SITE, base);

/** A function that makes an address of the page's own site from a path in it: `/alertes/` → `/pilotage/alertes/`. */
export const siteAddress = () => {
  const base = getContext(SITE);
  return (path) => `${base}${path}`;
};
