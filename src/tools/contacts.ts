import { z } from "zod";
import type { Contact } from "../domain/conversation.ts";
import { trimText } from "./clean-text.ts";
import type { Caller, ReadOutcome, ToolGateway } from "./gateway.ts";
import { optionalText, providerId, providerList, readAs } from "./provider.ts";
import { refuse } from "./refusals.ts";

const maximumAttributes = 40;
const maximumAttributeCharacters = 200;

/** Reads the customer with their companies and tags by name, and their custom attributes as text. */
export async function readContact(
  gateway: ToolGateway,
  as: Caller,
  id: string,
): Promise<ReadOutcome<Contact>> {
  const args = { contact_id: id };
  const [contact, companies, tags] = await Promise.all([
    readAs(gateway, "desk", as, "intercom_retrieve_contact", args, ProviderContact),
    readAs(gateway, "desk", as, "intercom_list_contact_companies", args, ContactCompanies),
    readAs(gateway, "desk", as, "intercom_list_contact_tags", args, ContactTags),
  ]);
  if (contact.kind !== "ok") return contact;
  if (companies.kind !== "ok") return companies;
  if (tags.kind !== "ok") return tags;
  const { value } = contact;
  if (value.id !== id) {
    return refuse("unexpected_shape", "Intercom answered with another contact than the one asked for.");
  }
  const plan = companies.value.map((company) => company.plan).find((name) => name !== "");
  return {
    kind: "ok",
    executionId: contact.executionId,
    value: {
      id: value.id,
      name: value.name || value.email || value.id,
      email: value.email === "" ? null : value.email,
      role: value.role,
      companies: companies.value.map((company) => company.name).filter((name) => name !== ""),
      tags: tags.value,
      attributes: attributesOf({ ...(plan !== undefined && { plan }), ...value.custom_attributes }),
    },
  };
}

const ProviderContact = z.object({
  type: z.literal("contact").optional(),
  id: providerId,
  role: optionalText,
  name: optionalText,
  email: optionalText,
  custom_attributes: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((attributes) => attributes ?? {}),
});

const ProviderCompany = z.object({
  name: optionalText,
  plan: z
    .object({ name: optionalText })
    .nullish()
    .transform((plan) => plan?.name ?? "")
    .catch(""),
});

/** Lists of a contact's things are called `data`, or by what they hold, depending on the API's version. */
const ContactCompanies = z.union([
  z.object({ companies: providerList(ProviderCompany) }).transform(({ companies }) => companies),
  z.object({ data: providerList(ProviderCompany) }).transform(({ data }) => data),
]);

const Tag = z.object({ name: z.string() }).transform(({ name }) => name);

const ContactTags = z.union([
  z.object({ data: providerList(Tag) }).transform(({ data }) => data),
  z.object({ tags: providerList(Tag) }).transform(({ tags }) => tags),
]);

/** Scalars only, as short text: an object or a list says nothing a reply needs. */
function attributesOf(attributes: Record<string, unknown>): Record<string, string> {
  const shown = Object.entries(attributes).flatMap(([name, value]) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [[name, trimText(String(value), maximumAttributeCharacters)] as const]
      : [],
  );
  return Object.fromEntries(shown.slice(0, maximumAttributes));
}
