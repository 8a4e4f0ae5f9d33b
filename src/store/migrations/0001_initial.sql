create table countersign.teammates (
  identifier text primary key,
  connected_account_id text not null,
  admin_id text not null,
  name text not null,
  email text not null,
  has_inbox_seat boolean not null,
  team_ids json not null,
  workspace_id text not null,
  identified_at timestamp (3) with time zone not null
);
--> statement-breakpoint
create index teammates_by_admin on countersign.teammates (workspace_id, admin_id, identified_at desc);
--> statement-breakpoint
create table countersign.reviews (
  id text primary key,
  position bigint generated always as identity unique,
  thread_id uuid not null,
  workspace_id text not null,
  conversation_id text not null,
  version integer not null check (version > 0),
  status text not null check (status in ('open', 'decided', 'superseded')),
  teammate text not null,
  customer text not null,
  title text not null,
  classification json not null,
  findings json not null,
  draft json not null,
  plan json not null,
  digest text not null,
  notice text,
  kept text,
  created_at timestamp (3) with time zone not null,
  unique (workspace_id, conversation_id, version)
);
--> statement-breakpoint
create unique index reviews_one_open on countersign.reviews (workspace_id, conversation_id) where status = 'open';
--> statement-breakpoint
create index reviews_by_status on countersign.reviews (status, position);
--> statement-breakpoint
create index reviews_by_teammate on countersign.reviews (teammate, status, position);
--> statement-breakpoint
create index reviews_by_conversation on countersign.reviews (conversation_id, position);
--> statement-breakpoint
create index reviews_by_thread on countersign.reviews (thread_id, position);
--> statement-breakpoint
create table countersign.decisions (
  id text primary key,
  review_id text not null unique references countersign.reviews (id),
  type text not null check (type in ('approve', 'edit', 'revise', 'reject', 'take_over')),
  decided_by text not null,
  via text not null,
  shown_digest text not null,
  plan json,
  plan_digest text,
  body text,
  comment text,
  decided_at timestamp (3) with time zone not null,
  check ((plan is null) = (plan_digest is null))
);
--> statement-breakpoint
create table countersign.deliveries (
  id text primary key,
  decision_id text not null references countersign.decisions (id),
  conversation_id text not null,
  position integer not null check (position >= 0),
  action json not null,
  status text not null check (status in ('queued', 'sending', 'sent', 'failed', 'unknown', 'stale', 'skipped')),
  fence integer not null check (fence >= 0),
  claimed_at timestamp (3) with time zone,
  finished_at timestamp (3) with time zone,
  part_id text,
  execution_id text,
  reason text,
  unique (decision_id, position)
);
--> statement-breakpoint
create index deliveries_unfinished on countersign.deliveries (decision_id, position)
  where status in ('queued', 'sending', 'unknown');
--> statement-breakpoint
create table countersign.ledger (
  sequence bigint primary key check (sequence > 0),
  at timestamp (3) with time zone not null,
  actor text not null,
  event text not null,
  conversation_id text,
  data json not null,
  previous text not null,
  hash text not null unique
);
--> statement-breakpoint
create index ledger_by_conversation on countersign.ledger (conversation_id, sequence);
--> statement-breakpoint
create table countersign.ledger_head (
  single boolean primary key default true check (single),
  sequence bigint not null,
  hash text not null,
  at timestamp (3) with time zone not null
);
--> statement-breakpoint
insert into countersign.ledger_head (sequence, hash, at) values (0, repeat('0', 64), 'epoch');
--> statement-breakpoint
create table countersign.tokens (
  id text primary key,
  identifier text not null,
  name text not null,
  hash text not null unique,
  created_at timestamp (3) with time zone not null,
  revoked_at timestamp (3) with time zone
);
--> statement-breakpoint
create function countersign.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of countersign.% is refused: what is recorded stays', lower(tg_op), tg_table_name
    using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger ledger_stays before update or delete on countersign.ledger
  for each row execute function countersign.refuse_change();
--> statement-breakpoint
create trigger ledger_stays_whole before truncate on countersign.ledger
  for each statement execute function countersign.refuse_change();
--> statement-breakpoint
create trigger ledger_head_stays before delete on countersign.ledger_head
  for each row execute function countersign.refuse_change();
--> statement-breakpoint
create trigger ledger_head_stays_whole before truncate on countersign.ledger_head
  for each statement execute function countersign.refuse_change();
--> statement-breakpoint
create trigger decisions_stay before update or delete on countersign.decisions
  for each row execute function countersign.refuse_change();
--> statement-breakpoint
create trigger decisions_stay_whole before truncate on countersign.decisions
  for each statement execute function countersign.refuse_change();
--> statement-breakpoint
create trigger reviews_stay before delete on countersign.reviews
  for each row execute function countersign.refuse_change();
--> statement-breakpoint
create trigger reviews_stay_whole before truncate on countersign.reviews
  for each statement execute function countersign.refuse_change();
--> statement-breakpoint
create trigger deliveries_stay before delete on countersign.deliveries
  for each row execute function countersign.refuse_change();
--> statement-breakpoint
create trigger deliveries_stay_whole before truncate on countersign.deliveries
  for each statement execute function countersign.refuse_change();
--> statement-breakpoint
-- The head moves one entry at a time, and never back.
create function countersign.check_head_change() returns trigger language plpgsql as $$
begin
  if new.sequence <> old.sequence + 1 then
    raise exception 'the head of the ledger moves from % to % only', old.sequence, old.sequence + 1
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger ledger_head_moves_on before update on countersign.ledger_head
  for each row execute function countersign.check_head_change();
--> statement-breakpoint
-- A review is closed once, and nothing else of it changes.
create function countersign.check_review_change() returns trigger language plpgsql as $$
declare
  unchanged countersign.reviews := new;
begin
  unchanged.status := old.status;
  if unchanged::text is distinct from old::text or old.status <> 'open' or new.status = 'open' then
    raise exception 'review % is %: only an open review changes, and only to be closed', old.id, old.status
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger reviews_close before update on countersign.reviews
  for each row execute function countersign.check_review_change();
--> statement-breakpoint
-- A delivery keeps its action, takes a new fence only when it is claimed, and never leaves a final status.
create function countersign.check_delivery_change() returns trigger language plpgsql as $$
declare
  claimed boolean := old.status = 'queued' and new.status = 'sending' and new.fence = old.fence + 1;
  finished boolean := new.fence = old.fence and (old.status, new.status) in (
    ('queued', 'failed'), ('queued', 'stale'), ('queued', 'skipped'),
    ('sending', 'sent'), ('sending', 'failed'), ('sending', 'unknown'), ('sending', 'stale'), ('sending', 'skipped'),
    ('unknown', 'sent'), ('unknown', 'failed')
  );
begin
  if (new.id, new.decision_id, new.conversation_id, new.position, new.action::text)
      is distinct from (old.id, old.decision_id, old.conversation_id, old.position, old.action::text)
    or not (claimed or finished) then
    raise exception 'delivery % may not go from % to %', old.id, old.status, new.status
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger deliveries_move_on before update on countersign.deliveries
  for each row execute function countersign.check_delivery_change();
