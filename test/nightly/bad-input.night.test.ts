import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { UserError } from "../../pipelines/user-error.ts";
import {
  makeTinyLandlord,
  queryNight,
  runTinyNight,
  TINY_ENTRIES,
  TINY_INBOX,
  type TinyChanges,
} from "../tiny-landlord.ts";

const LEDGER = TINY_INBOX["ecritures.csv"];
const FILES =
  "select file, rows_read, rows_accepted, rows_rejected, rows_duplicate from load.file order by file";
const REJECTED = `
  select file, line, table_name, column_name, value, reason
  from load.rejected_row join load.file using (file_id) order by file, line, position`;

/** The message of the refusal; fails when the night is published. */
async function refusal(changes: TinyChanges): Promise<string> {
  const workspace = await makeTinyLandlord(changes);
  const error = await runTinyNight(workspace).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  await expect(queryNight(workspace, "select 1"), "nothing is published").rejects.toThrow();
  return error instanceof UserError ? error.message : "";
}

async function published(changes: TinyChanges): Promise<string> {
  const workspace = await makeTinyLandlord(changes);
  await runTinyNight(workspace);
  const [unequal] = await queryNight(
    workspace,
    "select count(*)::integer from load.file where rows_read <> rows_accepted + rows_rejected + rows_superseded + rows_duplicate",
  );
  expect(unequal).toEqual([0]);
  return workspace;
}

test("good input: every row accepted, every euro verified", async () => {
  const workspace = await published({});
  expect(await queryNight(workspace, FILES)).toEqual([
    ["agences.csv", "2", "2", "0", "0"],
    ["baux.csv", "3", "3", "0", "0"],
    ["ecritures.csv", "9", "9", "0", "0"],
    ["logements.csv", "3", "3", "0", "0"],
    ["soldes.csv", "3", "3", "0", "0"],
  ]);
  expect(
    await queryNight(workspace, "select subject, status, gap from load.reconciliation order by 1"),
  ).toEqual([
    ["L1", "verified", "0.00"],
    ["L2", "verified", "0.00"],
    ["L3", "verified", "0.00"],
  ]);
});

describe("files that cannot be read: the night is refused", () => {
  test("a truncated gzip", async () => {
    const whole = gzipSync(LEDGER);
    const message = await refusal({
      inbox: { "ecritures.csv": null, "ecritures.csv.gz": whole.subarray(0, whole.length - 12) },
    });
    expect(message).toMatch(/^inbox\/ecritures\.csv\.gz: .*(truncated|ends before)/);
  });

  test("an empty file", async () => {
    expect(await refusal({ inbox: { "ecritures.csv": "" } })).toMatch(/^inbox\/ecritures\.csv:1: .*empty/);
  });

  test("a column missing from one file of the feed", async () => {
    const message = await refusal({
      inbox: { "ecritures_2.csv": "numero;bail;date;echeance;libelle\n10;L1;01/03/2024;;Loyer\n" },
    });
    expect(message).toMatch(/^inbox\/ecritures_2\.csv: has no column "montant"/);
  });

  test("a column missing from every file of the feed", async () => {
    const message = await refusal({ inbox: { "ecritures.csv": LEDGER.replace("montant", "somme") } });
    expect(message).toMatch(/^sources\/entry\.sql:5: .*"montant" not found/);
  });

  test("a feed without a file", async () => {
    expect(await refusal({ inbox: { "soldes.csv": null } })).toMatch(
      /feeds\.balances: no file .* matches "soldes\.csv"/,
    );
  });

  test("a file that no feed reads", async () => {
    expect(await refusal({ inbox: { "export(1).csv": "a;b\n" } })).toBe(
      "inbox/export(1).csv belongs to no feed of vigie.yaml: its rows would be lost",
    );
  });
});

describe("rows that break the contract are rejected with file, line, column, value and reason", () => {
  const extra = (row: string) => ({ inbox: { "ecritures.csv": `${LEDGER}${row}\n` } });

  test.each([
    ["an amount 1.234,56", "10;L1;01/03/2024;;Règlement;1.234,56", "amount", "1.234,56", "not_a_decimal"],
    ["a date 31/02/2024", "10;L1;31/02/2024;;Règlement;-1,00", "booked_on", "31/02/2024", "not_a_date"],
    [
      "a lease that does not exist",
      "10;L9;01/03/2024;;Règlement;-1,00",
      "lease_id",
      "L9",
      "unknown_reference",
    ],
    [
      "a kind that the contract does not know",
      "10;L1;01/03/2024;;Divers;-1,00",
      "kind",
      "Divers",
      "not_in_list",
    ],
    ["an id used twice with other content", "4;L1;01/03/2024;;Règlement;-1,00", "id", "4", "key_conflict"],
  ])("%s", async (_, row, column, value, reason) => {
    const workspace = await published(extra(row));
    expect(await queryNight(workspace, REJECTED)).toEqual([
      ["ecritures.csv", "11", "entry", column, value, reason],
    ]);
    expect((await queryNight(workspace, FILES))[2]).toEqual(["ecritures.csv", "10", "9", "1", "0"]);
  });

  test("a line with one field too many", async () => {
    const workspace = await published(extra("10;L1;01/03/2024;;Règlement;-1,00;"));
    expect(await queryNight(workspace, REJECTED)).toEqual([
      ["ecritures.csv", "11", null, null, "10;L1;01/03/2024;;Règlement;-1,00;", "wrong_field_count"],
    ]);
  });

  test("an unknown agency code takes dwelling, lease and entries with it, and the euros then refuse the night", async () => {
    const message = await refusal({ inbox: { "logements.csv": "logement;agence\nD1;A1\nD2;A9\nD3;A2\n" } });
    expect(message).toContain("the ledger does not balance");
  });

  test("an unknown agency code of an empty dwelling rejects that dwelling only", async () => {
    const workspace = await published({
      inbox: { "logements.csv": "logement;agence\nD1;A1\nD2;A1\nD3;A2\nD4;A9\n" },
    });
    expect(await queryNight(workspace, REJECTED)).toEqual([
      ["logements.csv", "5", "dwelling", "agency_id", "A9", "unknown_reference"],
    ]);
  });

  test("more rejections than the strategy allows refuse the night and say where", async () => {
    const strategy = `landlord: { name: Le petit bailleur }
feeds: { agencies: { files: agences.csv }, dwellings: { files: logements.csv }, leases: { files: baux.csv }, ledger: { files: ecritures.csv }, balances: { files: soldes.csv } }
`;
    const message = await refusal({ ...extra("10;L9;01/03/2024;;Règlement;-1,00"), strategy });
    expect(message).toContain(
      "1 of 21 rows (4.76%) were rejected, more than load.max_rejected_share allows (0.1%)",
    );
    expect(message).toContain(`inbox/ecritures.csv:11: entry: lease_id is no accepted lease.id: "L9"`);
  });
});

describe("deliveries that repeat or disagree", () => {
  test("a duplicated export counts once", async () => {
    const workspace = await published({ inbox: { "ecritures_bis.csv": LEDGER } });
    expect(
      (await queryNight(workspace, FILES)).filter(([file]) => String(file).startsWith("ecritures")),
    ).toEqual([
      ["ecritures.csv", "9", "9", "0", "0"],
      ["ecritures_bis.csv", "9", "0", "0", "9"],
    ]);
    expect(await queryNight(workspace, "select count(*)::integer, sum(amount) from contract.entry")).toEqual([
      [9, "1700.00"],
    ]);
  });

  test("two encodings in one folder are both read", async () => {
    const later = "numero;bail;date;echeance;libelle;montant\n10;L2;20/03/2024;;Règlement;-0,00\n";
    const workspace = await published({
      inbox: {
        "ecritures.csv": `\uFEFF${LEDGER}`,
        "ecritures_2.csv": iconv.encode(later, "windows-1252"),
      },
    });
    expect(
      await queryNight(workspace, "select file, encoding from load.file where feed = 'ledger' order by 1"),
    ).toEqual([
      ["ecritures.csv", "utf-8"],
      ["ecritures_2.csv", "windows-1252"],
    ]);
    expect(
      await queryNight(workspace, "select count(*)::integer from contract.entry where kind = 'payment'"),
    ).toEqual([[4]]);
  });

  test("a ledger that does not balance refuses the night and names the leases", async () => {
    const balances = TINY_INBOX["soldes.csv"].replace("1200,00", "1100,00");
    expect(await refusal({ inbox: { "soldes.csv": balances } })).toBe(
      "the ledger does not balance: 1 of 3 comparisons with the landlord's own figures show a gap\n" +
        "  lease L2, 2024-03-31: the landlord says 1100.00, the entries give 1200.00",
    );
  });

  test("a lease that the landlord's balances know and the ledger lacks is a gap", async () => {
    const message = await refusal({
      inbox: { "soldes.csv": `${TINY_INBOX["soldes.csv"]}L4;31/03/2024;80,00\n` },
    });
    expect(message).toContain("lease L4, 2024-03-31: the landlord says 80.00, the entries give 0.00");
  });
});

describe("full deliveries", () => {
  const strategy = (leases: string) => `landlord: { name: Le petit bailleur }
feeds: { agencies: { files: agences.csv }, dwellings: { files: logements.csv }, leases: { files: "baux*.csv", ${leases} }, ledger: { files: ecritures.csv }, balances: { files: soldes.csv } }
`;
  const LEASES = TINY_INBOX["baux.csv"];
  const header = LEASES.slice(0, LEASES.indexOf("\n") + 1);
  const dated = `delivered_on: '_(\\d{8})', delivery: full`;

  test.each([
    ["that is empty", header, "by 0"],
    ["of a part", `${header}L1;H1;D1;01/01/2023;\n`, "by 1"],
  ])("one %s does not wipe the landlord: both files are named", async (_, text, message) => {
    const refused = await refusal({
      inbox: { "baux.csv": null, "baux_20240301.csv": LEASES, "baux_20240401.csv": text },
      strategy: strategy(dated),
    });
    expect(refused).toContain(
      `inbox/baux_20240401.csv replaces the 3 rows of inbox/baux_20240301.csv ${message}: the full delivery of feeds.leases has lost`,
    );
    expect(refused).toContain("more than load.max_shrink_share allows (50%)");
  });

  test("two that are cut in a row do not pass either; a whole one after them does", async () => {
    const cut = { "baux_20240401.csv": header, "baux_20240402.csv": `${header}L1;H1;D1;01/01/2023;\n` };
    const inbox = { "baux.csv": null, "baux_20240301.csv": LEASES, ...cut };
    expect(await refusal({ inbox, strategy: strategy(dated) })).toMatch(
      /^inbox\/baux_20240402\.csv replaces the 3 rows of inbox\/baux_20240301\.csv by 1: /,
    );
    await published({ inbox: { ...inbox, "baux_20240403.csv": LEASES }, strategy: strategy(dated) });
  });

  test("one whose name does not tell what it replaces", async () => {
    const message = await refusal({
      inbox: { "baux.csv": null, "baux_20240301.csv": LEASES },
      strategy: strategy(`${dated}, full_by: '_(\\d{4})_'`),
    });
    expect(message).toBe(
      "inbox/baux_20240301.csv: its name does not tell what it replaces where feeds.leases.full_by (_(\\d{4})_) looks for it",
    );
  });
});

describe("contacts of households", () => {
  const contacts = (rows: string): TinyChanges => ({
    inbox: { "contacts.csv": `menage;nom;telephone\n${rows}` },
    sources: {
      household_contact:
        "select menage as household_id, nom as name, telephone as phone, file_id, line from inbox.contacts",
    },
    strategy: `landlord: { name: Le petit bailleur }
load: { max_rejected_share: 0.5 }
feeds: { agencies: { files: agences.csv }, dwellings: { files: logements.csv }, leases: { files: baux.csv }, ledger: { files: ecritures.csv }, balances: { files: soldes.csv }, contacts: { files: contacts.csv } }
`,
  });

  test("are withheld where a row is rejected, whole lines too: file and line tell where to look", async () => {
    const workspace = await published(
      contacts("H1;Camille Roche;06 \nH2;Camille Petit\nH9;Camille Blanc;\n"),
    );
    expect(await queryNight(workspace, REJECTED)).toEqual([
      ["contacts.csv", "2", "household_contact", "phone", "(withheld)", "not_text"],
      ["contacts.csv", "3", null, null, "(withheld)", "wrong_field_count"],
      ["contacts.csv", "4", "household_contact", "household_id", "(withheld)", "unknown_reference"],
    ]);
  });

  test("stand in their own table and in what the site « Prévention » names, nowhere else in the warehouse", async () => {
    const workspace = await published(contacts("H1;Camille Roche;0600000000\nH9;Camille Blanc;\n"));
    const tables = await queryNight(
      workspace,
      `select schema_name || '."' || table_name || '"' from duckdb_tables()
       union all select schema_name || '."' || view_name || '"' from duckdb_views() where not internal`,
    );
    const counts = tables.map(
      ([table]) =>
        `select '${table}' as name, count(*)::integer as rows from ${table} as whole where to_json(whole)::varchar like '%Camille%'`,
    );
    expect(tables.length).toBeGreaterThan(50);
    const holding = `from (${counts.join(" union all ")}) where rows > 0 order by name`;
    expect(await queryNight(workspace, holding)).toEqual([
      ['contract."household_contact"', 1],
      ['social_teams."household"', 1],
    ]);
  });
});

describe("lines that a mapping sets aside", () => {
  test("are accepted, and told with their reason", async () => {
    const workspace = await published({
      inbox: {
        "ecritures.csv": `${LEDGER}10;;01/03/2024;;Fournisseur;-80,00\n11;;01/03/2024;;Fournisseur;-80,00\n`,
      },
      sources: {
        entry: `${TINY_ENTRIES} where libelle <> 'Fournisseur'`,
        set_aside:
          "select 'règlement d’un fournisseur' as reason, file_id, line from inbox.ledger where libelle = 'Fournisseur'",
      },
    });
    expect((await queryNight(workspace, FILES))[2]).toEqual(["ecritures.csv", "11", "11", "0", "0"]);
    expect(await queryNight(workspace, "from managers.set_aside")).toEqual([
      ["ledger", "règlement d’un fournisseur", 1, 2],
    ]);
  });
});

describe("agencies that merged", () => {
  const withMergers = (rows: string): TinyChanges => ({
    inbox: { "reprises.csv": `ancienne;nouvelle;date\n${rows}` },
    sources: {
      agency_mapping:
        "select ancienne as legacy_agency_id, nouvelle as agency_id, date as valid_from, file_id, line from inbox.mergers",
    },
    strategy: `landlord: { name: Le petit bailleur }
feeds: { agencies: { files: agences.csv }, dwellings: { files: logements.csv }, leases: { files: baux.csv }, ledger: { files: ecritures.csv }, balances: { files: soldes.csv }, mergers: { files: reprises.csv } }
`,
  });

  test("history is restated on today's agencies", async () => {
    const workspace = await published(withMergers("A1;A2;2024-03-01\n"));
    const leases = "select lease_id, agency_id from ledger.lease order by 1";
    expect(await queryNight(workspace, leases)).toEqual([
      ["L1", "A2"],
      ["L2", "A2"],
      ["L3", "A2"],
    ]);
    await runTinyNight(workspace, "2024-02-29");
    expect(await queryNight(workspace, leases)).toEqual([
      ["L1", "A1"],
      ["L2", "A1"],
      ["L3", "A2"],
    ]);
  });

  test("mergers that go in a circle refuse the night", async () => {
    expect(await refusal(withMergers("A1;A2;2024-01-01\nA2;A1;2024-02-01\n"))).toBe(
      "inbox/reprises.csv:2: agency_mapping goes in a circle by 2024-03-12: A1 → A2 → A1",
    );
  });
});

describe("mappings are fenced", () => {
  test.each([
    [
      "another table",
      "select * from contract.agency",
      /^sources\/agency\.sql: reads contract\.agency; a mapping reads the inbox only/,
    ],
    ["a file", "select * from read_csv('/etc/passwd')", /^sources\/agency\.sql: calls read_csv\(\)/],
    ["a file by its bare name", "select * from '/etc/passwd'", /^sources\/agency\.sql: reads \/etc\/passwd/],
    ["two statements", "select 1; drop table load.file", /^sources\/agency\.sql:1: /],
    [
      "the clock",
      "select code as id, nom as name, now()::varchar as sector, file_id, line from inbox.agencies",
      /^sources\/agency\.sql: calls now\(\)/,
    ],
    ["a syntax error", "select code as id\nfrom inbox.agencies\nwhere and", /^sources\/agency\.sql:3: /],
    [
      "a missing contract column",
      "select code as id, nom as name, file_id, line from inbox.agencies",
      /gives no column sector/,
    ],
    [
      "a column that the contract does not have",
      "select code as id, nom as name, secteur as sector, 1 as colour, file_id, line from inbox.agencies",
      /gives a column colour/,
    ],
  ])("%s", async (_, sql, message) => {
    expect(await refusal({ sources: { agency: sql } })).toMatch(message);
  });
});

describe("the strategy", () => {
  test.each([
    [
      "a misspelt key",
      "landlord: { name: A }\nfeeds: {}\nload:\n  max_rejectd_share: 0.1\n",
      "vigie.yaml:4: load.max_rejectd_share",
    ],
    [
      "a value out of range",
      "landlord: { name: A }\nfeeds: {}\narrears:\n  grace_days: -1\n",
      "vigie.yaml:4: arrears.grace_days",
    ],
    ["no YAML", "landlord: { name: A\n", "vigie.yaml:"],
  ])("%s is refused with its line", async (_, strategy, message) => {
    expect(await refusal({ strategy })).toContain(message);
  });

  test("a threshold for an indicator that does not exist is refused", async () => {
    const strategy = `landlord: { name: A }
feeds: { agencies: { files: agences.csv }, dwellings: { files: logements.csv }, leases: { files: baux.csv }, ledger: { files: ecritures.csv }, balances: { files: soldes.csv } }
indicators: { share_4_terms: { amber: 0.1, red: 0.2 } }
`;
    expect(await refusal({ strategy })).toContain("indicators.share_4_terms: no indicator has that id");
  });
});
