import { fromPath } from "$components/french.js";

export const trailingSlash = "always";

/** Every page is handed its rows when it is rendered, and holds them: nothing is asked for once it is shown. */
export const load = async ({ route, params, platform }) => {
  const asked = Object.entries(params).map(([name, piece]) => [name, fromPath(piece)]);
  return { answers: await platform.answer(route.id, Object.fromEntries(asked)) };
};
