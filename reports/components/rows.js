/** The rows that a page holds, as pipelines/publish/page-rows.ts packs them: column by column. */

const DAY = 86_400_000;

const readers = {
  plain: ({ values }) => values,
  day: ({ values }) => values.map((day) => (day === null ? null : new Date(day * DAY))),
  instant: ({ values }) => values.map((instant) => (instant === null ? null : new Date(instant))),
  words: ({ words, values }) => values.map((index) => (index === null ? null : words[index])),
};

/** The rows of each query by name; a date is a Date at midnight in UTC. */
export const rowsOf = (answers) =>
  Object.fromEntries(
    Object.entries(answers).map(([name, { count, columns }]) => {
      const read = columns.map((column) => [column.name, readers[column.kind](column)]);
      const rows = Array.from({ length: count }, (_, row) =>
        Object.fromEntries(read.map(([column, values]) => [column, values[row]])),
      );
      return [name, rows];
    }),
  );
