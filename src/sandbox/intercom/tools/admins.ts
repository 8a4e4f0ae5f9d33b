import { z } from "zod";
import { notFound } from "../errors.ts";
import { findAdmin } from "../lookup.ts";
import { adminObject, avatarObject, identityObject, teamObject } from "../people.ts";
import { defineTool } from "../tool.ts";
import type { IntercomTool } from "../tool.ts";

const identifyAdmin = defineTool({
  description: "Identify the teammate this connection belongs to, and their workspace (app.id_code).",
  access: "read",
  input: z.object({}),
  run: ({ workspace, caller }) => identityObject(workspace, caller),
});

const listAdmins = defineTool({
  description: "List the teammates of the workspace with roles, teams and inbox seats.",
  parameters: { display_avatar: "Whether to return the avatars too." },
  access: "read",
  input: z.object({ display_avatar: z.boolean().optional() }),
  run: ({ workspace }, { display_avatar = false }) => ({
    type: "admin.list",
    admins: workspace.admins.map((admin) => ({
      ...adminObject(workspace, admin),
      ...(display_avatar && { avatar: avatarObject(admin) }),
    })),
  }),
});

const retrieveAdmin = defineTool({
  description: "Retrieve one teammate.",
  parameters: { admin_id: "The id of the admin." },
  access: "read",
  input: z.object({ admin_id: z.string() }),
  run: ({ workspace }, { admin_id }) => adminObject(workspace, findAdmin(workspace, admin_id)),
});

const listTeams = defineTool({
  description: "List the teams of the workspace with their members.",
  access: "read",
  input: z.object({}),
  run: ({ workspace }) => ({
    type: "team.list",
    teams: workspace.teams.map((team) => teamObject(workspace, team)),
  }),
});

const retrieveTeam = defineTool({
  description: "Retrieve one team.",
  parameters: { team_id: "The id of the team." },
  access: "read",
  input: z.object({ team_id: z.string() }),
  run: ({ workspace }, { team_id }) => {
    const team = workspace.teams.find(({ id }) => id === team_id);
    if (!team) throw notFound("Team not found", "team_not_found");
    return teamObject(workspace, team);
  },
});

export const adminTools: Readonly<Record<string, IntercomTool>> = {
  intercom_identify_admin: identifyAdmin,
  intercom_list_admins: listAdmins,
  intercom_retrieve_admin: retrieveAdmin,
  intercom_list_teams: listTeams,
  intercom_retrieve_team: retrieveTeam,
};
