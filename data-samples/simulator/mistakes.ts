import type { Account } from "./account.ts";
import { dayOf, type Month } from "./calendar.ts";
import type { Setting } from "./setting.ts";

/** What the office gets wrong on an account, and mends later; what it bills for repairs. */
export function makeMistakes(setting: Setting, account: Account, month: Month): void {
  const { chances, parameters, home, ways } = setting;
  const { wronglyCharged, wronglyPosted, repairs, repairsCents, repairsOn } = parameters.office;
  const draw = chances.fraction("wronglyCharged", month);
  if (draw < wronglyCharged) chargeWrongly(setting, account, month);
  else if (draw > 1 - wronglyPosted) postWrongly(setting, account, month);
  else if (home && chances.chance(repairs, "repairs", month)) {
    const cents = chances.integer(repairsCents, "repairsCents", month);
    account.chargeLater("repairs", cents, dayOf(month, repairsOn), dayOf(month + 1, ways.dueDay));
  }
}

/** A debit put on the wrong account and taken back, with the value date of the mistake, weeks later. */
function chargeWrongly({ chances, parameters }: Setting, { book }: Account, month: Month): void {
  const { wrongCharge } = parameters.office;
  const cents = chances.integer(wrongCharge.cents, "mistakeCents", month);
  const on = dayOf(month, chances.integer(wrongCharge.day, "mistakeDay", month));
  const rank = book.debit("adjustment", cents, on, on, { termMonth: month });
  const mendedOn = on + chances.integer(wrongCharge.mendedAfterDays, "mistakeMended", month);
  book.credit("adjustment", cents, mendedOn, on, { termMonth: month, reversalOf: rank });
}

/** Somebody else's payment, taken back weeks later. */
function postWrongly({ chances, parameters }: Setting, { book }: Account, month: Month): void {
  const { wrongPayment } = parameters.office;
  const cents = chances.integer(wrongPayment.cents, "mistakeCents", month);
  const on = dayOf(month, chances.integer(wrongPayment.day, "mistakeDay", month));
  const from = { payer: "tenant", channel: "transfer" } as const;
  const rank = book.credit("payment", cents, on, on, from);
  const mendedOn = on + chances.integer(wrongPayment.mendedAfterDays, "mistakeMended", month);
  book.debit("payment", cents, mendedOn, on, { ...from, reversalOf: rank });
}
