-- The tables of schema version 2, as infoflow made them: not to be changed any more.
PRAGMA application_id = 0x49464c57;
PRAGMA user_version = 2;
CREATE TABLE runs(  id INTEGER PRIMARY KEY AUTOINCREMENT,  name TEXT NOT NULL UNIQUE,  created INTEGER NOT NULL,  deleted INTEGER, note TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE params(  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,  position INTEGER NOT NULL,  key TEXT NOT NULL,  type TEXT NOT NULL,  text TEXT,  number REAL,  PRIMARY KEY(run, position)) STRICT, WITHOUT ROWID;
CREATE TABLE tags(  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,  position INTEGER NOT NULL,  key TEXT NOT NULL,  type TEXT NOT NULL,  text TEXT,  number REAL,  PRIMARY KEY(run, position)) STRICT, WITHOUT ROWID;
CREATE TABLE layers(  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,  position INTEGER NOT NULL,  name TEXT NOT NULL,  kind TEXT NOT NULL,  axes TEXT NOT NULL, maps INTEGER NOT NULL DEFAULT 0,  PRIMARY KEY(run, position)) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots(  id INTEGER PRIMARY KEY AUTOINCREMENT,  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,  step INTEGER NOT NULL,  batch INTEGER NOT NULL,  epoch REAL,  n INTEGER NOT NULL,  UNIQUE(run, step, batch)) STRICT;
CREATE TABLE metrics(  snapshot INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,  position INTEGER NOT NULL,  name TEXT NOT NULL,  value REAL,  PRIMARY KEY(snapshot, position)) STRICT, WITHOUT ROWID;
CREATE TABLE variables(  id INTEGER PRIMARY KEY,  snapshot INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,  role TEXT NOT NULL,  layer INTEGER NOT NULL,  maps INTEGER NOT NULL,  dim INTEGER NOT NULL,  UNIQUE(snapshot, role, layer)) STRICT;
CREATE TABLE arrays(  variable INTEGER NOT NULL REFERENCES variables(id) ON DELETE CASCADE,  kind TEXT NOT NULL,  map INTEGER NOT NULL,  digest INTEGER NOT NULL,  data BLOB NOT NULL,  PRIMARY KEY(variable, kind, map)) STRICT;
CREATE TABLE spectrum_sets(  id INTEGER PRIMARY KEY,  snapshot INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,  width TEXT NOT NULL,  composition TEXT NOT NULL,  h REAL NOT NULL,  h_error REAL NOT NULL,  h_label REAL NOT NULL,  used INTEGER NOT NULL,  bytes INTEGER NOT NULL DEFAULT 0,  UNIQUE(snapshot, width, composition, h, h_error, h_label)) STRICT;
CREATE INDEX spectrum_sets_by_use ON spectrum_sets(used, bytes);
CREATE TABLE spectra(  id INTEGER PRIMARY KEY,  spectrum_set INTEGER NOT NULL REFERENCES spectrum_sets(id) ON DELETE CASCADE,  variable INTEGER NOT NULL,  joined INTEGER NOT NULL,  layer INTEGER NOT NULL,  i INTEGER NOT NULL,  j INTEGER NOT NULL,  digest INTEGER NOT NULL,  data BLOB NOT NULL,  UNIQUE(spectrum_set, variable, joined, layer, i, j)) STRICT;
CREATE TABLE changes(id INTEGER PRIMARY KEY CHECK(id = 1), count INTEGER NOT NULL) STRICT;
