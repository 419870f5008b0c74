import { readFileSync } from "node:fs";

/** The statements that create, in the current schema, the macros a mapping may use; `macros.sql` says what each does. */
export const MAPPING_MACROS: string = readFileSync(new URL("macros.sql", import.meta.url), "utf8");
