-- Telemetry at rest, hot form. Packed already: do not try to compress again.
CREATE TABLE frames (at bigint PRIMARY KEY, bytes bytea NOT NULL);
ALTER TABLE frames ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE keyframes (at bigint PRIMARY KEY, bytes bytea NOT NULL);
ALTER TABLE keyframes ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Immutable files by SHA-256: boundaries, basemaps.
CREATE TABLE blobs (hash text PRIMARY KEY, type text NOT NULL, bytes bytea NOT NULL);
ALTER TABLE blobs ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Personal data lives here and nowhere else.
CREATE TABLE vault (id text PRIMARY KEY, name text NOT NULL, tel text);

CREATE TABLE accounts (name text PRIMARY KEY, role text NOT NULL, area text NOT NULL, password_hash text NOT NULL);

-- Answers kept for an Idempotency-Key.
CREATE TABLE answers (
  key         text PRIMARY KEY,
  fingerprint text NOT NULL,
  status      integer NOT NULL,
  json        text NOT NULL,
  kept_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX answers_kept_at ON answers (kept_at);
