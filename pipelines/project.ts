import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project itself. */
export const PROJECT = fileURLToPath(new URL("..", import.meta.url));

/** What belongs to this checkout and can always be made again: the demonstration landlord, compiled sites. */
const LOCAL = join(PROJECT, ".vigie");

/** The demonstration landlord's folder: the workspace when none is named. */
export const DEMONSTRATION = join(LOCAL, "demo");

/** Compiled sites, shared by all workspaces: they hold no data. */
export const SITE_CACHE = join(LOCAL, "cache", "sites");

/** The pages that people read, with the packages that compile them. */
export const REPORTS = join(PROJECT, "reports");
