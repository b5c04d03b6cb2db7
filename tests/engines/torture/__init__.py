"""Eight writers on one store, and everything that can be killed is: what was acknowledged happened, once.

`python -m tests.engines.torture --rounds 50 --report FILE` tortures every engine so often and writes down what was
found. Killed at random: writers (kill -9), PostgreSQL (`pg_ctl stop -m immediate`), MariaDB and OceanBase (kill -9), a
node of a Galera cluster (kill -9, or cut off from the others for a while).
"""
