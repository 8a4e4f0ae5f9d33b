import type { JsonObject } from "../../domain/json.ts";
import type { Actor, Admin, Company, Contact, Note, Workspace } from "./workspace.ts";

export function adminObject(workspace: Workspace, admin: Admin): JsonObject {
  return {
    type: "admin",
    id: admin.id,
    name: admin.name,
    email: admin.email,
    job_title: admin.role,
    away_mode_enabled: false,
    away_mode_reassign: false,
    away_status_reason_id: null,
    has_inbox_seat: admin.hasInboxSeat,
    team_ids: admin.teamIds.map(Number),
    team_priority_level: { primary_team_ids: admin.teamIds.map(Number), secondary_team_ids: [] },
    role: roleObject(workspace, admin),
  };
}

/** `GET /me`: the teammate whose token it is, with their workspace. */
export function identityObject(workspace: Workspace, admin: Admin): JsonObject {
  return {
    ...adminObject(workspace, admin),
    email_verified: true,
    avatar: avatarObject(admin),
    app: {
      type: "app",
      id_code: workspace.idCode,
      name: workspace.name,
      created_at: workspace.createdAt,
      secure: false,
      identity_verification: false,
      timezone: workspace.timezone,
      region: workspace.region,
    },
  };
}

export function avatarObject(admin: Admin): JsonObject {
  return {
    type: "avatar",
    image_url: `https://static.intercomassets.com/avatars/${admin.id}/square_128.png`,
  };
}

export function teamObject(workspace: Workspace, team: Workspace["teams"][number]): JsonObject {
  const members = workspace.admins.filter((admin) => admin.teamIds.includes(team.id));
  return {
    type: "team",
    id: team.id,
    name: team.name,
    admin_ids: members.map((admin) => Number(admin.id)),
    assignment_limit: null,
    distribution_method: "manual",
  };
}

export function tagObject(tag: { id: string; name: string }): JsonObject {
  return { type: "tag", id: tag.id, name: tag.name };
}

export function appliedTagObject(workspace: Workspace, tagging: Contact["tags"][number]): JsonObject {
  return {
    type: "tag",
    id: tagging.id,
    name: workspace.tags.find((tag) => tag.id === tagging.id)?.name ?? "",
    applied_at: tagging.appliedAt,
    applied_by: tagging.appliedBy ? referenceObject(tagging.appliedBy) : null,
  };
}

function referenceObject(actor: Actor): JsonObject {
  return { type: actor.type === "user" || actor.type === "lead" ? "contact" : actor.type, id: actor.id };
}

/** An author as it stands at a message: with name and e-mail address. */
export function authorObject(workspace: Workspace, actor: Actor): JsonObject {
  if (actor.type === "bot") {
    const email = `operator+${workspace.idCode}@intercom.io`;
    return { type: "bot", id: actor.id, name: actor.name ?? "Operator", email };
  }
  const people: readonly { id: string; name: string | null; email: string | null }[] =
    actor.type === "admin" ? workspace.admins : workspace.contacts;
  const person = people.find(({ id }) => id === actor.id);
  return { type: actor.type, id: actor.id, name: person?.name ?? null, email: person?.email ?? "" };
}

export function contactObject(workspace: Workspace, contact: Contact): JsonObject {
  const path = `/contacts/${contact.id}`;
  const notes = workspace.notes.filter((note) => note.contactId === contact.id);
  return {
    type: "contact",
    id: contact.id,
    workspace_id: workspace.idCode,
    external_id: contact.externalId,
    role: contact.role,
    email: contact.email,
    email_domain: contact.email?.split("@")[1] ?? null,
    phone: contact.phone,
    name: contact.name,
    avatar: null,
    owner_id: null,
    social_profiles: { type: "list", data: [] },
    has_hard_bounced: false,
    marked_email_as_spam: false,
    unsubscribed_from_emails: false,
    created_at: contact.createdAt,
    updated_at: contact.updatedAt,
    signed_up_at: contact.role === "user" ? contact.createdAt : null,
    last_seen_at: contact.lastSeenAt,
    last_replied_at: contact.lastRepliedAt,
    last_contacted_at: contact.lastContactedAt,
    last_email_opened_at: null,
    last_email_clicked_at: null,
    language_override: null,
    browser: null,
    browser_version: null,
    browser_language: null,
    os: null,
    location: { type: "location", country: contact.country, region: null, city: null },
    android_app_name: null,
    android_last_seen_at: null,
    ios_app_name: null,
    ios_last_seen_at: null,
    custom_attributes: contact.customAttributes,
    tags: addressable("tag", contact.tags, `${path}/tags`),
    notes: addressable("note", notes, `${path}/notes`),
    companies: addressable(
      "company",
      contact.companyIds.map((id) => ({ id })),
      `${path}/companies`,
    ),
    opted_out_subscription_types: addressable("subscription", [], `${path}/subscriptions`),
    opted_in_subscription_types: addressable("subscription", [], `${path}/subscriptions`),
  };
}

export function companyObject(workspace: Workspace, company: Company): JsonObject {
  return {
    type: "company",
    id: company.id,
    company_id: company.id,
    app_id: workspace.idCode,
    name: company.name,
    plan: company.plan === "" ? {} : { type: "plan", id: company.plan, name: company.plan },
    remote_created_at: company.createdAt,
    created_at: company.createdAt,
    updated_at: company.createdAt,
    last_request_at: null,
    size: company.size,
    website: null,
    industry: company.industry,
    monthly_spend: company.monthlySpend,
    session_count: 0,
    user_count: workspace.contacts.filter((contact) => contact.companyIds.includes(company.id)).length,
    tags: { type: "tag.list", tags: [] },
    segments: { type: "segment.list", segments: [] },
    custom_attributes: {},
  };
}

export function noteObject(workspace: Workspace, note: Note): JsonObject {
  const author = workspace.admins.find((admin) => admin.id === note.adminId);
  return {
    type: "note",
    id: note.id,
    created_at: note.createdAt,
    contact: { type: "contact", id: note.contactId },
    author: author
      ? {
          type: "admin",
          id: author.id,
          name: author.name,
          email: author.email,
          away_mode_enabled: false,
          away_mode_reassign: false,
        }
      : null,
    body: note.body,
  };
}

export function contactReference(workspace: Workspace, id: string): JsonObject {
  const contact = workspace.contacts.find((candidate) => candidate.id === id);
  return { type: "contact", id, external_id: contact?.externalId ?? null };
}

function roleObject(workspace: Workspace, admin: Admin): JsonObject {
  const roles = [...new Set(workspace.admins.map(({ role }) => role))];
  return { type: "role", id: String(roles.indexOf(admin.role) + 1), name: admin.role };
}

/** A contact carries at most ten of each kind; the rest is behind the address. */
function addressable(type: string, items: readonly { id: string }[], url: string): JsonObject {
  return {
    type: "list",
    data: items
      .slice(0, 10)
      .map(({ id }) => ({ type, id, url: `/${type === "company" ? "companies" : `${type}s`}/${id}` })),
    url,
    total_count: items.length,
    has_more: items.length > 10,
  };
}
