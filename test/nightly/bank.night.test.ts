import { expect, test } from "vitest";
import { makeTinyLandlord, queryNight, runTinyNight, TINY_INBOX } from "../tiny-landlord.ts";

// The tiny landlord, whose bank alone tells what was received; its own balances know every receipt.
const CALLS = TINY_INBOX["ecritures.csv"]
  .split("\n")
  .filter((line) => !line.includes("Règlement"))
  .join("\n");

const REFERENCES = "nature;valeur;bail\nreference;RF185400000101;L1\nreference;RF665400000103;L3\n";

const SOURCES = {
  bank_reference:
    "select nature as kind, valeur as reference, bail as lease_id, file_id, line from inbox.references_",
  bank_receipt: `select
    numero as id, '0417' as account, date_dmy(date) as booked_on, decimal_comma(montant) as amount,
    libelle as reference, file_id, line
  from inbox.bank`,
} as const;

const STRATEGY = `landlord: { name: Le petit bailleur }
load: { max_rejected_share: 0.5 }
feeds:
  agencies: { files: "agences.csv" }
  dwellings: { files: "logements.csv" }
  leases: { files: "baux.csv" }
  ledger: { files: "ecritures*.csv*" }
  balances: { files: "soldes.csv" }
  references_: { files: "references.csv" }
  bank: { files: "banque.csv" }
`;

function landlordOf(receipts: readonly string[]): Promise<string> {
  const bank = `numero;date;libelle;montant\n${receipts.join("\n")}\n`;
  return makeTinyLandlord({
    inbox: { "ecritures.csv": CALLS, "references.csv": REFERENCES, "banque.csv": bank },
    sources: SOURCES,
    strategy: STRATEGY,
  });
}

const comparisons = "select subject, expected, found, status from load.reconciliation order by subject";

test("receipts find their lease before the ledger is held against the landlord's balances", async () => {
  const workspace = await landlordOf([
    "b1;06/02/2024;LOYER RF18 5400 0001 01;500,00",
    "b2;10/02/2024;rf665400000103;1 050,50",
    "b3;12/03/2024;RF665400000103 MERCI;1 050,50",
  ]);
  await runTinyNight(workspace, "2024-04-15");
  expect(await queryNight(workspace, comparisons)).toEqual([
    ["L1", "500.00", "500.00", "verified"],
    ["L2", "1200.00", "1200.00", "verified"],
    ["L3", "0.00", "0.00", "verified"],
  ]);
  expect(
    await queryNight(
      workspace,
      "select lease_id, due_balance from arrears.lease_month where month = '2024-03-01' order by 1",
    ),
  ).toEqual([
    ["L1", "500.00"],
    ["L2", "1200.00"],
    ["L3", "0.00"],
  ]);
});

test("a gap that receipts still waiting may explain is not verified, and the night is published", async () => {
  const workspace = await landlordOf([
    "b1;06/02/2024;LOYER;500,00",
    "b2;10/02/2024;RF665400000103;1 050,50",
    "b3;12/03/2024;RF665400000103;1 050,50",
  ]);
  await runTinyNight(workspace, "2024-04-15");
  expect(await queryNight(workspace, comparisons)).toEqual([
    ["L1", "500.00", "1000.00", "not_verified"],
    ["L2", "1200.00", "1200.00", "verified"],
    ["L3", "0.00", "0.00", "verified"],
  ]);
  expect(
    await queryNight(
      workspace,
      "select receipts, euros, rounded, share_receipts from managers.waiting_receipts",
    ),
  ).toEqual([[1, 500, true, expect.closeTo(2 / 3)]]);
});

test("a gap that they cannot explain is a gap: the night is refused", async () => {
  const workspace = await landlordOf(["b1;06/02/2024;RF185400000101;500,00", "b2;10/02/2024;LOYER;30,00"]);
  await expect(runTinyNight(workspace, "2024-04-15")).rejects.toThrow(
    /lease L3, .* says 0.00, the entries give 2101.00/,
  );
});
