import { readFileSync, rmSync } from "node:fs";
import { FEC_COLUMNS } from "../../../pipelines/readers/fec.ts";
import { type Day, type Month, monthOf, yearOf } from "../calendar.ts";
import type { Delivery, TextFile } from "../delivery.ts";
import { commaAmount, compactDate, digits } from "./writing.ts";

const LINE_END = "\r\n";
/** Characters of a draft row that say which journal entry it belongs to: day, journal, batch. */
const KEY_LENGTH = 9;

/** The journals, in the order in which a day's entries are numbered. */
const JOURNALS = {
  AN: "À nouveaux",
  VE: "Quittancement",
  BQ: "Banque",
  OD: "Opérations diverses",
} as const;
const JOURNAL_CODES = Object.keys(JOURNALS) as Journal[];

export type Journal = keyof typeof JOURNALS;

/** The general-ledger accounts that a tenant account meets, and the two that it is itself. */
const ACCOUNTS = {
  "411000": "Locataires",
  "416000": "Locataires partis",
  "165000": "Dépôts de garantie reçus",
  "471000": "Compte d'attente",
  "511200": "Chèques à encaisser",
  "511500": "Cartes à encaisser",
  "512000": "Banque",
  "530000": "Caisse",
  "622700": "Frais d'actes et de contentieux",
  "654100": "Créances irrécouvrables",
  "703000": "Récupération des charges locatives",
  "704200": "Suppléments de loyer",
  "704300": "Loyers",
  "704900": "Réduction de loyer de solidarité",
  "708800": "Frais refacturés",
  "890000": "Bilan d'ouverture",
} as const;

export type Account = keyof typeof ACCOUNTS;
/** Tenants present and departed tenants. */
export type TenantAccount = "411000" | "416000";

/** One line on a tenant account. Texts hold no tab, no bar and no line end. */
export interface TenantLine {
  readonly journal: Journal;
  readonly bookedOn: Day;
  readonly account: TenantAccount;
  readonly tenant: string;
  readonly tenantName: string;
  readonly piece: string;
  readonly pieceDate: Day;
  readonly wording: string;
  /** Debit positive, credit negative, in cents. */
  readonly cents: number;
  readonly letter: { readonly code: string; readonly on: Day } | null;
}

/** How a fiscal year's file is written. */
export interface FecShape {
  readonly encoding: "iso-8859-15" | "utf-8";
  readonly separator: "\t" | "|";
}

interface DraftMonth {
  readonly name: string;
  readonly file: TextFile;
  /** Cents on the accounts that balance the tenants' lines, by journal entry. */
  readonly counterparts: Map<string, Map<Account, number>>;
}

/**
 * One fiscal year as a *fichier des écritures comptables*: 18 fields, entries in the order of their dates and numbered
 * without a gap, each balanced by one line an account of what its tenants' lines come from. Lines may be added in any
 * order: they wait in a draft file a month until `finish`, which holds one month at a time in memory.
 */
export class FecYear {
  readonly #drafts: Delivery;
  readonly #draftName: string;
  readonly #shape: FecShape;
  readonly #file: TextFile;
  readonly #months = new Map<Month, DraftMonth>();
  #entries = 0;

  constructor(delivery: Delivery, drafts: Delivery, file: string, shape: FecShape) {
    this.#drafts = drafts;
    this.#draftName = file;
    this.#shape = shape;
    this.#file = delivery.text(file, shape);
    this.#file.append(FEC_COLUMNS.join(shape.separator) + LINE_END);
  }

  /** Adds a tenant's line; `counterpart` takes its opposite, null where another tenant's line does. */
  add(line: TenantLine, counterpart: Account | null): void {
    const { separator } = this.#shape;
    const month = monthOf(line.bookedOn);
    const draft = this.#draftOf(month);
    const day = compactDate(line.bookedOn).slice(6);
    const batch = line.journal === "BQ" || line.journal === "OD" ? (counterpart ?? "411000") : "000000";
    const key = `${day}${JOURNAL_CODES.indexOf(line.journal)}${batch}`;
    const letter =
      line.letter === null ? separator : `${line.letter.code}${separator}${compactDate(line.letter.on)}`;
    draft.file.append(
      `${key}${line.account}${separator}${ACCOUNTS[line.account]}${separator}${line.tenant}${separator}${
        line.tenantName
      }${separator}${line.piece}${separator}${compactDate(line.pieceDate)}${separator}${line.wording}${separator}${this.#amounts(
        line.cents,
      )}${separator}${letter}\n`,
    );
    if (counterpart === null) return;
    let accounts = draft.counterparts.get(key);
    if (accounts === undefined) {
      accounts = new Map();
      draft.counterparts.set(key, accounts);
    }
    accounts.set(counterpart, (accounts.get(counterpart) ?? 0) - line.cents);
  }

  /** Writes the year from its drafts. */
  async finish(): Promise<void> {
    for (const month of [...this.#months.keys()].sort((a, b) => a - b)) {
      const draft = this.#months.get(month);
      if (draft !== undefined) await this.#writeMonth(month, draft);
    }
  }

  async #writeMonth(month: Month, { name, file, counterparts }: DraftMonth): Promise<void> {
    await file.close();
    const batches = new Map<string, string[]>();
    for (const row of readFileSync(this.#drafts.path(name), "utf8").split("\n")) {
      if (row === "") continue;
      const key = row.slice(0, KEY_LENGTH);
      const batch = batches.get(key);
      if (batch === undefined) batches.set(key, [row]);
      else batch.push(row);
    }
    rmSync(this.#drafts.path(name));
    for (const key of [...batches.keys()].sort()) {
      this.#writeEntry(month, key, batches.get(key) ?? [], counterparts.get(key) ?? new Map());
      await this.#file.waitUntilDrained();
    }
  }

  #writeEntry(
    month: Month,
    key: string,
    rows: readonly string[],
    counterparts: ReadonlyMap<Account, number>,
  ): void {
    const { separator } = this.#shape;
    const journal = JOURNAL_CODES[Number(key[2])] ?? "OD";
    const date = `${yearOf(month)}${digits((month % 12) + 1, 2)}${key.slice(0, 2)}`;
    const number = digits(++this.#entries, 6);
    const before = [journal, JOURNALS[journal], number, date, ""].join(separator);
    const after = `${separator}${date}${separator}${separator}${LINE_END}`;
    for (const row of rows) this.#file.append(before + row.slice(KEY_LENGTH) + after);
    for (const [account, cents] of [...counterparts].sort(([a], [b]) => a.localeCompare(b))) {
      if (cents === 0) continue;
      const label = `${JOURNALS[journal].toUpperCase()} DU ${date.slice(6)}/${date.slice(4, 6)}`;
      const piece = `${journal}${date}`;
      const fields = [account, ACCOUNTS[account], "", "", piece, date, label, this.#amounts(cents), "", ""];
      this.#file.append(before + fields.join(separator) + after);
    }
  }

  #amounts(cents: number): string {
    const amount = commaAmount(Math.abs(cents), "");
    return cents > 0 ? `${amount}${this.#shape.separator}0,00` : `0,00${this.#shape.separator}${amount}`;
  }

  #draftOf(month: Month): DraftMonth {
    const known = this.#months.get(month);
    if (known !== undefined) return known;
    const name = `${this.#draftName}.${month}`;
    const opened = { name, file: this.#drafts.text(name, { encoding: "utf-8" }), counterparts: new Map() };
    this.#months.set(month, opened);
    return opened;
  }
}
