-- The ledger: one row an entry, never changed. `body` is the canonical JSON the hash was taken over, so it stays text.
CREATE TABLE ledger (
  seq     bigint PRIMARY KEY CHECK (seq > 0),
  at      bigint NOT NULL,
  actor   text   NOT NULL,
  kind    text   NOT NULL,
  subject text,
  body    text   NOT NULL,
  prev    bytea  NOT NULL CHECK (length(prev) = 32),
  hash    bytea  NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX ledger_at ON ledger (at, seq);
CREATE INDEX ledger_subject ON ledger (subject, seq) WHERE subject IS NOT NULL;

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
-- ALWAYS: also for a session that calls itself a replica.
ALTER TABLE ledger ENABLE ALWAYS TRIGGER ledger_append_only;

-- A world as of `seq`: saves folding from the start, never the only copy of anything. gzip of JSON.
CREATE TABLE snapshots (
  seq  bigint PRIMARY KEY,
  at   bigint NOT NULL,
  json bytea  NOT NULL
);
ALTER TABLE snapshots ALTER COLUMN json SET STORAGE EXTERNAL;
