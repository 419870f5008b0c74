import { readFileSync } from "node:fs";
import { type Day, firstDay, frenchMonth, isoMonth, lastDay, type Month, monthOf } from "../calendar.ts";
import type { DelimitedFile, Delivery, TextFile } from "../delivery.ts";
import type { EntryRecord, LeaseRecord } from "../landlord-records.ts";
import type { Window } from "../window.ts";
import {
  type CamtEntry,
  type CamtTransaction,
  type WrittenMessage,
  writeCamt053,
  writeCamt054,
} from "./camt.ts";
import { bankText, type StatementMovement, writeStatement } from "./cfonb120.ts";
import { KeyedStream } from "./keyed-stream.ts";
import { writePain002 } from "./pain002.ts";
import { type Payer, Payers } from "./payers.ts";
import { compactDate, digits } from "./writing.ts";

/** The landlord's two accounts, at banks that do not exist. */
const RENTS = { bank: "99998", branch: "00021", number: "00020417735" } as const;
const COLLECTIONS = "FR7699997000340001180226442";
const OPENING_CENTS = { rents: 41_250_000, collections: 18_730_000 };
/** Months before the last from which the second bank writes the newer version of its messages. */
const NEWER_SINCE = 12;
/** Months before the last whose statements are delivered twice. */
const DELIVERED_TWICE = 4;

const SUPPLIERS = [
  "ASCENSEURS DU MERIDIEN",
  "NETTOYAGE LA VAGUE",
  "CHAUFFAGE ROUVIN",
  "ESPACES VERTS LES TAMARIS",
  "PLOMBERIE DES BASSINS",
  "REGIE DES EAUX",
];

type Kind =
  | "transfer"
  | "cheque"
  | "cash"
  | "given back"
  | "unpaid"
  | "charges"
  | "supplier"
  | "benefit"
  | "between accounts"
  | "collection"
  | "return"
  | "card"
  | "refused";

/** What happens at a bank, waiting for its month to be complete. */
interface Movement {
  readonly kind: Kind;
  readonly bookedOn: Day;
  readonly valueOn: Day;
  /** Received positive, given out negative; of a refused collection what was asked. */
  readonly cents: number;
  readonly name?: string;
  readonly account?: string;
  readonly text?: string;
  readonly endToEndId?: string;
  readonly mandate?: string;
  readonly reason?: string;
  /** The lease in the warehouse; none for what no tenant paid. */
  readonly lease?: string;
}

const OPERATIONS: Readonly<Partial<Record<Kind, readonly [code: string, label: string]>>> = {
  transfer: ["05", "VIR RECU"],
  benefit: ["05", "VIR RECU"],
  "between accounts": ["05", "VIR INTERNE"],
  cheque: ["02", "CHEQUE"],
  cash: ["91", "VERSEMENT ESPECES"],
  "given back": ["06", "VIR RESTITUTION"],
  supplier: ["06", "VIR FOURNISSEUR"],
  unpaid: ["04", "IMPAYE"],
  charges: ["62", "FRAIS TENUE DE COMPTE"],
};
/** Booked by the second bank, or told by it; the first bank books the rest. */
const AT_THE_SECOND_BANK: ReadonlySet<Kind> = new Set(["collection", "return", "card", "refused"]);

/**
 * What Cité Sauvelle's banks deliver: of the account for rents a CFONB 120 statement a month (transfers, cheques, cash,
 * and what no tenant paid: charges, suppliers, the benefit office's lump sums); of the account for collections a camt.053
 * a month, a camt.054 with the returns that it books as daily sums, and a pain.002 with the collections refused before
 * they were settled, which the landlord's ledger never sees. `truth` is told the lease of every receipt by file and line.
 */
export class SauvelleBank {
  readonly payers: Payers;
  readonly #window: Window;
  readonly #seed: number;
  readonly #delivery: Delivery;
  readonly #drafts: Delivery;
  readonly #truth: DelimitedFile;
  readonly #months = new Map<Month, TextFile>();
  readonly #benefits = new Map<Day, number>();
  readonly #balances = { ...OPENING_CENTS };

  /** `drafts` is a place for movements that wait for their month. */
  constructor(delivery: Delivery, drafts: Delivery, truth: Delivery, window: Window, seed: number) {
    this.payers = new Payers(seed);
    this.#window = window;
    this.#seed = seed;
    this.#delivery = delivery;
    this.#drafts = drafts;
    this.#truth = truth.delimited(
      "receipts.csv.gz",
      { encoding: "utf-8", separator: ",", lineEnd: "\n", gzip: true },
      ["file", "line", "lease", "cents"],
    );
    for (let month = window.firstMonth; month <= window.lastMonth; month++) {
      this.#months.set(month, drafts.text(draftName(month), { encoding: "utf-8" }));
    }
  }

  /** What the banks book of a lease's account. `number` is the lease's in the files, `id` in the warehouse. */
  take(lease: LeaseRecord, payer: Payer, number: number, id: string): void {
    const refused = this.#refusedBeforeSettlement(lease);
    let transfers = 0;
    for (const entry of lease.entries) {
      if (entry.kind === "housing_benefit") this.#addBenefit(entry);
      if (!isReceipt(entry)) continue;
      const { bookedOn, cents } = entry;
      const valueOn = entry.valueOn ?? entry.dueOn ?? bookedOn;
      const kind = kindOf(entry);
      const common = { bookedOn, valueOn, cents: -cents, name: payer.name, lease: id };
      const collected = {
        ...common,
        account: payer.accounts[0],
        mandate: payer.mandate,
        endToEndId: endToEndId(number, entry.reversalOf ?? entry.rank),
      };
      if (refused.has(entry.rank)) {
        if (kind === "return") {
          const reason = entry.rejection ?? "MS03";
          this.#add({ ...collected, kind: "refused", cents, reason });
        }
      } else if (kind === "collection") {
        const text = `AVIS ${frenchMonth(monthOf(valueOn))} ${payer.reference}`;
        this.#add({ ...collected, kind, text });
      } else if (kind === "return") {
        this.#add({ ...collected, kind, reason: entry.rejection ?? "MS03" });
      } else if (kind === "card") {
        this.#add({ ...common, kind, text: `PAIEMENT EN LIGNE ${payer.reference}` });
      } else if (kind === "given back" || kind === "unpaid") {
        this.#add({ ...common, kind, text: payer.reference, reason: entry.rejection ?? "" });
      } else {
        const told = this.payers.tell(payer, entry, transfers);
        transfers++;
        this.#add({ ...common, kind, name: told.name, account: told.account, text: told.remittance });
      }
    }
  }

  /** Writes the files of every month. */
  async finish(): Promise<void> {
    await this.#drafts.close();
    for (const month of this.#months.keys()) await this.#writeMonth(month);
  }

  #add(movement: Movement): void {
    this.#months.get(monthOf(movement.bookedOn))?.append(`${JSON.stringify(movement)}\n`);
  }

  #addBenefit({ bookedOn, cents }: EntryRecord): void {
    this.#benefits.set(bookedOn, (this.#benefits.get(bookedOn) ?? 0) - cents);
  }

  /** Ranks of collections, and of their returns, of which no money ever moved; both stand in the same month. */
  #refusedBeforeSettlement(lease: LeaseRecord): ReadonlySet<number> {
    const ranks = new Set<number>();
    for (const entry of lease.entries) {
      if (entry.reversalOf === null || kindOf(entry) !== "return") continue;
      const collection = lease.entries.find(({ rank }) => rank === entry.reversalOf);
      if (collection?.valueOn == null || collection.cents !== -entry.cents || entry.dueOn === null) continue;
      const sameMonth = monthOf(collection.valueOn) === monthOf(entry.dueOn);
      if (!sameMonth || !this.payers.refusedBeforeSettlement(lease, entry)) continue;
      ranks.add(entry.rank).add(collection.rank);
    }
    return ranks;
  }

  async #writeMonth(month: Month): Promise<void> {
    const told = readFileSync(this.#drafts.path(draftName(month)), "utf8")
      .split("\n")
      .filter(Boolean);
    const own = told.map((line) => JSON.parse(line) as Movement);
    const collected = own.filter(({ kind }) => AT_THE_SECOND_BANK.has(kind)).sort(byDay);
    const swept = this.#sweep(month, collected);
    const received = [
      ...own.filter(({ kind }) => !AT_THE_SECOND_BANK.has(kind)),
      ...this.#ofNoTenant(month),
      ...swept.map(({ bookedOn, cents }) => betweenAccounts(bookedOn, -cents)),
    ].sort(byDay);
    this.#writeRents(month, received);
    this.#writeCollections(month, collected, swept);
    this.#writeReturns(
      month,
      collected.filter(({ kind }) => kind === "return"),
    );
    this.#writeRefusals(
      month,
      collected.filter(({ kind }) => kind === "refused"),
    );
    for (const { bookedOn } of received) this.#benefits.delete(bookedOn);
    await this.#delivery.waitUntilDrained();
  }

  /** Most of what was collected goes to the account for rents at the end of the month. */
  #sweep(month: Month, collected: readonly Movement[]): Movement[] {
    const balance = collected
      .filter(({ kind }) => kind !== "refused")
      .reduce((sum, { cents }) => sum + cents, this.#balances.collections);
    const cents = Math.floor((balance * 0.8) / 10_000) * 10_000;
    return cents > 0 ? [betweenAccounts(this.#endOf(month), -cents)] : [];
  }

  /** Charges, suppliers, lump sums of benefit, and now and then money that no tenant sent. */
  #ofNoTenant(month: Month): Movement[] {
    const draw = new KeyedStream(this.#seed, month, 6);
    const end = this.#endOf(month);
    const on = (date: number) => Math.min(firstDay(month) + date - 1, end);
    const movements: Movement[] = [];
    const add = (kind: Kind, bookedOn: Day, cents: number, name: string, text: string) =>
      movements.push({ kind, bookedOn, valueOn: bookedOn, cents, name, text });
    for (const [day, cents] of this.#benefits) {
      if (monthOf(day) === month && cents !== 0)
        add("benefit", day, cents, "CAF DU LITTORAL", `TIERS PAYANT ${frenchMonth(month)}`);
    }
    for (let left = draw.integer(3, 7); left > 0; left--) {
      const name = SUPPLIERS[draw.integer(0, SUPPLIERS.length - 1)] ?? "";
      const invoice = digits(draw.integer(1, 99_999), 5);
      add("supplier", on(draw.integer(2, 28)), -draw.integer(18_000, 620_000), name, `FACTURE ${invoice}`);
    }
    if (draw.chance(0.3)) {
      const claim = digits(draw.integer(1, 9_999), 4);
      const cents = draw.integer(30_000, 240_000);
      add("transfer", on(draw.integer(4, 26)), cents, "MUTUELLE DES QUAIS", `INDEMNITE SINISTRE ${claim}`);
    }
    add("charges", end, -draw.integer(1_800, 7_400), "", "");
    return movements;
  }

  #writeRents(month: Month, received: readonly Movement[]): void {
    const file = this.#name("releve", month, "txt");
    const movements = received.map((movement, index) => statementMovement(movement, index + 1));
    const period = { openedOn: firstDay(month) - 1, closedOn: this.#endOf(month) };
    const written = writeStatement(RENTS, period, this.#balances.rents, movements);
    this.#balances.rents = written.closing;
    this.#write(file, written.text);
    for (const [index, movement] of received.entries()) this.#tell(file, written.lines[index], movement);
    if (month !== this.#window.lastMonth - DELIVERED_TWICE) return;
    this.#write(this.#name("releve", month, "txt", 7), written.text);
  }

  #writeCollections(month: Month, collected: readonly Movement[], swept: readonly Movement[]): void {
    const booked = collected.filter(({ kind }) => kind !== "refused");
    const groups = grouped(booked, ({ kind, bookedOn, valueOn }) => `${kind} ${bookedOn} ${valueOn}`);
    const entries: CamtEntry[] = [];
    const told: (readonly Movement[])[] = [];
    let number = 0;
    const next = () => `${isoMonth(month).replace("-", "")}B${digits(++number, 7)}`;
    for (const group of [...groups, ...swept.map((movement) => [movement])]) {
      const [first] = group;
      if (first === undefined) continue;
      const parts = first.kind === "collection" || first.kind === "card" ? group : [];
      entries.push({
        bookedOn: first.bookedOn,
        valueOn: first.valueOn,
        cents: group.reduce((sum, { cents }) => sum + cents, 0),
        servicerReference: next(),
        ...entryFacts(first.kind),
        transactions: parts.map((movement) => transaction(movement, next(), this.#version(month))),
      });
      told.push(parts);
    }
    const file = this.#name("camt053", month, "xml");
    const facts = (id: string) => ({ ...this.#message(month), id });
    const written = writeCamt053(facts(`STM${isoMonth(month)}`), this.#balances.collections, entries);
    this.#write(file, written.text);
    this.#tellAll(file, written, told);
    if (month === this.#window.lastMonth - DELIVERED_TWICE) {
      const again = writeCamt053(facts(`STM${isoMonth(month)}R`), this.#balances.collections, entries);
      this.#write(this.#name("camt053", month, "xml", 7), again.text);
    }
    this.#balances.collections = written.closing;
  }

  #writeReturns(month: Month, returns: readonly Movement[]): void {
    if (returns.length === 0 && month !== this.#window.lastMonth) return;
    let number = 0;
    const next = () => `${isoMonth(month).replace("-", "")}R${digits(++number, 7)}`;
    const groups = grouped(returns, ({ bookedOn, valueOn }) => `${bookedOn} ${valueOn}`);
    const entries = groups.map((group) => ({
      bookedOn: group[0]?.bookedOn ?? 0,
      valueOn: group[0]?.valueOn ?? 0,
      cents: group.reduce((sum, { cents }) => sum + cents, 0),
      servicerReference: next(),
      ...entryFacts("return"),
      transactions: group.map((movement) => transaction(movement, next(), this.#version(month))),
    }));
    const file = this.#name("camt054", month, "xml");
    const written = writeCamt054({ ...this.#message(month), id: `NTF${isoMonth(month)}` }, entries);
    this.#write(file, written.text);
    this.#tellAll(file, written, groups);
  }

  #writeRefusals(month: Month, refusals: readonly Movement[]): void {
    if (refusals.length === 0 && month !== this.#window.lastMonth) return;
    const createdOn = Math.min(...refusals.map(({ bookedOn }) => bookedOn), this.#endOf(month));
    const file = this.#name("pain002", month, "xml");
    const written = writePain002(
      { id: `PSR${isoMonth(month)}`, original: `SAUVELLE-${isoMonth(month)}`, createdOn },
      refusals.map((movement) => ({
        endToEndId: movement.endToEndId ?? "",
        mandate: movement.mandate ?? "",
        cents: movement.cents,
        collectionOn: movement.valueOn,
        reason: movement.reason ?? "",
        debtorName: movement.name ?? "",
        debtorAccount: movement.account ?? "",
      })),
    );
    this.#write(file, written.text);
    for (const [index, movement] of refusals.entries()) {
      this.#tell(file, written.lines[index], { ...movement, cents: 0 });
    }
  }

  #tellAll(file: string, { lines }: WrittenMessage, groups: readonly (readonly Movement[])[]): void {
    for (const [index, group] of groups.entries()) {
      for (const [place, movement] of group.entries()) this.#tell(file, lines[index]?.[place], movement);
    }
  }

  /** Tells the truth of a receipt: whose it is, or nobody's. */
  #tell(file: string, line: number | undefined, { kind, lease, cents }: Movement): void {
    if (line === undefined || (lease === undefined && kind !== "transfer")) return;
    this.#truth.addFields([file, `${line}`, lease ?? "", `${cents}`]);
  }

  #write(file: string, text: string): void {
    this.#delivery.text(file, { encoding: "utf-8" }).append(text);
  }

  /** A file of a month, delivered on the third of the next one, or `days` later. */
  #name(kind: string, month: Month, ending: string, days = 0): string {
    const on = Math.min(firstDay(month + 1) + 2 + days, this.#window.asOf);
    return `sauvelle/banque/${kind}_${isoMonth(month).replace("-", "")}_${compactDate(on)}.${ending}`;
  }

  #message(month: Month) {
    return {
      version: this.#version(month),
      createdOn: Math.min(firstDay(month + 1), this.#window.asOf),
      account: COLLECTIONS,
      from: firstDay(month),
      to: this.#endOf(month),
    };
  }

  #version(month: Month): "02" | "08" {
    return month >= this.#window.lastMonth - NEWER_SINCE ? "08" : "02";
  }

  #endOf(month: Month): Day {
    return Math.min(lastDay(month), this.#window.asOf);
  }
}

/** Whether the entry is one of those that the bank tells. */
export function isReceipt({ kind }: EntryRecord): boolean {
  return kind === "payment" || kind === "payment_rejected" || kind === "guarantor_payment";
}

function kindOf(entry: EntryRecord): Kind {
  if (entry.kind === "payment_rejected") return entry.channel === "direct_debit" ? "return" : "unpaid";
  if (entry.cents > 0) return "given back";
  switch (entry.channel) {
    case "direct_debit":
      return "collection";
    case "card":
    case "cheque":
    case "cash":
      return entry.channel;
    default:
      return "transfer";
  }
}

function endToEndId(number: number, rank: number): string {
  return `SV${number}-${digits(rank, 5)}`;
}

function betweenAccounts(bookedOn: Day, cents: number): Movement {
  const name = "CITE SAUVELLE";
  return { kind: "between accounts", bookedOn, valueOn: bookedOn, cents, name, text: "ALIMENTATION" };
}

function statementMovement(movement: Movement, number: number): StatementMovement {
  const { kind, bookedOn, valueOn, cents, name = "", account = "", text = "", reason = "" } = movement;
  const [operation, label] = OPERATIONS[kind] ?? ["05", "VIR RECU"];
  const [first, second] = [text.slice(0, 70), text.slice(70)];
  const told = [
    ["NPY", bankText(name)],
    ["CPY", account],
    ["LCC", first],
    ["LC2", second],
    ["RET", reason],
  ] as const;
  return {
    bookedOn,
    valueOn,
    cents,
    operation,
    label: `${label} ${name}`,
    number,
    complements: told.filter(([, words]) => words !== ""),
  };
}

function entryFacts(kind: Kind): Pick<CamtEntry, "code" | "information" | "isReversal"> {
  switch (kind) {
    case "collection":
      return { code: ["PMNT", "IDDT", "ESDD"], information: "REMISE DE PRELEVEMENTS" };
    case "return":
      return { code: ["PMNT", "IDDT", "UPDD"], information: "PRELEVEMENTS IMPAYES", isReversal: true };
    case "card":
      return { code: ["PMNT", "MCRD", "POSP"], information: "REMISE CARTES" };
    default:
      return { code: ["PMNT", "ICDT", "BOOK"], information: "VIREMENT DE COMPTE A COMPTE" };
  }
}

/** The older version of the messages leaves out what a collection was for. */
function transaction(movement: Movement, reference: string, version: "02" | "08"): CamtTransaction {
  const { kind, cents, name, account, text, endToEndId, mandate, reason } = movement;
  const remittance = kind === "collection" && version === "02" ? undefined : text;
  return {
    cents: Math.abs(cents),
    servicerReference: reference,
    ...(endToEndId === undefined ? {} : { endToEndId }),
    ...(mandate === undefined ? {} : { mandate }),
    ...(name === undefined ? {} : { debtorName: name }),
    ...(account === undefined ? {} : { debtorAccount: account }),
    ...(remittance === undefined ? {} : { remittance }),
    ...(reason === undefined ? {} : { returnReason: reason }),
  };
}

function byDay(a: Movement, b: Movement): number {
  return a.bookedOn - b.bookedOn;
}

/** The movements in groups of one key each, in the order in which the keys first come. */
function grouped(movements: readonly Movement[], keyOf: (movement: Movement) => string): Movement[][] {
  const groups = new Map<string, Movement[]>();
  for (const movement of movements) {
    const key = keyOf(movement);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [movement]);
    else group.push(movement);
  }
  return [...groups.values()];
}

function draftName(month: Month): string {
  return `movements_${isoMonth(month)}.jsonl`;
}
