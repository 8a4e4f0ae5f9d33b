import { z } from "zod";

/** What the agents do for a conversation. */
export const WorkStep = z.enum(["reading", "classifying", "researching", "writing"]);
export type WorkStep = z.infer<typeof WorkStep>;

/** A conversation that is being worked on. */
export interface Work {
  conversationId: string;
  /** As it was known when the work began; null when it was not. */
  title: string | null;
  step: WorkStep;
  /** ISO 8601, UTC. */
  since: string;
}

/** For whom the work is. */
export interface WorkSubject {
  teammate: string;
  conversationId: string;
  title?: string | undefined;
}

/** One run's line on the board. Whoever follows the run says how far it has come, and takes the line away. */
export interface WorkLine {
  /** Null when the agents have nothing (more) to do in this run. */
  reach(step: WorkStep | null): void;
  end(): void;
}

/**
 * What the agents are at work on in this process, for each teammate. In memory alone: a sign of life, which nothing may
 * rest on. A line whose run is not heard of any more goes away by itself.
 */
export interface WorkBoard {
  begin(subject: WorkSubject, step?: WorkStep): WorkLine;
  /** One teammate's, longest at work first: how many, and at most twenty of them. */
  of(teammate: string): { total: number; works: Work[] };
}

/** Longer than any step takes, a model that is asked three times over included; in milliseconds. */
const SILENCE = 4 * 60_000;
/** A run that only looks and finds nothing to do is over sooner, and is not shown as work; in milliseconds. */
const GLANCE = 700;
const SHOWN = 20;
const MOST = 500;

interface Line {
  subject: WorkSubject;
  step: WorkStep | null;
  began: number;
  heard: number;
}

export function createWorkBoard(clock: () => Date): WorkBoard {
  const lines = new Set<Line>();
  const now = () => clock().getTime();
  const forget = () => {
    for (const line of lines) if (now() - line.heard > SILENCE) lines.delete(line);
    const [oldest] = lines;
    if (oldest && lines.size >= MOST) lines.delete(oldest);
  };
  const isShown = ({ step, began, heard }: Line) =>
    step !== null && now() - heard <= SILENCE && (step !== "reading" || now() - began >= GLANCE);
  return {
    begin: (subject, step = "reading") => {
      forget();
      const line: Line = { subject, step, began: now(), heard: now() };
      lines.add(line);
      return {
        reach: (reached) => {
          line.step = reached;
          line.heard = now();
        },
        end: () => {
          lines.delete(line);
        },
      };
    },
    of: (teammate) => {
      const byConversation = new Map<string, Work>();
      for (const line of lines) {
        const { conversationId, title } = line.subject;
        if (line.subject.teammate !== teammate || line.step === null || !isShown(line)) continue;
        if (byConversation.has(conversationId)) continue;
        const since = new Date(line.began).toISOString();
        byConversation.set(conversationId, { conversationId, title: title ?? null, step: line.step, since });
      }
      return { total: byConversation.size, works: [...byConversation.values()].slice(0, SHOWN) };
    },
  };
}

const Loaded = z.object({ task: z.object({ type: z.string() }) });
const Classified = z.object({ classification: z.object({ route: z.string() }) });
const Delivered = z.object({ outcome: z.object({ type: z.string() }) });

/** What the agents do once a node of the graph has ended with this update; null when it is nothing of theirs. */
export function stepAfter(node: string, update: unknown): WorkStep | null {
  switch (node) {
    case "load": {
      const task = Loaded.safeParse(update).data?.task.type;
      return task === "draft" ? "classifying" : task === "revise" ? "writing" : null;
    }
    case "classifier":
      return Classified.safeParse(update).data?.classification.route === "no_reply"
        ? "writing"
        : "researching";
    case "researcher":
    case "responder":
      return "writing";
    case "deliver":
      return /^(stale|failed)$/.test(Delivered.safeParse(update).data?.outcome.type ?? "") ? "reading" : null;
    default:
      return null;
  }
}
