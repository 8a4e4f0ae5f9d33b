import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { question, workspaceFolder } from "./desk.ts";
import type { Workbench } from "./workbench.ts";

const customer = "66f0a17f40e4350d6c27dc76";
const admin = "5510001";
const begun = Date.parse("2025-10-01T09:00:00Z");

/**
 * A copy of the shipped workspace whose only conversations have as many parts as asked for: customer and teammate in
 * turn, about 300 characters each, and at the end the same question.
 */
export async function makeWorkspace(
  workbench: Workbench,
  conversations: readonly { id: string; parts: number }[],
): Promise<string> {
  const folder = join(await workbench.folder(), "workspace");
  await cp(workspaceFolder, folder, {
    recursive: true,
    filter: (path) => !/conversations\/\d/.test(path),
  });
  await mkdir(join(folder, "conversations"), { recursive: true });
  for (const { id, parts } of conversations) {
    // JSON is YAML.
    await writeFile(join(folder, "conversations", `${id}.yaml`), JSON.stringify(conversationOf(id, parts)));
  }
  return folder;
}

function conversationOf(id: string, parts: number) {
  return {
    id,
    title: "Reminders",
    channel: "conversation",
    contact_id: customer,
    admin_assignee_id: admin,
    team_assignee_id: null,
    state: "open",
    messages: Array.from({ length: parts }, (_, index) => messageOf(index, parts - 1)),
  };
}

function messageOf(index: number, last: number) {
  const fromCustomer = (last - index) % 2 === 0;
  return {
    from: fromCustomer ? { contact: customer } : { admin },
    type: "comment",
    at: new Date(begun + index * 60_000).toISOString(),
    body: index === last ? question : `${index}. ${fromCustomer ? remark : answer}`,
  };
}

const remark =
  "Thank you, I tried that yesterday evening and it did look better for a while. This morning the front desk told me that two of our regulars still saw the old opening hours, so I opened the page on my own phone and it was right there. I will keep an eye on it and write again when I know more about it.";
const answer =
  "Thank you for looking. A phone may keep a page for some hours, so what your regulars saw may be from the day before. Please ask them to open it once more tomorrow. If it still shows the old hours then, send me the address of the page as they see it, and I will look at it together with our engineers.";
