import type { Command } from "commander";
import { z } from "zod";
import { CallerError } from "../../domain/errors.ts";
import { ApiToken } from "../../domain/token.ts";
import { withRuntime } from "../here.ts";
import { table } from "../output.ts";
import type { Act } from "../program.ts";
import { callAsOperator } from "../session.ts";

const Issued = z.object({ id: z.string(), token: z.string() });
const Tokens = z.object({ tokens: z.array(ApiToken) });
const Revoked = z.object({ revoked: z.boolean() });

export function addTokenCommand(program: Command, act: Act): void {
  const token = program
    .command("token")
    .description("API tokens: who may call the server as whom (for its operator)");

  token
    .command("create")
    .description("make a token for a teammate; it is shown once")
    .argument("<identifier>", "the teammate's identifier in Scalekit")
    .option("--name <name>", "what it is for", "command line")
    .action(async (identifier: string, { name }: { name: string }) => {
      await act(async ({ output }) => {
        const issued =
          (await callAsOperator("/api/operator/tokens", Issued, { identifier, name })) ??
          (await withRuntime(async (runtime) => {
            const { issueToken } = await import("../../identity/issue.ts");
            return await issueToken(runtime, identifier, name);
          }));
        output.result(issued);
        output.say(
          `${issued.token}\n\nKeep it: it is not shown again. It calls the server as ${identifier}.`,
        );
        output.say(`Revoke it with: npx countersign token revoke ${issued.id}`);
      });
    });

  token
    .command("list")
    .description("list the tokens; never the tokens themselves")
    .action(async () => {
      await act(async ({ output }) => {
        const { tokens } =
          (await callAsOperator("/api/operator/tokens", Tokens)) ??
          (await withRuntime(async ({ store }) => {
            const { listTokens } = await import("../../store/tokens.ts");
            return { tokens: await listTokens(store.db) };
          }));
        output.result(tokens);
        output.say(
          tokens.length === 0
            ? "There are no tokens."
            : table(
                tokens.map(({ id, identifier, name, revokedAt }) => [
                  id,
                  identifier,
                  name,
                  revokedAt ? "revoked" : "valid",
                ]),
              ),
        );
      });
    });

  token
    .command("revoke")
    .description("revoke a token, at once and for good")
    .argument("<id>", "the token's id, as `token list` shows it")
    .action(async (id: string) => {
      await act(async ({ output }) => {
        const { revoked } =
          (await callAsOperator("/api/operator/tokens/revoke", Revoked, { id })) ??
          (await withRuntime(async ({ store, clock }) => {
            const { revokeToken } = await import("../../store/tokens.ts");
            return { revoked: await revokeToken(store.db, id, clock()) };
          }));
        if (!revoked) {
          throw new CallerError(
            "token_unknown",
            "There is no valid token with this id.",
            "See: countersign token list",
          );
        }
        output.result({ revoked });
        output.say("Revoked.");
      });
    });
}
