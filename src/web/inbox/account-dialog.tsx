import { useState } from "react";
import { noAnswer } from "./answered.ts";
import type { Client, Connection, Me } from "./client.ts";
import { Dialog } from "./dialogs.tsx";

interface AccountDialogProps {
  me: Me;
  client: Client;
  onConnect: () => void;
  /** The connection is another one now. */
  onChanged: () => Promise<void>;
  onSignOut: () => void;
  onClose: () => void;
}

const statusNames: Record<string, string> = {
  active: "Connected",
  pending: "Connecting was not finished",
  expired: "Expired",
  disconnected: "Not connected",
  revoked: "Intercom no longer accepts it",
  refused: "Refused: it was of another workspace",
  none: "Not connected yet",
  unknown: "Not known at the moment",
};

/** Who is signed in, who that is in Intercom, and how the two are connected. */
export function AccountDialog({ me, client, onConnect, onChanged, onSignOut, onClose }: AccountDialogProps) {
  const [asked, setAsked] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { connection } = me;
  const isConnected = connection?.status === "active";

  const disconnect = async () => {
    setFailure(null);
    const answered = await client.disconnect();
    setAsked(false);
    if (answered.kind === "ok") await onChanged();
    else if (answered.kind === "refused") setFailure(`${answered.problem.message} ${answered.problem.next}`);
    else setFailure(noAnswer.message);
  };

  return (
    <Dialog title="You and Intercom" onClose={onClose}>
      <dl className="account">
        <div>
          <dt>Signed in as</dt>
          <dd>
            <bdi>{me.name ?? me.identity}</bdi>, <bdi>{me.identity}</bdi>
          </dd>
        </div>
        <div>
          <dt>Intercom</dt>
          <dd>{statusNames[connection?.status ?? "unknown"] ?? connection?.status}</dd>
        </div>
        {connection?.teammate && <InIntercom teammate={connection.teammate} />}
      </dl>
      <p className="faint">
        Everything you read here is read as you, and everything you approve is sent as you. Scalekit keeps the
        connection; this page never has its token.
      </p>
      {failure !== null && <p role="alert">{failure}</p>}
      {asked && (
        <p role="alert">
          Disconnect Intercom? Nothing can be read or sent as you until you connect it again. Drafts that wait
          are kept.
        </p>
      )}
      <div className="buttons">
        {!isConnected && (
          <button type="button" className="primary" onClick={onConnect}>
            Connect Intercom
          </button>
        )}
        {isConnected && !asked && (
          <button
            type="button"
            onClick={() => {
              setAsked(true);
            }}
          >
            Disconnect Intercom
          </button>
        )}
        {isConnected && asked && (
          <button type="button" className="primary" onClick={() => void disconnect()}>
            Yes, disconnect
          </button>
        )}
        {me.csrf != null && (
          <button type="button" onClick={onSignOut}>
            Sign out
          </button>
        )}
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function InIntercom({ teammate }: { teammate: NonNullable<Connection["teammate"]> }) {
  return (
    <>
      <div>
        <dt>There you are</dt>
        <dd>
          <bdi>{teammate.name}</bdi>, {teammate.hasInboxSeat ? "with an inbox seat" : "without an inbox seat"}
        </dd>
      </div>
      <div>
        <dt>Workspace</dt>
        <dd>{teammate.workspaceId}</dd>
      </div>
    </>
  );
}
