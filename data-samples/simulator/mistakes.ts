import type { Account } from "./account.ts";
import { dayOf, type Month } from "./calendar.ts";
import type { Setting } from "./setting.ts";

/** What the office gets wrong on an account, and mends later; what it bills for repairs. */
export function makeMistakes(setting: Setting, account: Account, month: Month): void {
  const { chances, parameters, home, ways } = setting;
  const { wronglyCharged, wronglyPosted, repairs, repairsCents } = parameters.office;
  const draw = chances.fraction("wronglyCharged", month);
  if (draw < wronglyCharged) chargeWrongly(setting, account, month);
  else if (draw > 1 - wronglyPosted) postWrongly(setting, account, month);
  else if (home && chances.chance(repairs, "repairs", month)) {
    const cents = chances.integer(repairsCents, "repairsCents", month);
    account.chargeLater("repairs", cents, dayOf(month, 18), dayOf(month + 1, ways.dueDay));
  }
}

/** A debit put on the wrong account and taken back, with the value date of the mistake, up to two months later. */
function chargeWrongly({ chances }: Setting, { book }: Account, month: Month): void {
  const cents = chances.integer([1_500, 18_000], "mistakeCents", month);
  const on = dayOf(month, chances.integer([8, 27], "mistakeDay", month));
  const rank = book.debit("adjustment", cents, on, on, { termMonth: month });
  const mendedOn = on + chances.integer([5, 65], "mistakeMended", month);
  book.credit("adjustment", cents, mendedOn, on, { termMonth: month, reversalOf: rank });
}

/** Somebody else's payment, taken back weeks later. */
function postWrongly({ chances }: Setting, { book }: Account, month: Month): void {
  const cents = chances.integer([12_000, 65_000], "mistakeCents", month);
  const on = dayOf(month, chances.integer([2, 26], "mistakeDay", month));
  const from = { payer: "tenant", channel: "transfer" } as const;
  const rank = book.credit("payment", cents, on, on, from);
  book.debit("payment", cents, on + chances.integer([6, 50], "mistakeMended", month), on, {
    ...from,
    reversalOf: rank,
  });
}
