import { amountText, parseXmlAmount } from "./exact-amount.ts";
import type { DeliveredFile, StagedFile } from "./reader.ts";
import {
  amount,
  dayOf,
  group,
  readXml,
  record,
  referenceOf,
  text,
  type XmlFormat,
  type XmlHandler,
  type XmlRecord,
  type XmlShape,
  type XmlSizes,
  type XmlTarget,
} from "./xml-stream.ts";

/** The columns of the view of a feed in `format: pain002`. */
export const PAIN002_COLUMNS: readonly string[] = [
  "message_id",
  "created_on",
  "original_message_id",
  "original_payment_id",
  "status",
  "original_instruction_id",
  "end_to_end_id",
  "reason_code",
  "reason_information",
  "amount",
  "collection_on",
  "mandate_id",
  "debtor_name",
  "debtor_account",
];

const REASON = group({
  Rsn: group({ Cd: text("reason_code"), Prtry: text("reason_code") }),
  AddtlInf: text("reason_information"),
});

/** In version .10 a party is one level deeper. */
const DEBTOR: XmlShape = group({ Nm: text("debtor_name"), Pty: group({ Nm: text("debtor_name") }) });

const TRANSACTION = record("transaction", {
  OrgnlInstrId: text("original_instruction_id"),
  OrgnlEndToEndId: text("end_to_end_id"),
  TxSts: text("status"),
  StsRsnInf: REASON,
  OrgnlTxRef: group({
    Amt: group({ InstdAmt: amount("amount") }),
    ReqdColltnDt: text("collection_on"),
    MndtRltdInf: group({ MndtId: text("mandate_id"), DrctDbtMndt: group({ MndtId: text("mandate_id") }) }),
    Dbtr: DEBTOR,
    DbtrAcct: group({
      Id: group({ IBAN: text("debtor_account"), Othr: group({ Id: text("debtor_account") }) }),
    }),
  }),
});

const REPORT = group({
  CstmrPmtStsRpt: record("message", {
    GrpHdr: group({ MsgId: text("message_id"), CreDtTm: text("created_on") }),
    OrgnlGrpInfAndSts: group({
      OrgnlMsgId: text("original_message_id"),
      GrpSts: text("status"),
      StsRsnInf: REASON,
    }),
    OrgnlPmtInfAndSts: record("payment", {
      OrgnlPmtInfId: text("original_payment_id"),
      PmtInfSts: text("status"),
      StsRsnInf: REASON,
      TxInfAndSts: TRANSACTION,
    }),
  }),
});

const PAIN002: XmlFormat = {
  columns: PAIN002_COLUMNS,
  versions: { "pain.002.001.03": REPORT, "pain.002.001.10": REPORT },
  handler: (target) => new Pain002(target),
};

/**
 * Reads payment status reports of ISO 20022, pain.002 in versions .03 and .10 (a Reader): one row a transaction
 * (`TxInfAndSts`), with the status and the reason of its payment or of the whole group where it has none of its own. A
 * payment or group that is told to be rejected (RJCT) without naming its transactions is one row without
 * `end_to_end_id`, so that it is seen.
 *
 * `amount` is what was asked, without sign, and text that is no amount passes through; the file says of no money
 * that it moved. `EndToEndId` and the other references are null when they say NOTPROVIDED. Several texts of a
 * reason are joined by a space.
 *
 * @throws UserError as `readXml`.
 */
export function readPain002(
  delivered: DeliveredFile,
  stagingFolder: string,
  sizes?: XmlSizes,
): Promise<StagedFile> {
  return readXml(delivered, stagingFolder, PAIN002, sizes);
}

class Pain002 implements XmlHandler {
  readonly #target: XmlTarget;
  #message: XmlRecord | undefined;
  #payment: XmlRecord | undefined;
  /** Rows of the message, and of the payment, that is open. */
  #ofMessage = 0;
  #ofPayment = 0;

  constructor(target: XmlTarget) {
    this.#target = target;
  }

  open(opened: XmlRecord): void {
    if (opened.name === "message") {
      this.#message = opened;
      this.#ofMessage = 0;
    } else if (opened.name === "payment") {
      this.#payment = opened;
      this.#ofPayment = 0;
    }
  }

  close(closed: XmlRecord): void {
    if (closed.name === "transaction") {
      this.#push(closed);
    } else if (closed.name === "payment") {
      if (this.#ofPayment === 0 && closed.first("status") === "RJCT") this.#push(closed);
      this.#payment = undefined;
    } else if (this.#ofMessage === 0 && closed.first("status") === "RJCT") {
      this.#push(closed);
    }
  }

  /** The row of a transaction, of a payment as a whole, or of a message as a whole. */
  #push(element: XmlRecord): void {
    this.#ofMessage++;
    this.#ofPayment++;
    const around = [element, this.#payment, this.#message];
    const reasons = around.find((one) => one?.first("reason_code") != null) ?? element;
    this.#target.rows.push(element.line, [
      this.#message?.first("message_id") ?? null,
      dayOf(this.#message?.first("created_on") ?? null),
      this.#message?.first("original_message_id") ?? null,
      this.#payment?.first("original_payment_id") ?? null,
      around.map((one) => one?.first("status") ?? null).find((status) => status !== null) ?? null,
      referenceOf(element.first("original_instruction_id")),
      referenceOf(element.first("end_to_end_id")),
      reasons.first("reason_code"),
      reasons.all("reason_information").join(" "),
      amountOf(element.first("amount")),
      dayOf(element.first("collection_on")),
      referenceOf(element.first("mandate_id")),
      element.first("debtor_name"),
      element.first("debtor_account"),
    ]);
  }
}

function amountOf(written: string | null): string | null {
  const read = written === null ? undefined : parseXmlAmount(written);
  return read === undefined ? written : amountText(read);
}
