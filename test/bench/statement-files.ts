import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  balanceRecord,
  camtBeginning,
  camtStatementBeginning,
  complementRecord,
  entryElement,
  movementRecord,
  PAIN002_END,
  pain002Beginning,
  rejectElement,
  type WrittenMovement,
} from "../readers/statement-files.ts";

const ACCOUNT = "00012345678";
const MOVEMENTS_A_STATEMENT = 2000;

/**
 * Writes a bank file of about so many bytes: account statements of 2,000 movements, one after the other of the same
 * account, or a report of refused collections. Returns the number of its rows.
 */
export function writeBankFile(
  path: string,
  format: "cfonb120" | "camt" | "pain002",
  bytes: number,
): Promise<number> {
  return writePieces(path, { cfonb120: cfonbPieces, camt: camtPieces, pain002: reportPieces }[format], bytes);
}

/** Pieces of text of a file of about so many bytes; `count` is told of its rows. */
type Pieces = (bytes: number, count: (rows: number) => void) => Generator<string>;

async function writePieces(path: string, pieces: Pieces, bytes: number): Promise<number> {
  let rows = 0;
  const text = pieces(bytes, (more) => {
    rows += more;
  });
  await pipeline(Readable.from(text), createWriteStream(path));
  return rows;
}

function* statements(): Generator<{ opening: number; closing: number; movements: WrittenMovement[] }> {
  for (let number = 0, opening = 0; ; number++) {
    const movements = Array.from({ length: MOVEMENTS_A_STATEMENT }, (_, index) =>
      movementOf(number * MOVEMENTS_A_STATEMENT + index),
    );
    const closing = movements.reduce((sum, { cents }) => sum + cents, opening);
    yield { opening, closing, movements };
    opening = closing;
  }
}

function movementOf(rank: number): WrittenMovement {
  return {
    cents: ((rank * 7919) % 90_000) + 1 - (rank % 50 === 0 ? 100_000 : 0),
    bookedOn: "2024-01-31",
    label: `VIR SEPA RECU ${rank}`,
    endToEndId: `E2E-${rank}`,
    debtorName: `LOCATAIRE N° ${rank % 17_000}`,
    remittance: `LOYER 01/2024 BAIL ${rank % 17_000}`,
  };
}

function* cfonbPieces(bytes: number, count: (rows: number) => void): Generator<string> {
  let written = 0;
  for (const { opening, closing, movements } of statements()) {
    const records = movements.flatMap((movement) => [
      movementRecord(ACCOUNT, movement),
      complementRecord(ACCOUNT, movement.bookedOn, "NPY", movement.debtorName?.replace("°", " ") ?? ""),
      complementRecord(ACCOUNT, movement.bookedOn, "LCC", movement.remittance ?? ""),
    ]);
    const text = [
      balanceRecord("01", ACCOUNT, "2024-01-31", opening),
      ...records,
      balanceRecord("07", ACCOUNT, "2024-01-31", closing),
      "",
    ].join("\r\n");
    count(movements.length);
    yield text;
    written += text.length;
    if (written >= bytes) return;
  }
}

function* camtPieces(bytes: number, count: (rows: number) => void): Generator<string> {
  yield camtBeginning("08");
  let written = 0;
  for (const { opening, movements } of statements()) {
    const days = { openedOn: "2024-01-31", closedOn: "2024-01-31" };
    const entries = movements.map((movement) => `${entryElement(movement, "08")}\n`);
    const statement = { account: ACCOUNT, openingCents: opening, ...days, movements };
    const text = `${camtStatementBeginning(statement)}${entries.join("")}</Stmt>\n`;
    count(movements.length);
    yield text;
    written += text.length;
    if (written >= bytes) break;
  }
  yield "</BkToCstmrStmt></Document>\n";
}

function* reportPieces(bytes: number, count: (rows: number) => void): Generator<string> {
  yield pain002Beginning("03");
  let written = 0;
  for (let rank = 0; written < bytes; rank += MOVEMENTS_A_STATEMENT) {
    const text = Array.from({ length: MOVEMENTS_A_STATEMENT }, (_, index) => {
      const { endToEndId = "", debtorName = "", cents } = movementOf(rank + index);
      const reject = { endToEndId, reason: "AM04", information: "", cents: Math.abs(cents), debtorName };
      return `${rejectElement(reject, "03")}\n`;
    }).join("");
    count(MOVEMENTS_A_STATEMENT);
    yield text;
    written += text.length;
  }
  yield PAIN002_END;
}
