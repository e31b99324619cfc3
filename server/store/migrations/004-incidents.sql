-- The read model of incidents: folded from the ledger, and folded anew at any time (npm run ledger -- reindex). Never the only copy of anything.
CREATE TABLE incidents (
  id                text     PRIMARY KEY,
  -- seq of the report, which is the order of the reports
  first             bigint   NOT NULL,
  title             text     NOT NULL,
  -- title, ticket number and id in small letters
  search            text     NOT NULL,
  category          text     NOT NULL,
  priority          smallint NOT NULL,
  source            text     NOT NULL,
  channel           text     NOT NULL,
  ref               text     NOT NULL,
  reporter          text,
  area              text,
  unit              text,
  department        text,
  merged_into       text,
  repeat_of         text,
  -- model/incident-facts.ts, one column each
  state             text     NOT NULL,
  happened_at       bigint   NOT NULL,
  reported_at       bigint   NOT NULL,
  file_due          bigint,
  filed_at          bigint,
  dispatch_due      bigint,
  dispatched_at     bigint,
  accepted_at       bigint,
  arrived_at        bigint,
  responded_at      bigint,
  first_handled_at  bigint,
  handled_at        bigint,
  verified_at       bigint,
  ended_at          bigint,
  deadline          bigint,
  paused_at         bigint,
  clock_stop        bigint,
  reworks           integer  NOT NULL,
  returns           integer  NOT NULL,
  reopened          integer  NOT NULL,
  extensions        integer  NOT NULL,
  suspensions       integer  NOT NULL,
  escalations       integer  NOT NULL,
  solved            boolean,
  satisfaction      text,
  agreement         text,
  kept              boolean,
  calls             integer  NOT NULL,
  calls_answered    integer  NOT NULL,
  calls_arrived     integer  NOT NULL,
  calls_in_time     integer  NOT NULL,
  whistle_open      boolean  NOT NULL,
  traced            boolean  NOT NULL,
  traceable         boolean  NOT NULL
);
CREATE INDEX incidents_reported ON incidents (reported_at, first);
CREATE INDEX incidents_area ON incidents (area, reported_at);
CREATE INDEX incidents_department ON incidents (department, reported_at);
CREATE INDEX incidents_open ON incidents (deadline, first) WHERE ended_at IS NULL;
CREATE INDEX incidents_reporter ON incidents (reporter, category, first) WHERE reporter IS NOT NULL;
CREATE INDEX incidents_ref ON incidents (ref, category, first) WHERE ref <> '';

-- The incident itself, as JSON of model/incident.ts: apart, so that a filter reads narrow rows.
CREATE TABLE incident_docs (id text PRIMARY KEY, doc text NOT NULL);

-- Every stay in a state. `n` counts the stays of an incident; left_at NULL = it still stands there.
CREATE TABLE incident_stays (
  incident   text     NOT NULL,
  n          smallint NOT NULL,
  state      text     NOT NULL,
  came_at    bigint   NOT NULL,
  left_at    bigint,
  department text,
  unit       text,
  PRIMARY KEY (incident, n)
);

-- Up to which entry the tables above are folded, and what the next one is folded with. One row.
CREATE TABLE incident_mark (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  format     integer NOT NULL,
  seq        bigint  NOT NULL,
  head       text    NOT NULL,
  day        text    NOT NULL,
  numbered   integer NOT NULL,
  -- the entries that configured the centre and published the areas in force at `seq`; 0 = none yet
  centre     bigint  NOT NULL,
  boundaries bigint  NOT NULL
);

-- Saved queries of an account. Not facts: they may be lost with the account.
CREATE TABLE views (
  actor   text NOT NULL,
  name    text NOT NULL,
  query   text NOT NULL,
  kept_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, name)
);
