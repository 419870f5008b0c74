import { createHash } from "node:crypto";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { UserError } from "../../pipelines/user-error.ts";
import { readBack } from "./read-back.ts";

const latin = (text: string) => iconv.encode(text, "windows-1252");

/** The only file of a feed, read back without its file id. */
async function read(content: string | Uint8Array, keys: Parameters<typeof readBack>[1] = {}) {
  const { columns, rows, malformed, staged } = await readBack({ "ledger.csv": content }, keys);
  return {
    columns,
    rows: rows.map(([, ...row]) => row),
    malformed: malformed.map(([, ...row]) => row),
    rowsRead: staged[0]?.rowsRead,
    encoding: staged[0]?.encoding,
  };
}

/** The message of the UserError that reading ends with. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`no UserError but ${error}`);
  return error.message;
}

describe("records and fields", () => {
  test.each([
    [
      "the header is line 1",
      "a;b\n1;2\n3;4\n",
      [
        [2, "1", "2"],
        [3, "3", "4"],
      ],
    ],
    ["the last line need not end", "a;b\n1;2", [[2, "1", "2"]]],
    [
      "CR LF",
      "a;b\r\n1;2\r\n3;4\r\n",
      [
        [2, "1", "2"],
        [3, "3", "4"],
      ],
    ],
    [
      "CR alone",
      "a;b\r1;2\r3;4\r",
      [
        [2, "1", "2"],
        [3, "3", "4"],
      ],
    ],
    [
      "line ends of several kinds",
      "a;b\r\n1;2\n3;4\r5;6\r\n7;8",
      [
        [2, "1", "2"],
        [3, "3", "4"],
        [4, "5", "6"],
        [5, "7", "8"],
      ],
    ],
    [
      "blank lines are counted and skipped",
      "\n\na;b\n\n1;2\r\n\r\n\n3;4\n\n",
      [
        [5, "1", "2"],
        [8, "3", "4"],
      ],
    ],
    ["an empty field is null, quoted or not", 'a;b\n;""\n', [[2, null, null]]],
    ["blanks are kept", "a;b\n 1 ; \n", [[2, " 1 ", " "]]],
    ["nothing stands for null but nothing", "a;b\nNULL;\\N\n", [[2, "NULL", "\\N"]]],
    ["nothing opens a comment", "a;b\n#1;--2\n", [[2, "#1", "--2"]]],
    ["a backslash escapes nothing", 'a;b\n\\;"\\"\n', [[2, "\\", "\\"]]],
    ["a line of separators is a row", "a;b\n;\n", [[2, null, null]]],
    [
      "one column",
      'a\n1\n\n""\n 2\n',
      [
        [2, "1"],
        [4, null],
        [5, " 2"],
      ],
    ],
    ["header only", "a;b\n", []],
    ["header only, unended", "a;b", []],
  ])("%s", async (_case, content, rows) => {
    expect(await read(content)).toMatchObject({ rows, malformed: [], rowsRead: rows.length });
  });

  test.each([
    ["a quoted separator", 'a;b\n"1;2";3\n', [[2, "1;2", "3"]]],
    ["a doubled quote", 'a;b\n"say ""yes""";""""\n', [[2, 'say "yes"', '"']]],
    [
      "quoted line ends; the next line keeps its number",
      'a;b\n"1\n2\r\n3\r4";5\n6;7\n',
      [
        [2, "1\n2\r\n3\r4", "5"],
        [6, "6", "7"],
      ],
    ],
    ["a quote inside a field is text", 'a;b\n5" pipe;6""\n', [[2, '5" pipe', '6""']]],
  ])("%s", async (_case, content, rows) => {
    expect(await read(content)).toMatchObject({ rows, malformed: [] });
  });

  test("a quote that follows a blank is text", async () => {
    expect(await read('a;b;c\n "1"; ;x"\n"2;";"3"; "\n')).toMatchObject({
      rows: [
        [2, ' "1"', " ", 'x"'],
        [3, "2;", "3", ' "'],
      ],
      malformed: [],
    });
  });

  test("the feed's own quote", async () => {
    expect(await read("a;b\n'1;''2';\"3\n", { quote: "'" })).toMatchObject({ rows: [[2, "1;'2", '"3']] });
  });

  test("a record of 3 MB", async () => {
    const long = "0123456789".repeat(300_000);
    const { rows } = await read(`a;b\n1;"${long};\n"\n2;3\n`);
    expect(rows[0]?.[2] === `${long};\n`).toBe(true);
    expect(rows[1]).toEqual([4, "2", "3"]);
  });

  test("3000 columns", async () => {
    const wide = Array.from({ length: 3000 }, (_, i) => `c${i}`);
    const { rows } = await read(`${wide.join(";")}\n${wide.join(";")}\n${wide.join(";")};\n`);
    expect(rows).toEqual([[2, ...wide]]);
  });
});

describe("header", () => {
  test("names are trimmed, unquoted, and kept as they are", async () => {
    const { columns } = await read(
      ` Montant dû ;"Libellé ""long"" de l'écriture";"a;b";Été;5""\n1;2;3;4;5\n`,
    );
    expect(columns).toEqual(["Montant dû", `Libellé "long" de l'écriture`, "a;b", "Été", '5""']);
  });

  test("a name over two lines", async () => {
    expect(await read('"a\nb";c\n1;2\n')).toMatchObject({ columns: ["a\nb", "c"], rows: [[3, "1", "2"]] });
  });

  test.each([
    [";", "a;b,c;d", 3],
    [",", 'a,b,"c;d;e;f"', 3],
    ["\t", "a\tb\tc", 3],
    ["|", "a|b", 2],
    ["none", "a", 1],
  ])("separator %j is found", async (_separator, header, count) => {
    expect((await read(`${header}\n`)).columns).toHaveLength(count);
  });

  test("a declared separator is not sought", async () => {
    expect(await read("a;b;c~d\n1;2;3~4\n", { separator: "~" })).toMatchObject({
      columns: ["a;b;c", "d"],
      rows: [[2, "1;2;3", "4"]],
    });
  });

  test.each([
    ["", "inbox/ledger.csv:1: the header line is missing: the file is empty"],
    ["\n\r\n", "inbox/ledger.csv:3: the header line is missing: the file is empty"],
    ["\ufeff", "inbox/ledger.csv:1: the header line is missing: the file is empty"],
    ["\na;;c\n", "inbox/ledger.csv:2: the header line names no column at place 2: a, , c"],
    ["a;b; A \n", 'inbox/ledger.csv:1: the header line names the column "A" twice'],
    [
      "a;Line\n",
      'inbox/ledger.csv:1: the header line names a column "Line", which is a name of vigie\'s own',
    ],
    ["a;b\0\n", "inbox/ledger.csv:1: the header line holds a NUL byte"],
    ['a;"b\n1;2\n', "inbox/ledger.csv:1: the header line opens a quote and never closes it"],
    ['a;"b"c\n1;2\n', "inbox/ledger.csv:1: the header line has text after a closing quote"],
    ["a;b,c\n", 'inbox/ledger.csv:1: the header line holds ";" as often as ",": its separator is uncertain'],
  ])("%j is refused", async (content, message) => {
    expect(await refusal(read(content))).toBe(message);
  });

  test.each([
    [{ separator: "é" }, 'vigie.yaml: feeds.ledger.separator: "é" cannot separate fields'],
    [{ separator: "\n" }, 'vigie.yaml: feeds.ledger.separator: "\\n" cannot separate fields'],
    [{ separator: '"' }, 'vigie.yaml: feeds.ledger.separator: "\\"" cannot separate fields'],
    [{ quote: ";" }, 'vigie.yaml: feeds.ledger.quote: ";" cannot quote fields'],
  ])("%j is refused", async (keys, message) => {
    expect(await refusal(read("a;b\n", keys))).toBe(message);
  });
});

describe("malformed records stand aside and are counted", () => {
  test.each([
    ["too few fields", "a;b\n1\n2;3\n", [[3, "2", "3"]], [[2, "wrong_field_count", "1"]]],
    ["too many fields", "a;b\r\n1;2;3\r\n4;5\r\n", [[3, "4", "5"]], [[2, "wrong_field_count", "1;2;3"]]],
    [
      "too many fields over lines",
      'a;b\n"1\n";2;3\n4;5\n',
      [[4, "4", "5"]],
      [[2, "wrong_field_count", '"1\n";2;3']],
    ],
    ["text after a closing quote", 'a;b\n"1"x;2\n3;4\n', [[3, "3", "4"]], [[2, "bad_quote", '"1"x;2']]],
    ["a blank after a closing quote", 'a;b\n1;"2" \n3;4\n', [[3, "3", "4"]], [[2, "bad_quote", '1;"2" ']]],
    [
      "a quote closed on a later line",
      'a;b\n1;"2\n3;4\n5;"6"\n',
      [
        [3, "3", "4"],
        [4, "5", "6"],
      ],
      [[2, "bad_quote", '1;"2']],
    ],
    [
      "a quote never closed",
      'a;b\n1;"2\n3;4\n5;6\n',
      [
        [3, "3", "4"],
        [4, "5", "6"],
      ],
      [[2, "unterminated_quote", '1;"2']],
    ],
    [
      "a quote never closed, after a quoted line end",
      'a;b\n"1\n1";"2\n3;4\n',
      [[4, "3", "4"]],
      [[3, "unterminated_quote", '"1\n1";"2']],
    ],
    ["a quote opened by the last byte", 'a;b\n1;2\n3;"', [[2, "1", "2"]], [[3, "unterminated_quote", '3;"']]],
    ["a NUL byte", "a;b\n1;\0\n3;4\n", [[3, "3", "4"]], [[2, "nul_byte", "1;\u2400"]]],
    ["a NUL byte in quotes", 'a;b\n1;"\0\n"\n3;4\n', [[4, "3", "4"]], [[2, "nul_byte", '1;"\u2400\n"']]],
  ])("%s", async (_case, content, rows, malformed) => {
    expect(await read(content)).toMatchObject({ rows, malformed, rowsRead: rows.length + malformed.length });
  });

  test("the value shown is cut to 200 characters, never inside one", async () => {
    const { malformed } = await read(`a;b\n${"é😀".repeat(150)}\n${"x".repeat(5000)}\n`);
    expect(malformed).toEqual([
      [2, "wrong_field_count", "é😀".repeat(100)],
      [3, "wrong_field_count", "x".repeat(200)],
    ]);
  });

  test("a file wholly of malformed records", async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `${i}`);
    const { rows, malformed, rowsRead } = await read(`a;b\n${lines.join("\n")}\n`);
    expect(rows).toEqual([]);
    expect(malformed).toEqual(lines.map((line, i) => [i + 2, "wrong_field_count", line]));
    expect(rowsRead).toBe(10_000);
  });
});

describe("encodings", () => {
  const text = "nom;montant\nÉléonore Œuvré – l’été;12 €\n";

  test.each([
    ["UTF-8", Buffer.from(text), "utf-8"],
    ["UTF-8 with byte order mark", Buffer.from(`\ufeff${text}`), "utf-8"],
    ["Windows-1252", latin(text), "windows-1252"],
  ])("%s is recognised", async (_case, bytes, encoding) => {
    expect(await read(bytes)).toMatchObject({
      encoding,
      columns: ["nom", "montant"],
      rows: [[2, "Éléonore Œuvré – l’été", "12 €"]],
    });
  });

  test("ASCII counts as UTF-8", async () => {
    expect((await read("a;b\n1;2\n")).encoding).toBe("utf-8");
  });

  test("the last byte of a large file decides", async () => {
    const bytes = Buffer.concat([Buffer.from(`a;b\n${"1;2\n".repeat(400_000)}`), latin("3;é")]);
    const { rows, encoding } = await read(bytes);
    expect([rows.length, rows.at(-1), encoding]).toEqual([400_001, [400_002, "3", "é"], "windows-1252"]);
  });

  test("two encodings in one folder", async () => {
    const { rows, staged } = await readBack({
      "1.csv": latin("nom;ville\nZoé;Orléans\n"),
      "2.csv": "ville;nom\nNîmes;Noël\n",
    });
    expect(rows).toEqual([
      [1, 2, "Zoé", "Orléans"],
      [2, 2, "Noël", "Nîmes"],
    ]);
    expect(staged.map((file) => file.encoding)).toEqual(["windows-1252", "utf-8"]);
  });

  test("every byte of Windows-1252; the five it leaves undefined become control characters", async () => {
    const bytes = Buffer.from(Array.from({ length: 128 }, (_, i) => 128 + i));
    const { rows } = await read(Buffer.concat([Buffer.from("a\n"), bytes]));
    const undefinedBytes = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
    const expected = Array.from(bytes, (byte) =>
      undefinedBytes.has(byte) ? String.fromCharCode(byte) : iconv.decode(Buffer.of(byte), "win1252"),
    );
    expect(rows).toEqual([[2, expected.join("")]]);
  });

  test.each([
    [
      "declared UTF-8, a byte that is not",
      Buffer.concat([Buffer.from("a;b\n1;2\n3;4\n5;"), latin("é"), Buffer.from("\n6;7\n")]),
      "utf-8",
      "inbox/ledger.csv:4: bytes that are not UTF-8, although vigie.yaml declares it",
    ],
    [
      "declared UTF-8, cut inside the last character",
      Buffer.from("a;b\n1;é").subarray(0, -1),
      "utf-8",
      "inbox/ledger.csv:2: bytes that are not UTF-8, although vigie.yaml declares it",
    ],
    [
      "byte order mark, then a byte that is not UTF-8",
      Buffer.concat([Buffer.from("\ufeffa;b\n1;"), latin("é")]),
      "auto",
      "inbox/ledger.csv:2: bytes that are not UTF-8, although the file begins with its byte order mark",
    ],
    [
      "declared Windows-1252, byte order mark of UTF-8",
      Buffer.from("\ufeffa;b\n1;2\n"),
      "windows-1252",
      "inbox/ledger.csv:1: the header line begins with the byte order mark of UTF-8, which is not the encoding read",
    ],
    [
      "UTF-16",
      Buffer.from("\ufeffa;b\n1;2\n", "utf16le"),
      "auto",
      "inbox/ledger.csv:1: the header line begins with the byte order mark of UTF-16, which is not the encoding read",
    ],
  ] as const)("%s is refused", async (_case, bytes, encoding, message) => {
    expect(await refusal(read(bytes, { encoding }))).toBe(message);
  });
});

describe("gzip", () => {
  const text = `a;b\n${Array.from({ length: 20_000 }, (_, i) => `${i};${i * 7919}\n`).join("")}`;
  const bytes = gzipSync(text);

  test("is decompressed; size and SHA-256 are those of the delivered bytes", async () => {
    const { rows, staged } = await readBack({ "ledger.csv.gz": bytes });
    expect([rows.length, rows.at(-1)]).toEqual([20_000, [1, 20_001, "19999", String(19_999 * 7919)]]);
    expect(staged[0]).toMatchObject({
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
  });

  test("is recognised without its extension, and in several members", async () => {
    const { rows } = await readBack({ "ledger.csv": Buffer.concat([gzipSync("a;b\n1;"), gzipSync("2\n")]) });
    expect(rows).toEqual([[1, 2, "1", "2"]]);
  });

  test.each([0.2, 0.5, 0.9, 0.9999])(
    "truncated at %d of its length, says how many lines it still held",
    async (share) => {
      const truncated = bytes.subarray(0, Math.floor(bytes.length * share));
      const held = gunzipSync(truncated, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
      const lines = held.split("\n").length - 1;
      expect(await refusal(readBack({ "ledger.csv.gz": truncated }))).toBe(
        `inbox/ledger.csv.gz: the gzip file is truncated: it stops after ${lines} complete lines`,
      );
    },
  );

  test("damaged", async () => {
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 20_000, 20_100);
    expect(await refusal(readBack({ "ledger.csv.gz": damaged }))).toMatch(
      /^inbox\/ledger\.csv\.gz: the gzip file is damaged: it stops after \d+ complete lines$/,
    );
  });

  test.each([
    [
      "not gzip at all",
      Buffer.from("a;b\n1;2\n"),
      "inbox/ledger.csv.gz: the gzip file is damaged: it stops after 0 complete lines",
    ],
    ["gzip of nothing", gzipSync(""), "inbox/ledger.csv.gz:1: the header line is missing: the file is empty"],
    ["no bytes", Buffer.alloc(0), "inbox/ledger.csv.gz:1: the header line is missing: the file is empty"],
  ])("%s", async (_case, content, message) => {
    expect(await refusal(readBack({ "ledger.csv.gz": content }))).toBe(message);
  });
});

describe("limits of memory", () => {
  const sizes = { chunkBytes: 64, outputBytes: 64, partBytes: 100, recordLimitBytes: 1000 };

  test("a line longer than the limit is refused by its number", async () => {
    const work = readBack({ "ledger.csv": `a;b\n1;2\n3;${"x".repeat(2000)}\n` }, {}, sizes);
    expect(await refusal(work)).toBe("inbox/ledger.csv:3: this line is longer than 1000 bytes");
  });

  test("a header line longer than the limit is refused", async () => {
    const work = readBack({ "ledger.csv": "x".repeat(5000) }, {}, sizes);
    expect(await refusal(work)).toBe("inbox/ledger.csv:1: this line is longer than 1000 bytes");
  });

  test("a quote that swallows more than the limit counts as never closed; the lines after it are read", async () => {
    const lines = Array.from({ length: 2000 }, (_, i) => `${i};${i}\n`).join("");
    const { rows, malformed } = await readBack({ "ledger.csv": `a;b\n1;"2\n${lines}` }, {}, sizes);
    expect(malformed).toEqual([[1, 2, "unterminated_quote", '1;"2']]);
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([2000, [1, 3, "0", "0"], [1, 2002, "1999", "1999"]]);
  });

  test("what was read before never continues the last record, however the bytes arrive", async () => {
    const pairs = Array.from({ length: 60 }, () => '"";""').join("\n");
    for (let chunkBytes = 1; chunkBytes <= 64; chunkBytes++) {
      const { rows } = await readBack(
        { "ledger.csv": `a;b\n${pairs}\nx"y;"z"` },
        {},
        { ...sizes, chunkBytes },
      );
      expect(rows.at(-1), `${chunkBytes} bytes at a time`).toEqual([1, 62, 'x"y', "z"]);
    }
  });
});
