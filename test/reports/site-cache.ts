import { fileURLToPath } from "node:url";

/** Compiled sites that tests share, from one run to the next: a compile takes most of a minute. */
export const siteCache = fileURLToPath(new URL("../../.vigie/test-sites", import.meta.url));
