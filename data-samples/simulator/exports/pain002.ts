import { type Day, isoDate } from "../calendar.ts";
import { escaped } from "./camt.ts";
import { pointAmount } from "./writing.ts";

/** A collection that the debtor's bank refused before it was settled. */
export interface RefusedCollection {
  readonly endToEndId: string;
  readonly mandate: string;
  readonly cents: number;
  readonly collectionOn: Day;
  readonly reason: string;
  readonly debtorName: string;
  readonly debtorAccount: string;
}

/** A message as it stands in its file, with the line on which each refusal begins; the first line is 1. */
export interface WrittenReport {
  readonly text: string;
  readonly lines: readonly number[];
}

/** Writes a payment status report, pain.002: the collections of one payment file that were refused. */
export function writePain002(
  facts: { readonly id: string; readonly original: string; readonly createdOn: Day },
  refused: readonly RefusedCollection[],
): WrittenReport {
  const written: string[] = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03">',
    "<CstmrPmtStsRpt>",
    `<GrpHdr><MsgId>${facts.id}</MsgId><CreDtTm>${isoDate(facts.createdOn)}T05:10:00</CreDtTm></GrpHdr>`,
    `<OrgnlGrpInfAndSts><OrgnlMsgId>${facts.original}</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.02</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>`,
    "<OrgnlPmtInfAndSts>",
    `<OrgnlPmtInfId>${facts.original}</OrgnlPmtInfId>`,
  ];
  const lines: number[] = [];
  for (const collection of refused) {
    lines.push(written.length + 1);
    written.push(
      [
        `<TxInfAndSts><OrgnlEndToEndId>${collection.endToEndId}</OrgnlEndToEndId><TxSts>RJCT</TxSts>`,
        `<StsRsnInf><Rsn><Cd>${collection.reason}</Cd></Rsn></StsRsnInf>`,
        `<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">${pointAmount(collection.cents)}</InstdAmt></Amt>`,
        `<ReqdColltnDt>${isoDate(collection.collectionOn)}</ReqdColltnDt>`,
        `<MndtRltdInf><MndtId>${collection.mandate}</MndtId></MndtRltdInf>`,
        `<Dbtr><Nm>${escaped(collection.debtorName)}</Nm></Dbtr>`,
        `<DbtrAcct><Id><IBAN>${collection.debtorAccount}</IBAN></Id></DbtrAcct></OrgnlTxRef></TxInfAndSts>`,
      ].join(""),
    );
  }
  written.push("</OrgnlPmtInfAndSts>", "</CstmrPmtStsRpt>", "</Document>");
  return { text: written.map((line) => `${line}\n`).join(""), lines };
}
