import { describe, expect, test } from "vitest";
import { PAIN002_COLUMNS, readPain002 } from "../../pipelines/readers/pain002.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { readBack } from "./read-back.ts";
import { pain002File } from "./statement-files.ts";

const NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:";
const REJECT = {
  endToEndId: "E2E-1",
  reason: "AM04",
  information: "PROVISION INSUFFISANTE",
  cents: 45_012,
  debtorName: "DUPONT Zoé",
};

/** A report on one message, from line 2 on. */
function report(content: string, group = ""): string {
  return `<Document xmlns="${NAMESPACE}pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>P1</OrgnlMsgId>${group}</OrgnlGrpInfAndSts>
${content}
</CstmrPmtStsRpt></Document>`;
}

async function read(content: string | Uint8Array) {
  const { columns, rows, staged } = await readBack({ "report.xml": content }, { format: "pain002" });
  const objects = rows.map(([, line, ...cells]) => ({
    line,
    ...Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? null])),
  }));
  return { columns, rows: objects as Record<string, unknown>[], staged: staged[0] };
}

async function refusal(content: string): Promise<string> {
  const error = await read(content).catch((reason: unknown) => reason);
  if (!(error instanceof UserError)) throw new Error(`no UserError but ${error}`);
  return error.message;
}

describe("a transaction is a row", () => {
  test.each(["03", "10"] as const)("version .%s", async (version) => {
    const { columns, rows, staged } = await read(
      pain002File(
        [REJECT, { ...REJECT, endToEndId: "NOTPROVIDED", reason: "MD07", information: " " }],
        version,
      ),
    );
    expect(columns).toEqual(PAIN002_COLUMNS);
    expect(rows[0]).toEqual({
      line: 5,
      message_id: "R1",
      created_on: "2024-02-06",
      original_message_id: "P1",
      original_payment_id: "L1",
      status: "RJCT",
      original_instruction_id: null,
      end_to_end_id: "E2E-1",
      reason_code: "AM04",
      reason_information: "PROVISION INSUFFISANTE",
      amount: "450.12",
      collection_on: "2024-02-05",
      mandate_id: "RUM-1",
      debtor_name: "DUPONT Zoé",
      debtor_account: null,
    });
    expect(rows[1]).toMatchObject({
      line: 6,
      end_to_end_id: null,
      reason_code: "MD07",
      reason_information: null,
    });
    expect(staged).toMatchObject({ rowsRead: 2, malformedRows: 0 });
  });

  test("a proprietary reason, and several texts", async () => {
    const { rows } = await read(
      report(
        "<OrgnlPmtInfAndSts><TxInfAndSts><StsRsnInf><Rsn><Prtry>B1</Prtry></Rsn><AddtlInf>a</AddtlInf><AddtlInf>b</AddtlInf></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>",
      ),
    );
    expect(rows).toMatchObject([{ line: 3, reason_code: "B1", reason_information: "a b" }]);
  });

  test("status and reason are those of the payment, then of the group, where it has none", async () => {
    const reason = (code: string) => `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf>`;
    const transaction = (content: string) => `<TxInfAndSts>${content}</TxInfAndSts>`;
    const { rows } = await read(
      report(
        `<OrgnlPmtInfAndSts><PmtInfSts>RJCT</PmtInfSts>${reason("AC04")}${transaction("")}${transaction(`<TxSts>PDNG</TxSts>${reason("MS02")}`)}</OrgnlPmtInfAndSts>
<OrgnlPmtInfAndSts>${transaction("")}</OrgnlPmtInfAndSts>`,
        `<GrpSts>PART</GrpSts>${reason("XT13")}`,
      ),
    );
    expect(rows.map(({ status, reason_code }) => [status, reason_code])).toEqual([
      ["RJCT", "AC04"],
      ["PDNG", "MS02"],
      ["PART", "XT13"],
    ]);
  });

  test.each([
    [
      "a payment",
      report(
        "<OrgnlPmtInfAndSts><OrgnlPmtInfId>L1</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts>",
      ),
      { original_payment_id: "L1", line: 3 },
    ],
    ["a group", report("", "<GrpSts>RJCT</GrpSts>"), { original_payment_id: null, line: 1 }],
  ])("%s rejected without naming its transactions is a row without them", async (_case, content, row) => {
    expect((await read(content)).rows).toMatchObject([
      { ...row, original_message_id: "P1", status: "RJCT", end_to_end_id: null },
    ]);
  });

  test("a report that accepts all has no rows", async () => {
    expect((await read(report("", "<GrpSts>ACCP</GrpSts>"))).rows).toEqual([]);
  });

  test("an amount that is none passes through", async () => {
    const content = pain002File([REJECT], "03").replace("450.12", "450,12");
    expect((await read(content)).rows).toMatchObject([{ amount: "450,12" }]);
  });
});

describe("what cannot be read is refused", () => {
  test.each([
    [
      "another version",
      pain002File([REJECT], "03").replace("pain.002.001.03", "pain.002.001.12"),
      '2: the namespace of Document says "pain.002.001.12", which is none of pain.002.001.03, pain.002.001.10',
    ],
    [
      "truncated",
      pain002File([REJECT], "03").slice(0, -30),
      "6: no well-formed XML: unclosed tag: OrgnlPmtInfAndSts",
    ],
    [
      "a document type",
      `<!DOCTYPE a [<!ENTITY b "c">]>${report("")}`,
      "1: a document type declaration (DOCTYPE) is not accepted",
    ],
  ])("%s", async (_case, content, message) => {
    expect(await refusal(content)).toBe(`inbox/report.xml:${message}`);
  });
});

test("cutting the bytes differently changes nothing", async () => {
  const contents = { "report.xml": pain002File([REJECT, { ...REJECT, debtorName: "ÉTÉ & <Cie>" }], "10") };
  const whole = await readBack(contents, { format: "pain002" });
  for (const chunkBytes of [1, 2, 3, 64, 1000]) {
    const cut = await readBack(contents, { format: "pain002" }, (delivered, stagingFolder) =>
      readPain002(delivered, stagingFolder, { chunkBytes, tokenLimit: 1000 }),
    );
    expect(cut.rows).toEqual(whole.rows);
  }
});
