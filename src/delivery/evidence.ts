import { z } from "zod";
import type { JsonObject } from "../domain/json.ts";

const Stored = z.object({
  conversation_parts: z.object({
    conversation_parts: z.array(
      z.object({
        id: z.coerce.string(),
        created_at: z.number(),
        author: z.object({ type: z.string(), id: z.coerce.string() }),
      }),
    ),
  }),
});

/** Id of the newest part a teammate wrote, in the conversation that Intercom answers a write with; null if none. */
export function newestPartBy(conversation: JsonObject, adminId: string): string | null {
  const parsed = Stored.safeParse(conversation);
  if (!parsed.success) return null;
  const own = parsed.data.conversation_parts.conversation_parts.filter(
    ({ author }) => author.type === "admin" && author.id === adminId,
  );
  return own.sort((left, right) => left.created_at - right.created_at).at(-1)?.id ?? null;
}
