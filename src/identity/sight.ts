import type { Teammate } from "../domain/teammate.ts";
import { readConversation } from "../tools/conversations.ts";
import type { ToolGateway } from "../tools/gateway.ts";

/** How long an answer of Intercom's is believed, in milliseconds. */
const REMEMBERED = 5 * 60_000;
const MOST_REMEMBERED = 20_000;
/** Conversations asked for at a time. */
const CONCURRENCY = 8;

/** What each teammate can see in Intercom, asked as them. */
export interface Sight {
  /** Those of these conversations that the teammate's own connection can read. An outage shows nothing. */
  readable(teammate: Teammate, conversationIds: readonly string[]): Promise<Set<string>>;
}

export function createSight({ gateway, clock }: { gateway: ToolGateway; clock: () => Date }): Sight {
  const remembered = new Map<string, { readable: boolean; until: number }>();

  const mayRead = async (teammate: Teammate, conversationId: string): Promise<boolean> => {
    // A new connection is another pair of eyes.
    const key = `${teammate.connectedAccountId}/${conversationId}`;
    const now = clock().getTime();
    const known = remembered.get(key);
    if (known && known.until > now) return known.readable;
    const read = await readConversation(gateway, teammate, conversationId);
    if (read.kind === "unavailable" || read.kind === "rate_limited") return false;
    remembered.delete(key);
    remembered.set(key, { readable: read.kind === "ok", until: now + REMEMBERED });
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return read.kind === "ok";
  };

  return {
    async readable(teammate, conversationIds) {
      const waiting = [...new Set(conversationIds)];
      const found = new Set<string>();
      const work = async () => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
          if (await mayRead(teammate, id)) found.add(id);
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, work));
      return found;
    },
  };
}
