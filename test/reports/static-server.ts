import fastifyStatic from "@fastify/static";
import fastify from "fastify";

/** Serves a built site on 127.0.0.1, as any static server would. Returns its address and how to stop it. */
export const serveFolder = async (root: string): Promise<{ address: string; close: () => Promise<void> }> => {
  const server = fastify();
  await server.register(fastifyStatic, { root, acceptRanges: true });
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  return { address, close: () => server.close() };
};
