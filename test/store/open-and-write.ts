import { appendFact } from "../../src/store/audit.ts";
import { openStore } from "../../src/store/database.ts";

/**
 * A process of its own for the tests: opens the folder given as its argument, appends facts without end and says `open`,
 * or ends with the code of the error on its output.
 */
const folder = process.argv[2] ?? "";
try {
  const store = await openStore({ url: null, folder });
  process.stdout.write("open\n");
  for (let count = 1; ; count += 1) {
    const fact = { actor: "countersign", event: "written", conversationId: null, data: { count } };
    await appendFact(store.db, fact, new Date(0));
    process.stdout.write(`${count}\n`);
  }
} catch (error) {
  process.stdout.write(`${error instanceof Error && "code" in error ? String(error.code) : String(error)}\n`);
  process.exitCode = 1;
}
