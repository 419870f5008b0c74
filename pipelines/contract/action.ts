import type { z } from "zod";
import { date, id, integer, oneOf } from "./column.ts";
import { CONTACT_CHANNELS } from "./household.ts";
import { lease } from "./lease.ts";
import { defineTable, to } from "./table.ts";

/** The teams that act on arrears. */
export const TEAMS = ["agency", "prevention", "litigation"] as const;

/** What the landlord does about a lease. */
export const ACTION_KINDS = [
  "letter",
  "sms",
  "email",
  "call",
  "visit",
  "interview",
  "move_in_diagnosis",
  "caf_report",
  "ccapex_referral",
  "fsl_request",
  "fsl_grant",
  "handover",
  "notice_to_pay",
  "summons",
  "enforceable_title",
  "eviction",
] as const;

export const action = defineTable({
  name: "action",
  description:
    "Something that the landlord did about a lease: a reminder, an offer of help, an act of procedure.",
  columns: {
    id: id("code of the action"),
    lease_id: id("lease"),
    action_on: date("day on which it was done"),
    recorded_on: date.optional("day on which it was recorded; the day it was done when null"),
    kind: oneOf(ACTION_KINDS, "what was done"),
    letter_rank: integer.optional({ minimum: 1, maximum: 3 }, "which letter of the procedure it was"),
    channel: oneOf.optional(CONTACT_CHANNELS, "how the household was reached"),
    approach: oneOf.optional(
      ["standard", "solution_focused", "solution_focused_pair"],
      "how an interview was held; pair: the tenant with two of the landlord's staff",
    ),
    team: oneOf.optional(TEAMS, "team that did it"),
    contact: oneOf.optional(["attempted", "reached"], "whether the household was reached"),
    outcome: oneOf.optional(
      ["promise_to_pay", "plan", "aid_requested", "dispute", "refusal", "none"],
      "what came of it",
    ),
  },
  key: ["id"],
  references: { lease_id: [to(lease, "id")] },
});

export type Action = z.infer<typeof action.schema>;
