import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { runNight } from "../pipelines/nightly.ts";
import { openDatabase } from "../pipelines/warehouse/connection.ts";

const STRATEGY = `landlord: { name: Le petit bailleur }
load: { max_rejected_share: 0.5 }
feeds:
  agencies: { files: "agences.csv" }
  dwellings: { files: "logements.csv" }
  leases: { files: "baux.csv" }
  ledger: { files: "ecritures*.csv*" }
  balances: { files: "soldes.csv" }
`;

/** The mapping of the tiny landlord's ledger. */
export const TINY_ENTRIES = `select
    numero as id, bail as lease_id, date_dmy(date) as booked_on, date_dmy(echeance) as due_on,
    case libelle when 'Loyer' then 'rent' when 'Règlement' then 'payment' else libelle end as kind,
    case when libelle = 'Loyer' then 'principal' end as component,
    decimal_comma(montant) as amount, file_id, line
  from inbox.ledger`;

const SOURCES = {
  agency: "select code as id, nom as name, secteur as sector, file_id, line from inbox.agencies",
  dwelling:
    "select logement as id, agence as agency_id, 'residential' as use, file_id, line from inbox.dwellings",
  household: "select menage as id, file_id, line from inbox.leases",
  lease: `select
    bail as id, menage as household_id, logement as dwelling_id,
    date_dmy(debut) as start_on, date_dmy(fin) as end_on, file_id, line
  from inbox.leases`,
  entry: TINY_ENTRIES,
  control_balance:
    "select bail as lease_id, date_dmy(date) as as_of, decimal_comma(solde) as balance, file_id, line from inbox.balances",
} as const;

/** The files of a landlord small enough to check by hand: two agencies, three leases, a quarter of ledger. */
export const TINY_INBOX = {
  "agences.csv": "code;nom;secteur\nA1;Agence du Port;Nord\nA2;Agence du Parc;Sud\n",
  "logements.csv": "logement;agence\nD1;A1\nD2;A1\nD3;A2\n",
  "baux.csv":
    "bail;menage;logement;debut;fin\nL1;H1;D1;01/01/2023;\nL2;H2;D2;01/01/2023;\nL3;H3;D3;01/01/2023;\n",
  "ecritures.csv": [
    "numero;bail;date;echeance;libelle;montant",
    "1;L1;31/01/2024;05/02/2024;Loyer;500,00",
    "2;L2;31/01/2024;05/02/2024;Loyer;600,00",
    "3;L3;31/01/2024;05/02/2024;Loyer;1 050,50",
    "4;L1;06/02/2024;;Règlement;-500,00",
    "5;L3;10/02/2024;;Règlement;-1050,50",
    "6;L1;29/02/2024;05/03/2024;Loyer;500,00",
    "7;L2;29/02/2024;05/03/2024;Loyer;600,00",
    "8;L3;29/02/2024;05/03/2024;Loyer;1050,50",
    "9;L3;12/03/2024;;Règlement;-1050,50",
    "",
  ].join("\n"),
  "soldes.csv": "bail;date;solde\nL1;31/03/2024;500,00\nL2;31/03/2024;1200,00\nL3;31/03/2024;0,00\n",
} as const;

/** What differs from the tiny landlord: file contents by name in the inbox (null: no such file), mappings, the strategy. */
export interface TinyChanges {
  readonly inbox?: Readonly<Record<string, string | Uint8Array | null>>;
  readonly sources?: Readonly<Record<string, string>>;
  readonly strategy?: string;
}

/** Writes the tiny landlord's folder, with changes, in a temporary folder that goes when the test ends. */
export async function makeTinyLandlord(changes: TinyChanges = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "vigie-tiny-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeTinyLandlord(root, changes);
  return root;
}

/** Writes the tiny landlord's folder, with changes, at `root`. */
export async function writeTinyLandlord(root: string, changes: TinyChanges = {}): Promise<void> {
  const inbox = Object.entries({ ...TINY_INBOX, ...changes.inbox }).map(
    ([name, text]) => [join("inbox", name), text] as const,
  );
  const sources = Object.entries({ ...SOURCES, ...changes.sources }).map(
    ([name, text]) => [join("sources", `${name}.sql`), text] as const,
  );
  for (const [name, content] of [
    ...inbox,
    ...sources,
    ["vigie.yaml", changes.strategy ?? STRATEGY] as const,
  ]) {
    if (content === null) continue;
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
}

/** Runs a night without its sites. */
export function runTinyNight(workspace: string, asOf?: string): ReturnType<typeof runNight> {
  return runNight({ workspace, asOf, output: { isTerminal: false, write: () => undefined }, sites: [] });
}

/** Rows of the last good night's warehouse, as text cells. */
export async function queryNight(
  workspace: string,
  sql: string,
): Promise<(string | number | boolean | null)[][]> {
  const database = await openDatabase(join(workspace, "current", "warehouse.duckdb"), { readOnly: true });
  try {
    const reader = await database.connection.runAndReadAll(sql);
    return reader.getRowsJson() as (string | number | boolean | null)[][];
  } finally {
    database.close();
  }
}
