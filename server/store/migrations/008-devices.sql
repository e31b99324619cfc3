-- Devices that speak of themselves by a number of their own (a SIM's, an IMEI): which one stands for which unit. The numbers are personal
-- data and stand in these tables only; the ledger knows a device by `id`.
CREATE TABLE device_bindings (
  door     text   NOT NULL,
  device   text   NOT NULL,
  unit     text   NOT NULL UNIQUE,
  id       text   NOT NULL UNIQUE,
  bound_at bigint NOT NULL,
  bound_by text   NOT NULL,
  -- by the server's clock; written down every few seconds
  last_at  bigint,
  -- 'binding' until the ledger has the entry, 'releasing' until it has the other one: what a crash left half done is finished at the start
  state    text   NOT NULL DEFAULT 'binding' CHECK (state IN ('binding', 'bound', 'releasing')),
  PRIMARY KEY (door, device)
);

-- Devices that nobody has bound yet, and what they last reported. `dropped`: reports of theirs that were let go of.
CREATE TABLE waiting_devices (
  door     text   NOT NULL,
  device   text   NOT NULL,
  id       text   NOT NULL UNIQUE,
  first_at bigint NOT NULL,
  last_at  bigint NOT NULL,
  sos_at   bigint,
  reports  bigint NOT NULL,
  dropped  bigint NOT NULL,
  PRIMARY KEY (door, device)
);
CREATE TABLE waiting_reports (
  device      text   NOT NULL REFERENCES waiting_devices (id) ON DELETE CASCADE,
  at          bigint NOT NULL,
  lng         double precision NOT NULL,
  lat         double precision NOT NULL,
  heading     real   NOT NULL,
  speed       real   NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (device, at)
);
CREATE INDEX waiting_reports_received ON waiting_reports (received_at);

-- Fixes that were not believed, the newest ones; and how many there were of each kind.
CREATE TABLE position_quarantine (
  n           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit        text   NOT NULL,
  reason      text   NOT NULL,
  at          bigint NOT NULL,
  lng         double precision NOT NULL,
  lat         double precision NOT NULL,
  received_at bigint NOT NULL
);
CREATE INDEX position_quarantine_unit ON position_quarantine (unit, n);
CREATE TABLE position_flaws (
  unit    text   NOT NULL,
  reason  text   NOT NULL,
  n       bigint NOT NULL,
  last_at bigint NOT NULL,
  PRIMARY KEY (unit, reason)
);
