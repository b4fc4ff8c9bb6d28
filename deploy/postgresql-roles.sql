-- Two roles for one PostgreSQL database, once, by its administrator:  psql --file deploy/postgresql-roles.sql
--   blauwe_knop_owner  owns the tables; used by `blauwe-knop db upgrade --as blauwe_knop_owner` only
--   blauwe_knop        the user in [database] url: site, operator site, worker and other commands
-- Then give both a password (\password ROLE asks for it; never in a file like this) or a client certificate, and run
--   blauwe-knop db upgrade --as blauwe_knop_owner --password-file FILE
-- which makes the tables and gives blauwe_knop what app/persistence/rights.py says: no DDL, no UPDATE or DELETE on the audit log.
-- Do so again after each new version. Tried in tests/integration/app/test_database_roles.py.

CREATE ROLE blauwe_knop_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE blauwe_knop LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE DATABASE blauwe_knop OWNER blauwe_knop_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE blauwe_knop FROM PUBLIC;
GRANT CONNECT ON DATABASE blauwe_knop TO blauwe_knop;
\connect blauwe_knop
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO blauwe_knop_owner;

-- A database of before, in which blauwe_knop owns everything: run this once in it, then the command above.
--   REASSIGN OWNED BY blauwe_knop TO blauwe_knop_owner;
