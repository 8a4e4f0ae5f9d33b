create table countersign.sessions (
  id text primary key,
  hash text not null unique,
  identifier text not null,
  name text not null,
  created_at timestamp (3) with time zone not null,
  expires_at timestamp (3) with time zone not null check (expires_at > created_at)
);
--> statement-breakpoint
create index sessions_by_expiry on countersign.sessions (expires_at);
--> statement-breakpoint
create table countersign.connections (
  identifier text primary key,
  account_id text,
  status text not null check (
    status in ('active', 'pending', 'expired', 'disconnected', 'revoked', 'refused', 'none', 'unknown')
  ),
  as_of timestamp (3) with time zone not null
);
--> statement-breakpoint
create table countersign.webhook_events (
  source text not null,
  id text not null,
  type text not null,
  received_at timestamp (3) with time zone not null,
  primary key (source, id)
);
--> statement-breakpoint
create index webhook_events_by_age on countersign.webhook_events (received_at);
