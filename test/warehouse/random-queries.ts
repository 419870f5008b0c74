import fc from "fast-check";

/** Tables of random queries: two with leases, one without. Each query has the columns lease_id, x_id and y, as these have. */
export const TABLES = new Map([
  ["ledger.a", ["lease_id", "x_id", "y"]],
  ["ledger.b", ["lease_id", "x_id", "y"]],
  ["kpi.w", ["x_id", "y"]],
]);

/** Rows of few values, so that they often meet; null among them. */
const value = fc.option(fc.integer({ min: 0, max: 3 }), { freq: 6 });

/** Some of the leases, or of no lease. */
export const leases = fc.uniqueArray(fc.option(fc.integer({ min: 0, max: 3 }), { freq: 3 }), {
  minLength: 1,
  maxLength: 3,
});

/** The rows of each table, as text that follows `values`. */
export const rows = fc.record(
  Object.fromEntries(
    [...TABLES].map(([table, columns]) => [
      table,
      fc.array(fc.tuple(...columns.map(() => value)), { minLength: 1, maxLength: 12 }),
    ]),
  ),
);

const one = fc.constantFrom;

/** What a step reads beside the step before it: a table with leases, or any step. */
const read = fc.oneof(one("ledger.a", "ledger.b"), fc.nat(2));

const onLease = one(
  "r.lease_id = q.lease_id",
  "q.lease_id = r.lease_id and r.y > 0",
  "r.lease_id is not distinct from q.lease_id",
  "r.lease_id = q.lease_id and r.x_id = q.x_id",
);
const notOnLease = one(
  "r.x_id = q.x_id",
  "r.lease_id >= q.lease_id",
  "r.lease_id = q.lease_id or r.y = 1",
  "true",
);
const usually = <Value>(right: fc.Arbitrary<Value>, wrong: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 2, arbitrary: right }, { weight: 1, arbitrary: wrong });
const condition = usually(onLease, notOnLease);
const aLease = one(
  "r.lease_id",
  "q.lease_id",
  "coalesce(r.lease_id, q.lease_id)",
  "coalesce(q.lease_id, r.lease_id)",
);
const columns = fc.tuple(aLease, one("r.x_id", "q.x_id"), one("r.y", "q.y"));
const named = ([lease, x, y]: readonly [string, string, string]) =>
  `${lease} as lease_id, ${x} as x_id, ${y} as y`;

const join = fc
  .tuple(columns, one("inner", "left", "right", "full"), condition)
  .map(([items, kind, on]) => `select ${named(items)} from $r as r ${kind} join $q as q on ${on}`);
const chosen = fc
  .tuple(one("semi", "anti"), condition)
  .map(([kind, on]) => `select * from $r as r ${kind} join $q as q on ${on}`);
// Only what tells all rows that may be met apart is selected: an as-of join may take any of several that are as near.
const asOf = fc
  .tuple(one("", "left "), usually(one("r.lease_id = q.lease_id and "), one("")), aLease)
  .map(
    ([kind, on, lease]) =>
      `select ${lease} as lease_id, q.x_id, r.y from $r as r asof ${kind}join $q as q on ${on}r.x_id >= q.x_id`,
  )
  .filter((text) => !text.includes("on r.x_id") || !text.includes("q.lease_id"));
/** Rows of the table without leases, found for each x_id by itself or not. */
const others = one(
  "kpi.w",
  "(select x_id, y from kpi.w where y > 0)",
  "(select x_id, sum(y)::integer as y from kpi.w group by x_id)",
  "(select x_id, (sum(y) over (partition by x_id))::integer as y from kpi.w)",
  "(select x_id, (row_number() over (order by x_id, y))::integer as y from kpi.w)",
  "(select distinct on (y) x_id, y from kpi.w order by y, x_id)",
  "(select x_id, y from kpi.w order by all limit 2)",
  "(select x_id, y from kpi.w union all select y as x_id, x_id as y from kpi.w)",
  "(select x_id, y from kpi.w except select x_id, y + 1 from kpi.w)",
  "(select one.x_id, two.y from kpi.w as one inner join kpi.w as two on one.x_id = two.x_id)",
  "(select one.x_id, two.y from kpi.w as one left join kpi.w as two on one.y = two.x_id)",
  "(select two.x_id, one.y from kpi.w as one full join kpi.w as two on one.x_id = two.x_id)",
  "(select one.x_id, one.y from kpi.w as one anti join kpi.w as two on one.y = two.y and one.x_id < two.x_id)",
  "(select two.x_id, two.y from (select 2 as y) as one inner join kpi.w as two on one.y = two.y)",
  "(select two.x_id, 1 as y from (select 2 as x_id) as one asof join kpi.w as two on one.x_id >= two.x_id)",
);
const lookUp = fc
  .tuple(
    one("inner", "left", "right", "full", "semi", "anti"),
    one(
      "r.x_id = w.x_id",
      "r.x_id = w.x_id",
      "w.x_id is not distinct from r.x_id",
      "r.y = w.y",
      "r.lease_id = w.x_id",
    ),
    others,
  )
  .map(([kind, on, table]) => {
    const y = kind === "semi" || kind === "anti" ? "r.y" : "w.y";
    return `select r.lease_id, r.x_id, ${y} as y from $r as r ${kind} join ${table} as w on ${on}`;
  });
const lookedUpFrom = one(
  "select r.lease_id, r.x_id, w.y from kpi.w as w left join $r as r on r.x_id = w.x_id",
  "select r.lease_id, r.x_id, w.y from kpi.w as w inner join $r as r on r.x_id = w.x_id",
  "select r.lease_id, w.x_id, r.y from kpi.w as w asof join $r as r on w.x_id >= r.x_id and w.y = r.y",
  "select r.lease_id, r.x_id, (select max(y) from kpi.w)::integer as y from $r as r",
  "select r.lease_id, r.x_id, (select max(y) from kpi.w where kpi.w.x_id = r.x_id)::integer as y from $r as r",
  "select * from $r where x_id in (select x_id from kpi.w where y = 1)",
  "select * from $r where x_id not in (select x_id from kpi.w where x_id is not null)",
);
const group = fc
  .tuple(
    usually(
      one("lease_id, x_id", "x_id, lease_id", "1, 2", "all"),
      one("x_id", "grouping sets ((lease_id, x_id), (x_id))"),
    ),
    one("count(*)", "sum(y)", "max(y) filter (where y > 1)"),
  )
  .map(([by, figure]) => {
    const lease = by === "x_id" ? "max(lease_id)" : "lease_id";
    return `select ${lease} as lease_id, x_id, ${figure}::integer as y from $r group by ${by}`;
  });
const folded = one(
  "select max(lease_id) as lease_id, max(x_id) as x_id, sum(y)::integer as y from $r",
  "select lease_id, lease_id as x_id, count(*)::integer as y from $r group by lease_id having count(*) > 1",
  "select x_id as lease_id, lease_id as x_id, max(y) as y from $r group by all",
);
const window = fc
  .tuple(
    usually(one("partition by lease_id", "partition by x_id, lease_id"), one("", "partition by x_id")),
    one("sum(y)", "row_number()", "lag(y)", "max(y)"),
  )
  .map(
    ([by, figure]) =>
      `select lease_id, x_id, (${figure} over (${by} order by lease_id, x_id, y))::integer as y from $r`,
  );
const cut = one(
  "select * from $r qualify row_number() over (partition by lease_id order by x_id, y) = 1",
  "select * from $r window so_far as (partition by x_id order by y) qualify count(*) over so_far = 1",
  "select * from $r order by all limit 2",
  "select * from $r order by all",
  "select distinct lease_id, x_id, y from $r",
  "select distinct x_id as lease_id, x_id, y from $r",
  "select distinct on (lease_id) lease_id, x_id, y from $r order by lease_id, x_id, y",
  "select distinct on (x_id) lease_id, x_id, y from $r order by x_id, lease_id, y",
);
const together = fc
  .tuple(
    one("union", "union all", "except", "except all", "intersect"),
    usually(one("lease_id, x_id, y"), one("x_id, lease_id, y")),
    usually(one("$q"), one("(select x_id as lease_id, x_id, y from kpi.w)")),
  )
  .map(([how, items, other]) => `select lease_id, x_id, y from $r ${how} select ${items} from ${other}`);
const among = one(
  "select * from $r where lease_id in (select lease_id from $q)",
  "select * from $r where y > 0 and lease_id in (select lease_id from $q where y = 1)",
  "select * from $r where lease_id not in (select lease_id from $q)",
  "select * from $r where x_id in (select x_id from $q)",
  "select * from $r where lease_id in (select x_id from $q)",
  "select * from $r where exists (select 1 from $q)",
  "select * from $r as r where exists (select 1 from $q as q where q.x_id = r.x_id)",
  "select * from $r where x_id not in (select x_id from $q where x_id is not null)",
  "select * from $r where y = (select max(y) from $q)",
);
const renamed = one(
  "select lease_id, x_id, y from $r where y > 0",
  "select x_id as lease_id, x_id, y from $r",
  "select coalesce(lease_id, x_id) as lease_id, x_id, y from $r",
  "select * replace (y + 1 as y) from $r",
  "select * replace (x_id as lease_id) from $r",
  "select * exclude (x_id, y), x_id, y from $r",
  "select lease_id, unnest([x_id, y]) as x_id, y from $r",
  "select t.* from (select lease_id as l, x_id, y from $r) as t (lease_id, x_id, y)",
  "select lease_id, x_id, y from (select * from $r as r inner join $q as q on r.lease_id = q.lease_id)",
);

const step = fc.tuple(
  fc.oneof(
    { arbitrary: fc.oneof(join, chosen, asOf, lookUp), weight: 1 },
    { arbitrary: fc.oneof(lookedUpFrom, group, folded, window, cut, together, among, renamed), weight: 1 },
  ),
  read,
);

/** A query of up to three steps, each made of the one before, some of which carry the lease and some of which do not. */
export const query = fc
  .tuple(one("ledger.a", "ledger.b"), fc.array(step, { minLength: 1, maxLength: 3 }))
  .map(([first, steps]) => {
    const texts = steps.map(([text, other], place) => {
      const before = place === 0 ? first : `s${place - 1}`;
      const beside = typeof other === "string" ? other : other < place ? `s${other}` : "ledger.b";
      return `s${place} as (${text.replaceAll("$r", before).replaceAll("$q", beside)})`;
    });
    return `with ${texts.join(", ")} select * from s${steps.length - 1}`;
  });
