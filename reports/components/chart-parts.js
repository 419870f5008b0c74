/** What the charts have in common: axes, tooltip, and how a month is named under an axis. */
import { month } from "./french.js";

const ink = "#1a2530";
const muted = "#55616d";
const line = "#dbe1e8";

/** Months as the categories of an axis. */
export const monthAxis = (rows) => ({
  type: "category",
  data: rows.map((row) => month(row.month)),
  axisLine: { lineStyle: { color: "#b9c3ce" } },
  axisTick: { show: false },
  axisLabel: { color: muted, fontSize: 12, hideOverlap: true, margin: 10 },
});

/** Round bounds and step for an axis that holds every one of these values. */
export const roundBounds = (values, fromZero) => {
  const low = fromZero ? Math.min(0, ...values) : Math.min(...values);
  const high = Math.max(...values);
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = [1, 2, 2.5, 5, 10].find((step) => step * power >= rough) * power;
  return {
    min: Math.floor(low / interval + 1e-9) * interval,
    max: Math.ceil(high / interval - 1e-9) * interval,
    interval,
  };
};

export const valueAxis = (write, more = {}) => ({
  type: "value",
  axisLabel: { color: muted, fontSize: 12, formatter: write },
  splitLine: { lineStyle: { color: line } },
  ...more,
});

export const grid = { left: 4, right: 12, top: 26, bottom: 4, containLabel: true };

const escaped = (text) =>
  String(text).replace(
    /[&<>"]/g,
    (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark],
  );

/** A tooltip that lists `lines`: { name, text, color }[], under a title; of a place on the axis, or of one point. */
export const tooltip = (content, trigger = "axis") => ({
  trigger,
  confine: true,
  backgroundColor: "#fff",
  borderColor: "#b9c3ce",
  padding: [8, 12],
  textStyle: { color: ink, fontSize: 13 },
  axisPointer: { lineStyle: { color: "#8d99a6" }, shadowStyle: { color: "#1f3a5f12" } },
  formatter: (points) => {
    const { title, lines } = content((Array.isArray(points) ? points[0] : points).dataIndex);
    const rows = lines.map(
      ({ name, text, color }) =>
        `<div style="display:flex;gap:14px;justify-content:space-between"><span>${
          color
            ? `<i style="display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:6px;background:${color}"></i>`
            : ""
        }${escaped(name)}</span><b>${escaped(text)}</b></div>`,
    );
    return `<div style="margin-bottom:4px;color:${muted}">${escaped(title)}</div>${rows.join("")}`;
  },
});
