import { ConnectedAccountService } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ADA, BEN, DOV, openTestSandbox, refusalOf, type TestSandbox } from "./start.ts";

const ACTIVE = 1;
const EXPIRED = 2;
const PENDING_AUTH = 3;
const PENDING_VERIFICATION = 4;
const DISCONNECTED = 5;
const NEW = "fay@tiny.example";
const userVerifyUrl = "http://127.0.0.1:9/connect/callback";

let test: TestSandbox;
beforeEach(async () => {
  test = await openTestSandbox();
});
afterEach(() => test.sandbox.close());

async function statusOf(identifier: string): Promise<number | undefined> {
  const listed = await test.client.actions.listConnectedAccounts({ connectionName: "intercom", identifier });
  return listed.connectedAccounts[0]?.status;
}

async function linkFor(identifier: string, state = "s-1"): Promise<string> {
  const { link, expiry } = await test.client.actions.getAuthorizationLink({
    connectionName: "intercom",
    identifier,
    state,
    userVerifyUrl,
  });
  expect(Number(expiry?.seconds) * 1000).toBeGreaterThan(Date.now());
  return link;
}

function submit(link: string, fields: Record<string, string>): Promise<Response> {
  return fetch(link, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}

async function consentAs(link: string, adminId: string): Promise<URL> {
  const response = await submit(link, { decision: "allow", admin_id: adminId });
  expect(response.status).toBe(303);
  return new URL(response.headers.get("location")!);
}

describe("connecting an account", () => {
  it("goes from link over consent and verification to an active account", async () => {
    const created = await test.client.actions.getOrCreateConnectedAccount({
      connectionName: "intercom",
      identifier: NEW,
    });
    expect(created.connectedAccount).toMatchObject({
      identifier: NEW,
      status: PENDING_AUTH,
      connector: "intercom",
    });
    const link = await linkFor(NEW);
    const page = await (await fetch(link)).text();
    expect(page).toContain("Tiny Studio");
    expect(page).toContain("Eva Tran");
    const back = await consentAs(link, "15");
    expect(back.searchParams.get("state")).toBe("s-1");
    expect(await statusOf(NEW)).toBe(PENDING_VERIFICATION);
    const verified = await test.client.actions.verifyConnectedAccountUser({
      authRequestId: back.searchParams.get("auth_request_id")!,
      identifier: NEW,
    });
    expect(verified.postUserVerifyRedirectUrl).toContain(test.sandbox.url);
    expect(await statusOf(NEW)).toBe(ACTIVE);
    expect(await test.run("identify_admin", {}, NEW)).toMatchObject({
      id: "15",
      app: { id_code: "tiny1234" },
    });
  });

  it("refuses to verify another user than the link was made for, and still accepts the right one", async () => {
    const back = await consentAs(await linkFor(DOV), "14");
    const authRequestId = back.searchParams.get("auth_request_id")!;
    const wrong = test.client.actions.verifyConnectedAccountUser({ authRequestId, identifier: BEN });
    await expect(wrong).rejects.toMatchObject({ httpStatus: 403 });
    expect(await statusOf(DOV)).toBe(PENDING_VERIFICATION);
    await test.client.actions.verifyConnectedAccountUser({ authRequestId, identifier: DOV });
    expect(await statusOf(DOV)).toBe(ACTIVE);
  });

  it("verifies an authorization once", async () => {
    const back = await consentAs(await linkFor(DOV), "14");
    const request = { authRequestId: back.searchParams.get("auth_request_id")!, identifier: DOV };
    await test.client.actions.verifyConnectedAccountUser(request);
    await expect(test.client.actions.verifyConnectedAccountUser(request)).rejects.toMatchObject({
      httpStatus: 404,
    });
    const unknown = test.client.actions.verifyConnectedAccountUser({
      authRequestId: "areq_x",
      identifier: DOV,
    });
    await expect(unknown).rejects.toMatchObject({ httpStatus: 404 });
  });

  it("takes a link once and not after it expired", async () => {
    let ahead = 0;
    const moving = await openTestSandbox({ clock: () => new Date(Date.now() + ahead) });
    const request = { connectionName: "intercom", identifier: DOV, userVerifyUrl };
    const { link } = await moving.client.actions.getAuthorizationLink(request);
    expect((await fetch(link)).status).toBe(200);
    ahead = 11 * 60_000;
    expect((await fetch(link)).status).toBe(410);
    expect((await submit(link, { decision: "allow", admin_id: "14" })).status).toBe(410);
    await moving.sandbox.close();
    const used = await linkFor(DOV);
    await consentAs(used, "14");
    expect((await submit(used, { decision: "allow", admin_id: "14" })).status).toBe(410);
  });

  it("tells the application when the teammate says no", async () => {
    const response = await submit(await linkFor(DOV), { decision: "deny" });
    const back = new URL(response.headers.get("location")!);
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(await statusOf(DOV)).toBe(PENDING_AUTH);
  });

  it("fails without a place to verify the user, because anyone with the link could bind their own Intercom", async () => {
    const { link } = await test.client.actions.getAuthorizationLink({
      connectionName: "intercom",
      identifier: DOV,
    });
    const response = await submit(link, { decision: "allow", admin_id: "14" });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("failed_to_exchange");
    expect(await statusOf(DOV)).toBe(PENDING_AUTH);
  });

  it("gives a reconnected account a new provider token and makes it work again", async () => {
    const before = test.sandbox.world.providerTokens();
    await test.sandbox.world.changeAccount(ADA, "token_revoked");
    expect((await test.refusal("list_tags")).toolErrorCode).toBe("token_revoked");
    const back = await consentAs(await linkFor(ADA), "11");
    await test.client.actions.verifyConnectedAccountUser({
      authRequestId: back.searchParams.get("auth_request_id")!,
      identifier: ADA,
    });
    expect(await test.run("list_tags")).toMatchObject({ type: "list" });
    const after = test.sandbox.world.providerTokens();
    expect(after).toHaveLength(before.length + 1);
  });

  it("creates an account for one of four concurrent askers only", async () => {
    const request = { connectionName: "intercom", identifier: NEW };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () => test.client.actions.getOrCreateConnectedAccount(request)),
    );
    const accounts = test.sandbox.world.accounts().filter(({ identifier }) => identifier === NEW);
    expect(accounts).toHaveLength(1);
    expect(outcomes.some(({ status }) => status === "fulfilled")).toBe(true);
  });
});

describe("looking at accounts", () => {
  it("shows no credential in the list and in the details", async () => {
    const listed = await test.client.actions.listConnectedAccounts({
      connectionName: "intercom",
      pageSize: 2,
    });
    expect(listed.connectedAccounts).toHaveLength(2);
    expect(listed.totalSize).toBe(4);
    expect(listed.nextPageToken).not.toBe("");
    const details = await ownClient(test).getConnectedAccountDetails({
      connector: "intercom",
      identifier: ADA,
    });
    expect(details.connectedAccount).toMatchObject({ identifier: ADA, status: ACTIVE });
    const shown = JSON.stringify([listed, details], (_, value: unknown) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    expect(shown).not.toContain("canary");
  });

  it("hands the provider token out where the real one does", async () => {
    const read = await test.client.actions.getConnectedAccount({
      connectionName: "intercom",
      identifier: ADA,
    });
    const { details } = read.connectedAccount!.authorizationDetails!;
    expect(details.case).toBe("oauthToken");
    expect(test.sandbox.world.providerTokens()).toContain(
      (details.value as { accessToken: string }).accessToken,
    );
  });

  it("knows nothing of an identifier that never connected", async () => {
    const read = test.client.actions.getConnectedAccount({
      connectionName: "intercom",
      identifier: "nobody@tiny.example",
    });
    await expect(read).rejects.toMatchObject({ httpStatus: 404 });
    expect(await statusOf("nobody@tiny.example")).toBeUndefined();
  });
});

describe("an account that is not active", () => {
  it.each(["expired", "disconnected"] as const)("executes nothing when it is %s", async (change) => {
    await test.sandbox.world.changeAccount(ADA, change);
    expect(await statusOf(ADA)).toBe(change === "expired" ? EXPIRED : DISCONNECTED);
    const refusal = await test.refusal("list_tags");
    expect(refusal).toMatchObject({
      kind: "ScalekitBadRequestException",
      errorCode: "CONNECTED_ACCOUNT_NOT_ACTIVE",
    });
    const { tools } = await test.client.tools.listScopedTools(ADA, {
      filter: { connectionNames: ["intercom"] },
    });
    expect(tools).toEqual([]);
  });

  it("waits for its user after a new link was made", async () => {
    await test.sandbox.world.changeAccount(ADA, "expired");
    await linkFor(ADA);
    expect(await statusOf(ADA)).toBe(PENDING_AUTH);
  });

  it("stays ACTIVE for Scalekit when Intercom alone revoked the token", async () => {
    await test.sandbox.world.changeAccount(ADA, "token_revoked");
    expect(await statusOf(ADA)).toBe(ACTIVE);
    const refusal = await test.refusal("identify_admin");
    expect(refusal).toMatchObject({
      kind: "ScalekitToolUnauthorizedException",
      toolErrorCode: "token_revoked",
    });
  });

  it("is disconnected and deleted through the service", async () => {
    const { id } = test.sandbox.world.accounts().find(({ identifier }) => identifier === BEN)!;
    const disconnected = await ownClient(test).disconnectConnectedAccount({ id });
    expect(disconnected.connectedAccount?.status).toBe(DISCONNECTED);
    await test.client.actions.deleteConnectedAccount({ connectionName: "intercom", identifier: BEN });
    expect(await test.refusal("list_tags", {}, BEN)).toMatchObject({ kind: "ScalekitNotFoundException" });
  });
});

describe("choosing the account of an execution", () => {
  it("asks for the connector when an identifier has more than one account", async () => {
    await test.sandbox.world.addConnection("intercom-eu");
    await test.client.actions.getOrCreateConnectedAccount({ connectionName: "intercom-eu", identifier: ADA });
    const ambiguous = test.client.tools.executeTool({
      toolName: "intercom_list_tags",
      identifier: ADA,
      params: {},
    });
    const refusal = refusalOf(await ambiguous.catch((error: unknown) => error));
    expect(refusal.message).toContain("multiple connected accounts");
    expect(await test.run("list_tags")).toMatchObject({ type: "list" });
  });

  it("takes the id of an account, but not together with somebody else's identifier", async () => {
    const { id } = test.sandbox.world.accounts().find(({ identifier }) => identifier === ADA)!;
    const request = { toolName: "intercom_identify_admin", connectedAccountId: id, params: {} };
    const { data } = await test.client.tools.executeTool(request);
    expect(data).toMatchObject({ email: ADA });
    const mixed = test.client.tools.executeTool({ ...request, identifier: BEN });
    await expect(mixed).rejects.toMatchObject({ httpStatus: 404 });
  });
});

/** A client of the service itself, for calls the SDK does not wrap. */
function ownClient({ sandbox }: TestSandbox) {
  const transport = createGrpcTransport({
    baseUrl: sandbox.url,
    interceptors: [
      (next) => async (request) => {
        const response = await fetch(`${sandbox.url}/oauth/token`, {
          method: "POST",
          body: new URLSearchParams({
            grant_type: "client_credentials",
            client_id: sandbox.clientId,
            client_secret: sandbox.clientSecret,
          }),
        });
        const { access_token: token } = (await response.json()) as { access_token: string };
        request.header.set("authorization", `Bearer ${token}`);
        return next(request);
      },
    ],
  });
  return createClient(ConnectedAccountService, transport);
}
