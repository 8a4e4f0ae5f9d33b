-- With which team a conversation was when its draft was made: the desk's rules and the list by team go by it.
alter table countersign.reviews add column team_id text;
--> statement-breakpoint
-- The waiting list of the whole desk by risk and age.
create index reviews_waiting on countersign.reviews (
  (array_position(
    array['urgent', 'high', 'normal', 'low'],
    substring(classification::text from '"urgency":"([a-z]+)"')
  )),
  position
) where status = 'open';
