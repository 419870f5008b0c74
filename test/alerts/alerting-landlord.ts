import { makeTinyLandlord } from "../tiny-landlord.ts";

/** One row of the ledger, as the tiny landlord's file writes it. */
type LedgerRow = readonly [
  lease: string,
  booked: string,
  due: string,
  words: "Loyer" | "Règlement",
  euros: string,
];

/** Six months of rents, each due on the fifth of the month after. */
const CALLED: readonly (readonly [booked: string, due: string])[] = [
  ["31/01/2024", "05/02/2024"],
  ["29/02/2024", "05/03/2024"],
  ["31/03/2024", "05/04/2024"],
  ["30/04/2024", "05/05/2024"],
  ["31/05/2024", "05/06/2024"],
  ["30/06/2024", "05/07/2024"],
];

const RENTS = { L1: "500,00", L2: "600,00", L3: "1050,50" } as const;

/** What each lease pays, in calls, and when. */
const PAID: Readonly<Record<keyof typeof RENTS, readonly (readonly [on: string, euros: string])[]>> = {
  L1: [
    ["06/02/2024", "-500,00"],
    ["06/03/2024", "-500,00"],
    ["20/05/2024", "-1000,00"],
    ["06/06/2024", "-500,00"],
  ],
  L2: [
    ["20/05/2024", "-2400,00"],
    ["06/06/2024", "-600,00"],
  ],
  L3: CALLED.map(([, due]) => [due, "-1050,50"] as const),
};

/**
 * The tiny landlord with half a year of ledger. In agency A1 (sector Nord), L2 owes a term at the closings of February and
 * March: red twice running. In April L1 owes one too. In May both pay all they owe, and nobody owes anything after that.
 */
export function makeAlertingLandlord(notifications = ""): Promise<string> {
  const rows: LedgerRow[] = [];
  for (const lease of ["L1", "L2", "L3"] as const) {
    for (const [booked, due] of CALLED) rows.push([lease, booked, due, "Loyer", RENTS[lease]]);
    for (const [on, euros] of PAID[lease]) rows.push([lease, on, "", "Règlement", euros]);
  }
  const lines = rows.map((row, i) => [i + 1, ...row].join(";"));
  return makeTinyLandlord({
    inbox: {
      "ecritures.csv": `numero;bail;date;echeance;libelle;montant\n${lines.join("\n")}\n`,
      "soldes.csv": "bail;date;solde\nL1;30/06/2024;500,00\nL2;30/06/2024;600,00\nL3;30/06/2024;1050,50\n",
    },
    strategy: `landlord: { name: Le petit bailleur }
feeds:
  agencies: { files: "agences.csv" }
  dwellings: { files: "logements.csv" }
  leases: { files: "baux.csv" }
  ledger: { files: "ecritures*.csv*" }
  balances: { files: "soldes.csv" }
disclosure: { minimum: 0 }
objectives: { adopt: false }
indicators:
  share_1_term: { target: 0.1, amber: 0.3, red: 0.45 }
playbook:
  owners: { prevention_desk: { name: Pôle prévention, agencies: { A1: Mme Lenoir } } }
  plans:
    share_1_term: [{ action: Appeler chaque ménage, owner: prevention_desk, days: 20, expected: -0.2 }]
${notifications}`,
  });
}
