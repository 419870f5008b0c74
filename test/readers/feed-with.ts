import { type Feed, strategySchema } from "../../pipelines/strategy/strategy.ts";

const { feeds } = strategySchema.parse({ landlord: { name: "Essai" }, feeds: { ledger: { files: "*" } } });

/** A feed as the strategy gives it, with the keys that matter to the test. */
export function feedWith(keys: Partial<Feed>): Feed {
  const defaults = feeds.ledger;
  if (defaults === undefined) throw new Error("the strategy above has a feed");
  return { ...defaults, ...keys };
}
