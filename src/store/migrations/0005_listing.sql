-- What lists and counts need of the documents, beside them: many reviews are counted and put in order without reading any.
-- The documents are read as text: `->>` refuses what `json` can hold.
alter table countersign.reviews
  add column topic text generated always as (substring(classification::text from '"topic":"([^"]*)"')) stored,
  add column risk integer generated always as (
    array_position(
      array['urgent', 'high', 'normal', 'low'],
      substring(classification::text from '"urgency":"([a-z]+)"')
    )
  ) stored,
  add column proposes text generated always as (
    case
      when position('"body":""' in draft::text) > 0 then 'nothing'
      else substring(draft::text from '"channel":"([a-z]+)"')
    end
  ) stored;
--> statement-breakpoint
drop index countersign.reviews_inbox;
--> statement-breakpoint
drop index countersign.reviews_waiting;
--> statement-breakpoint
-- A teammate's waiting list by risk and age.
create index reviews_inbox on countersign.reviews (teammate, risk, position) where status = 'open';
--> statement-breakpoint
-- The whole desk's.
create index reviews_waiting on countersign.reviews (risk, position) where status = 'open';
--> statement-breakpoint
create index reviews_counted on countersign.reviews (status, teammate, risk, topic, team_id);
--> statement-breakpoint
-- What is generated is not there yet when a change is checked. It follows from the documents, which are compared.
create or replace function countersign.check_review_change() returns trigger language plpgsql as $$
declare
  unchanged countersign.reviews := new;
begin
  unchanged.status := old.status;
  unchanged.topic := old.topic;
  unchanged.risk := old.risk;
  unchanged.proposes := old.proposes;
  if unchanged::text is distinct from old::text or old.status <> 'open' or new.status = 'open' then
    raise exception 'review % is %: only an open review changes, and only to be closed', old.id, old.status
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
