import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeTinyLandlord, queryNight, runTinyNight, type TinyChanges } from "../tiny-landlord.ts";
import { loadInbox } from "./load-inbox.ts";

const DATED = `delivered_on: "_(\\\\d{8})\\\\."`;

/** The tiny landlord with the leases delivered in full, the ledger as deltas or by year, and receipts that all count. */
const strategy = (ledger: string) => `landlord: { name: Le petit bailleur }
load: { max_rejected_share: 0.5, max_shrink_share: 0.5 }
feeds:
  agencies: { files: "agences.csv" }
  dwellings: { files: "logements.csv" }
  leases: { files: "*baux_*.csv", ${DATED}, delivery: full }
  ledger: { files: "*ecritures_*.csv", ${DATED}, ${ledger} }
  receipts: { files: "*encaissements_*.csv", ${DATED} }
`;

const entrySource = (feed: string) => `select
    numero as id, bail as lease_id, date_dmy(date) as booked_on, date_dmy(echeance) as due_on,
    case libelle when 'Loyer' then 'rent' else 'payment' end as kind,
    case when libelle = 'Loyer' then 'principal' end as component,
    decimal_comma(montant) as amount, file_id, line
  from inbox.${feed}`;

const LEASE_HEADER = "bail;menage;logement;debut;fin\n";
const LEDGER_HEADER = "numero;bail;date;echeance;libelle;montant\n";
const lease = (bail: string) => `${bail};H-${bail};D1;01/01/2023;\n`;
const rent = (numero: string, euros: string, month = "01") =>
  `${numero};L1;31/${month}/2024;31/${month}/2024;Loyer;${euros}\n`;
const receipt = (numero: string) => `${numero};L1;10/02/2024;;Règlement;-${numero},00\n`;

const landlord = (inbox: TinyChanges["inbox"], ledger = "delivery: delta"): TinyChanges => ({
  inbox: { "baux.csv": null, "ecritures.csv": null, "soldes.csv": null, ...inbox },
  sources: {
    entry: `${entrySource("ledger")}\nunion all\n${entrySource("receipts")}`,
    control_balance:
      "select null as lease_id, null as as_of, null as balance, file_id, line from inbox.ledger where false",
  },
  strategy: strategy(ledger),
});

const ACCOUNTS = `select file, rows_read, rows_accepted, rows_rejected, rows_superseded, rows_duplicate
  from load.file where file like '%\\_%' escape '\\' order by file`;

const LEASES = LEASE_HEADER + lease("L1") + lease("L2") + lease("L3");

/** The tiny landlord with one delivery of each feed, and more. */
const withFirst = (inbox: TinyChanges["inbox"], ledger?: string) =>
  landlord(
    {
      "baux_20240201.csv": LEASES,
      "ecritures_20240201.csv": LEDGER_HEADER + rent("1", "500,00") + rent("2", "500,00", "03"),
      "encaissements_20240201.csv": LEDGER_HEADER + receipt("101"),
      ...inbox,
    },
    ledger,
  );

async function accounts(changes: TinyChanges): Promise<Record<string, unknown[]>> {
  const { files } = await loadInbox(await makeTinyLandlord(changes), { files: ACCOUNTS });
  return Object.fromEntries(files.map(([file, ...counts]) => [file, counts.map(Number)]));
}

describe("what became of the rows (read, accepted, rejected, superseded, duplicate)", () => {
  test("of a full delivery that another replaced: superseded, malformed ones among them", async () => {
    expect(
      await accounts(
        withFirst({
          "baux_20240201.csv": `${LEASES}L4;too few\n`,
          "baux_20240301.csv": LEASES + lease("L5"),
        }),
      ),
    ).toMatchObject({
      "baux_20240201.csv": [4, 0, 0, 4, 0],
      "baux_20240301.csv": [4, 4, 0, 0, 0],
    });
  });

  test("of a delta: the rows that a later one changes are superseded, those that it repeats are duplicates there", async () => {
    expect(
      await accounts(
        withFirst({
          "a_ecritures_20240301.csv": LEDGER_HEADER + rent("1", "510,00") + rent("2", "500,00", "03"),
        }),
      ),
    ).toMatchObject({
      "ecritures_20240201.csv": [2, 1, 0, 1, 0],
      "a_ecritures_20240301.csv": [2, 1, 0, 0, 1],
    });
  });

  test("of a delta that says two things of one key: the later line is rejected", async () => {
    const twice = LEDGER_HEADER + rent("1", "510,00") + rent("1", "520,00");
    expect(await accounts(withFirst({ "ecritures_20240301.csv": twice }))).toMatchObject({
      "ecritures_20240201.csv": [2, 1, 0, 1, 0],
      "ecritures_20240301.csv": [2, 1, 1, 0, 0],
    });
  });

  test("of one key in two feeds with other content: a conflict, deltas or not", async () => {
    const found = await accounts(withFirst({ "encaissements_20240301.csv": LEDGER_HEADER + receipt("1") }));
    expect(found).toMatchObject({ "encaissements_20240301.csv": [1, 0, 1, 0, 0] });
  });

  test("of entries whose lease a later full delivery left out: rejected", async () => {
    const { rejected } = await loadInbox(
      await makeTinyLandlord(
        withFirst({ "baux_20240301.csv": LEASE_HEADER + lease("L2") + lease("L3") + lease("L4") }),
      ),
      { rejected: "select distinct table_name, column_name, value, reason from load.rejected_row" },
    );
    expect(rejected).toEqual([["entry", "lease_id", "L1", "unknown_reference"]]);
  });

  test("of full deliveries by year: each year has its own", async () => {
    const changes = withFirst(
      {
        "ecritures_20240201.csv": null,
        "ecritures_2023_20240201.csv": LEDGER_HEADER + rent("1", "500,00"),
        "ecritures_2024_20240201.csv": LEDGER_HEADER + rent("2", "500,00", "03"),
        "ecritures_2024_20240301.csv": LEDGER_HEADER + rent("3", "510,00", "03"),
      },
      `delivery: full, full_by: "_(\\\\d{4})_"`,
    );
    expect(await accounts(changes)).toMatchObject({
      "ecritures_2023_20240201.csv": [1, 1, 0, 0, 0],
      "ecritures_2024_20240201.csv": [1, 0, 0, 1, 0],
      "ecritures_2024_20240301.csv": [1, 1, 0, 0, 0],
    });
  });

  test("of a full delivery that was in force before and is again: the last one stands", async () => {
    const other = LEASES + lease("L4");
    expect(
      await accounts(
        withFirst({ "baux_20240301.csv": other, "baux_20240302.csv": other, "baux_20240401.csv": LEASES }),
      ),
    ).toMatchObject({
      "baux_20240201.csv": [3, 0, 0, 3, 0],
      "baux_20240301.csv": [4, 0, 0, 4, 0],
      "baux_20240302.csv": [4, 0, 0, 0, 4],
      "baux_20240401.csv": [3, 3, 0, 0, 0],
    });
  });
});

describe("a correction of an old month restates it", () => {
  const BALANCES =
    "select month, due_balance from arrears.lease_month where lease_id = 'L1' and month <= '2024-03-31' order by month desc limit 3";

  test.each([
    ["as a delta", "delivery: delta", "ecritures_20240201.csv", "ecritures_20240410.csv"],
    [
      "as the year exported again",
      `delivery: full, full_by: "_(\\\\d{4})_"`,
      "ecritures_2024_20240201.csv",
      "ecritures_2024_20240410.csv",
    ],
  ])("%s", async (_, delivery, first, second) => {
    const ledger = (january: string) => LEDGER_HEADER + rent("1", january) + rent("2", "500,00", "03");
    const files = { "ecritures_20240201.csv": null, [first]: ledger("500,00") };
    const balances = async (inbox: TinyChanges["inbox"]) => {
      const workspace = await makeTinyLandlord(withFirst(inbox, delivery));
      await runTinyNight(workspace, "2024-04-30");
      return (await queryNight(workspace, BALANCES)).map(([, balance]) => balance);
    };
    expect(await balances(files)).toEqual(["899.00", "399.00", "500.00"]);
    expect(await balances({ ...files, [second]: ledger("450,00") })).toEqual(["849.00", "349.00", "450.00"]);
  });
});

describe("deliveries over time, in any order of their names", () => {
  const day = fc.integer({ min: 10, max: 27 });
  const prefix = fc.constantFrom("", "a_", "m_", "z_");
  const told = (rents: Record<string, number>) => JSON.stringify(Object.entries(rents));
  const history = fc.record({
    leases: fc.uniqueArray(fc.record({ day, prefix, extra: fc.subarray(["L4", "L5", "L6"]) }), {
      minLength: 1,
      maxLength: 4,
      selector: (delivery) => delivery.day,
    }),
    ledger: fc
      .uniqueArray(
        fc.record({
          day,
          prefix,
          rents: fc.dictionary(fc.constantFrom("1", "2", "3", "4"), fc.integer({ min: 1, max: 3 }), {
            minKeys: 1,
          }),
        }),
        { minLength: 1, maxLength: 5, selector: (delivery) => delivery.day },
      )
      // Two files of the same bytes are one delivery: what comes again unchanged does not undo what came between.
      .filter((deliveries) => new Set(deliveries.map(({ rents }) => told(rents))).size === deliveries.length),
    receipts: fc.uniqueArray(
      fc.record({ day, prefix, numbers: fc.subarray(["101", "102", "103"], { minLength: 1 }) }),
      { minLength: 1, maxLength: 3, selector: (delivery) => delivery.day },
    ),
    copied: fc.array(fc.tuple(fc.nat(), prefix), { minLength: 1, maxLength: 3 }),
  });

  const QUERIES = {
    leases: "select id from contract.lease order by id",
    rents: "select id, amount::integer from contract.entry where kind = 'rent' order by id",
    receipts: "select id from contract.entry where kind = 'payment' order by id",
    lost: "select file from load.file where rows_read <> rows_accepted + rows_rejected + rows_superseded + rows_duplicate",
    accounts: ACCOUNTS,
    asOf: "select max(delivered_on) from load.file where copy_of is null",
  };

  test("give what the last of each kind says, and the same delivery twice changes nothing", async () => {
    let copies = 0;
    await fc.assert(
      fc.asyncProperty(history, async ({ leases, ledger, receipts, copied }) => {
        const files = new Map<string, string>();
        for (const { day, prefix, extra } of leases)
          files.set(`${prefix}baux_202402${day}.csv`, LEASES + extra.map(lease).join(""));
        for (const { day, prefix, rents } of ledger) {
          const rows = Object.entries(rents).map(([numero, euros]) => rent(numero, `${euros},00`));
          files.set(`${prefix}ecritures_202402${day}.csv`, LEDGER_HEADER + rows.join(""));
        }
        for (const { day, prefix, numbers } of receipts)
          files.set(`${prefix}encaissements_202402${day}.csv`, LEDGER_HEADER + numbers.map(receipt).join(""));
        const once = await loadInbox(await makeTinyLandlord(landlord(Object.fromEntries(files))), QUERIES);

        const lastLeases = leases.toSorted((a, b) => a.day - b.day).at(-1)?.extra ?? [];
        const lastRents = Object.assign(
          {},
          ...ledger.toSorted((a, b) => a.day - b.day).map(({ rents }) => rents),
        );
        expect(once.leases).toEqual(["L1", "L2", "L3", ...lastLeases].map((id) => [id]));
        expect(once.rents).toEqual(Object.entries(lastRents));
        expect(once.receipts).toEqual(
          [...new Set(receipts.flatMap(({ numbers }) => numbers))].sort().map((id) => [id]),
        );
        expect(once.lost).toEqual([]);

        // Any file again, but of the full deliveries the one in force: an older one would rightly take its place back.
        const inForce = [...files.keys()]
          .filter((file) => file.includes("baux"))
          .sort((a, b) => a.slice(-12).localeCompare(b.slice(-12)))
          .at(-1);
        const again = [...files.keys()].filter((file) => !file.includes("baux") || file === inForce);
        const twice = new Map(files);
        for (const [seed, prefix] of copied) {
          const original = again[seed % again.length] ?? "";
          const name = original.replace(/^[amz]_/, "");
          twice.set(`${prefix}${name.replace(/_2024\d{4}/, "_20240305")}`, files.get(original) ?? "");
        }
        const repeated = await loadInbox(
          await makeTinyLandlord(landlord(Object.fromEntries(twice))),
          QUERIES,
        );
        const { accounts, ...content } = repeated;
        expect(content).toEqual({ ...content, ...once, accounts: undefined });
        expect(accounts.filter(([file]) => files.has(String(file)))).toEqual(once.accounts);
        for (const [file, read, ...counts] of accounts) {
          if (files.has(String(file))) continue;
          copies += 1;
          expect(counts).toEqual(["0", "0", "0", read]);
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(copies).toBeGreaterThan(10);
  });
});
