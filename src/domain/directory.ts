import { z } from "zod";

const Named = z.object({ id: z.string(), name: z.string() });

/** What a workspace has to offer for follow-ups: its teams and tags by name. */
export const Directory = z.object({ teams: z.array(Named), tags: z.array(Named) });
export type Directory = z.infer<typeof Directory>;
