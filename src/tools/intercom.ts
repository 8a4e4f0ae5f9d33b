import { z } from "zod";
import type { Actor } from "../domain/capability.ts";
import type { Directory } from "../domain/directory.ts";
import type { Teammate } from "../domain/teammate.ts";
import type { Caller, ReadOutcome, ToolGateway } from "./gateway.ts";
import { mapOutcome, optionalText, providerId, providerList, readAs } from "./provider.ts";

/**
 * Asks Intercom who the caller is, with a live call as them: the one check that a revoked grant cannot pass.
 * Being the configured workspace's teammate is for the caller to compare.
 */
export async function identifyTeammate(
  gateway: ToolGateway,
  as: Caller,
  actor: Actor = "desk",
): Promise<ReadOutcome<Teammate>> {
  const found = await readAs(gateway, actor, as, "intercom_identify_admin", {}, ProviderAdmin);
  return mapOutcome(found, (admin) => ({
    identifier: as.identifier,
    connectedAccountId: as.connectedAccountId,
    adminId: admin.id,
    name: admin.name,
    email: admin.email,
    hasInboxSeat: admin.has_inbox_seat,
    teamIds: admin.team_ids,
    workspaceId: admin.app.id_code,
  }));
}

/** The workspace's teams and tags by name. */
export async function readDirectory(gateway: ToolGateway, as: Caller): Promise<ReadOutcome<Directory>> {
  const [teams, tags] = await Promise.all([
    readAs(gateway, "desk", as, "intercom_list_teams", {}, TeamList),
    readAs(gateway, "desk", as, "intercom_list_tags", {}, TagList),
  ]);
  if (teams.kind !== "ok") return teams;
  return mapOutcome(tags, ({ data }) => ({ teams: teams.value.teams, tags: data }));
}

/** A teammate without a workspace or a seat that is plainly true could act where nobody meant them to. */
const ProviderAdmin = z.object({
  type: z.literal("admin").optional(),
  id: providerId.pipe(z.string().regex(/^\d+$/)),
  name: optionalText,
  email: optionalText,
  has_inbox_seat: z
    .boolean()
    .nullish()
    .transform((seat) => seat === true),
  team_ids: z
    .array(providerId)
    .nullish()
    .transform((ids) => ids ?? []),
  app: z.object({ id_code: z.string().min(1) }),
});

const Named = z.object({ id: providerId, name: optionalText });
const TeamList = z.object({ teams: providerList(Named) });
const TagList = z.object({ data: providerList(Named) });
