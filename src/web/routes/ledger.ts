import { Hono } from "hono";
import { z } from "zod";
import { listFacts, verifyLedger } from "../../store/audit.ts";
import { parseRequest, type WebEnvironment } from "../answer.ts";

const Listing = z.object({
  conversationId: z.string().regex(/^\d+$/).optional(),
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** The ledger: names, times and digests of what was done, and whether its chain holds. It carries no message text. */
export const ledgerRoutes = new Hono<WebEnvironment>()
  .get("/", async (context) => {
    const { conversationId, after, limit } = parseRequest(Listing, context.req.query());
    const entries = await listFacts(context.get("runtime").store.db, {
      after,
      limit,
      ...(conversationId === undefined ? {} : { conversationId }),
    });
    return context.json({ entries });
  })
  .get("/verification", async (context) => context.json(await verifyLedger(context.get("runtime").store.db)));
